"""Does a trail deliver the required events to its log group?

Judges what CloudTrail said of one trail; reads nothing. Sources: CloudTrail API reference (DescribeTrails,
GetTrailStatus, PutEventSelectors, AdvancedFieldSelector) and user guide, "Logging management events".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..findings import FindingId, Reason
from ..resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    EventSelector,
    EventSelectors,
    LogGroupId,
    MalformedArn,
    Trail,
    TrailStatus,
)
from ..truth import Truth, every, negated, some, truth

__all__ = [
    "STALE_AFTER",
    "Broken",
    "Captures",
    "Delivers",
    "Ignores",
    "captures",
    "delivers",
    "log_group_of",
    "may_capture",
    "qualifies",
]

STALE_AFTER = timedelta(hours=26)
"""A trail that has delivered nothing for so long is broken. More than a day, because this rule's own evaluation, at
least daily, is itself an event that the trail delivers."""


@dataclass(frozen=True, slots=True)
class Delivers:
    """The trail is logging and its deliveries to CloudWatch Logs succeed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """It does not, because."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Captures:
    """The trail's selectors record the event."""


@dataclass(frozen=True, slots=True)
class Ignores:
    """They do not, or are not known to."""

    reason: Reason


def _reason(id: FindingId, trail: Trail, detail: str = "") -> Reason:  # noqa: A002
    facts = (("region", trail.home_region), ("trail_name", trail.name), ("trail_arn", trail.trail_arn))
    return Reason(id, trail.name, detail, facts)


def qualifies(trail: Trail) -> Reason | None:
    """What DescribeTrails alone rules out: AWS Config is Regional, so the trail has to cover every Region."""
    if not trail.is_multi_region_trail:
        return _reason(FindingId.TRAIL_SINGLE_REGION, trail, f"{trail.home_region} only")
    return None


def log_group_of(trail: Trail) -> LogGroupId | Reason:
    """The log group by account, Region and name."""
    if trail.cloud_watch_logs_log_group_arn is None:
        return _reason(FindingId.TRAIL_NO_LOG_GROUP, trail)
    try:
        return LogGroupId.parse(trail.cloud_watch_logs_log_group_arn)
    except MalformedArn as error:
        return _reason(FindingId.TRAIL_NO_LOG_GROUP, trail, str(error))


def delivers(trail: Trail, status: TrailStatus, now: datetime) -> Delivers | Broken:
    """Whether it is logging, without a delivery error, and has delivered lately.

    A trail that started logging a short while ago may not have delivered yet. An organization's trail, seen from a
    member, may not show its times at all; an own trail that shows neither has never delivered.
    """
    if not status.is_logging:
        return Broken((_reason(FindingId.TRAIL_NOT_LOGGING, trail),))
    if status.latest_cloud_watch_logs_delivery_error:
        error = status.latest_cloud_watch_logs_delivery_error
        return Broken((_reason(FindingId.TRAIL_DELIVERY_ERROR, trail, error),))
    last = status.latest_cloud_watch_logs_delivery_time
    times = [time for time in (last, status.start_logging_time) if time is not None]
    fresh = now - max(times) <= STALE_AFTER if times else trail.is_organization_trail
    if not fresh:
        detail = f"last delivery {last:%Y-%m-%d %H:%M} UTC" if last else "it has never delivered"
        return Broken((_reason(FindingId.TRAIL_DELIVERY_STALE, trail, detail),))
    return Delivers()


# --------------------------------------------------------------------------- event selectors


def captures(trail: Trail, selectors: EventSelectors, record: Mapping[str, Any]) -> Captures | Ignores:
    """Whether a management event surely passes the trail's selectors, whatever its missing members are.

    With no selectors of either kind CloudTrail records all management events, which is its documented default; but not
    when the trail says that it has its own.
    """
    if trail.has_custom_event_selectors and not (selectors.event_selectors or selectors.advanced_event_selectors):
        return Ignores(_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, "its selectors are not shown"))
    whole = [record] if "readOnly" in record else [{**record, "readOnly": each} for each in (False, True)]
    if all(_selected(selectors, each) is Truth.YES for each in whole):
        return Captures()
    detail = f"its event selectors leave out {record.get('eventName')}"
    return Ignores(_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, detail))


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
