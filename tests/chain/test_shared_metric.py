"""Several filters on one metric, as the whole chain sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from config_changes_alarm.account import Account, Identity, MetricFiltersOn, Question, Unreadable
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroup, LogGroupId, Metric, MetricDataQuery, MetricFilter, MetricStat

from ..fake_account import (
    ACCOUNT,
    LOG_GROUP,
    METRIC,
    NOW,
    REGION,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import NAMES, assessed

ANOTHER = '{ $.eventSource = "config.amazonaws.com" && $.eventName = "DeleteConfigRule" }'


def a_listed_alarm() -> dict[str, Any]:
    """The control's alarm as a list of one metric: DescribeAlarmsForMetric does not know it."""
    query = MetricDataQuery("m1", MetricStat(METRIC, 300, "Sum"))
    return {"metric": None, "statistic": None, "period": None, "metrics": (query,)}


@dataclass(frozen=True, slots=True)
class NarrowlyReadable:
    """An account whose role may describe the metric filters of its trail's log group, and of no other."""

    account: FakeAccount

    def answer(self, question: Question[Any]) -> Any:
        if isinstance(question, MetricFiltersOn):
            return Unreadable("logs:DescribeMetricFilters", "AccessDenied", "*")
        return self.account.answer(question)


@pytest.mark.parametrize("alarm", [{}, a_listed_alarm()], ids=["plain", "listed"])
def test_an_alarm_proves_nothing_while_the_filters_that_share_its_metric_are_not_read(alarm: dict[str, Any]) -> None:
    account = a_monitored_account(metric_alarms=(an_alarm(**alarm),))
    assert assessed(account).compliance is Compliance.COMPLIANT
    narrow = Account(Identity(account.account_id, account.region), NarrowlyReadable(account))
    found = assess(narrow, Requirement.parse(), NOW)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert {str(reason.id) for reason in found.reasons} == {"cannot-read"}


@pytest.mark.parametrize(
    ("words", "other", "alarm", "reason"),
    [
        ("zeros, in a Sum", {"default_value": 0.0}, {}, None),
        ("zeros, in a Sum, listed", {"default_value": 0.0}, a_listed_alarm(), None),
        ("zeros, in an Average", {"default_value": 0.0}, {"statistic": "Average"}, "alarm-never-fires"),
        ("ones", {"default_value": 1.0}, {}, "metric-spoiled"),
        ("the value of a field", {"metric_value": "$.count"}, {}, "metric-sharing-unverified"),
        ("half the value, in an Average", {"metric_value": "0.5"}, {"statistic": "Average"}, "alarm-never-fires"),
        ("half the value, in a Sum", {"metric_value": "0.5"}, {}, None),
        ("another unit", {"unit": "Count"}, {}, "alarm-unprovable"),
        ("another unit than the alarm's", {"unit": "Count"}, {"unit": "None"}, None),
    ],
)
def test_another_filter_for_rare_events_publishes_too(
    words: str, other: dict[str, Any], alarm: dict[str, Any], reason: str | None
) -> None:
    filters = (a_filter(), a_filter(ANOTHER, "other", **other))
    found = assessed(a_monitored_account(filters=filters, metric_alarms=(an_alarm(**alarm),)))
    assert found.compliance is (Compliance.COMPLIANT if reason is None else Compliance.NON_COMPLIANT)
    assert reason in (None, *(str(each.id) for each in found.reasons))


# --------------------------------------------------------------------------- filters of other log groups

APPLICATION = LogGroupId("aws", ACCOUNT, REGION, "/aws/lambda/app")
ARCHIVE = LogGroupId("aws", ACCOUNT, REGION, "CloudTrail/archive")


def also_of(log_group: LogGroupId, pattern: str, *, alarm: dict[str, Any] | None = None, **filters: Any) -> FakeAccount:
    """A filter of another log group publishes to the same metric."""
    return a_monitored_account(
        log_groups=(LogGroup(LOG_GROUP), LogGroup(log_group)),
        filters=(a_filter(), a_filter(pattern, "other", log_group=log_group, **filters)),
        metric_alarms=(an_alarm(**(alarm or {})),),
    )


def why(found: Assessment) -> list[str]:
    return [f"{reason.id}: {reason.detail}" for reason in found.reasons]


