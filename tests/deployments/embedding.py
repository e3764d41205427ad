"""An account of plain values built on the embedded AWS, and what the embedded AWS then shows of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import boto3
from config_changes_alarm.account import Account, Identity
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.resources import (
    EventSelector,
    Function,
    Key,
    LogGroup,
    MetricAlarm,
    MetricDataQuery,
    MetricFilter,
    Queue,
    Subscription,
    SubscriptionAttributes,
    Topic,
)

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws

from ..fake_account import ConfiguredTrail, FakeAccount
from .carrying_out import ADMITTING


@contextmanager
def one_embedded_aws() -> Iterator[EmbeddedAws]:
    """One that is emptied for every account: to start it and to make its clients takes longer than to build one."""
    _session.cache_clear()
    _client.cache_clear()
    with embedded_aws() as running:
        yield running


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def _client(service: str) -> Any:
    return _session().client(service)  # type: ignore[call-overload]  # the stubs know every service by its name


def build(aws: EmbeddedAws, account: FakeAccount) -> None:
    """Builds it; whoever is subscribed confirms."""
    for group in account.log_groups:
        _client("logs").create_log_group(logGroupName=group.id.name)
    for trail in account.configured_trails:
        _build_trail(trail)
    for metric_filter in account.filters:
        _build_filter(metric_filter)
    keys = {name: _build_key(key) for name, key in account.keys}
    for topic in account.topics:
        key = topic.kms_master_key_id
        _build_topic(replace(topic, kms_master_key_id=keys.get(key, key) if key else None))
    for queue in account.queues:
        _client("sqs").create_queue(QueueName=queue.queue_arn.rsplit(":", 1)[-1])
    for function in account.functions:
        _build_function(function)
    for subscription, _ in account.subscribed:
        _client("sns").subscribe(
            TopicArn=subscription.topic_arn, Protocol=subscription.protocol, Endpoint=subscription.endpoint
        )
        aws.confirm(subscription.endpoint)
    for alarm in account.metric_alarms:
        _build_alarm(alarm)


def _build_trail(configured: ConfiguredTrail) -> None:
    cloudtrail, trail = _client("cloudtrail"), configured.trail
    _client("s3").create_bucket(Bucket="trail-records")
    role = _client("iam").create_role(RoleName="trail", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    arn = trail.cloud_watch_logs_log_group_arn
    target = {} if arn is None else {"CloudWatchLogsLogGroupArn": arn, "CloudWatchLogsRoleArn": role}
    cloudtrail.create_trail(
        Name=trail.name, S3BucketName="trail-records", IsMultiRegionTrail=trail.is_multi_region_trail, **target
    )
    cloudtrail.start_logging(Name=trail.name)
    selectors = configured.selectors.event_selectors
    if selectors:
        cloudtrail.put_event_selectors(TrailName=trail.name, EventSelectors=list(map(_basic, selectors)))


def _basic(selector: EventSelector) -> Any:
    return {
        "ReadWriteType": selector.read_write_type,
        "IncludeManagementEvents": selector.include_management_events,
        "DataResources": [],
    }


def _present(**members: Any) -> Any:
    return {name: value for name, value in members.items() if value is not None and value != ()}


def _build_filter(made: MetricFilter) -> None:
    _client("logs").put_metric_filter(
        logGroupName=made.log_group.name,
        filterName=made.filter_name,
        filterPattern=made.filter_pattern,
        metricTransformations=[
            _present(
                metricName=each.metric_name,
                metricNamespace=each.metric_namespace,
                metricValue=each.metric_value,
                defaultValue=each.default_value,
                unit=each.unit,
            )
            for each in made.metric_transformations
        ],
    )


def _build_alarm(made: MetricAlarm) -> None:
    _client("cloudwatch").put_metric_alarm(
        **_present(
            AlarmName=made.alarm_name,
            ActionsEnabled=made.actions_enabled,
            AlarmActions=made.alarm_actions,
            OKActions=made.ok_actions,
            Namespace=made.metric and made.metric.namespace,
            MetricName=made.metric and made.metric.metric_name,
            Metrics=tuple(map(_query, made.metrics)),
            Statistic=made.statistic,
            Period=made.period,
            Unit=made.unit,
            EvaluationPeriods=made.evaluation_periods,
            DatapointsToAlarm=made.datapoints_to_alarm,
            Threshold=made.threshold,
            ComparisonOperator=made.comparison_operator,
            TreatMissingData=made.treat_missing_data,
        )
    )


def _query(query: MetricDataQuery) -> Any:
    stat = query.metric_stat
    read = stat and {
        "Metric": {"Namespace": stat.metric.namespace, "MetricName": stat.metric.metric_name},
        "Period": stat.period,
        "Stat": stat.stat,
    }
    return _present(Id=query.id, Expression=query.expression, MetricStat=read, ReturnData=query.return_data)


def _build_key(key: Key) -> str:
    """Its ARN, which AWS chooses."""
    made = _client("kms").create_key(Policy=key.policy or "{}")
    return str(made["KeyMetadata"]["Arn"])


def an_admitting_key() -> str:
    """The ARN of a new key that admits CloudWatch."""
    return _build_key(Key("", "CUSTOMER", "Enabled", ADMITTING))


def _build_topic(topic: Topic) -> None:
    sns, given = _client("sns"), {"Policy": topic.policy, "KmsMasterKeyId": topic.kms_master_key_id}
    arn = sns.create_topic(Name=topic.topic_arn.rsplit(":", 1)[-1])["TopicArn"]
    assert arn == topic.topic_arn
    for name, value in _present(**given).items():
        sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)


def _build_function(function: Function) -> None:
    """With the permissions of its policy."""
    code, functions = io.BytesIO(), _client("lambda")
    with zipfile.ZipFile(code, "w") as package:
        package.writestr("handler.py", "")
    functions.create_function(
        FunctionName=function.function_arn.rsplit(":", 1)[-1],
        Runtime="python3.12",
        Role=_client("iam").get_role(RoleName="trail")["Role"]["Arn"],
        Handler="handler.handler",
        Code={"ZipFile": code.getvalue()},
    )
    for number, statement in enumerate(json.loads(function.policy)["Statement"]):
        functions.add_permission(
            FunctionName=function.function_arn,
            StatementId=f"statement-{number}",
            Action=statement["Action"],
            Principal=statement["Principal"]["Service"],
            SourceArn=statement["Condition"]["ArnLike"]["AWS:SourceArn"],
        )


def opened() -> Account:
    """The account as the rule reads it with its own role, nothing remembered yet."""
    return AwsSource(_session(), Identity(ACCOUNT_ID, REGION)).account()


def observed(account: FakeAccount) -> FakeAccount:
    """What the embedded AWS shows of the account's own kinds of things."""
    logs, cloudwatch, cloudtrail = _client("logs"), _client("cloudwatch"), _client("cloudtrail")
    sns, sqs, kms = _client("sns"), _client("sqs"), _client("kms")
    groups = [LogGroup.from_api(each) for each in logs.describe_log_groups()["logGroups"]]
    topics = [
        Topic.from_api(sns.get_topic_attributes(TopicArn=each["TopicArn"])) for each in sns.list_topics()["Topics"]
    ]
    queues = [
        Queue.from_api(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]), url)
        for url in sqs.list_queues().get("QueueUrls", ())
    ]
    keys = [each["KeyArn"] for each in kms.list_keys()["Keys"]]
    subscriptions = [
        Subscription.from_api(each)
        for topic in topics
        for each in sns.list_subscriptions_by_topic(TopicArn=topic.topic_arn)["Subscriptions"]
    ]
    return replace(
        account,
        configured_trails=tuple(
            replace(
                each,
                trail=replace(
                    each.trail,
                    is_multi_region_trail=cloudtrail.get_trail(Name=each.trail.name)["Trail"]["IsMultiRegionTrail"],
                ),
            )
            for each in account.configured_trails
        ),
        log_groups=tuple(groups),
        filters=tuple(
            MetricFilter.from_api(each, group.id)
            for group in groups
            for each in logs.describe_metric_filters(logGroupName=group.id.name)["metricFilters"]
        ),
        metric_alarms=tuple(
            MetricAlarm.from_api(each)
            for page in cloudwatch.get_paginator("describe_alarms").paginate()
            for each in page["MetricAlarms"]
        ),
        topics=tuple(topics),
        queues=tuple(queues),
        keys=tuple(
            (arn, Key(arn, "CUSTOMER", "Enabled", kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]))
            for arn in keys
        ),
        subscribed=tuple((each, SubscriptionAttributes(each.subscription_arn)) for each in subscriptions),
    )
