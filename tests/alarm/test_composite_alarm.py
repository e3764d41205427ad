"""Composite alarms: which child takes them to ALARM, and composites over composites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from config_changes_alarm.alarm import AlarmGraph, Propagates, carriers, propagates
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AlarmListing, CompositeAlarm, MetricAlarm

from ..api_answers import NOW, a_composite, an_alarm, compliant_answers, patched
from ..fake_account import FakeAccount
from ..vectors import vectors

CASES = vectors(__file__, "composite_rules")


def listing(*composites: dict[str, Any], others: Mapping[str, str] | None = None) -> AlarmListing:
    alarms = [an_alarm("child"), *(an_alarm(name, StateValue=state) for name, state in (others or {}).items())]
    return AlarmListing(
        tuple(MetricAlarm.from_api(each) for each in alarms),
        tuple(CompositeAlarm.from_api(each) for each in composites),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_composite_goes_to_alarm_with_its_child(case: dict[str, Any]) -> None:
    members = {"ActionsSuppressor": case["suppressor"]} if "suppressor" in case else {}
    alarms = listing(a_composite("security", case["rule"], **members), others=case.get("others"))
    child = alarms.metric_alarms[0]
    graph = AlarmGraph.of(alarms)
    ways = carriers(child, graph)
    if case["verdict"] == "not a carrier":
        assert ways == ()
        return
    (way,) = ways
    found = propagates(child, way, graph, NOW, 86_400)
    if case["verdict"] == "propagates":
        assert found == Propagates()
        return
    assert not isinstance(found, Propagates)
    (reason,) = found.reasons
    assert reason.id == FindingId(case["verdict"])
    assert "detail" not in case or reason.detail == case["detail"]


def verdict(
    *composites: dict[str, Any],
    child: Mapping[str, Any] | None = None,
    parameters: Mapping[str, str] | None = None,
    **patches: Any,
) -> tuple[Compliance, list[tuple[FindingId, str]]]:
    """Of an account whose metric alarm has no action of its own."""
    alarms = {"MetricAlarms": [an_alarm(AlarmActions=[], **(child or {}))], "CompositeAlarms": list(composites)}
    account = FakeAccount.of(patched(compliant_answers(), {"DescribeAlarms": alarms, **patches}))
    assessment = assess(account.opened(), Requirement.parse(dict(parameters or {})), NOW)
    return assessment.compliance, [(reason.id, reason.subject) for reason in assessment.reasons]


NO_TOPIC = (FindingId.ALARM_NO_TOPIC, "config-changes")
SECURITY = a_composite("security", "ALARM(config-changes)", AlarmActions=[])
MUTE = {"AlarmMuteRuleArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:holiday", "Status": "ACTIVE"}


def test_a_composite_carries_the_action_of_its_child() -> None:
    assert verdict(a_composite("security", "ALARM(config-changes)")) == (Compliance.COMPLIANT, [])


def test_a_composite_over_a_composite_carries_it_too() -> None:
    assert verdict(SECURITY, a_composite("everything", "ALARM(security)")) == (Compliance.COMPLIANT, [])


def test_a_rule_may_ask_for_the_child_and_the_composite_below() -> None:
    both = a_composite("everything", "ALARM(security) AND ALARM(config-changes)")
    assert verdict(SECURITY, both) == (Compliance.COMPLIANT, [])


def test_a_suppressor_below_holds_back_its_own_actions_only() -> None:
    below = a_composite("security", "ALARM(config-changes)", AlarmActions=[], ActionsSuppressor="Deployment")
    assert verdict(below, a_composite("everything", "ALARM(security)")) == (Compliance.COMPLIANT, [])


def test_a_composite_held_below_holds_the_one_above() -> None:
    below = a_composite("security", "ALARM(config-changes) OR ALARM(gone)", AlarmActions=[])
    found = verdict(below, a_composite("everything", "ALARM(security)"))
    assert found == (Compliance.NON_COMPLIANT, [(FindingId.COMPOSITE_UNPROVABLE, "security"), NO_TOPIC])


def test_composites_in_a_circle_are_not_evaluated() -> None:
    circle = (
        a_composite("security", "ALARM(config-changes) OR ALARM(everything)", AlarmActions=[]),
        a_composite("everything", "ALARM(security)"),
    )
    account = FakeAccount.of(
        patched(
            compliant_answers(),
            {"DescribeAlarms": {"MetricAlarms": [an_alarm(AlarmActions=[])], "CompositeAlarms": list(circle)}},
        )
    )
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    details = {reason.id: reason.detail for reason in assessment.reasons}
    assert assessment.compliance is Compliance.NON_COMPLIANT
    assert details[FindingId.COMPOSITE_UNPROVABLE] == (
        "its rule leads to a circle: everything -> security -> everything"
    )


def test_a_circle_elsewhere_does_not_matter() -> None:
    circle = (a_composite("x", "ALARM(y)"), a_composite("y", "ALARM(x)"))
    assert verdict(a_composite("security", "ALARM(config-changes)"), *circle) == (Compliance.COMPLIANT, [])


@pytest.mark.parametrize(
    ("since", "child", "parameters", "expected"),
    [
        ("2026-11-01T00:00:00+00:00", {}, {}, [(FindingId.ALARM_ALWAYS_ON, "security"), NO_TOPIC]),
        ("2026-11-23T14:00:00+00:00", {}, {}, [(FindingId.ALARM_ALWAYS_ON, "security"), NO_TOPIC]),
        (
            "2026-11-23T14:00:00+00:00",
            {},
            {"MaxRearmSeconds": "604800"},
            [(FindingId.ALARM_ALWAYS_ON, "security"), NO_TOPIC],
        ),
        ("2026-11-24T09:50:00+00:00", {}, {}, []),
        ("2026-11-23T14:00:00+00:00", {"Period": 21_600}, {}, []),
    ],
)
def test_a_composite_in_alarm_for_longer_than_its_child_takes_to_return_is_held(
    since: str, child: dict[str, Any], parameters: dict[str, str], expected: list[tuple[FindingId, str]]
) -> None:
    on = a_composite("security", "ALARM(config-changes)", StateValue="ALARM", StateTransitionedTimestamp=since)
    found = verdict(on, child=child, parameters=parameters)
    assert found == (Compliance.NON_COMPLIANT if expected else Compliance.COMPLIANT, expected)


def test_the_composites_own_actions_and_mute_rules_count() -> None:
    disabled = a_composite("security", "ALARM(config-changes)", ActionsEnabled=False)
    found = verdict(disabled)
    assert found == (Compliance.NON_COMPLIANT, [(FindingId.ALARM_ACTIONS_DISABLED, "security"), NO_TOPIC])
    plain = a_composite("security", "ALARM(config-changes)")
    muted = verdict(plain, ListAlarmMuteRules={"security": [MUTE]})
    assert muted == (Compliance.NON_COMPLIANT, [(FindingId.ALARM_MUTED, "security"), NO_TOPIC])


def test_a_mute_rule_on_the_child_mutes_its_own_actions_only() -> None:
    plain = a_composite("security", "ALARM(config-changes)")
    assert verdict(plain, ListAlarmMuteRules={"config-changes": [MUTE]}) == (Compliance.COMPLIANT, [])


def test_composites_are_listed_only_before_non_compliant() -> None:
    compliant, broken = (
        FakeAccount.of(compliant_answers()),
        FakeAccount.of(patched(compliant_answers(), {"DescribeAlarms": {"MetricAlarms": [an_alarm(AlarmActions=[])]}})),
    )
    for account in (compliant, broken):
        assess(account.opened(), Requirement.parse(), NOW)
    assert "cloudwatch:DescribeAlarms" not in compliant.calls
    assert broken.calls.count("cloudwatch:DescribeAlarms") == 1
