"""What an evaluation asks of AWS: in as few steps as its answers allow, and nothing that its verdict does not need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from config_changes_alarm.resources import Place

from .answers import AUDIT, HOME_REGION, MANAGEMENT, REGION, ROLE, organization_account, plain_account
from .http_aws import OWN, HttpAws, fixed
from .reading import HERE, OF_TRAIL, answer_of, asked, assessed, paged

pytestmark = pytest.mark.usefixtures("clock")

Waves = Sequence[set[str]]
TRAILS = {"cloudtrail:DescribeTrails"}
OF_METRIC = {"cloudwatch:DescribeAlarmsForMetric", "logs:DescribeMetricFilters"}
OF_ALARM = {
    "cloudwatch:ListAlarmMuteRules",
    "cloudwatch:DescribeAlarmHistory",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
}
SUBSCRIPTION = {"sns:GetSubscriptionAttributes"}
LISTING = {"cloudwatch:DescribeAlarms"}


def no_trail() -> HttpAws:
    aws = plain_account()
    aws.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": []})
    return aws


def no_filter() -> HttpAws:
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": []})
    return aws


def no_alarm() -> HttpAws:
    aws = plain_account()
    aws.answers["cloudwatch:DescribeAlarmsForMetric"] = fixed({"MetricAlarms": []})
    aws.answers["cloudwatch:DescribeAlarms"] = fixed({"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": []})
    return aws


def stopped_trail() -> HttpAws:
    aws = plain_account()
    status = answer_of(aws, "cloudtrail:GetTrailStatus")
    aws.answers["cloudtrail:GetTrailStatus"] = fixed({**status, "IsLogging": False})
    return aws


CALLS: tuple[tuple[str, Callable[[], HttpAws], str, Waves], ...] = (
    ("compliant", plain_account, "COMPLIANT", (TRAILS, OF_TRAIL, OF_METRIC, OF_ALARM, SUBSCRIPTION)),
    ("no trail", no_trail, "NON_COMPLIANT", (TRAILS,)),
    ("trail stopped", stopped_trail, "NON_COMPLIANT", (TRAILS, OF_TRAIL)),
    ("filter missing", no_filter, "NON_COMPLIANT", (TRAILS, OF_TRAIL, LISTING)),
    ("alarm missing", no_alarm, "NON_COMPLIANT", (TRAILS, OF_TRAIL, OF_METRIC, LISTING)),
)


def in_waves(requests: Sequence[str], waves: Waves) -> list[set[str]]:
    """The requests cut at the sizes of the waves: within one they run side by side, in any order."""
    cut, start = [], 0
    for wave in waves:
        cut.append(set(requests[start : start + len(wave)]))
        start += len(wave)
    assert list(requests[start:]) == []
    return cut


@pytest.mark.parametrize(
    ("build", "compliance", "waves"), [case[1:] for case in CALLS], ids=[case[0] for case in CALLS]
)
def test_calls(build: Callable[[], HttpAws], compliance: str, waves: Waves) -> None:
    aws = build()
    assert assessed(aws).compliance == compliance
    assert in_waves(asked(aws), waves) == list(waves)
    assert {request.place for request in aws.requests} == {HERE}


def test_calls_of_an_organization_trail_with_a_role() -> None:
    """The trail's status as both its owner and a member are shown it; everything else where it lives, with the role."""
    aws = organization_account()
    assert assessed(aws, ROLE).compliance == "COMPLIANT"
    own, trail, owner = HERE, Place(OWN, HOME_REGION), Place(MANAGEMENT, HOME_REGION)
    group, topic = Place(MANAGEMENT, HOME_REGION), Place(AUDIT, HOME_REGION)
    assert Counter((request.operation, request.place) for request in aws.requests) == {
        ("cloudtrail:DescribeTrails", own): 1,
        ("cloudtrail:GetTrailStatus", trail): 1,
        ("cloudtrail:GetTrailStatus", owner): 1,
        ("cloudtrail:GetEventSelectors", owner): 1,
        ("sts:AssumeRole", own): 2,
        ("logs:DescribeLogGroups", group): 1,
        ("logs:DescribeMetricFilters", group): 2,
        ("cloudwatch:DescribeAlarmsForMetric", group): 1,
        ("cloudwatch:DescribeAlarms", group): 1,
        ("cloudwatch:ListAlarmMuteRules", group): 1,
        ("cloudwatch:GetAlarmMuteRule", group): 1,
        ("cloudwatch:DescribeAlarmHistory", group): 1,
        ("sns:GetTopicAttributes", topic): 1,
        ("sns:ListSubscriptionsByTopic", topic): 1,
        ("sns:GetSubscriptionAttributes", topic): 1,
        ("kms:DescribeKey", topic): 1,
        ("kms:GetKeyPolicy", topic): 1,
        ("logs:TestMetricFilter", group): 1,
    }
    first = {operation: asked(aws).index(operation) for operation in asked(aws)}
    order = (
        "cloudtrail:DescribeTrails",
        "sts:AssumeRole",
        "logs:DescribeLogGroups",
        "logs:TestMetricFilter",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:DescribeAlarms",
        "sns:GetTopicAttributes",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "sns:GetSubscriptionAttributes",
    )
    assert sorted(order, key=lambda operation: first[operation]) == list(order)


