"""Two accounts as AWS answers about them: a plain one, and an organization's that needs every API of the chain."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from config_changes_alarm.resources import Place

from .http_aws import OWN, Content, HttpAws, Refusal, Request, fixed

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MANAGEMENT, AUDIT = "222222222222", "333333333333"
REGION, HOME_REGION = "eu-west-1", "us-east-1"
ROLE = "alarm-reader"
GROUP = "aws-controltower/CloudTrailLogs"


def plain_account(now: datetime = NOW) -> HttpAws:
    """Everything in one account and Region; one trail, one filter, one alarm, one unencrypted topic."""
    return HttpAws(_answers(OWN, OWN, OWN, REGION, DEFAULT_REQUIRED_FILTER_PATTERN, now), account_of=lambda _: OWN)


def organization_account() -> HttpAws:
    """A member of an organization, in another Region than everything else.

    Trail and log group are the management account's, the encrypted topic is the audit account's. The alarm's action
    hangs on a composite alarm, with a mute rule for next year; and whether the pattern matches a routine event as well,
    AWS does not document.
    """
    routine = f"($.eventName = PutEvaluations && $.recipientAccountId = {OWN})"
    doubtful = DEFAULT_REQUIRED_FILTER_PATTERN.replace(" }", f" || {routine} }}")
    answers = _answers(MANAGEMENT, MANAGEMENT, AUDIT, HOME_REGION, doubtful, NOW)
    trails = answers["cloudtrail:DescribeTrails"](_nothing("cloudtrail:DescribeTrails"))
    assert isinstance(trails, dict)
    trails["trailList"][0]["IsOrganizationTrail"] = True
    topic = _topic_arn(AUDIT, HOME_REGION)
    alarm = _alarm(MANAGEMENT, HOME_REGION, [])
    composite = {
        "AlarmName": "security",
        "AlarmArn": f"arn:aws:cloudwatch:{HOME_REGION}:{MANAGEMENT}:alarm:security",
        "AlarmRule": 'ALARM("config-changes")',
        "ActionsEnabled": True,
        "AlarmActions": [topic],
        "StateValue": "OK",
        "StateTransitionedTimestamp": NOW - timedelta(days=9),
    }
    rule_arn = f"arn:aws:cloudwatch:{HOME_REGION}:{MANAGEMENT}:alarm-mute-rule:new-year"
    key_arn = f"arn:aws:kms:{HOME_REGION}:{AUDIT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    attributes = answers["sns:GetTopicAttributes"](_nothing("sns:GetTopicAttributes"))
    assert isinstance(attributes, dict)
    attributes["Attributes"]["KmsMasterKeyId"] = key_arn
    schedule = {"Expression": "at(2027-01-01T00:00)", "Duration": "PT2H"}
    answers |= {
        "cloudtrail:DescribeTrails": fixed(trails),
        "cloudwatch:DescribeAlarmsForMetric": fixed({"MetricAlarms": [alarm]}),
        "cloudwatch:DescribeAlarms": fixed({"MetricAlarms": [alarm], "CompositeAlarms": [composite], "LogAlarms": []}),
        "cloudwatch:ListAlarmMuteRules": fixed(
            {"AlarmMuteRuleSummaries": [{"AlarmMuteRuleArn": rule_arn, "Status": "SCHEDULED"}]}
        ),
        "cloudwatch:GetAlarmMuteRule": fixed(
            {
                "Name": "new-year",
                "AlarmMuteRuleArn": rule_arn,
                "Rule": {"Schedule": schedule},
                "MuteTargets": {"AlarmNames": ["security"]},
                "Status": "SCHEDULED",
            }
        ),
        "logs:TestMetricFilter": _matching,
        "sns:GetTopicAttributes": fixed(attributes),
        "kms:DescribeKey": fixed(
            {
                "KeyMetadata": {
                    "Arn": key_arn,
                    "KeyId": key_arn[-36:],
                    "KeyManager": "CUSTOMER",
                    "KeyState": "Enabled",
                    "Enabled": True,
                }
            }
        ),
        "kms:GetKeyPolicy": fixed({"Policy": _policy("kms:*", "*"), "PolicyName": "default"}),
        "sts:AssumeRole": _assume_role,
    }
    return HttpAws(answers, account_of=_account_of)


def _nothing(operation: str) -> Request:
    return Request(operation, Place(OWN, REGION), {})


OF_ITS_OWNER = ("cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors")
"""What the owner of an organization's trail and its members may ask, and are answered alike here."""


def _account_of(request: Request) -> str:
    service = request.operation.partition(":")[0]
    if request.operation in OF_ITS_OWNER and request.place.account_id in (OWN, MANAGEMENT):
        return request.place.account_id
    return {"cloudtrail": OWN, "sts": OWN, "logs": MANAGEMENT, "cloudwatch": MANAGEMENT}.get(service, AUDIT)


def _assume_role(request: Request) -> Content | Refusal:
    account_id = request.members["RoleArn"].split(":")[4]
    if request.members["RoleArn"] != f"arn:aws:iam::{account_id}:role/{ROLE}":
        return Refusal("AccessDenied", 403)
    credentials = {
        "AccessKeyId": f"role-{account_id}",
        "SecretAccessKey": "secret",
        "SessionToken": "token",
        "Expiration": NOW + timedelta(hours=1),
    }
    return {"Credentials": credentials}


