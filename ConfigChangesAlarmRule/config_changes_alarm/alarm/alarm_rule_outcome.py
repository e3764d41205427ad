"""Is the rule of a composite alarm true, in states of other alarms that are only partly known?

AWS does not say whether AND binds tighter than OR: where they stand side by side without parentheses, a rule holds only
if it does either way. Decided by cases, within a bound; what exceeds it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from ..truth import Truth, every, negated, some, truth
from .alarm_rule import AlarmRule, AtLeast, Connective, Constant, InState, Joined, Not, references
from .alarm_state import State

__all__ = ["States", "outcome"]

MAX_CASES = 1_000
"""Combinations of states looked at before a question about a rule is given up."""

States: TypeAlias = Mapping[str, tuple[State, ...]]
"""The states that each alarm may be in; one that is not among them may be in any."""

_ANY_STATE = tuple(State)


def _holds(rule: AlarmRule, states: States) -> Truth:
    """Whether the rule is true, as far as each operand by itself tells."""
    match rule:
        case InState():
            return _in_state(rule.state, states.get(rule.alarm, _ANY_STATE))
        case AtLeast():
            return _at_least(rule, states)
        case Constant():
            return truth(rule.value)
        case Not():
            return negated(_holds(rule.operand, states))
        case Joined():
            return _joined(rule, [_holds(operand, states) for operand in rule.operands])
        case _:
            assert_never(rule)


def _in_state(state: State, possible: tuple[State, ...]) -> Truth:
    return Truth.UNKNOWN if state in possible and len(possible) > 1 else truth(state in possible)


def _at_least(rule: AtLeast, states: States) -> Truth:
    answers = [_in_state(rule.state, states.get(alarm, _ANY_STATE)) for alarm in rule.alarms]
    if rule.inverted:
        answers = [negated(answer) for answer in answers]
    needed = rule.number * len(answers) if rule.percent else rule.number * 100
    surely = answers.count(Truth.YES) * 100
    possibly = surely + answers.count(Truth.UNKNOWN) * 100
    return Truth.YES if surely >= needed else Truth.NO if possibly < needed else Truth.UNKNOWN


def _joined(rule: Joined, answers: Sequence[Truth]) -> Truth:
    """With one kind of connective there is one reading, else AND binding tighter, OR binding tighter, left to right."""
    readings = {
        _grouped(answers, rule.connectives, Connective.AND),
        _grouped(answers, rule.connectives, Connective.OR),
        _left_to_right(answers, rule.connectives),
    }
    return readings.pop() if len(readings) == 1 else Truth.UNKNOWN


def _grouped(answers: Sequence[Truth], connectives: Sequence[Connective], tighter: Connective) -> Truth:
    groups = [[answers[0]]]
    for connective, answer in zip(connectives, answers[1:], strict=True):
        if connective is tighter:
            groups[-1].append(answer)
        else:
            groups.append([answer])
    inner, outer = (every, some) if tighter is Connective.AND else (some, every)
    return outer(inner(group) for group in groups)


def _left_to_right(answers: Sequence[Truth], connectives: Sequence[Connective]) -> Truth:
    held = answers[0]
    for connective, answer in zip(connectives, answers[1:], strict=True):
        held = (every if connective is Connective.AND else some)((held, answer))
    return held


def outcome(rule: AlarmRule, states: States) -> Truth:
    """Whether the rule is true in every case that the states leave open, or in none; else, or past the bound, UNKNOWN.

    Exact by cases: an alarm is in one state at a time, so `ALARM(a) OR NOT ALARM(a)` is true.
    """
    names = tuple(dict.fromkeys(alarm for _, alarm in references(rule)))
    seen: set[Truth] = set()
    cases = [dict(states)]
    for _ in range(MAX_CASES):
        if not cases:
            return seen.pop() if len(seen) == 1 else Truth.UNKNOWN
        case = cases.pop()
        answer = _holds(rule, case)
        open_name = next((name for name in names if len(case.get(name, _ANY_STATE)) > 1), None)
        if answer is not Truth.UNKNOWN or open_name is None:
            seen.add(answer)
        else:
            cases += [{**case, open_name: (state,)} for state in case.get(open_name, _ANY_STATE)]
        if len(seen) > 1 or Truth.UNKNOWN in seen:
            break
    return Truth.UNKNOWN
