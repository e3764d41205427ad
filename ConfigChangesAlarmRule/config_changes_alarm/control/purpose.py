"""Is a filter pattern meant for a control, or does it match the control's events along with everything else?

A filter for the root user, or one that counts every event, matches some required events too. Its owner meant it for
something else, and it is none of this control's business. Nor is a filter for another control, some of whose calls have
the names of this control's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

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
    parse,
)
from ..proof import Budget, Covered, RecordModel, covers, never_matches
from .catalogue import Control, controls, published_patterns
from .recorded_calls import ACCOUNT, Record, identities, recorded_call
from .required_events import events_of, leaves, narrowed_by
from .required_records import RequiredRecords, required_records

__all__ = ["concerns", "meant_for_another"]

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


# --------------------------------------------------------------------------- another control


def meant_for_another(
    pattern: Pattern, judged: Control | None, events: Mapping[Pattern, RecordModel], budget: Budget
) -> bool:
    """Whether another control of the catalogue is what the pattern is meant for.

    Whatever it matches of the events that are judged, a text that was published for the other control matches too, as
    IAM's CreatePolicy without its source does with that of AWS Organizations; and it matches some event that the other
    control means.
    """
    if not isinstance(pattern, JsonPattern):
        return False
    return any(
        _within_published(pattern, other, events, budget) and _matches_some(pattern, other, budget)
        for other in controls()
        if judged is None or other.id != judged.id
    )


def _within_published(
    pattern: JsonPattern, other: Control, events: Mapping[Pattern, RecordModel], budget: Budget
) -> bool:
    texts = published_patterns(other)
    return all(
        isinstance(narrowed, JsonPattern)
        and isinstance(covers(narrowed_by(narrowed, pattern.condition), texts, model, budget), Covered)
        for narrowed, model in events.items()
    )


def _matches_some(pattern: JsonPattern, other: Control, budget: Budget) -> bool:
    return any(not never_matches(each.pattern, pattern, each.model, budget) for each in _records_of(other))


@cache
def _records_of(other: Control) -> tuple[RequiredRecords, ...]:
    required = parse(other.pattern)
    return tuple(required_records(required, event, other.failed_calls, ACCOUNT) for event in events_of(other))
