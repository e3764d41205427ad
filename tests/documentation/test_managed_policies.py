"""What docs/permissions.md says of AWS's own policies for reading is what comes of them."""

from __future__ import annotations

from dataclasses import replace

from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement

from documentation.managed_policies import lacking

from ..fake_account import NOW, a_monitored_account


def test_the_read_only_policy_is_enough() -> None:
    assert lacking("ReadOnlyAccess") == ()


def test_with_the_auditor_s_policy_no_chain_is_proved_and_what_is_denied_is_named() -> None:
    denied = dict.fromkeys(lacking("SecurityAudit"), "AccessDenied")
    assessment = assess(replace(a_monitored_account(), refusals=denied).opened(), Requirement.parse(), NOW)
    assert (assessment.compliance, assessment.disproved) == ("NON_COMPLIANT", False)
    assert assessment.reasons[0].id is FindingId.CANNOT_READ
    assert "cloudwatch:ListAlarmMuteRules" in assessment.reasons[0].detail


def test_with_what_it_lacks_it_is_enough() -> None:
    assert assess(a_monitored_account().opened(), Requirement.parse(), NOW).compliance == "COMPLIANT"
