"""The verdict on the compliant account with some of AWS's answers changed."""

from __future__ import annotations

from typing import Any

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement

from .api_answers import NOW, compliant_answers, patched
from .fake_account import FakeAccount


def verdict(**patches: Any) -> tuple[Compliance, list[FindingId]]:
    account = FakeAccount.of(patched(compliant_answers(), patches))
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    return assessment.compliance, [reason.id for reason in assessment.reasons]
