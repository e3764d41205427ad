"""Which alarm on another metric was meant for the control's: a metric of the same name is not enough to blame it."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import FindingId, finding
from config_changes_alarm.resources import Metric, MetricDataQuery, MetricFilter, MetricStat

from ..fake_account import a_filter, a_monitored_account, alarm_arn, an_alarm
from .accounts import assessed, told

F = FindingId
COUNT = Metric("CIS", "EventCount")
SHOP = Metric("Shop", "EventCount")
SHOP_TOPIC = "arn:aws:sns:us-east-1:123456789012:shop"


def found_with(
    *others: MetricFilter, filter_name: str = "config-calls", published: str = "EventCount", **alarm: Any
) -> Assessment:
    """An account where the alarm watches the shop's metric, unless another is given."""
    own = a_filter(name=filter_name, metric_name=published)
    name = alarm.pop("alarm_name", "shop-orders")
    made = an_alarm(name, alarm_arn=alarm_arn(name), alarm_actions=(SHOP_TOPIC,), **({"metric": SHOP} | alarm))
    return assessed(a_monitored_account(filters=(own, *others), metric_alarms=(made,)))


@pytest.mark.parametrize(
    ("words", "members"),
    [
        ("a general name in another namespace", {}),
        ("general words alone in common", {"alarm_name": "security-event-alarm"}),
        ("a number in common", {"filter_name": "filter-9", "alarm_name": "orders-9"}),
    ],
)
def test_an_alarm_of_another_purpose_is_not_blamed_and_its_topic_not_proposed(
    words: str, members: dict[str, Any]
) -> None:
    found = found_with(**members)
    assert [id_ for id_, _ in told(found)] == [F.NO_ALARM]
    assert "--alarm-actions <topic-arn>" in finding(found.reasons[0]).remedy


SLICE = Metric("CIS", "EventCount", frozenset({("user", "root")}))


@pytest.mark.parametrize(
    ("words", "members"),
    [
        ("it has the control's name", {"alarm_name": "AWSConfigChanges"}),
        ("it has a word of the filter's name", {"filter_name": "RecorderChanges", "alarm_name": "cis-recorder"}),
        (
            "the metrics are called like the control",
            {"published": "ConfigEvents", "metric": Metric("X", "ConfigEvents")},
        ),
        ("it watches a slice of the metric", {"metric": SLICE}),
        ("its unit is another", {"metric": COUNT, "unit": "Count"}),
    ],
)
def test_an_alarm_that_was_meant_for_the_control_is_named(words: str, members: dict[str, Any]) -> None:
    assert F.ALARM_ON_ANOTHER_METRIC in [id_ for id_, _ in told(found_with(**members))]


def test_an_alarm_on_what_another_filter_publishes_is_that_filters() -> None:
    other = a_filter(
        "{ $.eventName = ConsoleLogin }", "config-console", metric_namespace="Shop", metric_name="EventCount"
    )
    found = found_with(other, alarm_name="config-console")
    assert [id_ for id_, _ in told(found)] == [F.NO_ALARM]


def test_metric_math_over_a_metric_that_is_only_called_the_same_is_not_blamed() -> None:
    stat = MetricStat(SHOP, 300, "Sum")
    math = (MetricDataQuery("m1", stat, return_data=False), MetricDataQuery("e1", expression="m1 * 2"))
    found = found_with(metric=None, metrics=math, statistic=None, period=None)
    assert F.ALARM_ON_ANOTHER_METRIC not in [id_ for id_, _ in told(found)]
