"""Whom does an alarm notify when it enters ALARM?

Source: CloudWatch user guide, "Notifying users on alarm changes". A topic has to lie in the alarm's own Region.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import FindingId
from ..resources import Arn, CompositeAlarm, MetricAlarm
from .silence import Silent, silent, topics

__all__ = ["Notifies", "notifies"]


@dataclass(frozen=True, slots=True)
class Notifies:
    """Entering ALARM publishes to these topics."""

    topic_arns: tuple[str, ...]


def notifies(alarm: MetricAlarm | CompositeAlarm) -> Notifies | Silent:
    """The topics in the alarm's own Region that entering ALARM publishes to."""
    if not alarm.actions_enabled:
        return silent(FindingId.ALARM_ACTIONS_DISABLED, alarm)
    named = tuple(dict.fromkeys(topics(alarm)))
    near = tuple(arn for arn in named if Arn.parse(arn).region == alarm.place.region)
    if near:
        return Notifies(near)
    if named:
        detail = f"{named[0]}, alarm {alarm.alarm_name} lies in {alarm.place.region}"
        return silent(FindingId.TOPIC_IN_ANOTHER_REGION, alarm, detail, Arn.parse(named[0]).resource)
    others = sorted({arn.split(":")[2] for arn in alarm.alarm_actions if arn.count(":") >= 2})
    detail = f"its alarm actions go to {', '.join(others)}" if others else "it has no alarm actions"
    if not others and isinstance(alarm, MetricAlarm) and (alarm.ok_actions or alarm.insufficient_data_actions):
        detail = "it has actions only for other states than ALARM"
    return silent(FindingId.ALARM_NO_TOPIC, alarm, detail)
