"""An example of every finding, before and after its remedy, and the page that shows them: docs/findings.md.

An example is written as what AWS answers, and only as far as it matters: the tests lay it over the answers of a
compliant account, expect this finding before and none after. So no example can be wrong for long.

Long on purpose: it is one table, an example for each finding, in the order of the catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from config_changes_alarm.findings import CATALOGUE, FindingId, Kind, filled

__all__ = ["EXAMPLES", "Answers", "Example", "page"]

Answers: TypeAlias = Mapping[str, Any]
"""What differs from a compliant account's answers, by API operation. Lists are laid over element by element, an empty
list empties. `RuleParameters` are the rule's own; `refusals` maps an IAM action to the error with which AWS refuses.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """`before` leads to the finding, `after` does not."""

    before: Answers
    after: Answers


def _of(operation: str, before: Any, after: Any) -> Example:
    return Example({operation: before}, {operation: after})


def _trail(before: Answers, after: Answers) -> Example:
    return _of("DescribeTrails", {"trailList": [before]}, {"trailList": [after]})


def _selectors_of_one_event(selector: Answers) -> Answers:
    """The trail's selector, where an event is required that is not known to be a write."""
    pattern = "{ $.eventSource = config.amazonaws.com && $.eventName = DeliverConfigSnapshot }"
    return {
        "RuleParameters": {"RequiredFilterPattern": pattern},
        "DescribeMetricFilters": {"metricFilters": [{"filterPattern": pattern}]},
        "GetEventSelectors": {"EventSelectors": [selector]},
    }


def _of_objects(selector: Answers) -> Answers:
    """The trail's selector, where a data event is required."""
    pattern = "{ $.eventSource = s3.amazonaws.com && $.eventName = DeleteObject }"
    return {
        "RuleParameters": {"RequiredFilterPattern": pattern},
        "DescribeMetricFilters": {"metricFilters": [{"filterPattern": pattern}]},
        "GetEventSelectors": {"EventSelectors": [selector]},
    }


def _filter(before: Answers, after: Answers) -> Example:
    return _of("DescribeMetricFilters", {"metricFilters": [before]}, {"metricFilters": [after]})


def _transformation(before: Answers, after: Answers) -> Example:
    return _filter({"metricTransformations": [before]}, {"metricTransformations": [after]})


def _alarm(before: Answers, after: Answers) -> Example:
    return _of("DescribeAlarms", {"MetricAlarms": [before]}, {"MetricAlarms": [after]})


def _mute_rule(summary: Answers) -> Example:
    """Before: a mute rule, as its summary tells. After: none."""
    named = {"AlarmMuteRuleArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:holiday"}
    return _of("ListAlarmMuteRules", {"config-changes": [{**named, **summary}]}, {})


def _composite(**members: Any) -> Example:
    """Before: the action on a composite alarm only. After: on the metric alarm too."""
    composite = {
        "AlarmName": "security",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:security",
        "AlarmRule": "ALARM(config-changes)",
        "ActionsEnabled": True,
        "AlarmActions": [_TOPIC],
        **members,
    }
    return Example(
        {"DescribeAlarms": {"MetricAlarms": [{"AlarmActions": []}], "CompositeAlarms": [composite]}},
        {"DescribeAlarms": {"MetricAlarms": [{"AlarmActions": [_TOPIC]}], "CompositeAlarms": [composite]}},
    )


def _topic(before: Answers, after: Answers) -> Example:
    return _of("GetTopicAttributes", {"Attributes": before}, {"Attributes": after})


def _subscription(before: Answers, after: Answers) -> Example:
    return _of("GetSubscriptionAttributes", {"Attributes": before}, {"Attributes": after})


def _policy(principal: Answers, action: str | list[str], resource: str, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource, **condition}
    return json.dumps({"Statement": [statement]})


