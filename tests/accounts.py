"""Accounts on the embedded AWS, described in words: every keyword changes one thing of a compliant account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws

EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")
LOG_GROUP = "CloudTrail/logs"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:config-changes"
READ_ONLY = [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True, "DataResources": []}]


def pattern_for(*names: str) -> str:
    """The control's pattern for some of its events."""
    return (
        "{ $.eventSource = config.amazonaws.com && (" + " || ".join(f"$.eventName = {name}" for name in names) + ") }"
    )


def advanced(field: str, **condition: list[str]) -> list[dict[str, Any]]:
    """An advanced selector of management events with one more field."""
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": field, **condition}]
    return [{"Name": "selector", "FieldSelectors": fields}]


def an_account(
    aws: EmbeddedAws,
    trail: bool = True,
    multi_region: bool = True,
    logging: bool = True,
    log_group: bool = True,
    delivery_error: str | None = None,
    event_selectors: list[dict[str, Any]] | None = None,
    advanced_event_selectors: list[dict[str, Any]] | None = None,
    filtered_log_group: str = LOG_GROUP,
    patterns: Sequence[str] = (DEFAULT_REQUIRED_FILTER_PATTERN,),
    metric_value: str = "1",
    transformation: dict[str, Any] | None = None,
    alarm: dict[str, Any] | None = None,
    has_alarm: bool = True,
    topic: bool = True,
    topic_attributes: dict[str, str] | None = None,
    subscription: str = "confirmed",
    subscription_attributes: dict[str, str] | None = None,
) -> None:
    """Builds it. `subscription` is confirmed, pending, deleted or none; `alarm` overrides members of PutMetricAlarm."""
    logs: Any = boto3.client("logs")
    for name in {LOG_GROUP, filtered_log_group}:
        logs.create_log_group(logGroupName=name)
    if trail:
        _trail(multi_region, logging, log_group, event_selectors, advanced_event_selectors)
    aws.trail_delivery_error = delivery_error
    for number, pattern in enumerate(patterns, 1):
        logs.put_metric_filter(
            logGroupName=filtered_log_group,
            filterName="config-changes" if len(patterns) == 1 else f"config-changes-{number}",
            filterPattern=pattern,
            metricTransformations=[
                {
                    "metricName": "ConfigChanges",
                    "metricNamespace": "CIS",
                    "metricValue": metric_value,
                    **(transformation or {}),
                }
            ],
        )
    if topic:
        _topic(aws, subscription, topic_attributes or {}, subscription_attributes or {})
    if has_alarm:
        put_alarm("config-changes", **(alarm or {}))


def put_alarm(name: str, **members: Any) -> None:
    """The control's alarm, with other members where given."""
    plain = {
        "AlarmName": name,
        "Namespace": "CIS",
        "MetricName": "ConfigChanges",
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "AlarmActions": [TOPIC],
    }
    boto3.client("cloudwatch").put_metric_alarm(**{**plain, **members})


def _trail(
    multi_region: bool, logging: bool, log_group: bool, basic: list[Any] | None, advanced_: list[Any] | None
) -> None:
    cloudtrail = boto3.client("cloudtrail")
    boto3.client("s3").create_bucket(Bucket="trail-records")
    role = boto3.client("iam").create_role(RoleName="trail", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    target = {
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{LOG_GROUP}:*",
        "CloudWatchLogsRoleArn": role,
    }
    cloudtrail.create_trail(
        Name="everything",
        S3BucketName="trail-records",
        IsMultiRegionTrail=multi_region,
        **(target if log_group else {}),
    )
    if logging:
        cloudtrail.start_logging(Name="everything")
    if basic is not None:
        cloudtrail.put_event_selectors(TrailName="everything", EventSelectors=basic)
    if advanced_ is not None:
        cloudtrail.put_event_selectors(TrailName="everything", AdvancedEventSelectors=advanced_)


def _topic(aws: EmbeddedAws, subscription: str, attributes: dict[str, str], of_subscription: dict[str, str]) -> None:
    sns = boto3.client("sns")
    sns.create_topic(Name="config-changes")
    for name, value in attributes.items():
        sns.set_topic_attributes(TopicArn=TOPIC, AttributeName=name, AttributeValue=value)
    if subscription == "none":
        return
    endpoint = "security@example.com"
    made = sns.subscribe(
        TopicArn=TOPIC, Protocol="email", Endpoint=endpoint, Attributes=of_subscription, ReturnSubscriptionArn=True
    )
    if subscription == "confirmed":
        aws.confirm(endpoint)
    if subscription == "deleted":
        sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
