"""The runbook follows the control of its rule: each of the catalogue, alone and several in one account."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.control import Control, control, controls

from demo.embedded_aws import EmbeddedAws
from remediation.scripts.read_verdict import _required
from tests.accounts import an_account
from tests.rule_cases import COMPLIANT, NON_COMPLIANT

from .conftest import Calls
from .repairing import (
    ENDPOINT,
    OWN_TOPIC,
    RUNBOOK,
    WHOLE,
    evaluate,
    everything,
    made,
    nothing_behind_the_trail,
    repair,
    show_rules,
)

RULE = "ConfigChangesAlarmRule"
(READ_VERDICT,) = (step for step in RUNBOOK["mainSteps"] if step["name"] == "ReadVerdict")
FACTS = READ_VERDICT["inputs"]["InputPayload"]


def names(of: Control) -> list[str]:
    """All that the rule takes as that control."""
    return [of.id, of.pack_entry, *([of.security_hub] if of.security_hub else []), *of.requirements]


@pytest.mark.parametrize("of", controls(), ids=lambda of: of.id)
def test_every_name_that_the_rule_takes_is_the_same_control_to_the_runbook(of: Control) -> None:
    for name in names(of):
        assert control(name).id == of.id
        required = _required(FACTS, {"Control": name.upper()})
        assert required["RequiredFilterPattern"] == of.filter_pattern
        assert required["Source"] == (of.source or "any")
        assert all(number in required["Description"] for number in of.numbers.values())


def test_a_number_that_no_version_has_is_no_control() -> None:
    """Version 1.2 had fourteen of them."""
    with pytest.raises(Exception, match=r"3\.15., which this runbook does not know"):
        _required(FACTS, {"Control": "CIS-1.2/3.15"})


@pytest.mark.parametrize("of", controls(), ids=lambda of: of.id)
def test_what_it_makes_for_a_control_is_what_the_rule_asks_for(
    of: Control, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"Control": of.id}
    show_rules(monkeypatch, **{RULE: parameters})
    nothing_behind_the_trail(aws)
    assert evaluate(aws, **parameters)[0] == NON_COMPLIANT
    execution = repair()
    assert execution.status == "Success", execution.failure
    aws.confirm(ENDPOINT)
    assert evaluate(aws, **parameters)[0] == COMPLIANT


THREE = ("root-usage", "CIS-5.0/4.10", "aws-config-changes")


def test_several_controls_lie_side_by_side_and_share_the_topic(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_behind_the_trail(aws)
    for turn in range(2):
        for name in THREE:
            show_rules(monkeypatch, **{RULE: {"Control": name}})
            aws.evaluations.clear()
            before = everything()
            execution = repair()
            assert execution.status == "Success", execution.failure
            expected = [] if turn else WHOLE if name == THREE[0] else ["alarm", "metric filter"]
            assert made(before, everything()) == expected
        aws.confirm(ENDPOINT)
    for name in THREE:
        assert evaluate(aws, Control=name)[0] == COMPLIANT
    alarms: dict[str, Any] = {key[1]: found for key, found in everything().items() if key[0] == "alarm"}
    assert {name: (alarm["MetricName"], alarm["AlarmDescription"]) for name, alarm in alarms.items()} == {
        RULE: ("ConfigChanges", "a change of AWS Config (CIS AWS Foundations 3.9 / 4.9 / 5.9)"),
        f"{RULE}.root-usage": ("root-usage", "use of the root user (CIS AWS Foundations 3.3 / 4.3 / 5.3)"),
        f"{RULE}.security-group-changes": (
            "security-group-changes",
            "a change of security groups (CIS AWS Foundations 3.10 / 4.10 / 5.10)",
        ),
    }
    assert {topic for alarm in alarms.values() for topic in alarm["AlarmActions"]} == {OWN_TOPIC}


def test_more_calls_are_of_the_control_s_service(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"Control": "CloudWatch.5", "AdditionalEventNames": "PutEventSelectors"}
    show_rules(monkeypatch, **{RULE: parameters})
    nothing_behind_the_trail(aws)
    repair()
    aws.confirm(ENDPOINT)
    assert evaluate(aws, **parameters)[0] == COMPLIANT
    added = next(found for (_, name), found in everything().items() if name.endswith(f"{RULE}.cloudtrail-changes-2"))
    assert (
        added["filterPattern"] == "{ ($.eventSource = cloudtrail.amazonaws.com) && (($.eventName=PutEventSelectors)) }"
    )


WRITES = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}]
NO_KEYS = [{**WRITES[0], "ExcludeManagementEventSources": ["kms.amazonaws.com"]}]


@pytest.mark.parametrize(
    ("name", "selectors", "recorded"),
    [
        ("iam-policy-changes", WRITES, True),
        ("iam-policy-changes", NO_KEYS, True),
        ("cmk-disabled-or-deleted", WRITES, True),
        ("cmk-disabled-or-deleted", NO_KEYS, False),
        ("root-usage", WRITES, False),
    ],
)
def test_a_trail_has_to_record_what_the_control_asks_for(
    name: str,
    selectors: list[dict[str, Any]],
    recorded: bool,
    aws: EmbeddedAws,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_rules(monkeypatch, **{RULE: {"Control": name}})
    an_account(aws, patterns=(), has_alarm=False, topic=False, event_selectors=selectors)
    before = everything()
    execution = repair()
    if recorded:
        assert execution.status == "Success", execution.failure
        aws.confirm(ENDPOINT)
        assert evaluate(aws, Control=name)[0] == COMPLIANT
    else:
        assert everything() == before
        assert f"trail everything does not record {control(name).words}: its event selectors" in execution.failure
