"""Composite alarms: the grammar of their rules, which child takes them to ALARM, and composites over composites."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from config_changes_alarm.alarm import Propagates, carriers, propagates
from config_changes_alarm.alarm.alarm_rule import (
    AlarmRule,
    AlarmRuleSyntaxError,
    AtLeast,
    Connective,
    Constant,
    InState,
    Joined,
    Not,
    parse_rule,
)
from config_changes_alarm.alarm.alarm_rule_outcome import outcome
from config_changes_alarm.alarm.alarm_state import State
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AlarmListing, CompositeAlarm, MetricAlarm
from config_changes_alarm.truth import Truth
from hypothesis import given
from hypothesis import strategies as st

from ..api_answers import NOW, a_composite, an_alarm, compliant_answers, patched
from ..fake_account import FakeAccount
from ..vectors import vectors

CASES = vectors(__file__, "composite_rules")
ALARM, OK, NO_DATA = State
AND, OR = Connective
A, B, C = InState(ALARM, "a"), InState(OK, "b"), InState(NO_DATA, "c")

# --------------------------------------------------------------------------- grammar

PARSED: tuple[tuple[str, AlarmRule], ...] = (
    ("ALARM(a)", A),
    ('ALARM("a")', A),
    ('ALARM("with \\"quotes\\", (brackets) and \\\\")', InState(ALARM, 'with "quotes", (brackets) and \\')),
    ("OK(b)", B),
    ("INSUFFICIENT_DATA(c)", C),
    ("TRUE", Constant(True)),
    ("FALSE", Constant(False)),
    ("NOT ALARM(a)", Not(A)),
    ("NOT(ALARM(a))", Not(A)),
    ("((ALARM(a)))", A),
    ("ALARM(a) AND OK(b)", Joined((A, B), (AND,))),
    ("ALARM(a) OR OK(b) OR INSUFFICIENT_DATA(c)", Joined((A, B, C), (OR, OR))),
    ("ALARM(a) AND NOT OK(b)", Joined((A, Not(B)), (AND,))),
    ("ALARM(a) AND (OK(b) OR INSUFFICIENT_DATA(c))", Joined((A, Joined((B, C), (OR,))), (AND,))),
    ("AT_LEAST(2, ALARM, (x, y, z))", AtLeast(2, False, ALARM, False, ("x", "y", "z"))),
    ('AT_LEAST(50%, NOT OK, ("x", y))', AtLeast(50, True, OK, True, ("x", "y"))),
    ('AT_LEAST("50%", OK, (x))', AtLeast(50, True, OK, False, ("x",))),
)


@pytest.mark.parametrize(("source", "rule"), PARSED, ids=[source for source, _ in PARSED])
def test_a_rule_parses(source: str, rule: AlarmRule) -> None:
    assert parse_rule(source) == rule


EXPECTED_OPERAND = "expected ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, NOT, TRUE, FALSE or '('"
REFUSED = (
    ("", f"{EXPECTED_OPERAND}, found the end at character 1"),
    ("ALARM", "expected '(', found the end at character 6"),
    ("ALARM()", "expected an alarm's name or ARN, found ) at character 7"),
    ("ALARM(a", "expected ')', found the end at character 8"),
    ("ALARM(a b)", "expected ')', found b at character 9"),
    ('ALARM("a)', "a quoted alarm name has no end at character 7"),
    ("ALARM(a) ALARM(b)", "expected AND, OR or the end, found ALARM at character 10"),
    ("ALARM(a) AND", f"{EXPECTED_OPERAND}, found the end at character 13"),
    ("ALARM(a) && ALARM(b)", "expected AND, OR or the end, found && at character 10"),
    ("(ALARM(a)", "expected ')', found the end at character 10"),
    ("AT_LEAST(ALARM, (a))", "expected a number or a percentage, found ALARM at character 10"),
    ("AT_LEAST(1, ALARM(a))", "expected ',', found ( at character 18"),
    ("AT_LEAST(1, ALARM, ())", "expected an alarm's name or ARN, found ) at character 21"),
    ("(" * 2000 + "TRUE", "more than 100 brackets and NOT inside each other, found ( at character 101"),
    ("NOT " * 2000 + "TRUE", "more than 100 brackets and NOT inside each other, found NOT at character 401"),
)


@pytest.mark.parametrize(("source", "message"), REFUSED, ids=[source[:30] or "nothing" for source, _ in REFUSED])
def test_what_is_no_rule_is_refused_with_its_position(source: str, message: str) -> None:
    with pytest.raises(AlarmRuleSyntaxError) as caught:
        parse_rule(source)
    assert str(caught.value) == message


# --------------------------------------------------------------------------- which child takes it to ALARM


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
    ways = carriers(child, alarms)
    if case["verdict"] == "not a carrier":
        assert ways == ()
        return
    (way,) = ways
    found = propagates(child, way, alarms, NOW, 86_400)
    if case["verdict"] == "propagates":
        assert found == Propagates()
        return
    assert not isinstance(found, Propagates)
    (reason,) = found.reasons
    assert reason.id == FindingId(case["verdict"])
    assert "detail" not in case or reason.detail == case["detail"]


def verdict(*composites: dict[str, Any], **patches: Any) -> tuple[Compliance, list[tuple[FindingId, str]]]:
    """Of an account whose metric alarm has no action of its own."""
    alarms = {"MetricAlarms": [an_alarm(AlarmActions=[])], "CompositeAlarms": list(composites)}
    account = FakeAccount.of(patched(compliant_answers(), {"DescribeAlarms": alarms, **patches}))
    assessment = assess(account.opened(), Requirement.parse(), NOW)
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
    assert found == (Compliance.NON_COMPLIANT, [(FindingId.COMPOSITE_HELD, "security"), NO_TOPIC])


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


def test_a_composite_in_alarm_for_long_is_stuck() -> None:
    stuck = a_composite(
        "security",
        "ALARM(config-changes)",
        StateValue="ALARM",
        StateTransitionedTimestamp="2026-11-01T00:00:00+00:00",
    )
    found = verdict(stuck)
    assert found == (Compliance.NON_COMPLIANT, [(FindingId.ALARM_ALWAYS_ON, "security"), NO_TOPIC])


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


# --------------------------------------------------------------------------- law

NAMES = ("child", "a", "b")
LEAVES = st.one_of(
    st.builds(InState, st.sampled_from(State), st.sampled_from(NAMES)),
    st.builds(Constant, st.booleans()),
    st.builds(
        AtLeast,
        st.integers(0, 3),
        st.just(False),
        st.sampled_from(State),
        st.booleans(),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple),
    ),
)


def _join(rules: st.SearchStrategy[AlarmRule]) -> st.SearchStrategy[AlarmRule]:
    def joined(operands: list[AlarmRule], connective: Connective) -> AlarmRule:
        return Joined(tuple(operands), (connective,) * (len(operands) - 1))

    several = st.builds(joined, st.lists(rules, min_size=2, max_size=3), st.sampled_from(Connective))
    return st.one_of(several, st.builds(Not, rules))


RULES: st.SearchStrategy[AlarmRule] = st.recursive(LEAVES, _join, max_leaves=6)


def true_in(rule: AlarmRule, states: Mapping[str, State]) -> bool:
    """Whether the rule is true, written from the documentation's sentences."""
    match rule:
        case InState(state, alarm):
            return states[alarm] is state
        case AtLeast(number, _, state, inverted, alarms):
            return sum((states[alarm] is state) != inverted for alarm in alarms) >= number
        case Constant(value):
            return value
        case Not(operand):
            return not true_in(operand, states)
        case Joined(operands, connectives):
            answers = [true_in(operand, states) for operand in operands]
            return all(answers) if connectives[0] is AND else any(answers)


@given(RULES, st.sets(st.sampled_from(NAMES)))
def test_the_outcome_is_that_of_all_cases(rule: AlarmRule, in_alarm: set[str]) -> None:
    possible = [(ALARM,) if name in in_alarm else tuple(State) for name in NAMES]
    answers = {true_in(rule, dict(zip(NAMES, case, strict=True))) for case in product(*possible)}
    expected = {True: Truth.YES, False: Truth.NO}[answers.pop()] if len(answers) == 1 else Truth.UNKNOWN
    assert outcome(rule, dict.fromkeys(in_alarm, (ALARM,))) is expected