_TOPIC = "arn:aws:sns:eu-west-1:111122223333:security-notices"
_SUBSCRIPTION = f"{_TOPIC}:11111111-2222-3333-4444-555555555555"
_GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:CloudTrail/logs:*"
_FOREIGN_GROUP = "arn:aws:logs:eu-west-1:444455556666:log-group:CloudTrail/logs:*"
_ELSEWHERE: Answers = {
    "DescribeTrails": {"trailList": [{"CloudWatchLogsLogGroupArn": _FOREIGN_GROUP}]},
    "DescribeLogGroups": {"logGroups": [{"arn": _FOREIGN_GROUP}]},
    "DescribeAlarms": {
        "MetricAlarms": [{"AlarmArn": "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:config-changes"}]
    },
}
_FOREIGN_TOPIC = "arn:aws:sns:eu-west-1:444455556666:security-notices"
_TOPIC_ELSEWHERE: Answers = {
    "DescribeAlarms": {"MetricAlarms": [{"AlarmActions": [_FOREIGN_TOPIC]}]},
    "GetTopicAttributes": {
        "Attributes": {
            "TopicArn": _FOREIGN_TOPIC,
            "Policy": _policy({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish", _FOREIGN_TOPIC),
        }
    },
    "ListSubscriptionsByTopic": {
        "Subscriptions": [
            {
                "SubscriptionArn": f"{_FOREIGN_TOPIC}:11111111-2222-3333-4444-555555555555",
                "TopicArn": _FOREIGN_TOPIC,
                "Owner": "444455556666",
            }
        ]
    },
    "RuleParameters": {"LogGroupAccountRoleName": "config-changes-reader"},
}
_QUEUE = {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:eu-west-1:111122223333:changes"}
_TO_A_QUEUE: Answers = {"ListSubscriptionsByTopic": {"Subscriptions": [_QUEUE]}}
_FUNCTION = {"Protocol": "lambda", "Endpoint": "arn:aws:lambda:eu-west-1:111122223333:function:page"}
_TO_A_FUNCTION: Answers = {"ListSubscriptionsByTopic": {"Subscriptions": [_FUNCTION]}}
_SNS = {"Service": "sns.amazonaws.com"}
_OUR_TOPIC = {"Condition": {"ArnEquals": {"aws:SourceArn": _TOPIC}}}
_CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
_KEY_ACTIONS = ["kms:GenerateDataKey*", "kms:Decrypt"]
_DEFAULT_KEY_POLICY = _policy({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*", "*")
_ADMITTING_KEY_POLICY = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {"Effect": "Allow", "Principal": _CLOUDWATCH, "Action": _KEY_ACTIONS, "Resource": "*"},
        ]
    }
)
_OUR_ACCOUNT = {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}
_OUR_NETWORK = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
_CONTROL = (
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
    "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
)
_SPOILER = {
    "filterName": "sign-in",
    "filterPattern": "{ $.eventName = ConsoleLogin }",
    "metricTransformations": [
        {"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "1", "defaultValue": 1}
    ],
}
_DOUBTFUL = {
    "filterName": "calls",
    "filterPattern": "{ $.eventName = ConsoleLogin }",
    "metricTransformations": [
        {"metricName": "ConfigChanges", "metricNamespace": "CIS", "metricValue": "$.requestParameters.count"}
    ],
}

F = FindingId
EXAMPLES: Mapping[FindingId, Example] = {
    F.CANNOT_READ: _of("refusals", {"cloudtrail:GetTrailStatus": "AccessDenied"}, {}),
    F.CANNOT_READ_ELSEWHERE: Example(
        {**_TOPIC_ELSEWHERE, "refusals": {"sns:GetTopicAttributes": "AuthorizationError"}}, _TOPIC_ELSEWHERE
    ),
    F.NO_TRAIL: _of("DescribeTrails", {"trailList": []}, {}),
    F.TRAIL_SINGLE_REGION: _trail({"IsMultiRegionTrail": False}, {"IsMultiRegionTrail": True}),
    F.TRAIL_NOT_LOGGING: _of("GetTrailStatus", {"IsLogging": False}, {"IsLogging": True}),
    F.TRAIL_NO_LOG_GROUP: _trail({"CloudWatchLogsLogGroupArn": None}, {"CloudWatchLogsLogGroupArn": _GROUP}),
    F.TRAIL_DELIVERY_ERROR: _of("GetTrailStatus", {"LatestCloudWatchLogsDeliveryError": "Access denied."}, {}),
    F.TRAIL_DELIVERY_STALE: _of(
        "GetTrailStatus", {"LatestCloudWatchLogsDeliveryTime": "2026-11-01T10:00:00+00:00"}, {}
    ),
    F.TRAIL_SELECTORS_MISS_EVENT: _of(
        "GetEventSelectors",
        {"EventSelectors": [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]},
        {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]},
    ),
    F.TRAIL_SELECTORS_UNVERIFIED: Example(
        _selectors_of_one_event({"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}),
        _selectors_of_one_event({"ReadWriteType": "All", "IncludeManagementEvents": True}),
    ),
    F.TRAIL_SELECTORS_MISS_DATA_EVENT: Example(_of_objects({"ReadWriteType": "All"}), {}),
    F.TRAIL_SELECTORS_DATA_UNVERIFIED: Example(
        _of_objects(
            {"ReadWriteType": "All", "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::papers/"]}]}
        ),
        {},
    ),
    F.LOG_GROUP_MISSING: _of("DescribeLogGroups", {"logGroups": []}, {}),
    F.LOG_GROUP_CLASS: _of(
        "DescribeLogGroups",
        {"logGroups": [{"logGroupClass": "INFREQUENT_ACCESS"}]},
        {"logGroups": [{"logGroupClass": "STANDARD"}]},
    ),
    F.LOG_GROUP_CLASS_UNVERIFIED: _of(
        "DescribeLogGroups",
        {"logGroups": [{"logGroupClass": "ESSENTIALS"}]},
        {"logGroups": [{"logGroupClass": "STANDARD"}]},
    ),
    F.LOG_GROUP_IN_ANOTHER_ACCOUNT: Example(
        _ELSEWHERE, {**_ELSEWHERE, "RuleParameters": {"LogGroupAccountRoleName": "config-changes-reader"}}
    ),
    F.LOG_GROUP_ROLE_NOT_ASSUMABLE: Example(
        {
            **_ELSEWHERE,
            "RuleParameters": {"LogGroupAccountRoleName": "config-changes-reader"},
            "refusals": {"sts:AssumeRole": "AccessDenied"},
        },
        {**_ELSEWHERE, "RuleParameters": {"LogGroupAccountRoleName": "config-changes-reader"}},
    ),
    F.NO_METRIC_FILTER: _of("DescribeMetricFilters", {"metricFilters": []}, {}),
    F.PATTERN_MISSES_EVENT: _filter(
        {"filterPattern": _CONTROL.replace("||($.eventName=PutDeliveryChannel)", "")}, {"filterPattern": _CONTROL}
    ),
    F.PATTERN_UNDECIDED: _filter({"filterPattern": _CONTROL.replace("=Stop", "==Stop")}, {"filterPattern": _CONTROL}),
    F.PATTERN_MATCHES_ROUTINE: _filter(
        {"filterPattern": "{ $.eventSource = config.amazonaws.com }"}, {"filterPattern": _CONTROL}
    ),
    F.FILTER_SELECTION_CRITERIA: _filter({"fieldSelectionCriteria": '@aws.region = "eu-west-1"'}, {}),
    F.FILTER_SELECTION_UNVERIFIED: _filter({"fieldSelectionCriteria": '@aws.organization = "o-1a2b3c4d5e"'}, {}),
    F.FILTER_ON_TRANSFORMED_LOGS: _filter({"applyOnTransformedLogs": True}, {"applyOnTransformedLogs": False}),
    F.METRIC_VALUE: _transformation({"metricValue": "0"}, {"metricValue": "1"}),
    F.METRIC_VALUE_UNVERIFIED: _transformation({"metricValue": "$.requestParameters.count"}, {"metricValue": "1"}),
    F.METRIC_DEFAULT_VALUE: _transformation({"defaultValue": 1}, {"defaultValue": 0}),
    F.METRIC_DIMENSIONS: _transformation({"dimensions": {"user": "$.userIdentity.arn"}}, {}),
    F.METRIC_SPOILED: _of("DescribeMetricFilters", {"metricFilters": [{}, _SPOILER]}, {"metricFilters": [{}]}),
    F.METRIC_SHARING_UNVERIFIED: _of(
        "DescribeMetricFilters", {"metricFilters": [{}, _DOUBTFUL]}, {"metricFilters": [{}]}
    ),
    F.NO_ALARM: _of("DescribeAlarms", {"MetricAlarms": []}, {}),
    F.ALARM_ON_ANOTHER_METRIC: _alarm({"Namespace": "LogMetrics"}, {"Namespace": "CIS"}),
    F.ALARM_NEVER_FIRES: _alarm({"Threshold": 2.0}, {"Threshold": 1.0}),
    F.ALARM_ALWAYS_ON: _alarm({"TreatMissingData": "breaching"}, {"TreatMissingData": "notBreaching"}),
    F.ALARM_DOES_NOT_REARM: _alarm({"Period": 86400}, {"Period": 300}),
    F.ALARM_UNPROVABLE: _alarm({"Statistic": None, "ExtendedStatistic": "tm90"}, {"Statistic": "Sum"}),
    F.ALARM_EVALUATION_ERROR: _alarm({"EvaluationState": "EVALUATION_ERROR"}, {}),
    F.ALARM_WARMING_UP: _alarm({"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 2880}}, {}),
    F.ALARM_ACTIONS_DISABLED: _alarm({"ActionsEnabled": False}, {"ActionsEnabled": True}),
    F.ALARM_NO_TOPIC: _alarm({"AlarmActions": [], "OKActions": [_TOPIC]}, {"AlarmActions": [_TOPIC]}),
    F.ALARM_MUTED: _mute_rule({"Status": "ACTIVE"}),
    F.ALARM_MUTE_UNVERIFIED: _mute_rule({"Status": "SCHEDULED"}),
    F.ALARM_ACTION_FAILED: _of(
        "DescribeAlarmHistory",
        {
            "config-changes": [
                {
                    "Timestamp": "2026-11-23T10:00:00+00:00",
                    "HistorySummary": f"Failed to execute action {_TOPIC}. Received error: Resource not found",
                }
            ]
        },
        {
            "config-changes": [
                {
                    "Timestamp": "2026-11-24T09:00:00+00:00",
                    "HistorySummary": f"Successfully executed action {_TOPIC}",
                }
            ]
        },
    ),
    F.COMPOSITE_UNPROVABLE: _composite(AlarmRule="ALARM(config-changes) AND NOT ALARM(deployment)"),
    F.COMPOSITE_HELD: _composite(AlarmRule="ALARM(config-changes) OR TRUE"),
    F.COMPOSITE_SUPPRESSED: _composite(ActionsSuppressor="maintenance"),
    F.TOPIC_NOT_ACCEPTED: _of(
        "RuleParameters",
        {"TopicArns": "arn:aws:sns:eu-west-1:111122223333:security"},
        {"TopicArns": f"arn:aws:sns:eu-west-1:111122223333:security,{_TOPIC}"},
    ),
    F.TOPIC_MISSING: _of("GetTopicAttributes", None, {}),
    F.TOPIC_IN_ANOTHER_REGION: _alarm(
        {"AlarmActions": ["arn:aws:sns:us-east-1:111122223333:pager"]}, {"AlarmActions": [_TOPIC]}
    ),
    F.TOPIC_POLICY_DENIES_ALARM: _topic(
        {"Policy": _policy({"AWS": "arn:aws:iam::111122223333:role/deployment"}, "sns:Publish", _TOPIC)},
        {"Policy": _policy(_CLOUDWATCH, "sns:Publish", _TOPIC, **_OUR_ACCOUNT)},
    ),
    F.TOPIC_POLICY_UNVERIFIED: _topic(
        {"Policy": _policy({"AWS": "*"}, "sns:Publish", _TOPIC, **_OUR_NETWORK)},
        {"Policy": _policy(_CLOUDWATCH, "sns:Publish", _TOPIC, **_OUR_ACCOUNT)},
    ),
    F.TOPIC_KEY_DENIES_ALARM: Example(
        {"GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/aws/sns"}}},
        {
            "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
            "GetKeyPolicy": {"Policy": _ADMITTING_KEY_POLICY},
        },
    ),
    F.TOPIC_KEY_POLICY_DENIES_ALARM: Example(
        {
            "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
            "GetKeyPolicy": {"Policy": _DEFAULT_KEY_POLICY},
        },
        {
            "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
            "GetKeyPolicy": {"Policy": _ADMITTING_KEY_POLICY},
        },
    ),
    F.TOPIC_KEY_UNVERIFIED: Example(
        {
            "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
            "GetKeyPolicy": {"Policy": _policy(_CLOUDWATCH, _KEY_ACTIONS, "*", **_OUR_NETWORK)},
        },
        {
            "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
            "GetKeyPolicy": {"Policy": _policy(_CLOUDWATCH, _KEY_ACTIONS, "*", **_OUR_ACCOUNT)},
        },
    ),
    F.TOPIC_FIFO_UNVERIFIED: Example(
        {
            "GetTopicAttributes": {"Attributes": {"FifoTopic": "true", "ContentBasedDeduplication": "false"}},
            "ListSubscriptionsByTopic": {"Subscriptions": [_QUEUE]},
        },
        {
            "GetTopicAttributes": {"Attributes": {"FifoTopic": "true", "ContentBasedDeduplication": "true"}},
            "ListSubscriptionsByTopic": {"Subscriptions": [_QUEUE]},
        },
    ),
    F.TOPIC_MESSAGE_SIZE: Example(
        {
            "DescribeAlarms": {"MetricAlarms": [{"AlarmDescription": "Tell the security team. " * 43}]},
            "GetTopicAttributes": {"Attributes": {"MaximumMessageSize": "1024"}},
        },
        {
            "DescribeAlarms": {"MetricAlarms": [{"AlarmDescription": "Tell the security team. " * 43}]},
            "GetTopicAttributes": {"Attributes": {"MaximumMessageSize": "262144"}},
        },
    ),
    F.TOPIC_MESSAGE_SIZE_UNVERIFIED: _topic({"MaximumMessageSize": "1024"}, {"MaximumMessageSize": "262144"}),
    F.NO_SUBSCRIPTION: _of("ListSubscriptionsByTopic", {"Subscriptions": []}, {}),
    F.SUBSCRIPTION_PENDING: _of(
        "ListSubscriptionsByTopic",
        {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]},
        {"Subscriptions": [{"SubscriptionArn": _SUBSCRIPTION}]},
    ),
    F.SUBSCRIPTION_FILTERED: _subscription({"FilterPolicy": '{"severity": ["high"]}'}, {}),
    F.SUBSCRIPTION_FILTER_UNVERIFIED: _subscription(
        {"FilterPolicy": '{"NewStateReason": [{"prefix": "Threshold"}]}', "FilterPolicyScope": "MessageBody"}, {}
    ),
    F.QUEUE_MISSING: Example({**_TO_A_QUEUE, "GetQueueAttributes": None}, _TO_A_QUEUE),
    F.QUEUE_DENIES_TOPIC: Example(
        {**_TO_A_QUEUE, "GetQueueAttributes": {"Attributes": {"Policy": None}}},
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"Policy": _policy(_SNS, "sqs:SendMessage", "*", **_OUR_TOPIC)}},
        },
    ),
    F.QUEUE_KEY_DENIES_TOPIC: Example(
        {**_TO_A_QUEUE, "GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "alias/aws/sqs"}}},
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "alias/queues"}},
            "GetKeyPolicy": {"Policy": _policy(_SNS, _KEY_ACTIONS, "*")},
        },
    ),
    F.QUEUE_KEY_POLICY_DENIES_TOPIC: Example(
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "alias/queues"}},
            "GetKeyPolicy": {"Policy": _DEFAULT_KEY_POLICY},
        },
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"KmsMasterKeyId": "alias/queues"}},
            "GetKeyPolicy": {"Policy": _policy(_SNS, _KEY_ACTIONS, "*", **_OUR_TOPIC)},
        },
    ),
    F.FUNCTION_DENIES_TOPIC: Example(
        {**_TO_A_FUNCTION, "GetPolicy": None},
        {**_TO_A_FUNCTION, "GetPolicy": {"Policy": _policy(_SNS, "lambda:InvokeFunction", "*", **_OUR_TOPIC)}},
    ),
    F.ENDPOINT_UNVERIFIED: Example(
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"Policy": _policy(_SNS, "sqs:SendMessage", "*", **_OUR_NETWORK)}},
        },
        {
            **_TO_A_QUEUE,
            "GetQueueAttributes": {"Attributes": {"Policy": _policy(_SNS, "sqs:SendMessage", "*", **_OUR_TOPIC)}},
        },
    ),
}
"""Every kind of finding, in the order of the catalogue."""


