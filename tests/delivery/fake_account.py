"""A plain fake of the account: holds what AWS would answer, element by element, and notes what it was asked.

`Answers` are API answers as JSON, one resource of a kind after the other; an account is made of them with the same
`from_api` that the reader uses, so that a test may change any member that AWS has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from config_changes_alarm.account import NotFound, Unreadable
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from config_changes_alarm.resources import (
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    CompositeAlarm,
    EventSelectors,
    Key,
    LogAlarm,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    Place,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)

Answers = dict[str, Any]
K = TypeVar("K")
T = TypeVar("T")

OWN, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
GROUP = "CloudTrail/logs"
GROUP_ARN = f"arn:aws:logs:{REGION}:{OWN}:log-group:{GROUP}"
TRAIL_ARN = f"arn:aws:cloudtrail:{REGION}:{OWN}:trail/everything"
TOPIC = f"arn:aws:sns:{REGION}:{OWN}:config-changes"
SUBSCRIPTION = f"{TOPIC}:11111111-2222-3333-4444-555555555555"
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


def a_filter(name: str = "config-changes", pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, **members: Any) -> Answers:
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


def _timed(value: Any) -> Any:
    """The members that AWS sends as times, as times."""
    if isinstance(value, dict):
        return {
            name: datetime.fromisoformat(each)
            if name.endswith(("Time", "Timestamp", "Date")) and isinstance(each, str)
            else _timed(each)
            for name, each in value.items()
        }
    return [_timed(each) for each in value] if isinstance(value, list) else value


@dataclass
class FakeAccount:
    """Answers from frozen values. `refusals` maps an IAM action to the error code with which AWS refuses it.

    `aws_matches` stands for TestMetricFilter: which of the messages the pattern matches.
    """

    trail_list: tuple[Trail, ...] = ()
    statuses: dict[str, TrailStatus] = field(default_factory=dict)
    selectors: dict[str, EventSelectors] = field(default_factory=dict)
    groups: dict[LogGroupId, LogGroup] = field(default_factory=dict)
    filters: dict[LogGroupId, tuple[MetricFilter, ...]] = field(default_factory=dict)
    listing: AlarmListing = field(default_factory=AlarmListing)
    mute_rules: dict[str, tuple[AlarmMuteRule, ...]] = field(default_factory=dict)
    history: dict[str, tuple[AlarmHistoryItem, ...]] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    topic_subscriptions: dict[str, tuple[Subscription, ...]] = field(default_factory=dict)
    attributes: dict[str, SubscriptionAttributes] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    aws_matches: Callable[[str, Sequence[str]], frozenset[int]] | None = None
    account_id: str = OWN
    region: str = REGION
    partition: str = "aws"
    calls: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, answers: Answers) -> FakeAccount:
        """An account that answers so, for every resource of a kind the same."""
        told = _timed(answers)
        trails = tuple(Trail.from_api(each) for each in told["DescribeTrails"]["trailList"])
        groups = [LogGroup.from_api(each) for each in told["DescribeLogGroups"]["logGroups"]]
        listing = AlarmListing(
            tuple(MetricAlarm.from_api(each) for each in told["DescribeAlarms"]["MetricAlarms"]),
            tuple(CompositeAlarm.from_api(each) for each in told["DescribeAlarms"]["CompositeAlarms"]),
            tuple(LogAlarm.from_api(each) for each in told["DescribeAlarms"]["LogAlarms"]),
        )
        filters = told["DescribeMetricFilters"]["metricFilters"]
        topics = [] if told["GetTopicAttributes"] is None else [Topic.from_api(told["GetTopicAttributes"])]
        subscriptions = tuple(Subscription.from_api(each) for each in told["ListSubscriptionsByTopic"]["Subscriptions"])
        key_policy = told["GetKeyPolicy"]["Policy"]
        attributes = told["GetSubscriptionAttributes"]["Attributes"]
        return cls(
            trail_list=trails,
            statuses={trail.trail_arn: TrailStatus.from_api(told["GetTrailStatus"]) for trail in trails},
            selectors={trail.trail_arn: EventSelectors.from_api(told["GetEventSelectors"]) for trail in trails},
            groups={group.id: group for group in groups},
            filters={group.id: tuple(MetricFilter.from_api(each, group.id) for each in filters) for group in groups},
            listing=listing,
            mute_rules={
                name: tuple(AlarmMuteRule.from_api(each) for each in rules)
                for name, rules in told["ListAlarmMuteRules"].items()
            },
            history={
                name: tuple(AlarmHistoryItem.from_api(each) for each in items)
                for name, items in told["DescribeAlarmHistory"].items()
            },
            topics={topic.topic_arn: topic for topic in topics},
            topic_subscriptions={topic.topic_arn: subscriptions for topic in topics},
            attributes={
                each.subscription_arn: SubscriptionAttributes.from_api(
                    {"Attributes": {**attributes, "SubscriptionArn": each.subscription_arn}}
                )
                for each in subscriptions
            },
            keys={}
            if told["DescribeKey"] is None
            else {topic.topic_arn: Key.from_api(told["DescribeKey"], key_policy) for topic in topics},
            refusals=dict(told.get("refusals", {})),
        )

    def _told(self, operation: str, subject: str, answer: T) -> T | Unreadable:
        """The answer, or AWS's refusal; noted either way."""
        self.calls.append(operation)
        if operation in self.refusals:
            return Unreadable(operation, self.refusals[operation], subject)
        return answer

    def _found(self, operation: str, subject: str, values: Mapping[K, T], key: K) -> T | NotFound | Unreadable:
        return self._told(operation, subject, values.get(key, NotFound(subject)))

    def trails(self) -> tuple[Trail, ...] | Unreadable:
        return self._told("cloudtrail:DescribeTrails", "trails", self.trail_list)

    def trail_status(self, trail: Trail) -> TrailStatus | NotFound | Unreadable:
        return self._found("cloudtrail:GetTrailStatus", trail.name, self.statuses, trail.trail_arn)

    def event_selectors(self, trail: Trail) -> EventSelectors | NotFound | Unreadable:
        return self._found("cloudtrail:GetEventSelectors", trail.name, self.selectors, trail.trail_arn)

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable:
        return self._found("logs:DescribeLogGroups", log_group.name, self.groups, log_group)

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
        return self._found("logs:DescribeMetricFilters", log_group.name, self.filters, log_group)

    def metric_filters_publishing(
        self, place: Place, metric_namespace: str, metric_name: str
    ) -> tuple[MetricFilter, ...] | Unreadable:
        publishing = tuple(
            metric_filter
            for group, filters in self.filters.items()
            for metric_filter in filters
            if group.place == place
            and any(
                (each.metric_namespace, each.metric_name) == (metric_namespace, metric_name)
                for each in metric_filter.metric_transformations
            )
        )
        return self._told("logs:DescribeMetricFilters", metric_name, publishing)

    def _alarms_there(self, place: Place) -> AlarmListing:
        return AlarmListing(
            tuple(each for each in self.listing.metric_alarms if each.place == place),
            tuple(each for each in self.listing.composite_alarms if each.place == place),
            self.listing.log_alarms,
        )

    def alarms_on_metric(self, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
        on_metric = tuple(each for each in self._alarms_there(place).metric_alarms if each.metric == metric)
        return self._told("cloudwatch:DescribeAlarmsForMetric", str(metric), on_metric)

    def alarms(self, place: Place) -> AlarmListing | Unreadable:
        return self._told("cloudwatch:DescribeAlarms", "alarms", self._alarms_there(place))

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> tuple[AlarmMuteRule, ...] | Unreadable:
        rules = self.mute_rules.get(alarm_name, ())
        return self._told("cloudwatch:ListAlarmMuteRules", alarm_name, rules)

    def alarm_actions_history(
        self, place: Place, alarm_name: str, alarm_type: AlarmType
    ) -> tuple[AlarmHistoryItem, ...] | Unreadable:
        items = self.history.get(alarm_name, ())
        return self._told("cloudwatch:DescribeAlarmHistory", alarm_name, items)

    def topic(self, topic_arn: str) -> Topic | NotFound | Unreadable:
        return self._found("sns:GetTopicAttributes", topic_arn, self.topics, topic_arn)

    def subscriptions(self, topic_arn: str) -> tuple[Subscription, ...] | NotFound | Unreadable:
        return self._found("sns:ListSubscriptionsByTopic", topic_arn, self.topic_subscriptions, topic_arn)

    def subscription_attributes(self, subscription_arn: str) -> SubscriptionAttributes | NotFound | Unreadable:
        return self._found("sns:GetSubscriptionAttributes", subscription_arn, self.attributes, subscription_arn)

    def key(self, topic_arn: str, key_id: str) -> Key | NotFound | Unreadable:
        return self._found("kms:DescribeKey", key_id, self.keys, topic_arn)

    def test_metric_filter(
        self, place: Place, filter_pattern: str, messages: Sequence[str]
    ) -> frozenset[int] | Unreadable:
        self.calls.append("logs:TestMetricFilter")
        assert 0 < len(messages) <= 50
        if self.aws_matches is None:
            return Unreadable("logs:TestMetricFilter", "AccessDeniedException", filter_pattern)
        return self.aws_matches(filter_pattern, messages)

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(read() for read in reads)
