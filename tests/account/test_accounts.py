"""Two and three accounts on the embedded AWS, told apart by credentials that were really assumed.

The embedded AWS does not show an organization's trail to its members, nor refuse a role: those answers are put in at
the HTTP level.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest
from config_changes_alarm.account import Identity
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws

from .http_aws import Content, Refusal, http_answer

MANAGEMENT, AUDIT = "222222222222", "333333333333"
ROLE = "alarm-reader"
GROUP = "aws-controltower/CloudTrailLogs"
EMAIL = "security@example.com"


def session_in(account_id: str) -> boto3.Session:
    if account_id == ACCOUNT_ID:
        return boto3.Session()
    arn = f"arn:aws:iam::{account_id}:role/builder"
    credentials = boto3.Session().client("sts").assume_role(RoleArn=arn, RoleSessionName="builder")["Credentials"]
    return boto3.Session(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])


def a_topic_in(account_id: str, aws: EmbeddedAws, confirmed: bool = True) -> str:
    sns = session_in(account_id).client("sns")
    arn = sns.create_topic(Name="config-changes")["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=EMAIL)
    if confirmed:
        aws.confirm(EMAIL)
    return arn


def a_filter_and_an_alarm_in(account_id: str, topic_arn: str) -> None:
    session = session_in(account_id)
    logs: Any = session.client("logs")
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="config-changes",
        filterPattern=DEFAULT_REQUIRED_FILTER_PATTERN,
        metricTransformations=[{"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1"}],
    )
    session.client("cloudwatch").put_metric_alarm(
        AlarmName="config-changes",
        Namespace="CIS",
        MetricName="ConfigChanges",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic_arn],
    )


def a_log_group_in(account_id: str) -> None:
    logs: Any = session_in(account_id).client("logs")
    logs.create_log_group(logGroupName=GROUP)


@dataclass
class Member:
    """A member account's own session, with what the embedded AWS cannot answer."""

    session: boto3.Session
    stubs: dict[str, Callable[[AWSPreparedRequest], Content | Refusal]]

    def assessed(self, **parameters: str) -> Assessment:
        role = parameters.get("LogGroupAccountRoleName")
        self.aws = AwsSource(self.session, Identity(ACCOUNT_ID, REGION), role)
        return assess(self.aws.account(), Requirement.parse(parameters), datetime.now(UTC))


@pytest.fixture
def member(aws: EmbeddedAws) -> Member:
    """A member of an organization whose management account has a multi-Region organization trail."""
    management = session_in(MANAGEMENT)
    management.client("s3").create_bucket(Bucket="trail-records")
    role = management.client("iam").create_role(RoleName="trail", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    cloudtrail = management.client("cloudtrail")
    cloudtrail.create_trail(
        Name="organization",
        S3BucketName="trail-records",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{MANAGEMENT}:log-group:{GROUP}:*",
        CloudWatchLogsRoleArn=role,
    )
    cloudtrail.start_logging(Name="organization")
    a_log_group_in(MANAGEMENT)
    (trail,) = cloudtrail.describe_trails()["trailList"]
    status: Any = cloudtrail.get_trail_status(Name="organization")
    selectors: Any = cloudtrail.get_event_selectors(TrailName="organization")
    stubs: dict[str, Callable[[AWSPreparedRequest], Content | Refusal]] = {
        "cloudtrail.DescribeTrails": lambda _: {"trailList": [{**trail, "IsOrganizationTrail": True}]},
        "cloudtrail.GetTrailStatus": lambda _: _members(status),
        "cloudtrail.GetEventSelectors": lambda _: _members(selectors),
    }

    def respond(request: AWSPreparedRequest, event_name: str, **_: object) -> Any:
        stub = stubs.get(event_name.removeprefix("before-send."))
        return None if stub is None else http_answer(event_name, stub(request), str(request.url))

    session = boto3.Session(botocore_session=botocore.session.get_session())
    session.events.register("before-send", respond)
    return Member(session, stubs)


def _members(answer: Content) -> Content:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def places(member: Member, service: str) -> set[str]:
    return {call.place.account_id for call in member.aws.calls() if call.operation.startswith(f"{service}:")}


def test_an_organization_s_trail_is_followed_into_the_management_account(member: Member, aws: EmbeddedAws) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(MANAGEMENT, aws))
    assert member.assessed(LogGroupAccountRoleName=ROLE).compliance == "COMPLIANT"
    assert places(member, "sts") == {ACCOUNT_ID}
    assert places(member, "cloudtrail") == {ACCOUNT_ID, MANAGEMENT}
    assert places(member, "logs") == places(member, "cloudwatch") == places(member, "sns") == {MANAGEMENT}


