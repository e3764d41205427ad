"""JSON patterns on records: selectors, the conditions on what they find, and `&&` and `||`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never

from .answer import Answer, all_of, any_of, certain
from .comparison import compare
from .json_value import MISSING, DuplicateKey, JsonMessage, JsonValue, Missing, read
from .selector import AnyElement, AnyField, Index, Name, Step
from .syntax import And, Comparison, Condition, Constant, Is, JsonPattern, Leaf, NotExists, Operator, Or

__all__ = ["evaluate", "judge", "matches_json", "select"]


MAX_REMEMBERED = 8_192
"""Characters of a message that is read once for all the patterns that it is matched with."""

_read_again = lru_cache(maxsize=2_048)(read)


def matches_json(pattern: JsonPattern, message: str | JsonMessage) -> Answer:
    """What is not JSON is not matched. A key that is named twice, and nesting too deep to be read, are not decided."""
    if isinstance(message, JsonMessage):
        return _evaluate_record(pattern.condition, message.record)
    try:
        record = _read_again(message) if len(message) <= MAX_REMEMBERED else read(message)
    except (DuplicateKey, RecursionError):
        return Answer.UNKNOWN
    except ValueError:
        return Answer.NO_MATCH
    return _evaluate_record(pattern.condition, record)


def _evaluate_record(condition: Condition, record: JsonValue) -> Answer:
    """A JSON pattern matches objects only. Nesting beyond what Python can follow is not decided."""
    if not isinstance(record, dict):
        return Answer.NO_MATCH
    try:
        return evaluate(condition, record)
    except RecursionError:
        return Answer.UNKNOWN


def evaluate(condition: Condition, record: JsonValue) -> Answer:
    """Kleene's three-valued truth of a condition on a record."""
    match condition:
        case And():
            return all_of(evaluate(term, record) for term in condition.terms)
        case Or():
            return any_of(evaluate(term, record) for term in condition.terms)
        case _:
            return _leaf(condition, record)


# --------------------------------------------------------------------------- selectors


def _leaf(leaf: Leaf, record: JsonValue) -> Answer:
    steps = leaf.selector.steps
    wild = next((index for index, step in enumerate(steps) if isinstance(step, (AnyField, AnyElement))), None)
    if wild is None:
        return judge(leaf, select(steps, record))
    return _any_leaf(leaf, select(steps[:wild], record), steps[wild], steps[wild + 1 :])


def select(steps: Sequence[Step], value: JsonValue | Missing) -> JsonValue | Missing:
    """What a selector without wildcards finds."""
    for step in steps:
        if isinstance(step, Name) and isinstance(value, dict):
            value = value.get(step.key, MISSING)
        elif isinstance(step, Index) and isinstance(value, list):
            value = value[step.number] if step.number < len(value) else MISSING
        else:
            return MISSING
    return value


def _any_leaf(leaf: Leaf, parent: JsonValue | Missing, wildcard: Step, rest: Sequence[Step]) -> Answer:
    """`[*]` and `.*` hold when one element does. `!=`, NOT EXISTS, and the wrong kind of parent are not documented."""
    children: list[JsonValue] = []
    if isinstance(parent, list):
        children = parent
    elif isinstance(parent, dict):
        children = list(parent.values())
    fits = isinstance(parent, list) if isinstance(wildcard, AnyElement) else isinstance(parent, dict)
    answers = [judge(leaf, select(rest, child)) for child in children]
    if isinstance(leaf, NotExists) or (isinstance(leaf, Comparison) and leaf.operator is Operator.NE):
        return Answer.UNKNOWN if children or isinstance(leaf, NotExists) else Answer.NO_MATCH
    result = any_of(answers)
    if result is Answer.MATCH and not fits:
        return Answer.UNKNOWN
    if result is Answer.NO_MATCH and any(_deeper(leaf, rest, child) for child in children):
        return Answer.UNKNOWN
    return result


def _deeper(leaf: Leaf, rest: Sequence[Step], value: JsonValue) -> bool:
    """Whether a wildcard that reached below one level might match: not documented."""
    below = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return any(judge(leaf, select(rest, child)) is not Answer.NO_MATCH or _deeper(leaf, rest, child) for child in below)


# --------------------------------------------------------------------------- one condition on one value


def judge(leaf: Leaf, value: JsonValue | Missing) -> Answer:
    """The truth of one condition on what its selector found."""
    match leaf:
        case NotExists():
            return certain(value is MISSING)
        case Is():
            return _is(leaf.constant, value)
        case Comparison():
            if value is MISSING:
                return Answer.NO_MATCH
            return compare(leaf.operator, leaf.operand, value)
        case _:
            assert_never(leaf)


def _is(constant: Constant, value: JsonValue | Missing) -> Answer:
    if constant is Constant.NULL:
        return certain(value is None)
    if isinstance(value, bool):
        return certain(value is (constant is Constant.TRUE))
    if isinstance(value, str) and value.lower() == constant.value.lower():
        return Answer.UNKNOWN
    return Answer.NO_MATCH
