"""How CloudWatch evaluates an alarm, minute by minute, written from its documentation alone.

Sources: CloudWatch user guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data" with
its two tables. A metric is a list with the samples of each minute. An alarm is evaluated every minute over a range of a
few more periods than it needs; how many is not published, so it is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
Samples = Sequence[Sequence[float]]

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Average": lambda samples: sum(samples) / len(samples),
}


@dataclass(frozen=True)
class SimulatedAlarm:
    statistic: str
    breaches: Callable[[float], bool]
    period: int
    """Minutes."""
    periods: int
    needed: int
    treat: str = "missing"


def judged(points: Sequence[bool | None], alarm: SimulatedAlarm, state: str) -> str:
    """The state after one evaluation. `points` are the range's periods, the oldest first: breaching, or no data."""
    real = [point for point in points if point is not None]
    if len(real) >= alarm.periods:
        return ALARM if sum(real[-alarm.periods :]) >= alarm.needed else OK
    breaching = sum(real)
    filled = alarm.periods - len(real)
    if alarm.treat == "breaching":
        return ALARM if breaching + filled >= alarm.needed else OK
    if breaching >= alarm.needed:
        return ALARM
    if alarm.treat == "notBreaching" or len(real) > breaching:
        return OK
    if alarm.treat == "ignore":
        return state
    if not real:
        return INSUFFICIENT
    age_of_oldest = len(points) - points.index(True)
    return ALARM if age_of_oldest >= alarm.needed else state


def states(
    alarm: SimulatedAlarm, samples: Samples, spare_periods: int, sliding: bool, start: str = INSUFFICIENT
) -> list[str]:
    """The state after each minute. Periods end with the minute, or, not sliding, at multiples of their length."""
    statistic = STATISTICS[alarm.statistic]
    shown: list[bool | None] = []
    for minute in range(len(samples)):
        first = minute + 1 - alarm.period if sliding else minute - minute % alarm.period
        window = [value for each in samples[max(0, first) : minute + 1] for value in each]
        shown.append(alarm.breaches(statistic(window)) if window else None)
    found: list[str] = []
    state = start
    length = alarm.periods + spare_periods
    for minute in range(len(samples)):
        ends = [minute, *(_end(minute, back, alarm.period, sliding) for back in range(1, length))]
        state = judged([shown[end] if end >= 0 else None for end in reversed(ends)], alarm, state)
        found.append(state)
    return found


def _end(minute: int, back: int, period: int, sliding: bool) -> int:
    """The last minute of the period so many periods before the one that the minute is in."""
    return minute - back * period if sliding else minute - minute % period - (back - 1) * period - 1
