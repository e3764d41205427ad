"""How fast AWS is called, and until when."""

from __future__ import annotations

import time
from threading import Lock

from ...resources import Place
from ..outcomes import EvaluationFailed

SECONDS = 300.0
"""How long an evaluation may read when nobody says otherwise."""

_CALLS_PER_SECOND = {
    "logs:DescribeMetricFilters": 4.0,
    "logs:TestMetricFilter": 4.0,
    "logs:DescribeLogGroups": 8.0,
    "cloudwatch:DescribeAlarms": 7.0,
    "cloudwatch:DescribeAlarmsForMetric": 7.0,
    "cloudtrail:GetTrailStatus": 8.0,
    "cloudtrail:GetEventSelectors": 8.0,
}
"""Four fifths of what AWS lets an account call in a Region (service quotas of CloudWatch Logs, CloudWatch, CloudTrail).

A log group with a hundred filters would otherwise be throttled at every evaluation, and never be judged.
"""


class Deadline:
    """The end of reading, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self, **_: object) -> None:
        """Raises `EvaluationFailed` once it has passed. Takes and ignores what botocore's events tell."""
        if time.monotonic() >= self._end:
            raise EvaluationFailed(f"AWS did not answer everything within {self._seconds:.0f} s")

    def remaining(self, now: float) -> float:
        """Seconds, never fewer than none."""
        return max(0.0, self._end - now)


class Paces:
    """Holds calls back where AWS allows an account only so many a second, operation by operation and place by place."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._paces: dict[tuple[str, Place], _Pace] = {}
        self._lock = Lock()

    def wait_for_turn(self, operation: str, place: Place) -> None:
        """Not beyond the deadline."""
        per_second = _CALLS_PER_SECOND.get(operation)
        if per_second is None:
            return
        with self._lock:
            pace = self._paces.setdefault((operation, place), _Pace(per_second))
        now = time.monotonic()
        time.sleep(min(pace.seconds_to_wait(now), self._deadline.remaining(now)))


class _Pace:
    """Lets a second's calls pass at once, and what follows at the rate: as a bucket of a second's tokens would."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._slack = 1 - self._interval
        self._next = float("-inf")
        self._lock = Lock()

    def seconds_to_wait(self, now: float) -> float:
        """For the caller's turn, which it thereby takes."""
        with self._lock:
            turn = max(self._next, now)
            self._next = turn + self._interval
        return max(0.0, turn - self._slack - now)
