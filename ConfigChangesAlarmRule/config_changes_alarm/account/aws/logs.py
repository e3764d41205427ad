"""How CloudWatch Logs is asked about log groups and metric filters, and for its own judgement of a pattern.

DescribeLogGroups looks dispensable and is not: a log group of another class than STANDARD feeds no metric filter.
Neither is DescribeMetricFilters by metric: a filter of any other log group may publish to the same metric and hold the
alarm in one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...resources import LogGroup, LogGroupId, MetricFilter, Place
from ..outcomes import EvaluationFailed
from ..questions import LogGroupOf, MatchesOf, MetricFiltersIn, MetricFiltersOf, MetricFiltersOn
from .calling import Calling
from .errors import Absent
from .parsing import each, name

_PAGE = 50
"""The most that one answer may hold."""


def log_group(aws: Calling, question: LogGroupOf) -> LogGroup:
    """DescribeLogGroups, to the group of that very name."""
    asked = question.log_group

    def build(answer: dict[str, Any]) -> LogGroup:
        told = name(answer, "logGroupName")
        parsed = LogGroup.from_api({"arn": f"{asked.arn}:*", **answer})
        return replace(parsed, id=replace(asked, name=told))

    pages = aws.pages(
        "logs",
        asked.place,
        "describe_log_groups",
        asked.name,
        "nextToken",
        logGroupNamePrefix=asked.name,
        limit=_PAGE,
    )
    for page in pages:
        for found in each("DescribeLogGroups", page, "logGroups", build):
            if found.id == asked:
                return found
    raise Absent("NotListed")


def metric_filters_of(aws: Calling, question: MetricFiltersOf) -> tuple[MetricFilter, ...]:
    """DescribeMetricFilters of a log group."""
    asked = question.log_group

    def build(answer: dict[str, Any]) -> MetricFilter:
        told = answer.get("logGroupName") or asked.name
        return MetricFilter.from_api(answer, replace(asked, name=str(told)))

    found = _metric_filters(aws, asked.place, asked.name, build, logGroupName=asked.name)
    return tuple(metric_filter for metric_filter in found if metric_filter.log_group == asked)


def metric_filters_in(aws: Calling, question: MetricFiltersIn) -> tuple[MetricFilter, ...]:
    """DescribeMetricFilters of all log groups."""
    return tuple(_of_any_group(aws, question.place, "metric filters"))


def metric_filters_on(aws: Calling, question: MetricFiltersOn) -> tuple[MetricFilter, ...]:
    """DescribeMetricFilters by metric."""
    metric_namespace, metric_name = question.metric_namespace, question.metric_name
    found = _of_any_group(aws, question.place, metric_name, metricName=metric_name, metricNamespace=metric_namespace)
    return tuple(each for each in found if each.publishes_to(metric_namespace, metric_name))


def _of_any_group(aws: Calling, place: Place, subject: str, **chosen_by: str) -> Iterator[MetricFilter]:
    def build(answer: dict[str, Any]) -> MetricFilter:
        told = name(answer, "logGroupName")
        return MetricFilter.from_api(answer, LogGroupId(aws.partition, place.account_id, place.region, told))

    return _metric_filters(aws, place, subject, build, **chosen_by)


def _metric_filters(
    aws: Calling, place: Place, subject: str, build: Callable[[dict[str, Any]], MetricFilter], **chosen_by: str
) -> Iterator[MetricFilter]:
    pages = aws.pages("logs", place, "describe_metric_filters", subject, "nextToken", **chosen_by, limit=_PAGE)
    for page in pages:
        yield from each("DescribeMetricFilters", page, "metricFilters", build)


def matches(aws: Calling, question: MatchesOf) -> frozenset[int]:
    """TestMetricFilter."""
    messages = question.messages
    # told apart by their text: whether eventNumber counts from 0 or from 1 is not documented
    answer = aws.call(
        "logs",
        question.place,
        "test_metric_filter",
        "filter pattern",
        filterPattern=question.filter_pattern,
        logEventMessages=list(messages),
    )
    matched = each("TestMetricFilter", answer, "matches", partial(name, member="eventMessage"))
    if not set(matched) <= set(messages):
        raise EvaluationFailed("logs:TestMetricFilter: matches a message that was not asked about")
    return frozenset(number for number, message in enumerate(messages) if message in matched)
