"""The states of an alarm, and the alarm that does not leave ALARM.

Source: CloudWatch API reference, MetricAlarm and CompositeAlarm, StateTransitionedTimestamp.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..findings import FindingId
from ..resources import CompositeAlarm, MetricAlarm
from .silence import Silent, silent

__all__ = ["State", "stuck"]

_SEVERAL_CHANGES = 3_600
"""Seconds by which several changes in a row may lengthen one alarm: a deployment, somebody at work."""


class State(StrEnum):
    """The states of an alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


def stuck(alarm: MetricAlarm | CompositeAlarm, returns_after: int, now: datetime) -> Silent | None:
    """What CloudWatch itself shows: in ALARM for longer than the alarm takes to return, so something holds it there.

    `returns_after` is how many seconds an event keeps it in ALARM; of a composite alarm, how many it keeps the child.
    """
    since = alarm.state_transitioned_timestamp
    if alarm.state_value != "ALARM":
        return None
    if since is None:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "it is in ALARM, and CloudWatch does not say since when")
    if now - since <= timedelta(seconds=returns_after + _SEVERAL_CHANGES):
        return None
    detail = f"in ALARM since {since:%Y-%m-%d %H:%M} UTC, an event keeps it there for {returns_after} s at most"
    return silent(FindingId.ALARM_ALWAYS_ON, alarm, detail)