# --------------------------------------------------------------------------- what is not asked for


def with_alarms(aws: HttpAws, count: int) -> HttpAws:
    alarm = answer_of(aws, "cloudwatch:DescribeAlarms")["MetricAlarms"]
    unrelated = [
        {
            "AlarmName": f"unrelated-{number}",
            "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:unrelated-{number}",
            "ActionsEnabled": True,
            "StateValue": "OK",
            "MetricName": "CPUUtilization",
            "Namespace": "AWS/EC2",
            "Dimensions": [{"Name": "InstanceId", "Value": f"i-{number}"}],
        }
        for number in range(count)
    ]
    empty: dict[str, Any] = {"CompositeAlarms": [], "LogAlarms": []}
    aws.answers["cloudwatch:DescribeAlarms"] = paged("MetricAlarms", [*unrelated, *alarm], 100, **empty)
    return aws


@pytest.mark.parametrize("count", [0, 100, 10_000])
def test_unrelated_alarms_cost_a_compliant_account_nothing(count: int) -> None:
    aws = with_alarms(plain_account(), count)
    assert assessed(aws).compliance == "COMPLIANT"
    assert len(aws.requests) == 12


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (100, 1), (10_000, 100)])
def test_all_alarms_are_listed_before_non_compliant_is_said(count: int, pages: int) -> None:
    aws = with_alarms(no_alarm(), count)
    assert assessed(aws).compliance == "NON_COMPLIANT"
    listings = [request for request in aws.requests if request.operation == "cloudwatch:DescribeAlarms"]
    assert len(listings) == pages
    assert listings[0].members == {"AlarmTypes": ["MetricAlarm", "CompositeAlarm", "LogAlarm"], "MaxRecords": 100}


def test_five_trails_with_one_log_group_read_it_once() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "cloudtrail:DescribeTrails")["trailList"]
    trails = [{**one, "Name": f"t{n}", "TrailARN": one["TrailARN"].replace("everything", f"t{n}")} for n in range(5)]
    aws.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": [*trails, trails[0]]})
    selectors = answer_of(aws, "cloudtrail:GetEventSelectors")
    aws.answers["cloudtrail:GetEventSelectors"] = lambda asked: {**selectors, "TrailARN": asked.members["TrailName"]}
    assert assessed(aws).compliance == "COMPLIANT"
    counts = {operation: asked(aws).count(operation) for operation in OF_TRAIL}
    assert counts == {
        "cloudtrail:GetTrailStatus": 5,
        "cloudtrail:GetEventSelectors": 5,
        "logs:DescribeLogGroups": 1,
        "logs:DescribeMetricFilters": 2,
    }
