"""Is a filter pattern meant for a control, or does it match the control's events along with everything else?

A filter for the root user, or one that counts every event, matches some required events too. Its owner meant it for
something else, and it is none of this control's business.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ..filter_pattern import (
    Answer,
    JsonPattern,
    Leaf,
    Name,
    Pattern,
    Selector,
    SpaceDelimitedPattern,
    TermPattern,
    matches,
)
from ..proof import Budget, RecordModel, never_matches
from .recorded_calls import ACCOUNT, Record, identities, recorded_call
from .required_events import leaves

__all__ = ["concerns"]

_EVERYDAY = recorded_call("ec2.amazonaws.com", "CreateTags", ACCOUNT, identities(ACCOUNT)[0], "us-east-1", False)
"""What no control asks for."""


def concerns(pattern: Pattern, required: Pattern, events: Mapping[Pattern, RecordModel], budget: Budget) -> bool:
    """Whether one of the pattern's conditions tells what is required from everyday calls of the same callers.

    `events` are the required pattern narrowed to each of its events, with what is known of their records.
    """
    tested = {leaf.selector for leaf in _leaves(required)}
    return any(
        _tells_apart(condition, tested, narrowed, model, budget)
        for condition in _conditions(pattern)
        for narrowed, model in events.items()
    )


def _tells_apart(
    condition: Pattern, tested: set[Selector], narrowed: Pattern, model: RecordModel, budget: Budget
) -> bool:
    """A condition on a field that the control tests may match; any other has to match a typical record."""
    pairs = [(base, _everyday(base, tested)) for base in model.bases]
    if any(
        matches(condition, base) is Answer.MATCH and matches(condition, everyday) is Answer.NO_MATCH
        for base, everyday in pairs
    ):
        return True
    return (
        any(leaf.selector in tested for leaf in _leaves(condition))
        and all(matches(condition, everyday) is Answer.NO_MATCH for _, everyday in pairs)
        and not never_matches(narrowed, condition, model, budget)
    )


def _everyday(message: str, tested: set[Selector]) -> str:
    """The record as an everyday call of the same caller: what the control tests is as it always is."""
    record: Record = json.loads(message)
    for selector in tested:
        names = [step.key for step in selector.steps if isinstance(step, Name)]
        if len(names) == len(selector.steps):
            _replace(record, _EVERYDAY, names)
    return json.dumps(record, separators=(",", ":"))


def _replace(record: Record, everyday: Record, names: list[str]) -> None:
    first, *rest = names
    if rest and isinstance(record.get(first), dict) and isinstance(everyday.get(first), dict):
        _replace(record[first], everyday[first], rest)
    elif not rest and first in everyday:
        record[first] = everyday[first]
    else:
        record.pop(first, None)


def _conditions(pattern: Pattern) -> Iterator[Pattern]:
    """What a pattern is made of, each as a pattern of its own."""
    match pattern:
        case JsonPattern():
            yield from (JsonPattern(leaf) for leaf in _leaves(pattern))
        case TermPattern(required, optional, excluded):
            yield from (TermPattern(required=(term,)) for term in (*required, *optional, *excluded))
        case SpaceDelimitedPattern():
            yield pattern


def _leaves(pattern: Pattern) -> Iterator[Leaf]:
    if isinstance(pattern, JsonPattern):
        yield from leaves(pattern.condition)
