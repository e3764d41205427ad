"""The runbook at work on an account: what stood there before it, and what it made."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from moto.config.responses import ConfigResponse

import ConfigChangesAlarmRule
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from demo.evaluate import scheduled_event
from remediation.build import document
from tests.accounts import LOG_GROUP, TOPIC, an_account
from tests.rule_cases import dashboard

from .automation import Execution, run

RUNBOOK = document()
ENDPOINT = "oncall@example.com"
OWN_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:ConfigChangesAlarmRule"
REQUIRED = {"AutomationAssumeRole": f"arn:aws:iam::{ACCOUNT_ID}:role/remediation", "AccountId": ACCOUNT_ID}


def repair(**parameters: str) -> Execution:
    return run(RUNBOOK, {**REQUIRED, "SubscriptionEndpoint": ENDPOINT, **parameters})


def evaluate(aws: EmbeddedAws, **parameters: str) -> tuple[str, str]:
    aws.evaluations.clear()
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(parameters), None)
    return dashboard(aws)


def show_rules(monkeypatch: pytest.MonkeyPatch, **rules: dict[str, str]) -> None:
    """What AWS Config shows of its rules: their parameters by their names."""
    shown = [{"ConfigRuleName": name, "InputParameters": json.dumps(given)} for name, given in rules.items()]
    monkeypatch.setattr(ConfigResponse, "describe_config_rules", lambda self: json.dumps({"ConfigRules": shown}))


def everything(region: str = REGION) -> dict[tuple[str, str], Any]:
    """Every resource that could be touched, by its kind and name."""
    logs, cloudwatch = boto3.client("logs", region_name=region), boto3.client("cloudwatch", region_name=region)
    sns, kms = boto3.client("sns", region_name=region), boto3.client("kms", region_name=region)
    found: dict[tuple[str, str], Any] = {}
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        found["log group", name] = group["arn"]
        for metric_filter in logs.describe_metric_filters(logGroupName=name)["metricFilters"]:
            found["metric filter", f"{name} {metric_filter['filterName']}"] = metric_filter
    for alarm in cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])["MetricAlarms"]:
        found["alarm", alarm["AlarmName"]] = alarm
    for topic in sns.list_topics()["Topics"]:
        attributes = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
        counted = ("SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted")
        found["topic", topic["TopicArn"]] = {name: attributes[name] for name in attributes if name not in counted}
    for subscription in sns.list_subscriptions()["Subscriptions"]:
        arn = subscription["SubscriptionArn"]
        attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        found["subscription", arn] = {**subscription, **attributes}
    for key in kms.list_keys()["Keys"]:
        found["key", key["KeyId"]] = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    for trail in boto3.client("cloudtrail").describe_trails()["trailList"]:
        found["trail", trail["TrailARN"]] = trail
    return found


def made(before: dict[tuple[str, str], Any], after: dict[tuple[str, str], Any]) -> list[str]:
    """The kinds of what is new; all that was there before has to be there as it was."""
    assert before.items() <= after.items()
    return sorted(kind for kind, _ in after.keys() - before.keys())


WHOLE = ["alarm", "metric filter", "subscription", "topic"]


def nothing_behind_the_trail(aws: EmbeddedAws) -> None:
    an_account(aws, patterns=(), has_alarm=False, topic=False)


def put_filter(
    name: str = "ConfigChangesAlarmRule", pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, **members: Any
) -> None:
    transformation = {"metricNamespace": "ConfigChangesAlarmRule", "metricName": "ConfigChanges", "metricValue": "1"}
    logs: Any = boto3.client("logs")
    logs.put_metric_filter(
        logGroupName=LOG_GROUP,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[{**transformation, **members}],
    )


def mute(alarm_name: str) -> None:
    boto3.client("cloudwatch").put_alarm_mute_rule(
        Name="holiday",
        Rule={"Schedule": {"Expression": "at(2026-11-23T00:00)", "Duration": "PT12H"}},
        MuteTargets={"AlarmNames": [alarm_name]},
    )


OWNER_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "owner",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
            "Action": "sns:*",
            "Resource": TOPIC,
        }
    ],
}


def a_topic(policy: dict[str, Any] | None = None, key_id: str | None = None) -> None:
    sns = boto3.client("sns")
    sns.create_topic(Name="config-changes")
    for name, value in (("Policy", policy and json.dumps(policy)), ("KmsMasterKeyId", key_id)):
        if value:
            sns.set_topic_attributes(TopicArn=TOPIC, AttributeName=name, AttributeValue=value)


def a_key(*statements: dict[str, Any]) -> str:
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = {"Version": "2012-10-17", "Statement": [root, *statements]}
    arn: str = boto3.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    return arn