def _matching(request: Request) -> Content:
    """The required events of AWS Config match, everything else does not."""
    matches = [
        {"eventNumber": number, "eventMessage": message, "extractedValues": {}}
        for number, message in enumerate(request.members["logEventMessages"], 1)
        if json.loads(message)["eventName"] in DEFAULT_REQUIRED_FILTER_PATTERN
    ]
    return {"matches": matches}


def _topic_arn(account_id: str, region: str) -> str:
    return f"arn:aws:sns:{region}:{account_id}:config-changes"


def _policy(action: str, resource: str) -> str:
    statement = {
        "Sid": "CloudWatch",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _alarm(account_id: str, region: str, actions: list[str]) -> Content:
    return {
        "AlarmName": "config-changes",
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{account_id}:alarm:config-changes",
        "AlarmConfigurationUpdatedTimestamp": NOW - timedelta(days=9),
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": actions,
        "InsufficientDataActions": [],
        "StateValue": "OK",
        "StateReason": "no data points",
        "StateUpdatedTimestamp": NOW - timedelta(days=9),
        "StateTransitionedTimestamp": NOW - timedelta(days=9),
        "MetricName": "ConfigChanges",
        "Namespace": "CIS",
        "Statistic": "Sum",
        "Dimensions": [],
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


def _answers(
    trail_owner: str, group_owner: str, topic_owner: str, region: str, pattern: str, now: datetime
) -> dict[str, Any]:
    """As the API reference shows them, member by member."""
    trail_arn = f"arn:aws:cloudtrail:{region}:{trail_owner}:trail/everything"
    group_arn = f"arn:aws:logs:{region}:{group_owner}:log-group:{GROUP}"
    topic = _topic_arn(topic_owner, region)
    subscription_arn = f"{topic}:11111111-2222-3333-4444-555555555555"
    subscription = {
        "SubscriptionArn": subscription_arn,
        "Owner": topic_owner,
        "Protocol": "email",
        "Endpoint": "security@example.com",
        "TopicArn": topic,
    }
    metric_filter = {
        "filterName": "config-changes",
        "filterPattern": pattern,
        "metricTransformations": [{"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1"}],
        "creationTime": 1700000000000,
        "logGroupName": GROUP,
        "applyOnTransformedLogs": False,
    }
    answers: dict[str, Content] = {
        "cloudtrail:DescribeTrails": {
            "trailList": [
                {
                    "Name": "everything",
                    "S3BucketName": "trail-records",
                    "IncludeGlobalServiceEvents": True,
                    "IsMultiRegionTrail": True,
                    "HomeRegion": region,
                    "TrailARN": trail_arn,
                    "LogFileValidationEnabled": True,
                    "CloudWatchLogsLogGroupArn": f"{group_arn}:*",
                    "CloudWatchLogsRoleArn": f"arn:aws:iam::{trail_owner}:role/trail",
                    "HasCustomEventSelectors": True,
                    "HasInsightSelectors": False,
                    "IsOrganizationTrail": False,
                }
            ]
        },
        "cloudtrail:GetTrailStatus": {
            "IsLogging": True,
            "LatestDeliveryTime": now - timedelta(minutes=4),
            "LatestCloudWatchLogsDeliveryTime": now - timedelta(minutes=3),
            "StartLoggingTime": now - timedelta(days=90),
        },
        "cloudtrail:GetEventSelectors": {
            "TrailARN": trail_arn,
            "EventSelectors": [
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "DataResources": [],
                    "ExcludeManagementEventSources": [],
                }
            ],
        },
        "logs:DescribeLogGroups": {
            "logGroups": [
                {
                    "logGroupName": GROUP,
                    "creationTime": 1700000000000,
                    "metricFilterCount": 1,
                    "arn": f"{group_arn}:*",
                    "storedBytes": 0,
                    "logGroupClass": "STANDARD",
                    "logGroupArn": group_arn,
                }
            ]
        },
        "logs:DescribeMetricFilters": {"metricFilters": [metric_filter]},
        "cloudwatch:DescribeAlarmsForMetric": {"MetricAlarms": [_alarm(group_owner, region, [topic])]},
        "cloudwatch:DescribeAlarms": {
            "MetricAlarms": [_alarm(group_owner, region, [topic])],
            "CompositeAlarms": [],
            "LogAlarms": [],
        },
        "cloudwatch:ListAlarmMuteRules": {"AlarmMuteRuleSummaries": []},
        "cloudwatch:DescribeAlarmHistory": {
            "AlarmHistoryItems": [
                {
                    "AlarmName": "config-changes",
                    "AlarmType": "MetricAlarm",
                    "Timestamp": now - timedelta(days=9),
                    "HistoryItemType": "Action",
                    "HistorySummary": f"Successfully executed action {topic}",
                    "HistoryData": json.dumps({"actionState": "Succeeded", "notificationResource": topic}),
                }
            ]
        },
        "sns:GetTopicAttributes": {
            "Attributes": {
                "TopicArn": topic,
                "Owner": topic_owner,
                "Policy": _policy("sns:Publish", topic),
                "SubscriptionsConfirmed": "1",
                "SubscriptionsPending": "0",
                "SubscriptionsDeleted": "0",
                "DisplayName": "",
            }
        },
        "sns:ListSubscriptionsByTopic": {"Subscriptions": [subscription]},
        "sns:GetSubscriptionAttributes": {
            "Attributes": {**subscription, "PendingConfirmation": "false", "RawMessageDelivery": "false"}
        },
    }
    return {operation: fixed(content) for operation, content in answers.items()}
