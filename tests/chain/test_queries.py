"""Alarms that watch by a query: they do not count, and are named instead of saying that nobody watches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.resources import LogAlarm, Metric, MetricDataQuery

from ..fake_account import LOG_GROUP, a_monitored_account, alarm_arn, an_alarm
from .accounts import assessed

NO_METRIC = {"metric": None, "statistic": None, "period": None}


def said(**members: object) -> list[tuple[str, str, str]]:
    found = assessed(replace(a_monitored_account(metric_alarms=()), **members))  # type: ignore[arg-type]
    assert found.compliance is Compliance.NON_COMPLIANT
    return [(str(reason.id), reason.subject, reason.detail) for reason in found.reasons]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT SUM(ConfigChanges) FROM "CIS"',
        ' select SUM("ConfigChanges") FROM SCHEMA("CIS")',
        """SUM(SEARCH('{CIS} MetricName="ConfigChanges"', 'Sum', 300))""",
    ],
)
def test_an_alarm_that_queries_the_metric_is_named(query: str) -> None:
    alarm = an_alarm("by-query", metrics=(MetricDataQuery("q1", expression=query, period=300),), **NO_METRIC)
    ((id_, subject, _),) = said(metric_alarms=(alarm,))
    assert (id_, subject) == ("alarm-unprovable", "by-query")


@pytest.mark.parametrize("query", ['SELECT SUM(ConfigChangesOfOthers) FROM "CIS"', 'SELECT MAX(Errors) FROM "App"'])
def test_a_query_of_something_else_is_not(query: str) -> None:
    alarm = an_alarm("by-query", metrics=(MetricDataQuery("q1", expression=query, period=300),), **NO_METRIC)
    assert said(metric_alarms=(alarm,)) == [("no-alarm", "CIS/ConfigChanges", "")]


@pytest.mark.parametrize("identifier", [LOG_GROUP.name, LOG_GROUP.arn, f"{LOG_GROUP.arn}:*"])
def test_a_log_alarm_over_the_log_group_is_named(identifier: str) -> None:
    summary = {"AlarmName": "by-logs", "AlarmArn": alarm_arn("by-logs")}
    configured = {"ScheduledQueryConfiguration": {"QueryString": "fields x", "LogGroupIdentifiers": [identifier]}}
    detail = f"it is a log alarm, which queries log group {LOG_GROUP.name} and not CIS/ConfigChanges"
    alarm = LogAlarm.from_api({**summary, **configured})
    assert said(log_alarms=(alarm,)) == [("alarm-unprovable", "by-logs", detail)]


@pytest.mark.parametrize("groups", [(), ("CloudTrail/logs-2",), (LOG_GROUP.arn.replace("us-east-1", "eu-west-1"),)])
def test_a_log_alarm_over_something_else_is_not(groups: tuple[str, ...]) -> None:
    alarm = LogAlarm("by-logs", alarm_arn("by-logs"), groups)
    assert said(log_alarms=(alarm,)) == [("no-alarm", "CIS/ConfigChanges", "")]


def test_an_alarm_on_another_metric_leaves_it_true_that_none_watches_this_one() -> None:
    elsewhere = an_alarm(metric=Metric("Elsewhere", "ConfigChanges"))
    assert [id_ for id_, _, _ in said(metric_alarms=(elsewhere,))] == ["alarm-on-another-metric", "no-alarm"]
