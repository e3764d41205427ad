"""Deployments of the control as public infrastructure code makes them: `vectors/`, a file each.

Members are named as AWS names them. The filters of the deployment's other controls are listed by name and pattern
alone; each has a metric and an alarm of its own like the control's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import (
    EventSelectors,
    Function,
    Key,
    LogGroup,
    LogGroupId,
    MetricFilter,
    Queue,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
)

from ..fake_account import ACCOUNT, DEFAULT_TOPIC_POLICY, NOW, REGION, TOPIC, ConfiguredTrail, FakeAccount, logging
from .carrying_out import alarm_of

VECTORS = Path(__file__).parent / "vectors"

PLAIN_ALARM = {
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
    "ActionsEnabled": True,
}


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is deployed, and what is right to say of it. `vector` is the file's content."""

    name: str
    vector: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    @property
    def compliance(self) -> str:
        return str(self.vector["compliance"])

    @property
    def metric_filters(self) -> list[dict[str, Any]]:
        """PutMetricFilter's input, one after the other: the last one of a name stays."""
        others = [
            {
                "logGroupName": self._log_group_name,
                **each,
                "metricTransformations": [
                    {"metricName": each["filterName"], "metricNamespace": self._namespace, "metricValue": "1"}
                ],
            }
            for each in self.vector["other_controls"]
        ]
        put = [*self.vector["metric_filters"], *others]
        return list({(each["logGroupName"], each["filterName"]): each for each in put}.values())

    @property
    def alarms(self) -> list[dict[str, Any]]:
        """PutMetricAlarm's input."""
        own: list[dict[str, Any]] = self.vector["alarms"]
        first = own[0] if own else {"AlarmActions": [each["TopicArn"] for each in self.vector["topics"][:1]]}
        like = PLAIN_ALARM | {name: value for name, value in first.items() if name in ("AlarmActions", "OKActions")}
        if "MetricName" in first:
            like |= first
        others = [
            {
                **{name: value for name, value in like.items() if name != "Unit"},
                "AlarmName": each["filterName"],
                "Namespace": self._namespace,
                "MetricName": each["filterName"],
            }
            for each in self.vector["other_controls"]
        ]
        return [*own, *others]

    @property
    def other_patterns(self) -> tuple[str, ...]:
        """What the other controls of the deployment want to hear of."""
        return tuple(dict.fromkeys(str(each["filterPattern"]) for each in self.vector["other_controls"]))

    @property
    def _log_group_name(self) -> str:
        return LogGroupId.parse(self.vector["trails"][0]["CloudWatchLogsLogGroupArn"]).name

    @property
    def _namespace(self) -> str:
        for each in self.vector["metric_filters"][:1]:
            return str(each["metricTransformations"][0]["metricNamespace"])
        return "CISBenchmark"

    def account(self) -> FakeAccount:
        """The account that has it, as it is seen with the rule's own role."""
        arns = [each.get("CloudWatchLogsLogGroupArn") for each in self.vector["trails"]]
        groups = [LogGroupId.parse(arn) for arn in arns if arn is not None]
        return FakeAccount(
            configured_trails=tuple(map(_trail, self.vector["trails"])),
            log_groups=tuple(LogGroup(each, "STANDARD") for each in groups if each.account_id == ACCOUNT),
            filters=tuple(
                MetricFilter.from_api(each, LogGroupId("aws", ACCOUNT, REGION, each["logGroupName"]))
                for each in self.metric_filters
            ),
            metric_alarms=tuple(map(alarm_of, self.alarms)),
            topics=tuple(map(_topic, self.vector["topics"])),
            subscribed=tuple(each for topic in self.vector["topics"] for each in _subscriptions(topic)),
            keys=tuple(
                (arn, Key(arn, "CUSTOMER", "Enabled", json.dumps(policy)))
                for arn, policy in self.vector["keys"].items()
            ),
            queues=tuple(Queue(arn, _queue_url(arn)) for arn in self.vector.get("queues", ())),
            functions=tuple(map(self._function, self.vector.get("functions", ()))),
            refusals=dict.fromkeys(self.vector.get("refused", ()), "AuthorizationError"),
        )

    def _function(self, arn: str) -> Function:
        """It lets the topics invoke it that it is subscribed to."""
        topics = [
            topic["TopicArn"]
            for topic in self.vector["topics"]
            for each in topic["Subscriptions"]
            if each["Endpoint"] == arn
        ]
        statements = [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Resource": arn,
                "Condition": {"ArnLike": {"AWS:SourceArn": topic}},
            }
            for topic in topics
        ]
        return Function(arn, json.dumps({"Version": "2012-10-17", "Statement": statements}))


def deployments() -> list[Deployment]:
    """All of them."""
    return [Deployment(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(VECTORS.iterdir())]


def assessed(account: FakeAccount, **parameters: str) -> Assessment:
    return assess(account.opened(), Requirement.parse(parameters), NOW)


# --------------------------------------------------------------------------- what AWS answers of it


def _trail(vector: dict[str, Any]) -> ConfiguredTrail:
    answer = {"TrailARN": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{vector['Name']}", "HomeRegion": REGION}
    trail = Trail.from_api(answer | vector)
    return ConfiguredTrail(trail, logging(), EventSelectors.from_api(vector))


def _topic(vector: dict[str, Any]) -> Topic:
    arn, policy = vector["TopicArn"], vector.get("Policy")
    attributes = {
        "TopicArn": arn,
        "Owner": arn.split(":")[4],
        "Policy": DEFAULT_TOPIC_POLICY.replace(TOPIC, arn) if policy is None else json.dumps(policy),
        "KmsMasterKeyId": vector.get("KmsMasterKeyId"),
    }
    return Topic.from_api({"Attributes": attributes})


def _queue_url(arn: str) -> str:
    *_, region, account_id, name = arn.split(":")
    return f"https://sqs.{region}.amazonaws.com/{account_id}/{name}"


def _subscriptions(topic: dict[str, Any]) -> Iterator[tuple[Subscription, SubscriptionAttributes]]:
    for number, each in enumerate(topic["Subscriptions"]):
        arn = f"{topic['TopicArn']}:00000000-0000-0000-0000-{number:012}"
        yield (
            Subscription(arn, each["Protocol"], each["Endpoint"], topic["TopicArn"], ACCOUNT),
            SubscriptionAttributes(arn),
        )
