"""An account as plain values behind the reader's interface: no AWS, no network, so that laws can try thousands.

`a_monitored_account()` is compliant; tests describe every other account as what differs from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from config_changes_alarm.account import NotFound, Unreadable
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from config_changes_alarm.resources import (
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    CompositeAlarm,
    EventSelector,
    EventSelectors,
    Key,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    MetricTransformation,
    Place,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACCOUNT, REGION = "123456789012", "us-east-1"
LOG_GROUP = LogGroupId("aws", ACCOUNT, REGION, "CloudTrail/logs")
METRIC = Metric("CIS", "ConfigChanges")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:config-changes"
SUBSCRIPTION = f"{TOPIC}:0f0e0d0c-0b0a-4908-8706-050403020100"
EVERYTHING = EventSelectors((EventSelector(),))
DEFAULT_TOPIC_POLICY = (
    '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:Publish"],'
    f'"Resource":"{TOPIC}","Condition":{{"StringEquals":{{"AWS:SourceOwner":"{ACCOUNT}"}}}}}}]}}'
)


@dataclass(frozen=True, slots=True)
class ConfiguredTrail:
    """A trail with what CloudTrail says of its state and its selectors."""

    trail: Trail
    status: TrailStatus
    selectors: EventSelectors = EVERYTHING


@dataclass(frozen=True, slots=True)
class PlainAccount:
    """Answers every read from its values. `denied` are IAM actions that AWS refuses, TestMetricFilter unless given."""

    configured_trails: tuple[ConfiguredTrail, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    filters: tuple[MetricFilter, ...] = ()
    metric_alarms: tuple[MetricAlarm, ...] = ()
    composite_alarms: tuple[CompositeAlarm, ...] = ()
    mute_rules: tuple[tuple[str, AlarmMuteRule], ...] = ()
    history: tuple[tuple[str, AlarmHistoryItem], ...] = ()
    topics: tuple[Topic, ...] = ()
    subscribed: tuple[tuple[Subscription, SubscriptionAttributes], ...] = ()
    keys: tuple[tuple[str, Key], ...] = ()
    denied: frozenset[str] = frozenset()
    oracle: Callable[[str, str], bool] | None = None
    account_id: str = ACCOUNT
    region: str = REGION
    partition: str = "aws"

    def _refused(self, operation: str, subject: str = "") -> Unreadable | None:
        return Unreadable(operation, "AccessDenied", subject) if operation in self.denied else None

    def trails(self) -> tuple[Trail, ...] | Unreadable:
        refused = self._refused("cloudtrail:DescribeTrails")
        return refused or tuple(each.trail for each in self.configured_trails)

    def _configured(self, trail: Trail) -> ConfiguredTrail | NotFound:
        found = (each for each in self.configured_trails if each.trail.trail_arn == trail.trail_arn)
        return next(found, NotFound(trail.trail_arn))

    def trail_status(self, trail: Trail) -> TrailStatus | NotFound | Unreadable:
        found = self._configured(trail)
        refused = self._refused("cloudtrail:GetTrailStatus", trail.name)
        return refused or (found if isinstance(found, NotFound) else found.status)

    def event_selectors(self, trail: Trail) -> EventSelectors | NotFound | Unreadable:
        found = self._configured(trail)
        refused = self._refused("cloudtrail:GetEventSelectors", trail.name)
        return refused or (found if isinstance(found, NotFound) else found.selectors)

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable:
        found = (each for each in self.log_groups if each.id == log_group)
        return self._refused("logs:DescribeLogGroups", log_group.name) or next(found, NotFound(log_group.name))

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
        if (refused := self._refused("logs:DescribeMetricFilters", log_group.name)) is not None:
            return refused
        if isinstance(self.log_group(log_group), NotFound):
            return NotFound(log_group.name)
        return tuple(each for each in self.filters if each.log_group == log_group)

    def metric_filters_publishing(
        self, place: Place, metric_namespace: str, metric_name: str
    ) -> tuple[MetricFilter, ...] | Unreadable:
        return self._refused("logs:DescribeMetricFilters") or tuple(
            each
            for each in self.filters
            if each.log_group.place == place
            and (metric_namespace, metric_name)
            in [(made.metric_namespace, made.metric_name) for made in each.metric_transformations]
        )

    def alarms_on_metric(self, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
        refused = self._refused("cloudwatch:DescribeAlarmsForMetric")
        return refused or tuple(each for each in self.metric_alarms if each.place == place and each.metric == metric)

    def alarms(self, place: Place) -> AlarmListing | Unreadable:
        return self._refused("cloudwatch:DescribeAlarms") or AlarmListing(
            tuple(each for each in self.metric_alarms if each.place == place),
            tuple(each for each in self.composite_alarms if each.place == place),
        )

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> tuple[AlarmMuteRule, ...] | Unreadable:
        refused = self._refused("cloudwatch:ListAlarmMuteRules", alarm_name)
        return refused or tuple(rule for name, rule in self.mute_rules if name == alarm_name)

    def alarm_actions_history(
        self, place: Place, alarm_name: str, alarm_type: AlarmType
    ) -> tuple[AlarmHistoryItem, ...] | Unreadable:
        refused = self._refused("cloudwatch:DescribeAlarmHistory", alarm_name)
        return refused or tuple(item for name, item in self.history if name == alarm_name)

    def topic(self, topic_arn: str) -> Topic | NotFound | Unreadable:
        found = (each for each in self.topics if each.topic_arn == topic_arn)
        return self._refused("sns:GetTopicAttributes", topic_arn) or next(found, NotFound(topic_arn))

    def subscriptions(self, topic_arn: str) -> tuple[Subscription, ...] | NotFound | Unreadable:
        refused = self._refused("sns:ListSubscriptionsByTopic", topic_arn)
        return refused or tuple(each for each, _ in self.subscribed if each.topic_arn == topic_arn)

    def subscription_attributes(self, subscription_arn: str) -> SubscriptionAttributes | NotFound | Unreadable:
        found = (attributes for _, attributes in self.subscribed if attributes.subscription_arn == subscription_arn)
        refused = self._refused("sns:GetSubscriptionAttributes", subscription_arn)
        return refused or next(found, NotFound(subscription_arn))

    def key(self, topic_arn: str, key_id: str) -> Key | NotFound | Unreadable:
        found = (key for name, key in self.keys if name == key_id)
        return self._refused("kms:DescribeKey", key_id) or next(found, NotFound(key_id))

    def test_metric_filter(
        self, place: Place, filter_pattern: str, messages: Sequence[str]
    ) -> frozenset[int] | Unreadable:
        assert 0 < len(messages) <= 50
        if self.oracle is None:
            return Unreadable("logs:TestMetricFilter", "AccessDenied")
        return frozenset(number for number, each in enumerate(messages) if self.oracle(filter_pattern, each))

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(read() for read in reads)


# --------------------------------------------------------------------------- what it is made of


def a_trail(name: str = "everything", log_group: LogGroupId | None = LOG_GROUP, **members: Any) -> Trail:
    home = members.get("home_region", REGION)
    made = Trail(
        name,
        f"arn:aws:cloudtrail:{home}:{ACCOUNT}:trail/{name}",
        home,
        is_multi_region_trail=True,
        cloud_watch_logs_log_group_arn=None if log_group is None else f"{log_group.arn}:*",
    )
    return replace(made, **members)


def logging(**members: Any) -> TrailStatus:
    return replace(TrailStatus(True, None, NOW - timedelta(minutes=5), NOW - timedelta(days=90)), **members)


def a_filter(
    pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, name: str = "config-changes", **members: Any
) -> MetricFilter:
    publishes = {key: members.pop(key) for key in list(members) if key in MetricTransformation.__dataclass_fields__}
    transformation = MetricTransformation(METRIC.metric_name, METRIC.namespace, "1")
    made = MetricFilter(name, pattern, LOG_GROUP, (replace(transformation, **publishes),))
    return replace(made, **members)


def alarm_arn(name: str, region: str = REGION) -> str:
    return f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}"


def an_alarm(name: str = "config-changes", **members: Any) -> MetricAlarm:
    made = MetricAlarm(
        alarm_name=name,
        alarm_arn=alarm_arn(name),
        alarm_actions=(TOPIC,),
        state_value="OK",
        metric=METRIC,
        statistic="Sum",
        period=300,
        evaluation_periods=1,
        threshold=1.0,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
    )
    return replace(made, **members)


def a_composite(rule: str, name: str = "security", **members: Any) -> CompositeAlarm:
    made = CompositeAlarm(name, alarm_arn(name), rule, alarm_actions=(TOPIC,), state_value="OK")
    return replace(made, **members)


def a_subscription(
    state: str = "confirmed", endpoint: str = "security@example.com", arn: str = SUBSCRIPTION, **attributes: Any
) -> tuple[Subscription, SubscriptionAttributes]:
    """`state` is confirmed, PendingConfirmation or Deleted; SNS writes the last two instead of an ARN."""
    shown = arn if state == "confirmed" else state
    topic_arn = arn.rsplit(":", 1)[0]
    return Subscription(shown, "email", endpoint, topic_arn), SubscriptionAttributes(arn, **attributes)


def a_monitored_account(**members: Any) -> PlainAccount:
    """Compliant: one of everything, as the control's remediation text builds it."""
    made = PlainAccount(
        configured_trails=(ConfiguredTrail(a_trail(), logging()),),
        log_groups=(LogGroup(LOG_GROUP, "STANDARD"),),
        filters=(a_filter(),),
        metric_alarms=(an_alarm(),),
        topics=(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY),),
        subscribed=(a_subscription(),),
    )
    return replace(made, **members)
