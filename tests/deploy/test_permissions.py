"""Least privilege, proved by recording: what is called is allowed, and what is allowed is called."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

import ConfigChangesAlarmRule
from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws
from demo.evaluate import scheduled_event
from deploy.permissions import EVALUATOR, LOG_GROUP_READER, WRITES_LOG, actions_of, may_assume

from ..account.http_aws import Refusal
from ..account.test_accounts import (
    GROUP,
    MANAGEMENT,
    ROLE,
    Member,
    a_filter_and_an_alarm_in,
    a_topic_in,
    member,
    session_in,
)
from ..accounts import TOPIC, an_account
from ..rule_calls import Recorded, recorded

__all__ = ["member"]  # a fixture

OWN = "embedded"
"""The access key of the evaluator; whatever else is called is called as an assumed role."""

UNDECIDED = DEFAULT_REQUIRED_FILTER_PATTERN.replace(" }", " && ($.readOnly = false || $.readOnly NOT EXISTS) }")


def with_a_customer_key(aws: EmbeddedAws) -> None:
    key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    an_account(aws, topic_attributes={"KmsMasterKeyId": key})


def with_a_mute_rule_to_come(aws: EmbeddedAws) -> None:
    an_account(aws)
    start = datetime.now(UTC) + timedelta(days=1)
    boto3.client("cloudwatch").put_alarm_mute_rule(
        Name="holiday",
        Rule={"Schedule": {"Expression": f"at({start:%Y-%m-%dT%H:%M})", "Duration": "P1D"}},
        MuteTargets={"AlarmNames": ["config-changes"]},
    )
    aws.mute_rules["holiday"]["Status"] = "SCHEDULED"


OF_THE_ORGANIZATION = {"StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}}


def a_topic_policy(arn: str, condition: Mapping[str, Any]) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": arn,
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def with_a_topic_for_the_organization(aws: EmbeddedAws) -> None:
    an_account(aws, topic_attributes={"Policy": a_topic_policy(TOPIC, OF_THE_ORGANIZATION)})


def subscribed(topic: str, protocol: str, endpoint: str, session: boto3.Session) -> None:
    session.client("sns").subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)


def a_queue(session: boto3.Session) -> str:
    sqs = session.client("sqs")
    url = sqs.create_queue(QueueName="changes")["QueueUrl"]
    arn: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return arn


def told_to(protocol: str, endpoint: str) -> Callable[[EmbeddedAws], None]:
    def build(aws: EmbeddedAws) -> None:
        an_account(aws, subscription="none")
        made = a_queue(boto3.Session()) if protocol == "sqs" else endpoint
        subscribed(TOPIC, protocol, made, boto3.Session())

    return build


def told_to_a_queue_and_a_function(topic: str) -> None:
    """They and nobody else."""
    management = session_in(MANAGEMENT)
    sns = management.client("sns")
    for listed in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=listed["SubscriptionArn"])
    subscribed(topic, "sqs", a_queue(management), management)
    subscribed(topic, "lambda", FUNCTION.replace(ACCOUNT_ID, MANAGEMENT), management)


FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT_ID}:function:page"


@dataclass(frozen=True)
class Path:
    """An evaluation, and the actions that no path above needs."""

    words: str
    build: Callable[[EmbeddedAws], None]
    adds: frozenset[str]
    parameters: Mapping[str, str] = field(default_factory=dict)


PATHS = (
    Path(
        "no trail", partial(an_account, trail=False), frozenset({"cloudtrail:DescribeTrails", "config:PutEvaluations"})
    ),
    Path(
        "compliant",
        an_account,
        frozenset(
            {
                "cloudtrail:GetTrailStatus",
                "cloudtrail:GetEventSelectors",
                "logs:DescribeMetricFilters",
                "cloudwatch:DescribeAlarmsForMetric",
                "cloudwatch:DescribeAlarmHistory",
                "cloudwatch:ListAlarmMuteRules",
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:GetSubscriptionAttributes",
            }
        ),
    ),
    Path("no filter", partial(an_account, patterns=()), frozenset({"logs:DescribeLogGroups"})),
    Path("no alarm", partial(an_account, has_alarm=False), frozenset({"cloudwatch:DescribeAlarms"})),
    Path("undecided pattern", partial(an_account, patterns=[UNDECIDED]), frozenset({"logs:TestMetricFilter"})),
    Path("encrypted topic", with_a_customer_key, frozenset({"kms:DescribeKey", "kms:GetKeyPolicy"})),
    Path(
        "a topic for the organization",
        with_a_topic_for_the_organization,
        frozenset({"organizations:DescribeOrganization"}),
    ),
    Path("told to a queue", told_to("sqs", ""), frozenset({"sqs:GetQueueAttributes"})),
    Path("told to a function", told_to("lambda", FUNCTION), frozenset({"lambda:GetPolicy"})),
    Path("a mute rule to come", with_a_mute_rule_to_come, frozenset({"cloudwatch:GetAlarmMuteRule"})),
)


def evaluated(build: Callable[[EmbeddedAws], None], aws: EmbeddedAws, parameters: Mapping[str, str]) -> Recorded:
    build(aws)
    with recorded() as calls:
        ConfigChangesAlarmRule.lambda_handler(scheduled_event(dict(parameters)), None)
    return calls


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.words)
def test_a_path_calls_only_what_the_role_allows(aws: EmbeddedAws, path: Path) -> None:
    called = evaluated(path.build, aws, path.parameters).all()
    assert called <= actions_of(EVALUATOR)
    assert path.adds <= called


def test_no_action_of_the_role_is_without_a_path() -> None:
    assert frozenset().union(*(path.adds for path in PATHS)) == actions_of(EVALUATOR)


def test_invalid_parameters_are_reported_with_the_same_role(aws: EmbeddedAws) -> None:
    calls = evaluated(an_account, aws, {"MaxRearmSeconds": "soon"})
    assert calls.all() == {"config:PutEvaluations"}


# --------------------------------------------------------------------------- another account's log group


def a_topic_key(arn: str) -> None:
    key = session_in(MANAGEMENT).client("kms").create_key()["KeyMetadata"]["Arn"]
    sns = session_in(MANAGEMENT).client("sns")
    sns.set_topic_attributes(TopicArn=arn, AttributeName="KmsMasterKeyId", AttributeValue=key)


def a_policy(topic: str) -> None:
    sns = session_in(MANAGEMENT).client("sns")
    text = a_topic_policy(topic, OF_THE_ORGANIZATION)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=text)


def a_pattern(pattern: str) -> None:
    logs: Any = session_in(MANAGEMENT).client("logs")
    transformation = {"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="config-changes",
        filterPattern=pattern,
        metricTransformations=[transformation],
    )


def a_scheduled_mute_rule(aws: EmbeddedAws) -> None:
    rule = {"Schedule": {"Expression": "cron(0 0 * * *)", "Duration": "PT1H"}}
    aws.mute_rules["nightly"] = {
        "Rule": rule,
        "MuteTargets": {"AlarmNames": ["config-changes"]},
        "Status": "SCHEDULED",
        "AlarmMuteRuleArn": f"arn:aws:cloudwatch:us-east-1:{MANAGEMENT}:alarm-mute-rule:nightly",
    }


def test_the_role_of_the_log_group_s_account_allows_what_is_called_with_it_and_no_more(
    member: Member, aws: EmbeddedAws
) -> None:
    topic = a_topic_in(MANAGEMENT, aws)
    with recorded() as calls:
        member.assessed(LogGroupAccountRoleName=ROLE)  # the log group is empty
        a_filter_and_an_alarm_in(MANAGEMENT, topic)
        assert member.assessed(LogGroupAccountRoleName=ROLE).compliance == "COMPLIANT"
        a_pattern(UNDECIDED)
        member.assessed(LogGroupAccountRoleName=ROLE)
        a_pattern(DEFAULT_REQUIRED_FILTER_PATTERN)
        told_to_a_queue_and_a_function(topic)
        member.assessed(LogGroupAccountRoleName=ROLE)
        a_scheduled_mute_rule(aws)
        member.assessed(LogGroupAccountRoleName=ROLE)
        a_topic_key(topic)
        member.assessed(LogGroupAccountRoleName=ROLE)
        a_policy(topic)
        member.assessed(LogGroupAccountRoleName=ROLE)
        session_in(MANAGEMENT).client("cloudwatch").delete_alarms(AlarmNames=["config-changes"])
        member.assessed(LogGroupAccountRoleName=ROLE)
        member.stubs["cloudtrail.GetEventSelectors"] = lambda _: Refusal("AccessDenied", 403)
        member.assessed(LogGroupAccountRoleName=ROLE)
    own = calls.actions.pop(OWN)
    assert own <= actions_of((*EVALUATOR, may_assume(ROLE, "")))
    assert "sts:AssumeRole" in own
    assert calls.all() == actions_of(LOG_GROUP_READER)


def test_the_rule_writes_its_verdict_and_its_log_and_nothing_else() -> None:
    reads = ("Describe", "Get", "List", "Test")
    written = {action for action in actions_of((*EVALUATOR, WRITES_LOG)) if not action.split(":")[1].startswith(reads)}
    assert written == {"config:PutEvaluations", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_every_wide_resource_has_its_reason() -> None:
    for permission in (*EVALUATOR, *LOG_GROUP_READER, WRITES_LOG):
        assert bool(permission.wide) == ("*" in permission.resources), permission.sid
        assert permission.why
