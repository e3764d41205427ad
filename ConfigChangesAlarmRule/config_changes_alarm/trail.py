"""Does a trail deliver the required events to its log group?

Judges what CloudTrail said of one trail; reads nothing. Sources: CloudTrail API reference (DescribeTrails,
GetTrailStatus, PutEventSelectors, AdvancedFieldSelector) and user guide, "Logging management events".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .findings import FindingId, Reason
from .resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    EventSelector,
    EventSelectors,
    LogGroupId,
    MalformedArn,
    Trail,
    TrailStatus,
)

__all__ = [
    "STALE_AFTER",
    "Broken",
    "Captures",
    "Delivers",
    "Ignores",
    "captures",
    "delivers",
    "log_group_of",
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
    """Whether it is logging, without a delivery error, and has delivered lately."""
    if not status.is_logging:
        return Broken((_reason(FindingId.TRAIL_NOT_LOGGING, trail),))
    if status.latest_cloud_watch_logs_delivery_error:
        error = status.latest_cloud_watch_logs_delivery_error
        return Broken((_reason(FindingId.TRAIL_DELIVERY_ERROR, trail, error),))
    last = status.latest_cloud_watch_logs_delivery_time
    since = last or status.start_logging_time
    if since is not None and now - since > STALE_AFTER:
        detail = f"last delivery {last:%Y-%m-%d %H:%M} UTC" if last else "it has never delivered"
        return Broken((_reason(FindingId.TRAIL_DELIVERY_STALE, trail, detail),))
    return Delivers()


def captures(trail: Trail, selectors: EventSelectors, record: Mapping[str, Any]) -> Captures | Ignores:
    """Whether a management event passes the trail's selectors.

    With no selectors of either kind CloudTrail records all management events, which is its documented default.
    """
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    if not basic and not advanced:
        if trail.has_custom_event_selectors:
            return Ignores(_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, "its selectors are not shown"))
        return Captures()
    if any(_basic(selector, record) for selector in basic) or any(_advanced(each, record) for each in advanced):
        return Captures()
    detail = f"its event selectors leave out {record.get('eventName')}"
    return Ignores(_reason(FindingId.TRAIL_SELECTORS_MISS_EVENT, trail, detail))


def _basic(selector: EventSelector, record: Mapping[str, Any]) -> bool:
    wanted = "ReadOnly" if record.get("readOnly") is True else "WriteOnly"
    return (
        selector.include_management_events
        and selector.read_write_type in ("All", wanted)
        and record.get("eventSource") not in selector.exclude_management_event_sources
    )


def _advanced(selector: AdvancedEventSelector, record: Mapping[str, Any]) -> bool:
    """All field selectors hold, and one of them asks for management events."""
    fields = {each.field for each in selector.field_selectors}
    return "eventCategory" in fields and all(_field(each, record) for each in selector.field_selectors)


_FIELDS = ("eventCategory", "eventSource", "readOnly")
"""What AWS documents for management events on trails; any other field is not known to hold."""


def _field(selector: AdvancedFieldSelector, record: Mapping[str, Any]) -> bool:
    if selector.field not in _FIELDS:
        return False
    value = record.get(selector.field)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    tests: tuple[tuple[tuple[str, ...], Callable[[str], bool], bool], ...] = (
        (selector.equals, lambda operand: text == operand, True),
        (selector.starts_with, text.startswith, True),
        (selector.ends_with, text.endswith, True),
        (selector.not_equals, lambda operand: text == operand, False),
        (selector.not_starts_with, text.startswith, False),
        (selector.not_ends_with, text.endswith, False),
    )
    return all(any(map(test, operands)) is wanted for operands, test, wanted in tests if operands)
