"""What an evaluation costs as the account grows: the processor's time with its exponent, and the waiting for AWS.

Accounts are plain values, so that nothing is measured but the rule. For the waiting every call takes 50 ms, a page a
call, and is held back as the reader holds its calls back; recorded beside it is what the first version took.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from config_changes_alarm.account import Account, AlarmsIn, Identity, MetricFiltersIn, MetricFiltersOf, Question
from config_changes_alarm.account.aws import Deadline, Paces
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AlarmListing, Place

from tests.fake_account import NOW, FakeAccount

from .growing_accounts import (
    DIMENSIONS,
    alarms_elsewhere,
    filters_on_one_metric,
    filters_with_own_metrics,
    subscriptions,
    trails,
)

__all__ = ["main"]

SIZES = (25, 50, 100, 200)
RUNS = 3
SECONDS_A_CALL = 0.05
THREADS = 16
_ALARMS_A_PAGE, _FILTERS_A_PAGE = 100, 50


def seconds(account: FakeAccount) -> float:
    """The processor's, of one evaluation, the median of several."""
    spans = []
    for _ in range(RUNS):
        start = time.process_time()
        assess(account.opened(), Requirement.parse({}), NOW)
        spans.append(time.process_time() - start)
    return median(spans)


def exponent(spans: tuple[float, ...]) -> float:
    """Of the growth from the second size to the last: 1 is linear, 2 is quadratic."""
    return math.log(spans[-1] / spans[1]) / math.log(SIZES[-1] / SIZES[1])


@dataclass(frozen=True, slots=True)
class Waited:
    """An evaluation with AWS's own slowness: requests, the processor's seconds and the clock's."""

    requests: int
    processor: float
    wall: float


class DelayingSource:
    """An account whose answers take their time, and are asked for no faster than AWS allows."""

    def __init__(self, account: FakeAccount) -> None:
        self._account = account
        self._paces = Paces(Deadline(600))
        self.requests = 0

    def answer(self, question: Question[Any]) -> Any:
        """The answer, after its pages."""
        answer = self._account.answer(question)
        operation = self._account.calls[-1]
        place = getattr(question, "place", None) or Place(self._account.account_id, self._account.region)
        for _ in range(_pages(question, answer)):
            self._paces.wait_for_turn(operation, place)
            time.sleep(SECONDS_A_CALL)
            self.requests += 1
        return answer


def _pages(question: Question[Any], answer: Any) -> int:
    if isinstance(question, AlarmsIn) and isinstance(answer, AlarmListing):
        return max(1, math.ceil(len(answer.metric_alarms) / _ALARMS_A_PAGE))
    if isinstance(question, MetricFiltersIn | MetricFiltersOf) and isinstance(answer, tuple):
        return max(1, math.ceil(len(answer) / _FILTERS_A_PAGE))
    return 1


def waited(account: FakeAccount) -> Waited:
    """One evaluation as it is read from AWS."""
    source = DelayingSource(account)
    opened = Account(Identity(account.account_id, account.region), source, THREADS)
    started, before = time.perf_counter(), time.process_time()
    assess(opened, Requirement.parse({}), NOW)
    return Waited(source.requests, time.process_time() - before, time.perf_counter() - started)


SLOW: tuple[tuple[str, Callable[[int], FakeAccount], int, str, str], ...] = (
    ("100 filters of the control on one metric, no alarm", filters_on_one_metric, 100, "52 s of the processor", "1 s"),
    ("100 filters with metrics of their own", filters_with_own_metrics, 100, "208 calls, 25 s", "3 s"),
    ("300 subscriptions that drop the message", subscriptions, 300, "16 s", "2 s"),
    ("10 trails with chains of their own", trails, 10, "49 calls, 1.8 s", "1 s"),
    ("10,000 alarms, ours missing", alarms_elsewhere, 10_000, "108 calls, 13.6 s", "the quota's pace"),
)
"""The account, what the first version took, and what is wanted."""


def rows() -> Iterator[str]:
    """The tables, line by line."""
    sizes = "".join(f"{size:>9}" for size in SIZES)
    yield f"\nProcessor time as an account grows, seconds; 1 is linear\n\n{'':52}{sizes}{'exponent':>10}"
    for name, account in DIMENSIONS.items():
        spans = tuple(seconds(account(size)) for size in SIZES)
        yield f"{name:52}" + "".join(f"{span:9.3f}" for span in spans) + f"{exponent(spans):10.2f}"
    yield f"\n{'Accounts that made it slow, 50 ms a call':52}{'calls':>7}{'cpu':>9}{'wall':>9}   first version, wanted"
    for name, account, size, first, wanted in SLOW:
        it = waited(account(size))
        yield f"{name:52}{it.requests:>7}{it.processor:>7.2f} s{it.wall:>7.1f} s   {first}; {wanted}"


def main() -> None:
    """Prints the tables."""
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
