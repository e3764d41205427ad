"""Do a trail's event selectors record an event?

An event is what is known of its record in advance; its other members may be anything. Sources: CloudTrail API
reference (PutEventSelectors, AdvancedFieldSelector) and user guide, "Logging management events".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..findings import FindingId, Reason
from ..resources import AdvancedEventSelector, AdvancedFieldSelector, Arn, EventSelector, EventSelectors, Trail
from ..truth import Truth, every, negated, some, truth
from .reason import trail_reason

__all__ = ["Captures", "Ignores", "Unsure", "captures", "may_capture", "selectors_reason"]

F = FindingId
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Captures:
    """The trail's selectors record the event."""


@dataclass(frozen=True, slots=True)
class Ignores:
    """They do not. Of a data event `source` is the service that makes it, if that is known."""

    management: bool = True
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """They are not known to. `because` is what is known of the trail and not of the event, before the event's name."""

    because: str
    management: bool = True


def _from_anywhere(_: str) -> bool:
    return False


def captures(
    trail: Trail, selectors: EventSelectors, record: Record, never_from: Callable[[str], bool] = _from_anywhere
) -> Captures | Ignores | Unsure:
    """Whether an event surely passes the trail's selectors, whatever the missing members of its record are.

    `never_from(source)` says whether a record without a known source is known not to have that one. With no selectors
    of either kind CloudTrail records all management events, which is its documented default; but not when the trail
    says that it has its own.
    """
    if trail.has_custom_event_selectors and not (selectors.event_selectors or selectors.advanced_event_selectors):
        return Unsure("its event selectors are not shown, and may leave out")
    match _of_both(selectors, record, never_from):
        case Truth.YES:
            return Captures()
        case Truth.NO:
            category = record.get("eventCategory", _MANAGEMENT)
            source = record.get("eventSource") if category == "Data" else None
            return Ignores(category == _MANAGEMENT, source)
        case Truth.UNKNOWN:
            return _open_point(selectors, record, never_from)


def _of_both(selectors: EventSelectors, record: Record, never_from: Callable[[str], bool]) -> Truth:
    """Of an event that may be a read or a write, both have to pass."""
    if "readOnly" in record:
        return _selected(selectors, record, never_from)
    found = {_selected(selectors, {**record, "readOnly": each}, never_from) for each in (False, True)}
    return found.pop() if len(found) == 1 else Truth.UNKNOWN


def _open_point(selectors: EventSelectors, record: Record, never_from: Callable[[str], bool]) -> Unsure:
    """What would have to be known of the event. The first that alone would settle it."""
    if record.get("eventCategory", _MANAGEMENT) != _MANAGEMENT:
        return Unsure("it is not evaluated which other than management events it records, such as", management=False)
    if "eventCategory" not in record:
        if _of_both(selectors, {**record, "eventCategory": _MANAGEMENT}, never_from) is Truth.YES:
            return Unsure("it records management events, and is not known to be one:")
        record = {**record, "eventCategory": _MANAGEMENT}
    for read_only, kind in ((False, "write"), (True, "read")):
        known = {**record, "readOnly": read_only}
        if "readOnly" not in record and _selected(selectors, known, never_from) is Truth.YES:
            return Unsure(f"it records {kind} events only, and is not known to be one:")
    if "eventSource" not in record and _of_both(selectors, record, lambda _: True) is Truth.YES:
        return Unsure("it leaves out services that may make the call")
    return Unsure("its event selectors do not show whether they record")


