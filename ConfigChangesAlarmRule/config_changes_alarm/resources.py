"""The AWS resources of the chain as frozen values, named as AWS names them.

`from_api` builds each from one element of an API answer. A required member that is missing or of the wrong
type raises `MalformedAnswer`; members this product does not read are ignored. Values here hold what AWS said
and judge nothing: that is the work of `trail`, `metric_filter`, `alarm` and `notification`.

Times are timezone-aware datetimes, periods and durations are seconds unless a name says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

__all__ = [
    "AdvancedEventSelector",
    "AdvancedFieldSelector",
    "AlarmHistoryItem",
    "AlarmListing",
    "AlarmMuteRule",
    "AlarmType",
    "Arn",
    "CompositeAlarm",
    "EvaluationWindow",
    "EventSelector",
    "EventSelectors",
    "Key",
    "LogAlarm",
    "LogGroup",
    "LogGroupId",
    "MalformedAnswer",
    "MalformedArn",
    "Metric",
    "MetricAlarm",
    "MetricDataQuery",
    "MetricFilter",
    "MetricStat",
    "MetricTransformation",
    "Place",
    "Subscription",
    "SubscriptionAttributes",
    "Topic",
    "Trail",
    "TrailStatus",
]

Answer = Mapping[str, Any]
T = TypeVar("T")


class MalformedAnswer(Exception):
    """An AWS answer lacks a member it must have, or the member has the wrong type.

    `member` is the member's path as AWS spells it; the reader adds the operation when it re-raises.
    """

    def __init__(self, member: str, problem: str, operation: str | None = None) -> None:
        self.member = member
        self.problem = problem
        self.operation = operation
        where = f"{operation}: " if operation else ""
        super().__init__(f"{where}member {member!r} {problem}")


class MalformedArn(Exception):
    """A text that should be an ARN is not one."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not an ARN (arn:partition:service:region:account:resource)")


def _required(answer: Answer, member: str, kind: type[T]) -> T:
    value = answer.get(member)
    if value is None:
        raise MalformedAnswer(member, "is missing")
    if not isinstance(value, kind):
        raise MalformedAnswer(member, f"is {type(value).__name__}, expected {kind.__name__}")
    return value


def _optional(answer: Answer, member: str, kind: type[T]) -> T | None:
    return None if answer.get(member) is None else _required(answer, member, kind)


def _text(answer: Answer, member: str) -> str | None:
    """An optional string; AWS writes absence as a missing member and, in places, as an empty string."""
    return _optional(answer, member, str) or None


def _flag(answer: Answer, member: str) -> bool:
    return bool(_optional(answer, member, bool))


def _number(answer: Answer, member: str) -> float | None:
    value = answer.get(member)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MalformedAnswer(member, f"is {type(value).__name__}, expected a number")
    return float(value)


def _texts(answer: Answer, member: str) -> tuple[str, ...]:
    values: list[object] = _optional(answer, member, list) or []
    for value in values:
        if not isinstance(value, str):
            raise MalformedAnswer(member, f"holds {type(value).__name__}, expected str")
    return tuple(str(value) for value in values)


def _objects(answer: Answer, member: str) -> tuple[Answer, ...]:
    values: list[Any] = _optional(answer, member, list) or []
    for value in values:
        if not isinstance(value, Mapping):
            raise MalformedAnswer(member, f"holds {type(value).__name__}, expected a structure")
    return tuple(values)


