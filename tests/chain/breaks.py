"""Every way to break one hop of the monitored account, with the finding that has to name it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from config_changes_alarm.findings import FindingId
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    AlarmHistoryItem,
    AlarmMuteRule,
    EventSelector,
    EventSelectors,
    Key,
    LogGroup,
    Metric,
    Topic,
    TrailStatus,
)

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    LOG_GROUP,
    METRIC,
    NOW,
    REGION,
    TOPIC,
    FakeAccount,
    a_filter,
    a_subscription,
    an_alarm,
    logging,
)
from .accounts import Change


@dataclass(frozen=True)
class Break:
    """One hop of the compliant account broken, and the finding that has to say so first."""

    words: str
    finding: FindingId
    change: Change


def trail(words: str, finding: FindingId, selectors: EventSelectors | None = None, **members: Any) -> Break:
    """A trail that differs."""

    def change(account: FakeAccount) -> FakeAccount:
        changed = [
            replace(had, trail=replace(had.trail, **members), selectors=selectors or had.selectors)
            for had in account.configured_trails[:1]
        ]
        return replace(account, configured_trails=(*changed, *account.configured_trails[1:]))

    return Break(words, finding, change)


def status(words: str, finding: FindingId, found: TrailStatus) -> Break:
    def change(account: FakeAccount) -> FakeAccount:
        changed = [replace(had, status=found) for had in account.configured_trails[:1]]
        return replace(account, configured_trails=(*changed, *account.configured_trails[1:]))

    return Break(words, finding, change)


def of_filter(words: str, finding: FindingId, pattern: str | None = None, **members: Any) -> Break:
    made = a_filter(**members) if pattern is None else a_filter(pattern, **members)
    return Break(words, finding, lambda account: replace(account, filters=(made, *account.filters[1:])))


def of_alarm(words: str, finding: FindingId, **members: Any) -> Break:
    made = an_alarm(**members)
    return Break(words, finding, lambda account: replace(account, metric_alarms=(made, *account.metric_alarms[1:])))


def of_topic(words: str, finding: FindingId, **members: Any) -> Break:
    made = replace(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY), **members)
    return Break(words, finding, lambda account: replace(account, topics=(made, *account.topics[1:])))


def of_subscription(words: str, finding: FindingId, *args: Any, **attributes: Any) -> Break:
    made = a_subscription(*args, **attributes)
    return Break(words, finding, lambda account: replace(account, subscribed=(made, *account.subscribed[1:])))


def without(words: str, finding: FindingId, member: str) -> Break:
    """The compliant account's own one removed."""

    def change(account: FakeAccount) -> FakeAccount:
        fewer: dict[str, Any] = {member: getattr(account, member)[1:]}
        return replace(account, **fewer)

    return Break(words, finding, change)


def refused(operation: str) -> Break:
    def change(account: FakeAccount) -> FakeAccount:
        return account.refusing(operation)

    return Break(f"{operation} denied", FindingId.CANNOT_READ, change)