@pytest.mark.parametrize("alarm", [{}, a_listed_alarm()], ids=["plain", "listed"])
@pytest.mark.parametrize("pattern", ["ERROR", "", ANOTHER, '{ $.level = "ERROR" }', "[..., status = 5*]"])
@pytest.mark.parametrize("parameters", [{}, {"AllowRoutineMatches": "true"}], ids=["", "routine matches allowed"])
def test_nobody_knows_what_an_application_logs(pattern: str, alarm: dict[str, Any], parameters: dict[str, str]) -> None:
    found = assessed(also_of(APPLICATION, pattern, alarm=alarm), **parameters)
    assert found.compliance is Compliance.NON_COMPLIANT
    counts = "other counts what is logged in /aws/lambda/app, which no trail is known to fill"
    assert why(found)[0] == f"metric-sharing-unverified: {counts}"
    assert [(event.verified, event.counterexample) for event in found.events] == [(False, None)] * len(found.events)


@pytest.mark.parametrize(
    ("words", "status", "trail"),
    [
        ("that works", {}, {}),
        ("of one Region", {}, {"is_multi_region_trail": False}),
        ("that is stopped", {"is_logging": False}, {}),
    ],
)
def test_what_a_trail_writes_is_known(words: str, status: dict[str, Any], trail: dict[str, Any]) -> None:
    """A filter for rare events on the log group of another trail; one for all of them."""
    archive = ConfiguredTrail(a_trail("archive", ARCHIVE, **trail), logging(**status))
    for pattern, reason in ((ANOTHER, None), ("{ $.eventSource = * }", "metric-spoiled")):
        account = also_of(ARCHIVE, pattern)
        found = assessed(replace(account, configured_trails=(*account.configured_trails, archive)))
        assert (reason is None) == (found.compliance is Compliance.COMPLIANT)
        assert reason in (None, *(str(each.id) for each in found.reasons))


ZERO = {"metric_value": "0"}
OWN_ZEROS = {"default_value": 0.0}


@pytest.mark.parametrize("log_group", [LOG_GROUP, APPLICATION], ids=["of the trail", "of an application"])
@pytest.mark.parametrize(("pattern", "zeros"), [("", ZERO), ("", {**ZERO, **OWN_ZEROS}), ("[..., bad", ZERO)])
@pytest.mark.parametrize(
    ("alarm", "reason"),
    [
        ({"comparison_operator": "GreaterThanThreshold", "threshold": 0.0}, None),
        ({}, None),
        ({"statistic": "Maximum"}, None),
        ({"statistic": "p100"}, None),
        ({"evaluation_periods": 5, "datapoints_to_alarm": 1, "period": 60}, None),
        (a_listed_alarm(), None),
        ({"statistic": "Average"}, "alarm-never-fires"),
        ({"statistic": "Minimum"}, "alarm-never-fires"),
        ({"statistic": "p99"}, "alarm-never-fires"),
        ({"statistic": "SampleCount"}, "alarm-always-on"),
        ({"threshold": 0.0}, "alarm-always-on"),
        ({"period": 60}, "alarm-unprovable"),
    ],
)
def test_a_second_filter_publishes_only_zeros(
    log_group: LogGroupId, pattern: str, zeros: dict[str, Any], alarm: dict[str, Any], reason: str | None
) -> None:
    """A plug-in makes this pair for every alarm: 1 for the event, 0 for everything."""
    found = assessed(also_of(log_group, pattern, alarm=alarm, **zeros))
    assert found.compliance is (Compliance.COMPLIANT if reason is None else Compliance.NON_COMPLIANT), why(found)
    assert reason in (None, *(str(each.id) for each in found.reasons))


def test_zeros_of_another_log_group_may_be_judged_before_the_event_although_the_filter_has_zeros_of_its_own() -> None:
    """Over one minute; the filter's own zeros come only in minutes in which the trail writes."""
    account = also_of(APPLICATION, "", alarm={"period": 60}, **ZERO)
    own = a_filter(default_value=0.0)
    alone = replace(account, filters=(own,))
    assert assessed(alone).compliance is Compliance.COMPLIANT
    found = assessed(replace(account, filters=(own, *account.filters[1:])))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert "alarm-unprovable" in [str(each.id) for each in found.reasons]


