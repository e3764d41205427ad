"""What the rule may do in AWS: the one list that roles, documentation and tests are made from.

The resources follow AWS's service authorization reference. Where an action takes no resource, or AWS documents that it
answers wrongly with a narrower one, `wide` says so. The Region is free everywhere: a trail, its log group and the topic
may lie in other Regions than the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cloudformation import Value, sub

__all__ = [
    "EVALUATOR",
    "LOG_GROUP_READER",
    "SERVICES",
    "TELLS_OF_FAILURES",
    "WRITES_LOG",
    "Permission",
    "actions_of",
    "may_assume",
    "policy",
]

_NO_RESOURCE = "The action takes no resource."


@dataclass(frozen=True, slots=True)
class Permission:
    """One statement of a policy. `resources` are texts for `Fn::Sub`; `wide` says why one is `*`."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    wide: str = ""
    condition: Mapping[str, Mapping[str, str]] | None = None

    def statement(self) -> Mapping[str, Value]:
        """As a policy of a template holds it."""
        resources: list[Value] = [sub(resource) for resource in self.resources]
        statement: dict[str, Value] = {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": resources[0] if len(resources) == 1 else resources,
        }
        return {**statement, "Condition": self.condition} if self.condition else statement


_TRAIL_LIST = Permission(
    "ListTrails", ("cloudtrail:DescribeTrails",), ("*",), "Which trails see this account.", _NO_RESOURCE
)
_TRAIL_STATUS = Permission(
    "ReadTrailStatus",
    ("cloudtrail:GetTrailStatus",),
    ("arn:${AWS::Partition}:cloudtrail:*:*:trail/*",),
    "Is the trail logging, and does it deliver. An organization's trail belongs to another account.",
)
_TRAIL_SELECTORS = Permission(
    "ReadTrailSelectors",
    ("cloudtrail:GetEventSelectors",),
    ("arn:${AWS::Partition}:cloudtrail:*:*:trail/*",),
    "Does the trail record the required events. An organization's trail belongs to another account.",
)
_LOG_GROUPS = Permission(
    "ListLogGroups",
    ("logs:DescribeLogGroups", "logs:TestMetricFilter"),
    ("*",),
    "Does the trail's log group exist; does AWS match a single record where nothing documents it.",
    _NO_RESOURCE,
)
_METRIC_FILTERS = Permission(
    "ReadMetricFilters",
    ("logs:DescribeMetricFilters",),
    ("arn:${AWS::Partition}:logs:*:${AWS::AccountId}:log-group:*",),
    "Which filters watch the trail's log group, and which others publish the same metric.",
)
_ALARMS_OF_METRIC = Permission(
    "ListAlarmsOfMetric",
    ("cloudwatch:DescribeAlarmsForMetric",),
    ("*",),
    "Which alarms watch the metric.",
    _NO_RESOURCE,
)
_ALARMS = Permission(
    "ReadAlarms",
    ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"),
    ("*",),
    "Which alarms use the metric in an expression or a composite alarm, and whether their last action failed.",
    "AWS shows composite alarms only to a permission that is scoped to *.",
)
_MUTE_RULES = Permission(
    "ListMuteRules", ("cloudwatch:ListAlarmMuteRules",), ("*",), "Is the alarm muted now.", _NO_RESOURCE
)
_MUTE_RULE = Permission(
    "ReadMuteRules",
    ("cloudwatch:GetAlarmMuteRule",),
    ("arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm-mute*",),
    "When will it be muted. AWS's pages name the resource alarm-mute and alarm-mute-rule; both are meant.",
)
_TOPICS = Permission(
    "ReadTopics",
    ("sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"),
    ("arn:${AWS::Partition}:sns:*:*:*",),
    "Does the topic take the alarm's message, and who is subscribed. An alarm may notify another account's topic.",
)
_SUBSCRIPTIONS = Permission(
    "ReadSubscriptions",
    ("sns:GetSubscriptionAttributes",),
    ("*",),
    "Is the subscription confirmed, and does its filter policy let the message through.",
    _NO_RESOURCE,
)
_KEYS = Permission(
    "ReadKeys",
    ("kms:DescribeKey", "kms:GetKeyPolicy"),
    ("arn:${AWS::Partition}:kms:*:*:key/*",),
    "May CloudWatch use the topic's key, and SNS a subscribed queue's. Decrypts nothing.",
)
_QUEUES = Permission(
    "ReadQueues",
    ("sqs:GetQueueAttributes",),
    ("arn:${AWS::Partition}:sqs:*:*:*",),
    "Does a subscribed queue let the topic send to it. Asked only where nobody else is told; reads no messages.",
)
_FUNCTIONS = Permission(
    "ReadFunctionPolicies",
    ("lambda:GetPolicy",),
    ("arn:${AWS::Partition}:lambda:*:*:function:*",),
    "Does a subscribed function let the topic invoke it. Asked only where nobody else is told.",
)
_ORGANIZATION = Permission(
    "ReadOrganization",
    ("organizations:DescribeOrganization",),
    ("*",),
    "Which organization is the account in, where a policy tests aws:SourceOrgID or aws:SourceOrgPaths.",
    _NO_RESOURCE,
)
_REPORT = Permission(
    "ReportToConfig", ("config:PutEvaluations",), ("*",), "Hands the verdict to AWS Config.", _NO_RESOURCE
)

