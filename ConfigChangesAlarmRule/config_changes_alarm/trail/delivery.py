"""Does a trail cover every Region, name a log group and deliver to it?

Judges what CloudTrail said of one trail; reads nothing. Which events it delivers is a matter of its event selectors.
Source: CloudTrail API reference (DescribeTrails, GetTrailStatus).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..findings import FindingId, Reason
from ..resources import LogGroupId, MalformedArn, Trail, TrailStatus
from .reason import trail_reason

__all__ = ["STALE_AFTER", "Broken", "Delivers", "Hidden", "delivers", "hidden_delivery", "log_group_of", "qualifies"]

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
class Hidden:
    """It is logging, and whether it delivers is shown to its owner only."""


def qualifies(trail: Trail) -> Reason | None:
    """What DescribeTrails alone rules out: an event may happen in any Region, so the trail has to cover every one."""
    if not trail.is_multi_region_trail:
        return trail_reason(FindingId.TRAIL_SINGLE_REGION, trail, f"{trail.home_region} only")
    return None


def log_group_of(trail: Trail) -> LogGroupId | Reason:
    """The log group by account, Region and name."""
    if trail.cloud_watch_logs_log_group_arn is None:
        return trail_reason(FindingId.TRAIL_NO_LOG_GROUP, trail)
    try:
        return LogGroupId.parse(trail.cloud_watch_logs_log_group_arn)
    except MalformedArn as error:
        return trail_reason(FindingId.TRAIL_NO_LOG_GROUP, trail, str(error))


def delivers(trail: Trail, status: TrailStatus, now: datetime, *, seen_by_owner: bool) -> Delivers | Broken | Hidden:
    """Whether it is logging, without a delivery error, and has delivered lately.

    A trail that started logging a short while ago may not have delivered yet. What its owner is not shown has not
    happened; a member of the owner's organization is shown less (GetTrailStatus), so its silence says nothing.
    """
    if not status.is_logging:
        return Broken((trail_reason(FindingId.TRAIL_NOT_LOGGING, trail),))
    if status.latest_cloud_watch_logs_delivery_error:
        error = status.latest_cloud_watch_logs_delivery_error
        return Broken((trail_reason(FindingId.TRAIL_DELIVERY_ERROR, trail, error),))
    last = status.latest_cloud_watch_logs_delivery_time
    if last is None and not seen_by_owner:
        return Hidden()
    times = [time for time in (last, status.start_logging_time) if time is not None]
    if not times or now - max(times) > STALE_AFTER:
        detail = f"last delivery {last:%Y-%m-%d %H:%M} UTC" if last else "it has never delivered"
        return Broken((trail_reason(FindingId.TRAIL_DELIVERY_STALE, trail, detail),))
    return Delivers()


def hidden_delivery(trail: Trail) -> Reason:
    """Why a trail of another account is not known to deliver."""
    detail = f"whether trail {trail.name} delivers is shown to its owner only: set LogGroupAccountRoleName"
    return Reason(FindingId.CANNOT_READ, trail.trail_arn, detail, (("operation", "cloudtrail:GetTrailStatus"),))
