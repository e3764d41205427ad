"""The rules of composite alarms: their grammar, and their outcome in states that are partly known."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
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
from config_changes_alarm.truth import Truth
from hypothesis import given
from hypothesis import strategies as st

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
