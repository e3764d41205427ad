"""An organization on the embedded AWS whose member accounts are monitored, each with its own resources."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.session import Session as BotocoreSession
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from demo.embedded_aws import REGION, EmbeddedAws

ROLE = "AuditRole"
GROUP = "CloudTrail/logs"
ENDPOINT = "security@example.com"


def an_organization(aws: EmbeddedAws, members: int) -> tuple[str, ...]:
    """Creates it with the embedded account as its management account; returns the ids of its members."""
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    for number in range(1, members + 1):
        organizations.create_account(AccountName=f"member-{number:02}", Email=f"member-{number}@example.com")
    listed = [each for page in organizations.get_paginator("list_accounts").paginate() for each in page["Accounts"]]
    aws.confirm(ENDPOINT)
    return tuple(each["Id"] for each in sorted(listed, key=lambda each: each["Name"]) if "member-" in each["Name"])


def session_in(account_id: str) -> boto3.Session:
    """Credentials of a role there, really assumed."""
    arn = f"arn:aws:iam::{account_id}:role/builder"
    given = boto3.Session().client("sts").assume_role(RoleArn=arn, RoleSessionName="builder")["Credentials"]
    lean = BotocoreSession()
    lean.register_component("data_loader", _LOADER)
    return boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION, botocore_session=lean
    )


_LOADER = BotocoreSession().get_component("data_loader")


def monitored(*account_ids: str) -> None:
    """Makes the accounts compliant."""
    sessions = [session_in(account_id) for account_id in account_ids]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_monitored, account_ids, sessions))


def _monitored(account_id: str, session: boto3.Session) -> None:
    topic = f"arn:aws:sns:{REGION}:{account_id}:config-changes"
    logs: Any = session.client("logs")
    cloudtrail = session.client("cloudtrail")
    bucket = f"records-{account_id}"
    session.client("s3").create_bucket(Bucket=bucket)
    iam = session.client("iam")
    role = iam.create_role(RoleName="trail", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    logs.create_log_group(logGroupName=GROUP)
    cloudtrail.create_trail(
        Name="everything",
        S3BucketName=bucket,
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{account_id}:log-group:{GROUP}:*",
        CloudWatchLogsRoleArn=role,
    )
    cloudtrail.start_logging(Name="everything")
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="config-changes",
        filterPattern=DEFAULT_REQUIRED_FILTER_PATTERN,
        metricTransformations=[{"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1"}],
    )
    sns = session.client("sns")
    sns.create_topic(Name="config-changes")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=ENDPOINT)
    session.client("cloudwatch").put_metric_alarm(
        AlarmName="config-changes",
        Namespace="CIS",
        MetricName="ConfigChanges",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
