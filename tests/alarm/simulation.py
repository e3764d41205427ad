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


def nothing(_: int) -> Sequence[float]:
    return ()


@dataclass(frozen=True)
class SimulatedAlarm:
    statistic: str
    breaches: Callable[[float], bool]
    period: int
    """Minutes."""
    periods: int
    needed: int
    treat: str = "missing"
    filler: float | None = None
    """What FILL puts where a period has no data."""
    prompt: Callable[[int], Sequence[float]] = nothing
    """What other filters publish to the same metric in a minute."""


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
    alarm: SimulatedAlarm, samples: Samples, spare_periods: int, sliding: bool, start: str = INSUFFICIENT, late: int = 0
) -> list[str]:
    """The state after each minute. Periods end with the minute, or, not sliding, at multiples of their length.

    The samples of a minute can be seen so many minutes late; those that `alarm.prompt` adds at once.
    """
    statistic = STATISTICS[alarm.statistic]

    def shown(end: int, now: int) -> bool | None:
        """One period: breaching, or no data."""
        first = max(0, end + 1 - alarm.period if sliding else end - end % alarm.period)
        window = [value for each in samples[first : max(first, min(end, now - late) + 1)] for value in each]
        if alarm.prompt is not nothing:
            window += [value for minute in range(first, end + 1) for value in alarm.prompt(minute)]
        value = statistic(window) if window else alarm.filler
        return None if value is None else alarm.breaches(value)

    arrived = [shown(end, end + late) for end in range(len(samples))]
    found: list[str] = []
    state = start
    length = alarm.periods + spare_periods
    for minute in range(len(samples)):
        ends = [minute, *(_end(minute, back, alarm.period, sliding) for back in range(1, length))]
        points = [
            None if end < 0 else arrived[end] if end + late <= minute else shown(end, minute) for end in reversed(ends)
        ]
        state = judged(points, alarm, state)
        found.append(state)
    return found


def _end(minute: int, back: int, period: int, sliding: bool) -> int:
    """The last minute of the period so many periods before the one that the minute is in."""
    return minute - back * period if sliding else minute - minute % period - (back - 1) * period - 1