_BEHIND_THE_LOG_GROUP = (
    _LOG_GROUPS,
    _METRIC_FILTERS,
    _ALARMS_OF_METRIC,
    _ALARMS,
    _MUTE_RULES,
    _MUTE_RULE,
    _TOPICS,
    _SUBSCRIPTIONS,
    _QUEUES,
    _FUNCTIONS,
    _KEYS,
    _ORGANIZATION,
)

EVALUATOR: tuple[Permission, ...] = (_TRAIL_LIST, _TRAIL_STATUS, _TRAIL_SELECTORS, *_BEHIND_THE_LOG_GROUP, _REPORT)
"""Of the role that evaluates an account: the function's own, or a member's role in an organization."""

LOG_GROUP_READER: tuple[Permission, ...] = (_TRAIL_STATUS, _TRAIL_SELECTORS, *_BEHIND_THE_LOG_GROUP)
"""Of the role `LogGroupAccountRoleName` in the account that an organization's trail delivers to."""

WRITES_LOG = Permission(
    "WriteLog",
    ("logs:CreateLogStream", "logs:PutLogEvents"),
    ("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${RuleName}:log-stream:*",),
    "Lambda writes the function's log, one line an evaluation.",
)
"""Of the function's role; used by Lambda, not by the code."""


TELLS_OF_FAILURES = Permission(
    "TellOfFailures",
    ("sns:Publish", "sqs:SendMessage"),
    ("${FailureDestinationArn}",),
    "Lambda tells FailureDestinationArn, where one is given, of an evaluation that it gave up.",
)
"""Of the function's role; used by Lambda, not by the code."""


SERVICES = frozenset(("sts", *(action.partition(":")[0] for each in EVALUATOR for action in each.actions)))
"""All that the function calls, by the names that IAM and botocore share; STS where it assumes a role."""


def may_assume(role_name: str, why: str) -> Permission:
    """Assume one role by its name, in the accounts of the same organization and in no others."""
    return Permission(
        "AssumeRole",
        ("sts:AssumeRole",),
        (f"arn:${{AWS::Partition}}:iam::*:role/{role_name}",),
        why,
        condition={"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
    )


def policy(permissions: Sequence[Permission]) -> Mapping[str, Any]:
    """The policy document of a role."""
    return {"Version": "2012-10-17", "Statement": [permission.statement() for permission in permissions]}


def actions_of(permissions: Sequence[Permission]) -> frozenset[str]:
    """All actions that they allow."""
    return frozenset(action for permission in permissions for action in permission.actions)