# --------------------------------------------------------------------------- names and places


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account_id:resource`; `resource` may itself hold colons."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `MalformedArn`."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[1] or not parts[2] or not parts[5]:
            raise MalformedArn(text)
        return cls(*parts[1:])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Regional resource lives."""

    account_id: str
    region: str

    def __str__(self) -> str:
        return f"{self.account_id}/{self.region}"


@dataclass(frozen=True, slots=True)
class LogGroupId:
    """A log group's whole identity: a name alone says nothing about account or Region."""

    partition: str
    account_id: str
    region: str
    name: str

    @classmethod
    def parse(cls, arn: str) -> Self:
        """From `arn:aws:logs:REGION:ACCOUNT:log-group:NAME[:*]`. Raises `MalformedArn`."""
        parsed = Arn.parse(arn)
        kind, _, name = parsed.resource.partition(":")
        name = name.removesuffix(":*")
        if parsed.service != "logs" or kind != "log-group" or not name:
            raise MalformedArn(arn)
        return cls(parsed.partition, parsed.account_id, parsed.region, name)

    @property
    def place(self) -> Place:
        return Place(self.account_id, self.region)

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:logs:{self.region}:{self.account_id}:log-group:{self.name}"

    def __str__(self) -> str:
        return self.name


# --------------------------------------------------------------------------- CloudTrail


@dataclass(frozen=True, slots=True)
class Trail:
    """One element of DescribeTrails; a shadow trail is the same trail seen from another Region."""

    name: str
    trail_arn: str
    home_region: str
    is_multi_region_trail: bool = False
    is_organization_trail: bool = False
    has_custom_event_selectors: bool = False
    cloud_watch_logs_log_group_arn: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            name=_required(answer, "Name", str),
            trail_arn=_required(answer, "TrailARN", str),
            home_region=_required(answer, "HomeRegion", str),
            is_multi_region_trail=_required(answer, "IsMultiRegionTrail", bool),
            is_organization_trail=_flag(answer, "IsOrganizationTrail"),
            has_custom_event_selectors=_flag(answer, "HasCustomEventSelectors"),
            cloud_watch_logs_log_group_arn=_text(answer, "CloudWatchLogsLogGroupArn"),
        )

    @property
    def account_id(self) -> str:
        return Arn.parse(self.trail_arn).account_id


@dataclass(frozen=True, slots=True)
class TrailStatus:
    """GetTrailStatus."""

    is_logging: bool
    latest_cloud_watch_logs_delivery_error: str | None = None
    latest_cloud_watch_logs_delivery_time: datetime | None = None
    start_logging_time: datetime | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            is_logging=_required(answer, "IsLogging", bool),
            latest_cloud_watch_logs_delivery_error=_text(answer, "LatestCloudWatchLogsDeliveryError"),
            latest_cloud_watch_logs_delivery_time=_optional(answer, "LatestCloudWatchLogsDeliveryTime", datetime),
            start_logging_time=_optional(answer, "StartLoggingTime", datetime),
        )


@dataclass(frozen=True, slots=True)
class EventSelector:
    """A basic event selector."""

    read_write_type: str = "All"
    include_management_events: bool = True
    exclude_management_event_sources: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        include = _optional(answer, "IncludeManagementEvents", bool)
        return cls(
            read_write_type=_text(answer, "ReadWriteType") or "All",
            include_management_events=True if include is None else include,
            exclude_management_event_sources=_texts(answer, "ExcludeManagementEventSources"),
        )


@dataclass(frozen=True, slots=True)
class AdvancedFieldSelector:
    """One field's condition; an operator that is absent is an empty tuple."""

    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            field=_required(answer, "Field", str),
            equals=_texts(answer, "Equals"),
            starts_with=_texts(answer, "StartsWith"),
            ends_with=_texts(answer, "EndsWith"),
            not_equals=_texts(answer, "NotEquals"),
            not_starts_with=_texts(answer, "NotStartsWith"),
            not_ends_with=_texts(answer, "NotEndsWith"),
        )


@dataclass(frozen=True, slots=True)
class AdvancedEventSelector:
    """Field selectors that must all hold."""

    field_selectors: tuple[AdvancedFieldSelector, ...]
    name: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        fields = tuple(AdvancedFieldSelector.from_api(each) for each in _objects(answer, "FieldSelectors"))
        if not fields:
            raise MalformedAnswer("FieldSelectors", "is missing")
        return cls(fields, _text(answer, "Name"))


@dataclass(frozen=True, slots=True)
class EventSelectors:
    """GetEventSelectors. Both empty is CloudTrail's default: all management events, no data events."""

    event_selectors: tuple[EventSelector, ...] = ()
    advanced_event_selectors: tuple[AdvancedEventSelector, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            tuple(EventSelector.from_api(each) for each in _objects(answer, "EventSelectors")),
            tuple(AdvancedEventSelector.from_api(each) for each in _objects(answer, "AdvancedEventSelectors")),
        )


# --------------------------------------------------------------------------- CloudWatch Logs


@dataclass(frozen=True, slots=True)
class LogGroup:
    """One element of DescribeLogGroups. `log_group_class` None means AWS did not say, which is STANDARD."""

    id: LogGroupId
    log_group_class: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(LogGroupId.parse(_required(answer, "arn", str)), _text(answer, "logGroupClass"))


@dataclass(frozen=True, slots=True)
class Metric:
    """A CloudWatch metric's identity: namespace, name and dimensions together."""

    namespace: str
    metric_name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        return f"{self.namespace}/{self.metric_name}"


@dataclass(frozen=True, slots=True)
class MetricTransformation:
    """What a metric filter publishes. `dimensions` maps a dimension's name to the selector that fills it."""

    metric_name: str
    metric_namespace: str
    metric_value: str
    default_value: float | None = None
    unit: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        dimensions: Mapping[str, Any] = _optional(answer, "dimensions", dict) or {}
        return cls(
            metric_name=_required(answer, "metricName", str),
            metric_namespace=_required(answer, "metricNamespace", str),
            metric_value=_required(answer, "metricValue", str),
            default_value=_number(answer, "defaultValue"),
            unit=_text(answer, "unit"),
            dimensions=tuple(sorted((str(name), str(source)) for name, source in dimensions.items())),
        )


@dataclass(frozen=True, slots=True)
class MetricFilter:
    """One element of DescribeMetricFilters, with the log group's whole identity."""

    filter_name: str
    filter_pattern: str
    log_group: LogGroupId
    metric_transformations: tuple[MetricTransformation, ...]
    apply_on_transformed_logs: bool = False
    field_selection_criteria: str | None = None
    emit_system_field_dimensions: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer, log_group: LogGroupId) -> Self:
        return cls(
            filter_name=_required(answer, "filterName", str),
            filter_pattern=_required(answer, "filterPattern", str),
            log_group=log_group,
            metric_transformations=tuple(
                MetricTransformation.from_api(each) for each in _objects(answer, "metricTransformations")
            ),
            apply_on_transformed_logs=_flag(answer, "applyOnTransformedLogs"),
            field_selection_criteria=_text(answer, "fieldSelectionCriteria"),
            emit_system_field_dimensions=_texts(answer, "emitSystemFieldDimensions"),
        )

    @property
    def names(self) -> dict[str, str]:
        """What the commands about the filter call it and its metric."""
        names = {
            "region": self.log_group.region,
            "log_group_name": self.log_group.name,
            "filter_name": self.filter_name,
        }
        for transformation in self.metric_transformations[:1]:
            names |= {"namespace": transformation.metric_namespace, "metric_name": transformation.metric_name}
        return names


# --------------------------------------------------------------------------- CloudWatch alarms


class AlarmType(StrEnum):
    """CloudWatch's own names of the kinds of alarm."""

    METRIC = "MetricAlarm"
    COMPOSITE = "CompositeAlarm"
    LOG = "LogAlarm"


def _dimensions(answer: Answer) -> frozenset[tuple[str, str]]:
    return frozenset(
        (_required(each, "Name", str), _required(each, "Value", str)) for each in _objects(answer, "Dimensions")
    )


@dataclass(frozen=True, slots=True)
class MetricStat:
    """A metric with the statistic and period (seconds) an alarm reads it with."""

    metric: Metric
    period: int
    stat: str
    unit: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        metric: Answer = _required(answer, "Metric", dict)
        return cls(
            metric=Metric(
                _required(metric, "Namespace", str), _required(metric, "MetricName", str), _dimensions(metric)
            ),
            period=_required(answer, "Period", int),
            stat=_required(answer, "Stat", str),
            unit=_text(answer, "Unit"),
        )


@dataclass(frozen=True, slots=True)
class MetricDataQuery:
    """One element of an alarm's `Metrics`: a MetricStat or an expression over the others."""

    id: str
    metric_stat: MetricStat | None = None
    expression: str | None = None
    period: int | None = None
    return_data: bool = True
    account_id: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        stat = _optional(answer, "MetricStat", dict)
        returned = _optional(answer, "ReturnData", bool)
        return cls(
            id=_required(answer, "Id", str),
            metric_stat=None if stat is None else MetricStat.from_api(stat),
            expression=_text(answer, "Expression"),
            period=_optional(answer, "Period", int),
            return_data=True if returned is None else returned,
            account_id=_text(answer, "AccountId"),
        )


class EvaluationWindow(StrEnum):
    """How an alarm's periods are laid over time; absent in an answer means SLIDING."""

    SLIDING = "SlidingWindow"
    WALL_CLOCK = "WallClockWindow"
    OTHER = "other"


def _evaluation_window(answer: Answer) -> EvaluationWindow:
    window = _optional(answer, "EvaluationWindow", dict)
    if not window or "SlidingWindow" in window:
        return EvaluationWindow.SLIDING
    return EvaluationWindow.WALL_CLOCK if "WallClockWindow" in window else EvaluationWindow.OTHER


@dataclass(frozen=True, slots=True)
class MetricAlarm:
    """A metric alarm. Exactly one of `metric`, `metrics` and `has_evaluation_criteria` (PromQL) describes its input.

    `statistic` holds Statistic or ExtendedStatistic, whichever is set. `evaluation_interval` is seconds.
    `warm_up_minutes` is WarmUpConfiguration's period, 0 when there is none.
    """

    alarm_name: str
    alarm_arn: str
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    ok_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    state_value: str | None = None
    state_transitioned_timestamp: datetime | None = None
    configuration_updated_timestamp: datetime | None = None
    metric: Metric | None = None
    statistic: str | None = None
    period: int | None = None
    unit: str | None = None
    evaluation_periods: int | None = None
    datapoints_to_alarm: int | None = None
    threshold: float | None = None
    comparison_operator: str | None = None
    treat_missing_data: str | None = None
    evaluate_low_sample_count_percentile: str | None = None
    metrics: tuple[MetricDataQuery, ...] = ()
    threshold_metric_id: str | None = None
    evaluation_state: str | None = None
    evaluation_window: EvaluationWindow = EvaluationWindow.SLIDING
    evaluation_interval: int | None = None
    warm_up_minutes: int = 0
    has_evaluation_criteria: bool = False

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        name = _text(answer, "MetricName")
        metric = None if name is None else Metric(_required(answer, "Namespace", str), name, _dimensions(answer))
        warm_up: Answer = _optional(answer, "WarmUpConfiguration", dict) or {}
        return cls(
            alarm_name=_required(answer, "AlarmName", str),
            alarm_arn=_required(answer, "AlarmArn", str),
            actions_enabled=_required(answer, "ActionsEnabled", bool),
            alarm_actions=_texts(answer, "AlarmActions"),
            ok_actions=_texts(answer, "OKActions"),
            insufficient_data_actions=_texts(answer, "InsufficientDataActions"),
            state_value=_text(answer, "StateValue"),
            state_transitioned_timestamp=_optional(answer, "StateTransitionedTimestamp", datetime)
            or _optional(answer, "StateUpdatedTimestamp", datetime),
            configuration_updated_timestamp=_optional(answer, "AlarmConfigurationUpdatedTimestamp", datetime),
            metric=metric,
            statistic=_text(answer, "Statistic") or _text(answer, "ExtendedStatistic"),
            period=_optional(answer, "Period", int),
            unit=_text(answer, "Unit"),
            evaluation_periods=_optional(answer, "EvaluationPeriods", int),
            datapoints_to_alarm=_optional(answer, "DatapointsToAlarm", int),
            threshold=_number(answer, "Threshold"),
            comparison_operator=_text(answer, "ComparisonOperator"),
            treat_missing_data=_text(answer, "TreatMissingData"),
            evaluate_low_sample_count_percentile=_text(answer, "EvaluateLowSampleCountPercentile"),
            metrics=tuple(MetricDataQuery.from_api(each) for each in _objects(answer, "Metrics")),
            threshold_metric_id=_text(answer, "ThresholdMetricId"),
            evaluation_state=_text(answer, "EvaluationState"),
            evaluation_window=_evaluation_window(answer),
            evaluation_interval=_optional(answer, "EvaluationInterval", int),
            warm_up_minutes=_optional(warm_up, "WarmUpPeriodDurationInMinutes", int) or 0,
            has_evaluation_criteria=bool(answer.get("EvaluationCriteria")),
        )

    @property
    def alarm_type(self) -> AlarmType:
        return AlarmType.METRIC

    @property
    def place(self) -> Place:
        arn = Arn.parse(self.alarm_arn)
        return Place(arn.account_id, arn.region)


@dataclass(frozen=True, slots=True)
class CompositeAlarm:
    """A composite alarm; `alarm_rule` is its expression over other alarms."""

    alarm_name: str
    alarm_arn: str
    alarm_rule: str
    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    state_value: str | None = None
    state_transitioned_timestamp: datetime | None = None
    actions_suppressor: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            alarm_name=_required(answer, "AlarmName", str),
            alarm_arn=_required(answer, "AlarmArn", str),
            alarm_rule=_required(answer, "AlarmRule", str),
            actions_enabled=_required(answer, "ActionsEnabled", bool),
            alarm_actions=_texts(answer, "AlarmActions"),
            state_value=_text(answer, "StateValue"),
            state_transitioned_timestamp=_optional(answer, "StateTransitionedTimestamp", datetime)
            or _optional(answer, "StateUpdatedTimestamp", datetime),
            actions_suppressor=_text(answer, "ActionsSuppressor"),
        )

    @property
    def alarm_type(self) -> AlarmType:
        return AlarmType.COMPOSITE

    @property
    def place(self) -> Place:
        arn = Arn.parse(self.alarm_arn)
        return Place(arn.account_id, arn.region)


@dataclass(frozen=True, slots=True)
class LogAlarm:
    """A query-based alarm: seen so that it can be named, never part of a proof."""

    alarm_name: str
    alarm_arn: str

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(_required(answer, "AlarmName", str), _required(answer, "AlarmArn", str))


@dataclass(frozen=True, slots=True)
class AlarmListing:
    """DescribeAlarms over every alarm type, all pages."""

    metric_alarms: tuple[MetricAlarm, ...] = ()
    composite_alarms: tuple[CompositeAlarm, ...] = ()
    log_alarms: tuple[LogAlarm, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmMuteRule:
    """A mute rule that targets an alarm: its status now and, when it was read, its schedule.

    `expression` is AWS's `cron(...)` or `at(...)`, `duration` an ISO 8601 duration.
    """

    alarm_mute_rule_arn: str
    status: str
    expression: str | None = None
    duration: str | None = None
    timezone: str | None = None
    expire_date: datetime | None = None

    @classmethod
    def from_api(cls, summary: Answer, detail: Answer | None = None) -> Self:
        """From a ListAlarmMuteRules summary and, where it was read, the GetAlarmMuteRule answer."""
        rule: Answer = (_optional(detail, "Rule", dict) if detail else None) or {}
        schedule: Answer = _optional(rule, "Schedule", dict) or {}
        return cls(
            alarm_mute_rule_arn=_required(summary, "AlarmMuteRuleArn", str),
            status=_required(summary, "Status", str),
            expression=_text(schedule, "Expression"),
            duration=_text(schedule, "Duration"),
            timezone=_text(schedule, "Timezone"),
            expire_date=_optional(summary, "ExpireDate", datetime),
        )

    @property
    def name(self) -> str:
        return re.split(r"[:/]", self.alarm_mute_rule_arn)[-1]


@dataclass(frozen=True, slots=True)
class AlarmHistoryItem:
    """One Action item of DescribeAlarmHistory; `history_data` is AWS's JSON text."""

    timestamp: datetime
    history_summary: str
    history_data: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            timestamp=_required(answer, "Timestamp", datetime),
            history_summary=_required(answer, "HistorySummary", str),
            history_data=_text(answer, "HistoryData"),
        )


# --------------------------------------------------------------------------- SNS and KMS


@dataclass(frozen=True, slots=True)
class Topic:
    """GetTopicAttributes. `policy` is the JSON text of the access policy."""

    topic_arn: str
    owner: str | None = None
    policy: str | None = None
    kms_master_key_id: str | None = None
    fifo_topic: bool = False
    content_based_deduplication: bool = False

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        attributes: Answer = _required(answer, "Attributes", dict)
        return cls(
            topic_arn=_required(attributes, "TopicArn", str),
            owner=_text(attributes, "Owner"),
            policy=_text(attributes, "Policy"),
            kms_master_key_id=_text(attributes, "KmsMasterKeyId"),
            fifo_topic=attributes.get("FifoTopic") == "true",
            content_based_deduplication=attributes.get("ContentBasedDeduplication") == "true",
        )


@dataclass(frozen=True, slots=True)
class Subscription:
    """One element of ListSubscriptionsByTopic.

    `subscription_arn` is an ARN once confirmed, and `PendingConfirmation` or `Deleted` otherwise.
    """

    subscription_arn: str
    protocol: str
    endpoint: str
    topic_arn: str
    owner: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            subscription_arn=_required(answer, "SubscriptionArn", str),
            protocol=_required(answer, "Protocol", str),
            endpoint=_text(answer, "Endpoint") or "",
            topic_arn=_required(answer, "TopicArn", str),
            owner=_text(answer, "Owner"),
        )


@dataclass(frozen=True, slots=True)
class SubscriptionAttributes:
    """GetSubscriptionAttributes. `filter_policy` is its JSON text; SNS's default scope is MessageAttributes."""

    subscription_arn: str
    pending_confirmation: bool = False
    filter_policy: str | None = None
    filter_policy_scope: str = "MessageAttributes"

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        attributes: Answer = _required(answer, "Attributes", dict)
        return cls(
            subscription_arn=_required(attributes, "SubscriptionArn", str),
            pending_confirmation=attributes.get("PendingConfirmation") == "true",
            filter_policy=_text(attributes, "FilterPolicy"),
            filter_policy_scope=_text(attributes, "FilterPolicyScope") or "MessageAttributes",
        )


@dataclass(frozen=True, slots=True)
class Key:
    """DescribeKey and, for a customer managed key, GetKeyPolicy's JSON text."""

    arn: str
    key_manager: str
    key_state: str
    policy: str | None = field(default=None)
    key_spec: str | None = None

    @classmethod
    def from_api(cls, answer: Answer, policy: str | None = None) -> Self:
        metadata: Answer = _required(answer, "KeyMetadata", dict)
        return cls(
            arn=_required(metadata, "Arn", str),
            key_manager=_required(metadata, "KeyManager", str),
            key_state=_required(metadata, "KeyState", str),
            policy=policy,
            key_spec=_text(metadata, "KeySpec"),
        )
