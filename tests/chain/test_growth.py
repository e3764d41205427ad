"""What an evaluation costs grows no faster than the account: counted, not timed.

Every call that the package makes or gets counts, of Python's functions and of the interpreter's. From 20 to 40 of
anything it takes twice as many more of them as from 10 to 20; what is quadratic takes four times as many.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.control import routine_matches
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.requirement import Requirement

from benchmarks.growing_accounts import (
    DIMENSIONS,
    filters_on_one_metric,
    filters_with_own_metrics,
    subscriptions,
    trails,
)

from ..fake_account import NOW, FakeAccount
from .accounts import assessed

PACKAGE = "ConfigChangesAlarmRule/config_changes_alarm/"
SIZES = (10, 20, 40)
MOST = 1.05
"""Of the growth that is linear: 1 is linear, 2 is quadratic."""


def calls_made(account: FakeAccount) -> tuple[Assessment, int]:
    """The assessment, and how many functions were called for it."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call") and PACKAGE in frame.f_code.co_filename

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        assessment = assessed(account)
    finally:
        sys.setprofile(before)
    return assessment, count


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_work_grows_no_faster_than_the_account(dimension: str) -> None:
    account = DIMENSIONS[dimension]
    assessed(account(2))  # what is made once in a process
    assessments, counts = zip(*(calls_made(account(size)) for size in SIZES), strict=True)
    assert {each.compliance for each in assessments} == {Compliance.NON_COMPLIANT}
    assert (counts[2] - counts[1]) / (2 * (counts[1] - counts[0])) <= MOST, f"calls: {counts}"


def counted(function: Callable[..., Any]) -> tuple[Callable[..., Any], Counter[Any]]:
    """The function, counting with which first argument it is called."""
    counter: Counter[Any] = Counter()

    def counting(*arguments: Any, **named: Any) -> Any:
        counter[arguments[0]] += 1
        return function(*arguments, **named)

    return counting, counter


def test_each_pattern_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counting, parsed = counted(parse)
    monkeypatch.setattr("config_changes_alarm.chain.context.parse", counting)
    account = filters_on_one_metric(20)
    assessed(account)
    assert parsed == Counter({each.filter_pattern: 1 for each in account.filters})


def test_each_pattern_is_tried_on_the_routine_events_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counting, tried = counted(routine_matches)
    monkeypatch.setattr("config_changes_alarm.chain.routine_traffic.routine_matches", counting)
    account = filters_on_one_metric(20)
    assessed(account)
    assert tried == Counter({parse(each.filter_pattern): 1 for each in account.filters})


# --------------------------------------------------------------------------- what AWS is asked


def asked(account: FakeAccount) -> Counter[str]:
    assessed(account)
    return Counter(account.calls)


def test_metrics_of_many_filters_are_asked_for_with_one_listing_each() -> None:
    calls = asked(filters_with_own_metrics(100))
    assert calls["logs:DescribeMetricFilters"] == 3  # of the log group, on the first filter's metric, and all
    assert calls["cloudwatch:DescribeAlarmsForMetric"] == 1
    assert calls["cloudwatch:DescribeAlarms"] == 1


def test_filters_of_many_log_groups_are_listed_once() -> None:
    calls = asked(trails(10))  # 49 without
    assert calls["logs:DescribeMetricFilters"] == 2  # all, and on the first filter's metric before it is known of more
    assert calls.total() <= 44


def test_a_few_filters_are_asked_about_one_by_one() -> None:
    calls = asked(filters_with_own_metrics(4))
    assert calls["logs:DescribeMetricFilters"] == 5
    assert calls["cloudwatch:DescribeAlarmsForMetric"] == 4


@pytest.mark.parametrize("refused", ["logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms"])
def test_where_a_listing_is_refused_the_verdict_is_what_it_was(refused: str) -> None:
    assert assessed(filters_with_own_metrics(40).refusing(refused)).compliance is Compliance.NON_COMPLIANT


def test_subscriptions_that_drop_the_message_are_asked_in_growing_waves() -> None:
    waves: list[int] = []
    opened = subscriptions(300).opened()
    plain = opened.side_by_side

    def noting(*reads: Callable[[], Any]) -> tuple[Any, ...]:
        waves.append(len(reads))
        return plain(*reads)

    opened.side_by_side = noting  # type: ignore[method-assign]
    assess(opened, Requirement.parse({}), NOW)
    assert [wave for wave in waves if wave][-9:] == [1, 2, 4, 8, 16, 32, 64, 128, 45]
