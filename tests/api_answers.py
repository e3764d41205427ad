"""What AWS answers about an account, as JSON, so that a test may change any member that AWS has.

`Answers` hold one answer of each API; `FakeAccount.of` makes the account of them, with the same `from_api` that the
reader uses.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

Answers = dict[str, Any]

OWN, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
GROUP = "CloudTrail/logs"
GROUP_ARN = f"arn:aws:logs:{REGION}:{OWN}:log-group:{GROUP}"
TRAIL_ARN = f"arn:aws:cloudtrail:{REGION}:{OWN}:trail/everything"
TOPIC = f"arn:aws:sns:{REGION}:{OWN}:security-notices"
SUBSCRIPTION = f"{TOPIC}:11111111-2222-3333-4444-555555555555"
BY_SNS = {"Service": "sns.amazonaws.com"}
ORGANIZATION = "o-exampleorg1"
KEY_ARN = f"arn:aws:kms:{REGION}:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def policy(**statement: Any) -> str:
    """An access policy with the statement of AWS's own documentation, changed where members are given."""
    plain = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    merged = {name: value for name, value in {**plain, **statement}.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [merged]})


def a_trail(name: str = "everything", **members: Any) -> Answers:
    arn = f"arn:aws:cloudtrail:{REGION}:{OWN}:trail/{name}"
    return {
        "Name": name,
        "TrailARN": arn,
        "HomeRegion": REGION,
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": False,
        "HasCustomEventSelectors": False,
        "CloudWatchLogsLogGroupArn": f"{GROUP_ARN}:*",
        **members,
    }


def a_filter(name: str = "config-calls", pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, **members: Any) -> Answers:
    """`members` of the metric transformation are given as `transformation`."""
    transformation = {
        "metricName": "ConfigChanges",
        "metricNamespace": "CIS",
        "metricValue": "1",
        **members.pop("transformation", {}),
    }
    return {
        "filterName": name,
        "filterPattern": pattern,
        "metricTransformations": [transformation],
        "logGroupName": GROUP,
        **members,
    }


def an_alarm(name: str = "config-changes", **members: Any) -> Answers:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "StateValue": "OK",
        "MetricName": "ConfigChanges",
        "Namespace": "CIS",
        "Dimensions": [],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        **members,
    }


def a_composite(name: str, rule: str, **members: Any) -> Answers:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:{name}",
        "AlarmRule": rule,
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "StateValue": "OK",
        **members,
    }


def a_subscription(arn: str = SUBSCRIPTION, **members: Any) -> Answers:
    return {
        "SubscriptionArn": arn,
        "Owner": OWN,
        "Protocol": "email",
        "Endpoint": "security@example.com",
        "TopicArn": arn.rsplit(":", 1)[0] if arn.startswith("arn:") else TOPIC,
        **members,
    }


def compliant_answers() -> Answers:
    """One trail, one filter, one alarm, one unencrypted topic with one confirmed subscription."""
    return {
        "DescribeTrails": {"trailList": [a_trail()]},
        "GetTrailStatus": {
            "IsLogging": True,
            "LatestCloudWatchLogsDeliveryTime": (NOW - timedelta(minutes=3)).isoformat(),
            "StartLoggingTime": (NOW - timedelta(days=90)).isoformat(),
        },
        "GetEventSelectors": {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]},
        "DescribeLogGroups": {"logGroups": [{"arn": f"{GROUP_ARN}:*", "logGroupClass": "STANDARD"}]},
        "DescribeMetricFilters": {"metricFilters": [a_filter()]},
        "DescribeAlarms": {"MetricAlarms": [an_alarm()], "CompositeAlarms": [], "LogAlarms": []},
        "ListAlarmMuteRules": {},
        "DescribeAlarmHistory": {},
        "GetTopicAttributes": {"Attributes": {"TopicArn": TOPIC, "Owner": OWN, "Policy": policy()}},
        "ListSubscriptionsByTopic": {"Subscriptions": [a_subscription()]},
        "GetSubscriptionAttributes": {
            "Attributes": {"SubscriptionArn": SUBSCRIPTION, "PendingConfirmation": "false"},
        },
        "DescribeKey": {"KeyMetadata": {"Arn": KEY_ARN, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}},
        "GetQueueAttributes": {
            "Attributes": {"Policy": policy(Principal=BY_SNS, Action="sqs:SendMessage", Resource="*")},
        },
        "GetPolicy": {"Policy": policy(Principal=BY_SNS, Action="lambda:InvokeFunction", Resource="*")},
        "DescribeOrganization": {"Organization": {"Id": ORGANIZATION}},
        "GetKeyPolicy": {
            "Policy": policy(Action=["kms:GenerateDataKey*", "kms:Decrypt"], Resource="*"),
        },
    }


def patched(value: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396): members are merged, null removes, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            merged.pop(name, None)
        else:
            merged[name] = patched(merged.get(name), change)
    return merged