def test_control_tower_has_the_log_group_in_one_account_and_the_topic_in_another(
    member: Member, aws: EmbeddedAws
) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(AUDIT, aws))
    assert member.assessed(LogGroupAccountRoleName=ROLE).compliance == "COMPLIANT"
    assert places(member, "logs") == places(member, "cloudwatch") == {MANAGEMENT}
    assert places(member, "sns") == {AUDIT}


def test_a_topic_of_the_audit_account_that_nobody_confirmed_reaches_nobody(member: Member, aws: EmbeddedAws) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(AUDIT, aws, confirmed=False))
    assessment = member.assessed(LogGroupAccountRoleName=ROLE)
    assert [reason.id for reason in assessment.reasons] == ["subscription-pending"]


def test_a_log_group_of_the_same_name_in_the_member_account_is_another_one(member: Member, aws: EmbeddedAws) -> None:
    """prowler #383: everything is there, in the wrong account."""
    a_log_group_in(ACCOUNT_ID)
    a_filter_and_an_alarm_in(ACCOUNT_ID, a_topic_in(ACCOUNT_ID, aws))
    assessment = member.assessed(LogGroupAccountRoleName=ROLE)
    assert [reason.id for reason in assessment.reasons] == ["no-metric-filter"]


@pytest.mark.parametrize("verdict", ["NON_COMPLIANT", "NOT_APPLICABLE"])
def test_without_a_role_the_verdict_is_what_the_parameter_says(verdict: str, member: Member, aws: EmbeddedAws) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(MANAGEMENT, aws))
    assessment = member.assessed(UnverifiableAccount=verdict)
    assert assessment.compliance == verdict
    assert [reason.id for reason in assessment.reasons] == ["log-group-in-another-account"]


def test_a_role_that_cannot_be_assumed_is_named(member: Member, aws: EmbeddedAws) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(MANAGEMENT, aws))
    member.stubs["sts.AssumeRole"] = lambda _: Refusal("AccessDenied", 403)
    assessment = member.assessed(LogGroupAccountRoleName=ROLE)
    assert assessment.compliance == "NON_COMPLIANT"
    first = assessment.reasons[0]
    assert (first.id, first.subject) == ("log-group-role-not-assumable", f"arn:aws:iam::{MANAGEMENT}:role/{ROLE}")


def test_a_role_without_permission_cannot_verify(member: Member, aws: EmbeddedAws) -> None:
    a_filter_and_an_alarm_in(MANAGEMENT, a_topic_in(MANAGEMENT, aws))
    member.stubs["cloudwatch.DescribeAlarmsForMetric"] = lambda _: Refusal("AccessDenied", 403)
    member.stubs["cloudwatch.DescribeAlarms"] = lambda _: Refusal("AccessDenied", 403)
    assessment = member.assessed(LogGroupAccountRoleName=ROLE)
    assert assessment.compliance == "NON_COMPLIANT"
    assert (assessment.reasons[0].id, dict(assessment.reasons[0].facts)["operation"]) == (
        "cannot-read",
        "cloudwatch:DescribeAlarmsForMetric",
    )
