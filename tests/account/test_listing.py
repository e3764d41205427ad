"""A Region's filters, alarms and history are listed once, and every narrower question is answered from that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import boto3
import pytest
from config_changes_alarm.account import (
    Account,
    ActionHistoryOf,
    AlarmsOn,
    EvaluationFailed,
    Identity,
    ListingSource,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    Question,
    Unreadable,
)
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.chain import assess
from config_changes_alarm.control import control_ids
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AlarmMuteRule, AlarmType, LogGroup, Metric, Place

from .. import fake_account as fake
from ..fake_account import ACCOUNT, LOG_GROUP, NOW, FakeAccount, a_filter, a_monitored_account, an_alarm
from .answers import NOW as HTTP_NOW
from .answers import REGION, plain_account
from .http_aws import OWN, HttpAws, Refusal, Request, answering
from .reading import HERE, answer_of, asked, paged

pytestmark = pytest.mark.usefixtures("clock")
PLACE = Place(ACCOUNT, fake.REGION)
ELSEWHERE = replace(LOG_GROUP, name="elsewhere")
MUTED = AlarmMuteRule(f"arn:aws:cloudwatch:{fake.REGION}:{ACCOUNT}:alarm-mute-rule:night", "ACTIVE")


def crowded() -> FakeAccount:
    """A monitored account with filters and alarms of other purposes, here and in another log group."""
    return a_monitored_account(
        log_groups=(LogGroup(LOG_GROUP), LogGroup(ELSEWHERE)),
        filters=(
            a_filter(),
            a_filter(name="zeros", metric_value="0"),
            a_filter(name="other", metric_name="Other"),
            a_filter(name="away", log_group=ELSEWHERE),
        ),
        metric_alarms=(an_alarm(), an_alarm("other", metric=Metric("CIS", "Other"))),
    )


NARROW: tuple[Question[Any], ...] = (
    MetricFiltersOf(LOG_GROUP),
    MetricFiltersOf(ELSEWHERE),
    MetricFiltersOf(replace(LOG_GROUP, name="nowhere")),
    MetricFiltersOn(PLACE, "CIS", "ConfigChanges"),
    MetricFiltersOn(PLACE, "CIS", "Other"),
    MetricFiltersOn(PLACE, "CIS", "Nothing"),
    MetricFiltersOn(Place(ACCOUNT, "eu-west-1"), "CIS", "ConfigChanges"),
    AlarmsOn(PLACE, Metric("CIS", "ConfigChanges")),
    AlarmsOn(PLACE, Metric("CIS", "Other")),
    AlarmsOn(PLACE, Metric("CIS", "Other", frozenset({("a", "b")}))),
    MuteRulesOf(PLACE, "config-changes"),
    MuteRulesOf(PLACE, "other"),
    ActionHistoryOf(PLACE, "config-changes", AlarmType.METRIC),
)


@pytest.mark.parametrize("question", NARROW, ids=repr)
@pytest.mark.parametrize("muted", [False, True])
def test_a_narrow_question_is_answered_as_it_would_be_alone(question: Question[Any], muted: bool) -> None:
    account = crowded()
    if muted:
        account = replace(account, mute_rules=(("config-changes", MUTED),))
    assert ListingSource(account).answer(question) == account.answer(question)


@pytest.mark.parametrize(
    "operation",
    [
        "logs:DescribeMetricFilters",
        "logs:DescribeLogGroups",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:ListAlarmMuteRules",
        "cloudwatch:DescribeAlarmHistory",
    ],
)
@pytest.mark.parametrize("question", NARROW, ids=repr)
def test_what_is_refused_or_not_there_is_answered_alike(question: Question[Any], operation: str) -> None:
    """But for what a listing may show although the narrow question is refused, which is no less true."""
    account = crowded().refusing(operation)
    alone = account.answer(question)
    listed = ListingSource(account).answer(question)
    if not isinstance(alone, Unreadable):
        assert listed == alone
    elif not isinstance(listed, Unreadable):
        assert listed == crowded().answer(question)


@pytest.mark.parametrize("id_", control_ids())
def test_a_control_has_the_same_verdict(id_: str) -> None:
    requirement = Requirement.parse({"Control": id_})
    account = crowded()
    assert assess(ListingSource(account).account(), requirement, NOW) == assess(account.opened(), requirement, NOW)


def test_every_door_shares_what_was_read() -> None:
    account = crowded()
    source = ListingSource(account)
    for id_ in control_ids():
        assess(source.account(), Requirement.parse({"Control": id_}), NOW)
    assert max(Counter(account.calls).values()) == 1
    assert "cloudwatch:DescribeAlarmsForMetric" not in account.calls


# --------------------------------------------------------------------------- as AWS answers over HTTP


def listing(session: boto3.Session) -> Account:
    return ListingSource(AwsSource(session, Identity(OWN, REGION))).account()


def test_listings_have_all_their_pages() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "logs:DescribeMetricFilters")["metricFilters"]
    many = [{**one, "filterName": f"filter-{number}", "logGroupName": "unrelated"} for number in range(120)]
    aws.answers["logs:DescribeMetricFilters"] = paged("metricFilters", [*many, one], 50, "nextToken")
    with answering(aws) as session:
        found = listing(session).ask(MetricFiltersOn(HERE, "CIS", "ConfigChanges"))
    assert isinstance(found, tuple)
    assert len(found) == 121
    assert asked(aws) == ["logs:DescribeMetricFilters"] * 3


def with_actions(count: int) -> HttpAws:
    """So many actions of another alarm are newer than those of ours."""
    aws = plain_account()
    (ours,) = answer_of(aws, "cloudwatch:DescribeAlarmHistory")["AlarmHistoryItems"]
    items = [{**ours, "AlarmName": "busy"}] * count + [ours]

    def answer(request: Request) -> Any:
        name = request.members.get("AlarmName")
        found = [item for item in items if name in (None, item["AlarmName"])]
        return paged("AlarmHistoryItems", found, 100)(request)

    aws.answers["cloudwatch:DescribeAlarmHistory"] = answer
    return aws


@pytest.mark.parametrize(("count", "calls"), [(0, 1), (299, 3), (300, 4)])
def test_a_history_that_is_too_long_to_be_listed_is_asked_for_alarm_by_alarm(count: int, calls: int) -> None:
    aws = with_actions(count)
    with answering(aws) as session:
        history = listing(session).ask(ActionHistoryOf(HERE, "config-changes", AlarmType.METRIC))
    assert isinstance(history, tuple)
    assert [item.history_summary for item in history] == [
        f"Successfully executed action arn:aws:sns:{REGION}:{OWN}:config-changes"
    ]
    assert len(asked(aws)) == calls


def test_mute_rules_are_asked_for_alarm_by_alarm_where_there_are_any() -> None:
    """A listing does not say whom they mute."""
    rule = {"AlarmMuteRuleArn": MUTED.alarm_mute_rule_arn, "Status": "ACTIVE"}
    aws = plain_account()

    def answer(request: Request) -> Any:
        return {"AlarmMuteRuleSummaries": [rule] if request.members.get("AlarmName") in (None, "muted") else []}

    aws.answers["cloudwatch:ListAlarmMuteRules"] = answer
    with answering(aws) as session:
        account = listing(session)
        assert account.ask(MuteRulesOf(HERE, "muted")) == (MUTED,)
        assert account.ask(MuteRulesOf(HERE, "other")) == ()
    assert len(asked(aws)) == 3


def test_where_mute_rules_are_not_offered_nothing_is_muted() -> None:
    aws = plain_account()
    aws.answers["cloudwatch:ListAlarmMuteRules"] = lambda _: Refusal("InvalidAction", 400)
    with answering(aws) as session:
        assert listing(session).ask(MuteRulesOf(HERE, "config-changes")) == ()


def test_a_listing_that_fails_is_no_verdict() -> None:
    aws = plain_account()
    aws.answers["cloudwatch:DescribeAlarms"] = lambda _: Refusal("InternalFailure", 500)
    with answering(aws) as session, pytest.raises(EvaluationFailed, match="DescribeAlarms"):
        assess(listing(session), Requirement.parse({}), HTTP_NOW)


def test_the_calls_of_fifteen_controls_in_an_account_that_has_one_of_them() -> None:
    aws = plain_account()
    with answering(aws) as session:
        source = ListingSource(AwsSource(session, Identity(OWN, REGION)))
        verdicts = {
            id_: assess(source.account(), Requirement.parse({"Control": id_}), HTTP_NOW).compliance
            for id_ in control_ids()
        }
    assert [id_ for id_, verdict in verdicts.items() if verdict == "COMPLIANT"] == ["aws-config-changes"]
    assert sorted(asked(aws)) == sorted(
        [
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetTrailStatus",
            "cloudtrail:GetEventSelectors",
            "logs:DescribeLogGroups",
            "logs:DescribeMetricFilters",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:ListAlarmMuteRules",
            "cloudwatch:DescribeAlarmHistory",
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
            "sns:GetSubscriptionAttributes",
        ]
    )
