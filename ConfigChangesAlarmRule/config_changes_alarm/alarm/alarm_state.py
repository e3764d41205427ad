"""The states of an alarm, and the alarm that does not leave ALARM."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..findings import FindingId
from ..resources import CompositeAlarm, MetricAlarm
from .silence import Silent, silent

__all__ = ["State", "stuck"]


class State(StrEnum):
    """The states of an alarm."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


def stuck(alarm: MetricAlarm | CompositeAlarm, max_rearm_seconds: int, now: datetime) -> Silent | None:
    """What CloudWatch itself shows: in ALARM for longer than an alarm may take to return."""
    since = alarm.state_transitioned_timestamp
    if alarm.state_value != "ALARM" or since is None or now - since <= timedelta(seconds=max_rearm_seconds):
        return None
    return silent(FindingId.ALARM_ALWAYS_ON, alarm, f"in ALARM since {since:%Y-%m-%d %H:%M} UTC")
