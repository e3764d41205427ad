"""Which events a required pattern asks for, by `$.eventName`, and the pattern narrowed to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..filter_pattern import And, Comparison, Condition, JsonPattern, Leaf, Name, Operator, Or, Pattern, Selector, Text
from ..proof import Covered, covers, plain_text

__all__ = ["OTHER_EVENTS", "RequiredEvent", "leaves", "narrow", "required_events", "with_conditions"]

OTHER_EVENTS = "any other event"


@dataclass(frozen=True, slots=True)
class RequiredEvent:
    """An event that a pattern asks for, by `$.eventName`.

    `source` is the `$.eventSource` that all its records have. Where the pattern leaves more than one, or others beside
    those that it names, there is none, and `possible_sources` are the named ones.
    """

    name: str
    source: str | None = None
    possible_sources: tuple[str, ...] = ()


_EVENT_NAME = Selector((Name("eventName"),))
_EVENT_SOURCE = Selector((Name("eventSource"),))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The single conditions of a condition."""
    if isinstance(condition, (And, Or)):
        for term in condition.terms:
            yield from leaves(term)
    else:
        yield condition


def _possible(pattern: Pattern) -> bool:
    return not isinstance(covers(pattern, ()), Covered)


def with_conditions(pattern: Pattern, *conditions: Condition) -> JsonPattern:
    """The pattern with more conditions, flattened so that what they fix is seen."""
    assert isinstance(pattern, JsonPattern)
    own = pattern.condition.terms if isinstance(pattern.condition, And) else (pattern.condition,)
    terms = (*own, *conditions)
    return JsonPattern(terms[0] if len(terms) == 1 else And(terms))


def _words(pattern: JsonPattern, selector: Selector) -> tuple[str, ...]:
    found = [
        text
        for leaf in leaves(pattern.condition)
        if isinstance(leaf, Comparison) and leaf.selector == selector and (text := plain_text(leaf)) is not None
    ]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def required_events(required: Pattern) -> tuple[RequiredEvent, ...]:
    """The events by name, in the pattern's order; last `any other event` where the pattern admits more than those."""
    if not isinstance(required, JsonPattern):
        return (RequiredEvent(OTHER_EVENTS),) if _possible(required) else ()
    names = _words(required, _EVENT_NAME)
    sources = _words(required, _EVENT_SOURCE)
    events: list[RequiredEvent] = []
    for name in names:
        event = narrow(required, RequiredEvent(name))
        if not _possible(event):
            continue
        possible = tuple(each for each in sources if _possible(with_conditions(event, _equal(_EVENT_SOURCE, each))))
        if len(possible) == 1 and isinstance(covers(event, (_having(_EVENT_SOURCE, possible[0]),)), Covered):
            events.append(RequiredEvent(name, possible[0]))
        else:
            events.append(RequiredEvent(name, None, possible))
    others = with_conditions(required, *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in names))
    if _possible(others):
        events.append(RequiredEvent(OTHER_EVENTS))
    return tuple(events)


def _having(selector: Selector, text: str) -> JsonPattern:
    return JsonPattern(_equal(selector, text))


def _equal(selector: Selector, text: str) -> Comparison:
    return Comparison(selector, Operator.EQ, Text(text))


def narrow(required: Pattern, event: RequiredEvent) -> Pattern:
    """The pattern for one of its events alone."""
    if not isinstance(required, JsonPattern):
        return required
    if event.name == OTHER_EVENTS:
        return with_conditions(
            required,
            *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in _words(required, _EVENT_NAME)),
        )
    return with_conditions(required, _equal(_EVENT_NAME, event.name))