def muted(account: FakeAccount) -> FakeAccount:
    rule = AlarmMuteRule(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:holiday", "ACTIVE")
    return replace(account, mute_rules=(("config-changes", rule),))


def failed_last_time(account: FakeAccount) -> FakeAccount:
    item = AlarmHistoryItem(NOW - timedelta(hours=1), f"Failed to execute action {TOPIC}. Received error: denied")
    return replace(account, history=(("config-changes", item),))


def encrypted(key_state: str) -> Change:
    """The topic encrypted with a customer managed key that admits CloudWatch and is in this state."""
    policy = (
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},'
        '"Action":["kms:GenerateDataKey*","kms:Decrypt"],"Resource":"*"}]}'
    )
    key = Key(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f0e0d0c", "CUSTOMER", key_state, policy)

    def change(account: FakeAccount) -> FakeAccount:
        topics = tuple(replace(topic, kms_master_key_id="alias/topics") for topic in account.topics[:1])
        return replace(account, topics=(*topics, *account.topics[1:]), keys=(("alias/topics", key),))

    return change


F = FindingId
BREAKS = (
    without("no trail", F.NO_TRAIL, "configured_trails"),
    trail("single-Region trail", F.TRAIL_SINGLE_REGION, is_multi_region_trail=False),
    trail("trail without log group", F.TRAIL_NO_LOG_GROUP, cloud_watch_logs_log_group_arn=None),
    trail(
        "log group of another account",
        F.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        cloud_watch_logs_log_group_arn=f"arn:aws:logs:{REGION}:999999999999:log-group:{LOG_GROUP.name}:*",
    ),
    trail(
        "same-named log group of another Region",
        F.LOG_GROUP_MISSING,
        cloud_watch_logs_log_group_arn=f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{LOG_GROUP.name}:*",
    ),
    status("trail stopped", F.TRAIL_NOT_LOGGING, logging(is_logging=False)),
    status("delivery error", F.TRAIL_DELIVERY_ERROR, logging(latest_cloud_watch_logs_delivery_error="AccessDenied")),
    status(
        "last delivery a week ago",
        F.TRAIL_DELIVERY_STALE,
        logging(latest_cloud_watch_logs_delivery_time=NOW - timedelta(days=7)),
    ),
    trail("reads only", F.TRAIL_SELECTORS_MISS_EVENT, EventSelectors((EventSelector(read_write_type="ReadOnly"),))),
    trail(
        "data events only",
        F.TRAIL_SELECTORS_MISS_EVENT,
        EventSelectors((), (AdvancedEventSelector((AdvancedFieldSelector("eventCategory", equals=("Data",)),)),)),
    ),
    without("log group deleted", F.LOG_GROUP_MISSING, "log_groups"),
    Break(
        "log group of the infrequent access class",
        F.LOG_GROUP_CLASS,
        lambda account: replace(
            account, log_groups=(LogGroup(LOG_GROUP, "INFREQUENT_ACCESS"), *account.log_groups[1:])
        ),
    ),
    without("no metric filter", F.NO_METRIC_FILTER, "filters"),
    of_filter("pattern for another source", F.NO_METRIC_FILTER, "{ $.eventSource = ec2.amazonaws.com }"),
    of_filter("pattern for the root user alone", F.NO_METRIC_FILTER, "{ $.userIdentity.type = Root }"),
    of_filter("pattern for everything", F.NO_METRIC_FILTER, ""),
    of_filter("pattern for all of AWS Config", F.PATTERN_MATCHES_ROUTINE, "{ $.eventSource = config.amazonaws.com }"),
    of_filter("metric value 0", F.METRIC_VALUE, metric_value="0"),
    of_filter("metric value from the event", F.METRIC_VALUE_UNVERIFIED, metric_value="$.eventVersion"),
    of_filter("default value 1", F.METRIC_DEFAULT_VALUE, default_value=1.0),
    of_filter("dimensions", F.METRIC_DIMENSIONS, dimensions=(("User", "$.userIdentity.userName"),)),
    of_filter("field selection criteria", F.FILTER_SELECTION_CRITERIA, field_selection_criteria='@aws.region = "x"'),
    of_filter("transformed logs", F.FILTER_ON_TRANSFORMED_LOGS, apply_on_transformed_logs=True),
    without("no alarm", F.NO_ALARM, "metric_alarms"),
    of_alarm("alarm on another namespace", F.ALARM_ON_ANOTHER_METRIC, metric=Metric("Elsewhere", METRIC.metric_name)),
    of_alarm("threshold 2", F.ALARM_NEVER_FIRES, threshold=2.0),
    of_alarm("missing data breaching", F.ALARM_ALWAYS_ON, treat_missing_data="breaching"),
    of_alarm("actions disabled", F.ALARM_ACTIONS_DISABLED, actions_enabled=False),
    of_alarm("no actions", F.ALARM_NO_TOPIC, alarm_actions=()),
    of_alarm("a Lambda function as action", F.ALARM_NO_TOPIC, alarm_actions=("arn:aws:lambda:x:1:function:f",)),
    Break("muted", F.ALARM_MUTED, muted),
    Break("last action failed", F.ALARM_ACTION_FAILED, failed_last_time),
    without("topic deleted", F.TOPIC_MISSING, "topics"),
    of_topic("empty topic policy", F.TOPIC_POLICY_DENIES_ALARM, policy='{"Statement":[]}'),
    of_topic("AWS managed key", F.TOPIC_KEY_DENIES_ALARM, kms_master_key_id="alias/aws/sns"),
    Break("customer managed key disabled", F.TOPIC_KEY_DENIES_ALARM, encrypted("Disabled")),
    Break("customer managed key about to be deleted", F.TOPIC_KEY_DENIES_ALARM, encrypted("PendingDeletion")),
    of_topic("key deleted", F.TOPIC_KEY_DENIES_ALARM, kms_master_key_id="alias/topics"),
    of_topic("FIFO without deduplication", F.TOPIC_FIFO_UNVERIFIED, fifo_topic=True),
    without("no subscription", F.NO_SUBSCRIPTION, "subscribed"),
    of_subscription("subscription pending", F.SUBSCRIPTION_PENDING, "PendingConfirmation"),
    of_subscription("subscription deleted", F.NO_SUBSCRIPTION, "Deleted"),
    of_subscription("subscription pending after all", F.SUBSCRIPTION_PENDING, pending_confirmation=True),
    of_subscription("filter policy", F.SUBSCRIPTION_FILTERED, filter_policy='{"severity":["high"]}'),
    refused("cloudtrail:DescribeTrails"),
    refused("cloudtrail:GetTrailStatus"),
    refused("cloudtrail:GetEventSelectors"),
    refused("logs:DescribeLogGroups"),
    refused("logs:DescribeMetricFilters"),
    refused("cloudwatch:ListAlarmMuteRules"),
    refused("sns:GetTopicAttributes"),
    refused("sns:ListSubscriptionsByTopic"),
    refused("sns:GetSubscriptionAttributes"),
)
