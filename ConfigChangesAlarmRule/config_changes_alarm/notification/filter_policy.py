"""Does a subscription's filter policy let an alarm's message through?

A policy maps names to lists of conditions: every name has to hold, by one of its conditions (SNS developer guide,
"Subscription filter policies", "Filter policy scope"). It is held against every message that CloudWatch may send of the
alarm: it has no attributes, and of its body only what is known in advance is used. What a policy asks beyond that, and
operators that are not known here, are UNKNOWN; so is a policy that takes some of the messages and drops others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from ..resources import CompositeAlarm, MetricAlarm
from ..truth import Truth, every, some, truth
from .alarm_message import Member, messages

__all__ = ["passes"]


class _Value(Enum):
    """A message's member that has no known value."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


def passes(filter_policy: str, scope: str, alarm: MetricAlarm | CompositeAlarm) -> Truth:
    """Whether the policy admits the message of the alarm's transition to ALARM, whatever state the alarm was in."""
    try:
        policy = json.loads(filter_policy)
    except (ValueError, RecursionError):
        return Truth.UNKNOWN
    match scope:
        case "MessageAttributes":
            return _policy(policy, {}, _Value.ABSENT)
        case "MessageBody":
            return _agreed({_policy(policy, message, _Value.UNKNOWN) for message in messages(alarm)})
        case _:
            return Truth.UNKNOWN


def _agreed(verdicts: set[Truth]) -> Truth:
    return verdicts.pop() if len(verdicts) == 1 else Truth.UNKNOWN


def _policy(policy: Any, known: Mapping[str, Member], other: _Value) -> Truth:
    if not isinstance(policy, dict):
        return Truth.UNKNOWN
    return every(
        _alternatives(conditions, known, other) if name == "$or" else _conditions(conditions, known.get(name, other))
        for name, conditions in policy.items()
    )


def _alternatives(policies: Any, known: Mapping[str, Member], other: _Value) -> Truth:
    """`$or` is the operator only with two policies at least; else it is a name like any other."""
    if not isinstance(policies, list) or len(policies) < 2 or not all(isinstance(each, dict) for each in policies):
        return Truth.UNKNOWN
    return some(_policy(policy, known, other) for policy in policies)


def _conditions(conditions: Any, value: Member | _Value) -> Truth:
    """A list of alternatives, or a nested policy about the members of a member."""
    if isinstance(conditions, dict) and isinstance(value, Mapping):
        return _policy(conditions, value, _Value.UNKNOWN) if conditions else Truth.UNKNOWN
    if not isinstance(conditions, list) or not conditions:
        return Truth.UNKNOWN
    return some(_condition(condition, value) for condition in conditions)


_ASKS_FOR_A_VALUE = ("prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "cidr")


def _condition(condition: Any, value: Member | _Value) -> Truth:
    operator, operand = _operator(condition)
    if operator not in ("equals", "exists", *_ASKS_FOR_A_VALUE):
        return Truth.UNKNOWN
    match value:
        case _Value.ABSENT:
            return truth(operator == "exists" and operand is False)
        case str():
            return _on_text(operator, operand, value)
        case tuple() if value:
            return _on_texts(operator, operand, value)
        case _:
            return Truth.UNKNOWN


def _on_texts(operator: str, operand: Any, texts: tuple[str, ...]) -> Truth:
    """One element that matches is enough; what it takes to be none of several is not told for lists."""
    verdicts = {_on_text(operator, operand, text) for text in texts}
    return _agreed(verdicts) if operator == "anything-but" else some(verdicts)


def _operator(condition: Any) -> tuple[str, Any]:
    """A plain value asks for itself; an object with one member is an operator."""
    if isinstance(condition, dict):
        return next(iter(condition.items())) if len(condition) == 1 else ("", None)
    return "equals", condition


def _on_text(operator: str, operand: Any, value: str) -> Truth:
    match operator, operand:
        case "equals", _:
            return truth(operand == value)
        case "exists", bool():
            return truth(operand)
        case "prefix", str():
            return truth(value.startswith(operand))
        case "suffix", str():
            return truth(value.endswith(operand))
        case "equals-ignore-case", str():
            return truth(value.lower() == operand.lower())
        case "anything-but", str():
            return truth(value != operand)
        case "anything-but", list() if operand and all(isinstance(each, (str, int, float)) for each in operand):
            return truth(value not in operand)
        case "anything-but", {"prefix": str() as prefix} if len(operand) == 1:
            return truth(not value.startswith(prefix))
        case "anything-but", {"suffix": str() as suffix} if len(operand) == 1:
            return truth(not value.endswith(suffix))
        case _:
            return Truth.UNKNOWN