def selectors_reason(
    trail: Trail,
    selectors: Sequence[EventSelectors],
    cause: Ignores | Unsure,
    names: Sequence[str],
    causes: Sequence[Ignores] = (),
) -> Reason:
    """Why the trail does not record the events of these names, or is not known to.

    `selectors` are its own, if any. `causes` are all why it does not record required events: one command ends them.
    """
    told = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    match cause:
        case Ignores(management):
            from .widened_selectors import widened

            data = [each.source for each in causes if not each.management]
            partition = Arn.parse(trail.trail_arn).partition
            missing = any(each.management for each in causes)
            facts = [fact for each in selectors for fact in widened(each, missing, data, partition)]
            kind = F.TRAIL_SELECTORS_MISS_EVENT if management else F.TRAIL_SELECTORS_MISS_DATA_EVENT
            what = "" if management else ", which is no management event"
            return trail_reason(kind, trail, f"its event selectors leave out {told}{what}", *facts)
        case Unsure(because, management):
            kind = F.TRAIL_SELECTORS_UNVERIFIED if management else F.TRAIL_SELECTORS_DATA_UNVERIFIED
            return trail_reason(kind, trail, f"{because} {told}")


def may_capture(selectors: EventSelectors, record: Record) -> bool:
    """Whether it cannot be ruled out that the selectors let the event pass."""
    return _selected(selectors, record, _from_anywhere) is not Truth.NO


# --------------------------------------------------------------------------- one record

_MANAGEMENT = "Management"
_BY_DEFAULT = EventSelector()


def _selected(selectors: EventSelectors, record: Record, never_from: Callable[[str], bool]) -> Truth:
    """Selectors of one kind are alternatives. A trail has one kind; if both were shown, both would have to pass."""
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    if not (basic or advanced):
        other = record.get("eventCategory", _MANAGEMENT) != _MANAGEMENT
        return Truth.NO if other else _basic(_BY_DEFAULT, record, never_from)
    return every(
        some(passes)
        for passes in (
            [_basic(each, record, never_from) for each in basic],
            [_advanced(each, record, never_from) for each in advanced],
        )
        if passes
    )


def _basic(selector: EventSelector, record: Record, never_from: Callable[[str], bool]) -> Truth:
    """Of data events it records those of its DataResources, which are not evaluated; of other categories nothing."""
    category = record.get("eventCategory")
    if category not in (None, _MANAGEMENT):
        return Truth.UNKNOWN if category == "Data" and selector.data_resources else Truth.NO
    if not selector.include_management_events:
        return Truth.UNKNOWN if category is None else Truth.NO
    read_only, source = record.get("readOnly"), record.get("eventSource")
    excluded = selector.exclude_management_event_sources
    wanted = {"All": (True, False), "ReadOnly": (True,), "WriteOnly": (False,)}.get(selector.read_write_type)
    return every(
        (
            truth(None if category is None else True),
            truth(None if wanted is None or read_only is None else read_only in wanted),
            _from_none_of(excluded, source, never_from),
        )
    )


def _from_none_of(excluded: Sequence[str], source: str | None, never_from: Callable[[str], bool]) -> Truth:
    """Whether the event's source is none of these."""
    if source is not None:
        return truth(source not in excluded)
    return truth(True if all(never_from(each) for each in excluded) else None)


def _advanced(selector: AdvancedEventSelector, record: Record, never_from: Callable[[str], bool]) -> Truth:
    """Every field selector has to hold; a selector that does not say which category it is about is not known to.

    Of other events than management events it is not evaluated which resources they concern.
    """
    named = truth(True if any(each.field == "eventCategory" for each in selector.field_selectors) else None)
    management = truth(True if record.get("eventCategory") == _MANAGEMENT else None)
    return every((named, management, *(_field(each, record, never_from) for each in selector.field_selectors)))


_ANY_OPERATOR, _EQUALS_ONLY = "eventSource", ("eventCategory", "readOnly")
"""What AWS documents for management events on trails; any other field is not known to hold."""


def _field(selector: AdvancedFieldSelector, record: Record, never_from: Callable[[str], bool]) -> Truth:
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
    if selector.field == _ANY_OPERATOR and text is None and _only_not_equals(selector):
        return _from_none_of(selector.not_equals, None, never_from)
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


def _only_not_equals(selector: AdvancedFieldSelector) -> bool:
    """Whether it only leaves values out, each of them whole."""
    kept = (selector.equals, selector.starts_with, selector.ends_with)
    return bool(selector.not_equals) and not any((*kept, selector.not_starts_with, selector.not_ends_with))