# --------------------------------------------------------------------------- metric math over several filters


def one_filter_a_call(**last: Any) -> tuple[MetricFilter, ...]:
    patterns = [f'{{ $.eventSource = "config.amazonaws.com" && $.eventName = "{call}" }}' for call in NAMES]
    made = [a_filter(pattern, call, metric_name=call) for call, pattern in zip(NAMES, patterns, strict=True)]
    return (*made[:-1], a_filter(last.pop("pattern", patterns[-1]), NAMES[-1], metric_name=NAMES[-1], **last))


def one_alarm(expression: str, *, calls: tuple[str, ...] = NAMES, **members: Any) -> dict[str, Any]:
    queries = [
        MetricDataQuery(f"m{number}", MetricStat(Metric(METRIC.namespace, call), 300, "Sum"), return_data=False)
        for number, call in enumerate(calls, 1)
    ]
    metrics = (*queries, MetricDataQuery("e1", expression=expression))
    return {"metric": None, "statistic": None, "period": None, "metrics": metrics, **members}


@pytest.mark.parametrize(
    "expression", ["m1 + m2 + m3 + m4", "SUM(FILL(METRICS(), 0))", "IF(m1 + m2 + m3 + m4 > 0, 1, 0)"]
)
def test_four_filters_and_one_alarm_on_their_sum(expression: str) -> None:
    account = a_monitored_account(filters=one_filter_a_call(), metric_alarms=(an_alarm(**one_alarm(expression)),))
    assert assessed(account).compliance is Compliance.COMPLIANT


@pytest.mark.parametrize(
    ("words", "filters", "expression", "calls", "detail"),
    [
        (
            "a sum over what may be missing",
            {},
            "SUM(METRICS())",
            NAMES,
            "SUM(METRICS()) >= 1 may not hold for one event",
        ),
        (
            "one of them publishes all day",
            {"pattern": "{ $.eventSource = * }"},
            "m1 + m2 + m3 + m4",
            NAMES,
            "its expression also watches CIS/PutConfigurationRecorder",
        ),
        (
            "one of them has a default value",
            {"default_value": 1.0},
            "m1 + m2 + m3 + m4",
            NAMES,
            "its expression also watches CIS/PutConfigurationRecorder",
        ),
        (
            "somebody else's metric",
            {},
            "m1 + m2 + m3 + m4 + m5",
            (*NAMES, "Errors"),
            "its expression also watches CIS/Errors",
        ),
        ("one metric is listed only", {}, "m1 + m2 + m3", NAMES, "does not watch CIS/PutConfigurationRecorder"),
    ],
)
def test_four_filters_and_an_alarm_that_does_not_tell_of_all(
    words: str, filters: dict[str, Any], expression: str, calls: tuple[str, ...], detail: str
) -> None:
    alarm = an_alarm(**one_alarm(expression, calls=calls))
    account = a_monitored_account(filters=one_filter_a_call(**filters), metric_alarms=(alarm,))
    found = assessed(account)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert any(detail in reason.detail for reason in found.reasons), found.reasons


def test_a_companion_that_an_application_publishes_to_as_well() -> None:
    filters = one_filter_a_call()
    other = a_filter("ERROR", "errors", metric_name=NAMES[-1], log_group=APPLICATION)
    account = a_monitored_account(filters=filters, metric_alarms=(an_alarm(**one_alarm("m1 + m2 + m3 + m4")),))
    assert assessed(account).compliance is Compliance.COMPLIANT
    found = assessed(replace(account, filters=(*filters, other)))
    assert found.compliance is Compliance.NON_COMPLIANT


@pytest.mark.parametrize("first", [True, False])
def test_a_companion_with_a_second_filter_of_zeros(first: bool) -> None:
    filters = one_filter_a_call()
    zeros = a_filter("", "zeros", metric_name=NAMES[-1], metric_value="0")
    account = a_monitored_account(
        filters=(zeros, *filters) if first else (*filters, zeros),
        metric_alarms=(an_alarm(**one_alarm("m1 + m2 + m3 + m4")),),
    )
    assert assessed(account).compliance is Compliance.COMPLIANT
