"""No answer is believed further than it goes."""

from __future__ import annotations

import json

import pytest
from config_changes_alarm.account import (
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    EvaluationFailed,
    MatchesOf,
    MetricFiltersOf,
    Unreadable,
)
from config_changes_alarm.resources import AlarmType, Metric

from .answers import GROUP, plain_account
from .http_aws import Refusal, answering, fixed
from .reading import HERE, LOG_GROUP, answer_of, assessed, opened

pytestmark = pytest.mark.usefixtures("clock")


def test_only_alarms_on_exactly_the_metric_are_believed_to_be_on_it() -> None:
    aws = plain_account()
    (alarm,) = answer_of(aws, "cloudwatch:DescribeAlarmsForMetric")["MetricAlarms"]
    others = [{**alarm, "Namespace": "Other"}, {**alarm, "Dimensions": [{"Name": "a", "Value": "b"}]}]
    aws.answers["cloudwatch:DescribeAlarmsForMetric"] = fixed({"MetricAlarms": [*others, alarm]})
    with answering(aws) as session:
        found = opened(session).ask(AlarmsOn(HERE, Metric("CIS", "ConfigChanges")))
    assert not isinstance(found, Unreadable)
    assert [each.metric for each in found] == [Metric("CIS", "ConfigChanges")]


def test_a_filter_of_another_log_group_is_not_this_one_s() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "logs:DescribeMetricFilters")["metricFilters"]
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": [{**one, "logGroupName": "other"}]})
    with answering(aws) as session:
        assert opened(session).ask(MetricFiltersOf(LOG_GROUP)) == ()


def test_a_log_group_that_only_begins_with_the_name_is_another() -> None:
    aws = plain_account()
    (group,) = answer_of(aws, "logs:DescribeLogGroups")["logGroups"]
    aws.answers["logs:DescribeLogGroups"] = fixed({"logGroups": [{**group, "logGroupName": f"{GROUP}-old"}]})
    assert [reason.id for reason in assessed(aws).reasons] == ["log-group-missing"]


def test_subscriptions_of_another_topic_do_not_count() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    other = {**one, "TopicArn": f"{one['TopicArn']}-2"}
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({"Subscriptions": [other]})
    assert [reason.id for reason in assessed(aws).reasons] == ["no-subscription"]


def test_history_of_another_alarm_is_no_evidence() -> None:
    aws = plain_account()
    (item,) = answer_of(aws, "cloudwatch:DescribeAlarmHistory")["AlarmHistoryItems"]
    failed = {**item, "HistorySummary": item["HistorySummary"].replace("Successfully executed", "Failed to execute")}
    failed["HistoryData"] = json.dumps({"actionState": "Failed"})
    aws.answers["cloudwatch:DescribeAlarmHistory"] = fixed({"AlarmHistoryItems": [failed]})
    assert assessed(aws).compliance == "NON_COMPLIANT"
    aws.answers["cloudwatch:DescribeAlarmHistory"] = fixed({"AlarmHistoryItems": [{**failed, "AlarmName": "other"}]})
    assert assessed(aws).compliance == "COMPLIANT"


def test_a_match_that_was_not_asked_about_is_refused() -> None:
    aws = plain_account()
    aws.answers["logs:TestMetricFilter"] = fixed({"matches": [{"eventNumber": 1, "eventMessage": "{}"}]})
    with answering(aws) as session, pytest.raises(EvaluationFailed, match="matches a message that was not asked about"):
        opened(session).ask(MatchesOf(HERE, "{ $.a = 1 }", ('{"a": 1}',)))


def test_a_stored_pattern_that_aws_takes_no_longer_leaves_its_question_open() -> None:
    aws = plain_account()
    aws.answers["logs:TestMetricFilter"] = lambda _: Refusal("InvalidParameterException")
    with answering(aws) as session:
        answer = opened(session).ask(MatchesOf(HERE, "{ $.a == 1 }", ('{"a": 1}',)))
    assert answer == Unreadable("logs:TestMetricFilter", "InvalidParameterException", "filter pattern")


# --------------------------------------------------------------------------- what a Region may not offer


def test_where_mute_rules_are_not_offered_nothing_is_muted() -> None:
    aws = plain_account()
    aws.answers["cloudwatch:ListAlarmMuteRules"] = lambda _: Refusal("UnknownOperationException", 404)
    assert assessed(aws).compliance == "COMPLIANT"


def test_where_log_alarms_are_not_known_the_others_are_listed() -> None:
    aws = plain_account()
    listing = aws.answers["cloudwatch:DescribeAlarms"]
    aws.answers["cloudwatch:DescribeAlarms"] = lambda asked: (
        Refusal("ValidationError") if "LogAlarm" in asked.members["AlarmTypes"] else listing(asked)
    )
    with answering(aws) as session:
        found = opened(session).ask(AlarmsIn(HERE))
    assert not isinstance(found, Unreadable)
    assert [alarm.alarm_name for alarm in found.metric_alarms] == ["config-changes"]


def test_alarm_history_is_asked_for_the_newest_actions_of_that_kind_of_alarm() -> None:
    aws = plain_account()
    with answering(aws) as session:
        opened(session).ask(ActionHistoryOf(HERE, "a", AlarmType.COMPOSITE))
    assert [request.members for request in aws.requests] == [
        {
            "AlarmName": "a",
            "AlarmTypes": ["CompositeAlarm"],
            "HistoryItemType": "Action",
            "MaxRecords": 100,
            "ScanBy": "TimestampDescending",
        }
    ]
