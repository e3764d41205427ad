"""Do a trail's event selectors record an event?

An event is what is known of its record in advance; its other members may be anything. Sources: CloudTrail API
reference (PutEventSelectors, AdvancedFieldSelector) and user guide, "Logging management events".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..findings import FindingId, Reason
from ..resources import AdvancedEventSelector, AdvancedFieldSelector, EventSelector, EventSelectors, Trail
from ..truth import Truth, every, negated, some, truth
from .reason import trail_reason

__all__ = ["Captures", "Ignores", "captures", "may_capture"]


@dataclass(frozen=True, slots=True)
class Captures:
    """The trail's selectors record the event."""


@dataclass(frozen=True, slots=True)
class Ignores:
    """They do not, or are not known to."""

    reason: Reason


def captures(trail: Trail, selectors: EventSelectors, record: Mapping[str, Any]) -> Captures | Ignores:
    """Whether a management event surely passes the trail's selectors, whatever its missing members are.

    With no selectors of either kind CloudTrail records all management events, which is its documented default; but not
    when the trail says that it has its own.
    """
    if trail.has_custom_event_selectors and not (selectors.event_selectors or selectors.advanced_event_selectors):
        return Ignores(trail_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, "its selectors are not shown"))
    whole = [record] if "readOnly" in record else [{**record, "readOnly": each} for each in (False, True)]
    if all(_selected(selectors, each) is Truth.YES for each in whole):
        return Captures()
    detail = f"its event selectors leave out {record.get('eventName')}"
    return Ignores(trail_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, detail))


def may_capture(selectors: EventSelectors, record: Mapping[str, Any]) -> bool:
    """Whether it cannot be ruled out that the selectors let the event pass."""
    return _selected(selectors, record) is not Truth.NO


def _selected(selectors: EventSelectors, record: Mapping[str, Any]) -> Truth:
    """Selectors of one kind are alternatives. A trail has one kind; if both were shown, both would have to pass."""
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    return every(
        some(passes)
        for passes in (
            [_basic(each, record) for each in basic],
            [_advanced(each, record) for each in advanced],
        )
        if passes
    )


def _basic(selector: EventSelector, record: Mapping[str, Any]) -> Truth:
    if not selector.include_management_events:
        return Truth.NO
    read_only, source = record.get("readOnly"), record.get("eventSource")
    excluded = selector.exclude_management_event_sources
    wanted = {"All": (True, False), "ReadOnly": (True,), "WriteOnly": (False,)}.get(selector.read_write_type)
    return every(
        (
            truth(None if wanted is None or read_only is None else read_only in wanted),
            truth(None if source is None and excluded else source not in excluded),
        )
    )


def _advanced(selector: AdvancedEventSelector, record: Mapping[str, Any]) -> Truth:
    """Every field selector has to hold; a selector that does not say which category it is about is not known to."""
    named = truth(True if any(each.field == "eventCategory" for each in selector.field_selectors) else None)
    return every((named, *(_field(each, record) for each in selector.field_selectors)))


_ANY_OPERATOR, _EQUALS_ONLY = "eventSource", ("eventCategory", "readOnly")
"""What AWS documents for management events on trails; any other field is not known to hold."""


def _field(selector: AdvancedFieldSelector, record: Mapping[str, Any]) -> Truth:
    """Operands of one operator are alternatives, operators are not. One without operators may have a newer one."""
    value = record.get(selector.field)
    text = str(value).lower() if isinstance(value, bool) else value
    unequal = (
        *(text == operand for operand in selector.not_equals),
        *(text is not None and text.startswith(operand) for operand in selector.not_starts_with),
        *(text is not None and text.endswith(operand) for operand in selector.not_ends_with),
    )
    others = bool(selector.starts_with or selector.ends_with or unequal)
    known = selector.field == _ANY_OPERATOR or (selector.field in _EQUALS_ONLY and not others)
    if not known or text is None or not (selector.equals or others):
        return Truth.UNKNOWN
    positive = (
        [text == operand for operand in selector.equals],
        [text.startswith(operand) for operand in selector.starts_with],
        [text.endswith(operand) for operand in selector.ends_with],
    )
    return every(
        (
            *(truth(any(answers)) for answers in positive if answers),
            *(negated(truth(answer)) for answer in unequal),
        )
    )