# --------------------------------------------------------------------------- the page


def page() -> str:
    """The catalogue with its examples as Markdown."""
    lines = [
        "# Findings",
        "",
        "What can break the chain, in its order. Every example is tested: laid over the answers of a compliant",
        "account, what stands before leads to the finding, and what stands after does not.",
        "",
        "A finding disproves that somebody is told, or could only not be verified: denied, hidden or undocumented.",
        "The last are marked; neither is ever COMPLIANT.",
        "",
        "This page is made by `make docs` from the catalogue in `config_changes_alarm/findings/` and the examples in",
        "`documentation/finding_examples.py`.",
        "",
        *map(_entry, CATALOGUE.values()),
    ]
    for kind in CATALOGUE.values():
        lines += _section(kind)
    return "\n".join(lines) + "\n"


def _entry(kind: Kind) -> str:
    """A line of the list of contents."""
    return f"- [{kind.id}](#{kind.id}): {_sentence(kind)}{'' if kind.disproves else ' (not verified)'}"


def _sentence(kind: Kind) -> str:
    return kind.sentence.replace("{subject}", "*name*")


def _section(kind: Kind) -> list[str]:
    mark = "" if kind.disproves else " *Not verified, not disproved.*"
    lines = ["", f"## {kind.id}", "", f"**{_sentence(kind)}.** {kind.why}{mark}", ""]
    example = EXAMPLES[kind.id]
    lines += ["```json", *_shown("before", example.before), *_shown("after", example.after), "```", ""]
    return [*lines, f"Next step: {kind.step}.", "", "```sh", filled(kind.remedy, {}), "```"]


def _shown(label: str, answers: Answers) -> list[str]:
    """What AWS answers; where nothing differs from a compliant account there is nothing to show."""
    told = {operation: answer for operation, answer in answers.items() if answer != {}}
    return [f"// {label}", json.dumps(told)] if told else [f"// {label}: as of a compliant account"]
