"""Does one matching event take a metric alarm to ALARM, from rest, and does the alarm return?

`fires` accepts only what CloudWatch's documented evaluation rules prove (CloudWatch user guide, "Alarm evaluation" and
"Configuring how CloudWatch alarms treat missing data"). With one data point v, nothing before or after it:

    M = 1 of N        treat missing data as missing or notBreaching: fires and returns
                      ignore: returns only if zeros follow, so only with default value 0
                      breaching: already in ALARM at rest
    M > 1             needs several events, or fires only after data has been missing for long: not accepted

How long it stays in ALARM: while the data point is judged. Zeros that follow push it out of the N newest points. Where
nothing follows, it is judged as long as it lies in the evaluation range, which is larger than N: "the exact number of
data points" is not published, for 1 of 1 three or four periods have been observed (Stack Overflow 72093282).

And the statistic has to breach on v and not at rest, where there is no data, or 0 with a default value of 0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..findings import FindingId
from ..metric_filter import Publication
from ..resources import EvaluationWindow, MetricAlarm
from .alarm_state import stuck
from .metric_signal import Signal, signal_of
from .series import is_point
from .silence import Silent, silent

__all__ = ["Fires", "fires"]

DAY = 86_400
RANGE_BEYOND = 3
"""Periods by which the evaluation range is taken to exceed the evaluation periods."""
DELIVERY_DELAY = 300
"""Seconds within which a data point is taken to arrive. The guide speaks of a slight delay, of about a minute."""


@dataclass(frozen=True, slots=True)
class Fires:
    """One isolated event gives one transition to ALARM, and the alarm returns, after so many seconds at most."""

    returns_after: int


def fires(
    alarm: MetricAlarm,
    publication: Publication,
    max_rearm_seconds: int,
    now: datetime,
    companions: Sequence[Publication] = (),
) -> Fires | Silent:
    """Whether one event that publishes `publication` takes the alarm to ALARM, idle time does not, and it re-arms.

    `companions` are the other metrics that a metric math expression may add: their filters publish at rest as little.
    """
    signal = signal_of(alarm, publication, companions)
    if isinstance(signal, Silent):
        return signal
    for judge in (_health, _threshold, _evaluation, _lateness):
        if (broken := judge(alarm, signal)) is not None:
            return broken
    judged = signal.period * (alarm.evaluation_periods or 1)
    stays = judged if signal.zeros_follow else judged + RANGE_BEYOND * signal.period
    if (judged >= DAY and max_rearm_seconds <= DAY) or stays > max_rearm_seconds:
        detail = f"one event keeps it in ALARM for up to {stays} s, which hides later ones"
        return silent(FindingId.ALARM_DOES_NOT_REARM, alarm, detail)
    if judged > DAY:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "a multi-day alarm is evaluated hourly")
    return stuck(alarm, stays, now) or _warming_up(alarm, now) or Fires(stays)


def _health(alarm: MetricAlarm, signal: Signal) -> Silent | None:
    if alarm.evaluation_state in ("EVALUATION_ERROR", "EVALUATION_FAILURE"):
        return silent(FindingId.ALARM_EVALUATION_ERROR, alarm, alarm.evaluation_state)
    if alarm.evaluation_state == "IN_WARM_UP":
        return silent(FindingId.ALARM_WARMING_UP, alarm, "CloudWatch does not evaluate it yet")
    if alarm.evaluation_state is not None:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, f"evaluation state {alarm.evaluation_state}")
    if alarm.evaluation_window is not EvaluationWindow.SLIDING:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "a wall-clock window may miss late data")
    if alarm.evaluation_interval is not None and alarm.evaluation_interval > signal.period:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, f"it is evaluated every {alarm.evaluation_interval} s only")
    if signal.period < 60 or signal.period % 60:
        detail = f"period {signal.period} s on a metric with one point a minute"
        return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_SIGNS = {
    "GreaterThanOrEqualToThreshold": ">=",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
_DOWNWARD = ("LessThanThreshold", "LessThanOrEqualToThreshold")


def _threshold(alarm: MetricAlarm, signal: Signal) -> Silent | None:
    """Every value on an event breaches, and none at rest does."""
    if alarm.threshold is None or alarm.comparison_operator not in _BREACHES:
        detail = (
            f"it compares with {alarm.comparison_operator}" if alarm.threshold is not None else "it has no threshold"
        )
        return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    breaches = _BREACHES[alarm.comparison_operator]
    words = f"{signal.words} {_SIGNS[alarm.comparison_operator]} {alarm.threshold:g}"
    if alarm.comparison_operator in _DOWNWARD:
        return _downward(alarm, signal, words)
    resting = [value is not None and breaches(value, alarm.threshold) for value in signal.at_rest]
    if signal.expression and any(resting) and not all(resting):
        return silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may hold without an event")
    if any(resting):
        return silent(FindingId.ALARM_ALWAYS_ON, alarm, f"{words} holds without an event as well")
    failing = [value for value in signal.on_event if value is None or not breaches(value, alarm.threshold)]
    if not failing:
        return None
    if signal.expression and (None in failing or len(failing) < len(signal.on_event)):
        return silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may not hold for one event")
    if signal.expression:
        detail = f"{words} does not hold for one event"
    elif len(failing) < len(signal.on_event) and math.inf not in signal.on_event:
        detail = f"{signal.words} falls with the {signal.mixed_in}"
    else:
        detail = f"{words} needs several events within {signal.period} s"
    return silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)


def _downward(alarm: MetricAlarm, signal: Signal, words: str) -> Silent:
    """An alarm on low values: at best one event raises it and more events bring it back."""
    assert alarm.threshold is not None
    assert alarm.comparison_operator is not None
    breaches = _BREACHES[alarm.comparison_operator]
    low = [breaches(value, alarm.threshold) for value in filter(is_point, signal.at_rest)]
    lowered = [breaches(value, alarm.threshold) for value in filter(is_point, signal.on_event)]
    if not signal.expression and any(low):
        return silent(FindingId.ALARM_ALWAYS_ON, alarm, f"{words} holds without an event as well")
    if not signal.expression and not any(lowered):
        return silent(FindingId.ALARM_NEVER_FIRES, alarm, f"{words} does not hold for an event")
    return silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may fail when there are more events")


def _evaluation(alarm: MetricAlarm, signal: Signal) -> Silent | None:
    periods = alarm.evaluation_periods
    if periods is None or periods < 1:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no evaluation periods")
    needed = alarm.datapoints_to_alarm or periods
    treat = alarm.treat_missing_data or "missing"
    if treat == "breaching":
        return silent(FindingId.ALARM_ALWAYS_ON, alarm, "it treats missing data as breaching")
    if treat not in ("missing", "notBreaching", "ignore"):
        return silent(FindingId.ALARM_UNPROVABLE, alarm, f"it treats missing data as {treat}")
    if needed != 1:
        detail = f"{needed} of {periods} periods of {signal.period} s must breach, one event breaches one"
        if treat == "missing" and not signal.zeros_follow:
            detail += "; whether missing data then makes up for the others is not documented for every case"
            return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
        return silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
    if treat == "ignore" and not signal.zeros_return:
        return silent(FindingId.ALARM_DOES_NOT_REARM, alarm, "it ignores missing data and so keeps its state")
    if treat == "ignore" and periods > 1:
        detail = f"whether it returns when it ignores missing data in {periods} periods is not documented"
        return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


def _lateness(alarm: MetricAlarm, signal: Signal) -> Silent | None:
    """A 0 that is judged before the event's data point has arrived must not take its place for good.

    Plain data arrives in order, and a period without data is passed over. But FILL fills the newest minute, "which
    never has data", arithmetic counts it as 0, and other filters publish without regard to this one (user guide, FILL).
    """
    window = signal.period * (alarm.evaluation_periods or 1)
    if not signal.zeros_first or window >= DELIVERY_DELAY:
        return None
    detail = f"within its {window} s a 0 may be judged before the event's data point arrives"
    return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)


def _warming_up(alarm: MetricAlarm, now: datetime) -> Silent | None:
    if not alarm.warm_up_minutes:
        return None
    updated = alarm.configuration_updated_timestamp
    if updated is None or now - updated < timedelta(minutes=alarm.warm_up_minutes):
        return silent(FindingId.ALARM_WARMING_UP, alarm, f"for {alarm.warm_up_minutes} minutes after each update")
    return None
