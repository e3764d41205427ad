"""Which events a required pattern asks for, by `$.eventName`, and the pattern narrowed to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..filter_pattern import And, Comparison, Condition, JsonPattern, Leaf, Name, Operator, Or, Pattern, Selector, Text
from ..proof import Covered, covers, plain_text
from .catalogue import Control

__all__ = [
    "OTHER_EVENTS",
    "RequiredEvent",
    "equal",
    "events_of",
    "leaves",
    "narrow",
    "narrowed_by",
    "possible",
    "required_events",
]

OTHER_EVENTS = "any other event"


@dataclass(frozen=True, slots=True)
class RequiredEvent:
    """An event that a pattern asks for, by `$.eventName`; or all the others that it asks for, then `named` is false.

    `source` is the `$.eventSource` that all its records have. Where the pattern leaves more than one, or others beside
    those that it names, there is none, and `possible_sources` are the named ones. `control` is the control that asks
    for it, where what the catalogue knows of that control's records holds.
    """

    name: str
    source: str | None = None
    possible_sources: tuple[str, ...] = ()
    control: Control | None = None
    named: bool = True


_OTHERS = RequiredEvent(OTHER_EVENTS, named=False)
_EVENT_NAME = Selector((Name("eventName"),))
_EVENT_SOURCE = Selector((Name("eventSource"),))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The comparisons and tests that a condition is made of."""
    if isinstance(condition, (And, Or)):
        for term in condition.terms:
            yield from leaves(term)
    else:
        yield condition


def possible(pattern: Pattern) -> bool:
    """Whether some record matches it, or may."""
    return not isinstance(covers(pattern, ()), Covered)


def narrowed_by(pattern: Pattern, *conditions: Condition) -> JsonPattern:
    """The pattern with more conditions, flattened so that what they fix is seen."""
    assert isinstance(pattern, JsonPattern)
    own = pattern.condition.terms if isinstance(pattern.condition, And) else (pattern.condition,)
    terms = (*own, *conditions)
    return JsonPattern(terms[0] if len(terms) == 1 else And(terms))


def _words(pattern: JsonPattern, selector: Selector) -> tuple[str, ...]:
    """What the pattern asks for there; what it leaves out, as in `$.eventName != HeadBucket`, is not asked for."""
    found = [
        text
        for leaf in leaves(pattern.condition)
        if isinstance(leaf, Comparison)
        and leaf.operator is Operator.EQ
        and leaf.selector == selector
        and (text := plain_text(leaf)) is not None
    ]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def required_events(required: Pattern) -> tuple[RequiredEvent, ...]:
    """The events by name, in the pattern's order; last `any other event` where the pattern admits more than those."""
    if not isinstance(required, JsonPattern):
        return (_OTHERS,) if possible(required) else ()
    names = _words(required, _EVENT_NAME)
    sources = _words(required, _EVENT_SOURCE)
    events: list[RequiredEvent] = []
    for name in names:
        event = narrow(required, RequiredEvent(name))
        if not possible(event):
            continue
        found = tuple(each for each in sources if possible(narrowed_by(event, equal(_EVENT_SOURCE, each))))
        if len(found) == 1 and isinstance(covers(event, (JsonPattern(equal(_EVENT_SOURCE, found[0])),)), Covered):
            events.append(RequiredEvent(name, found[0]))
        else:
            events.append(RequiredEvent(name, None, found))
    others = narrowed_by(required, *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in names))
    if possible(others):
        events.append(_OTHERS)
    return tuple(events)


def events_of(control: Control) -> tuple[RequiredEvent, ...]:
    """The events of a control, as the catalogue names them: without a proof. One whose events have no names has one."""
    names = control.event_names
    if not names:
        return (RequiredEvent(control.words, control.source, control=control, named=False),)
    return tuple(RequiredEvent(name, control.source, control=control) for name in names)


def equal(selector: Selector, text: str) -> Comparison:
    """`selector = "text"`."""
    return Comparison(selector, Operator.EQ, Text(text))


def narrow(required: Pattern, event: RequiredEvent) -> Pattern:
    """The pattern for one of its events alone."""
    if not isinstance(required, JsonPattern):
        return required
    if not event.named:
        return narrowed_by(
            required,
            *(Comparison(_EVENT_NAME, Operator.NE, Text(name)) for name in _words(required, _EVENT_NAME)),
        )
    return narrowed_by(required, equal(_EVENT_NAME, event.name))
