"""What CloudWatch says of alarms, mute rules and what alarms did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from .answers import Answer, number, optional, required, structures, text, texts
from .names import Arn, Place

__all__ = [
    "ActionListing",
    "AlarmHistoryItem",
    "AlarmListing",
    "AlarmMuteRule",
    "AlarmType",
    "CompositeAlarm",
    "EvaluationWindow",
    "ListedAction",
    "LogAlarm",
    "Metric",
    "MetricAlarm",
    "MetricDataQuery",
    "MetricStat",
]


@dataclass(frozen=True, slots=True)
class Metric:
    """A CloudWatch metric's identity: namespace, name and dimensions together."""

    namespace: str
    metric_name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        return f"{self.namespace}/{self.metric_name}"


class AlarmType(StrEnum):
    """CloudWatch's own names of the kinds of alarm."""

    METRIC = "MetricAlarm"
    COMPOSITE = "CompositeAlarm"
    LOG = "LogAlarm"


def _dimensions(answer: Answer) -> frozenset[tuple[str, str]]:
    return frozenset(
        (required(each, "Name", str), required(each, "Value", str)) for each in structures(answer, "Dimensions")
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
        metric: Answer = required(answer, "Metric", dict)
        return cls(
            metric=Metric(required(metric, "Namespace", str), required(metric, "MetricName", str), _dimensions(metric)),
            period=required(answer, "Period", int),
            stat=required(answer, "Stat", str),
            unit=text(answer, "Unit"),
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
        stat = optional(answer, "MetricStat", dict)
        returned = optional(answer, "ReturnData", bool)
        return cls(
            id=required(answer, "Id", str),
            metric_stat=None if stat is None else MetricStat.from_api(stat),
            expression=text(answer, "Expression"),
            period=optional(answer, "Period", int),
            return_data=True if returned is None else returned,
            account_id=text(answer, "AccountId"),
        )


class EvaluationWindow(StrEnum):
    """How an alarm's periods are laid over time; absent in an answer means SLIDING."""

    SLIDING = "SlidingWindow"
    WALL_CLOCK = "WallClockWindow"
    OTHER = "other"


def _evaluation_window(answer: Answer) -> EvaluationWindow:
    window = optional(answer, "EvaluationWindow", dict)
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
    alarm_description: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        name = text(answer, "MetricName")
        metric = None if name is None else Metric(required(answer, "Namespace", str), name, _dimensions(answer))
        warm_up: Answer = optional(answer, "WarmUpConfiguration", dict) or {}
        return cls(
            alarm_name=required(answer, "AlarmName", str),
            alarm_arn=required(answer, "AlarmArn", str),
            actions_enabled=required(answer, "ActionsEnabled", bool),
            alarm_actions=texts(answer, "AlarmActions"),
            ok_actions=texts(answer, "OKActions"),
            insufficient_data_actions=texts(answer, "InsufficientDataActions"),
            state_value=text(answer, "StateValue"),
            state_transitioned_timestamp=optional(answer, "StateTransitionedTimestamp", datetime)
            or optional(answer, "StateUpdatedTimestamp", datetime),
            configuration_updated_timestamp=optional(answer, "AlarmConfigurationUpdatedTimestamp", datetime),
            metric=metric,
            statistic=text(answer, "Statistic") or text(answer, "ExtendedStatistic"),
            period=optional(answer, "Period", int),
            unit=text(answer, "Unit"),
            evaluation_periods=optional(answer, "EvaluationPeriods", int),
            datapoints_to_alarm=optional(answer, "DatapointsToAlarm", int),
            threshold=number(answer, "Threshold"),
            comparison_operator=text(answer, "ComparisonOperator"),
            treat_missing_data=text(answer, "TreatMissingData"),
            evaluate_low_sample_count_percentile=text(answer, "EvaluateLowSampleCountPercentile"),
            metrics=tuple(MetricDataQuery.from_api(each) for each in structures(answer, "Metrics")),
            threshold_metric_id=text(answer, "ThresholdMetricId"),
            evaluation_state=text(answer, "EvaluationState"),
            evaluation_window=_evaluation_window(answer),
            evaluation_interval=optional(answer, "EvaluationInterval", int),
            warm_up_minutes=optional(warm_up, "WarmUpPeriodDurationInMinutes", int) or 0,
            has_evaluation_criteria=bool(answer.get("EvaluationCriteria")),
            alarm_description=text(answer, "AlarmDescription"),
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
    alarm_description: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            alarm_name=required(answer, "AlarmName", str),
            alarm_arn=required(answer, "AlarmArn", str),
            alarm_rule=required(answer, "AlarmRule", str),
            actions_enabled=required(answer, "ActionsEnabled", bool),
            alarm_actions=texts(answer, "AlarmActions"),
            state_value=text(answer, "StateValue"),
            state_transitioned_timestamp=optional(answer, "StateTransitionedTimestamp", datetime)
            or optional(answer, "StateUpdatedTimestamp", datetime),
            actions_suppressor=text(answer, "ActionsSuppressor"),
            alarm_description=text(answer, "AlarmDescription"),
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
    """A query-based alarm: seen so that it can be named, never part of a proof.

    `log_group_identifiers` are the names or ARNs of the log groups that it queries.
    """

    alarm_name: str
    alarm_arn: str
    log_group_identifiers: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        query: Answer = optional(answer, "ScheduledQueryConfiguration", dict) or {}
        groups = texts(query, "LogGroupIdentifiers")
        return cls(required(answer, "AlarmName", str), required(answer, "AlarmArn", str), groups)


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
        rule: Answer = (optional(detail, "Rule", dict) if detail else None) or {}
        schedule: Answer = optional(rule, "Schedule", dict) or {}
        return cls(
            alarm_mute_rule_arn=required(summary, "AlarmMuteRuleArn", str),
            status=required(summary, "Status", str),
            expression=text(schedule, "Expression"),
            duration=text(schedule, "Duration"),
            timezone=text(schedule, "Timezone"),
            expire_date=optional(summary, "ExpireDate", datetime),
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
            timestamp=required(answer, "Timestamp", datetime),
            history_summary=required(answer, "HistorySummary", str),
            history_data=text(answer, "HistoryData"),
        )


@dataclass(frozen=True, slots=True)
class ListedAction:
    """An Action item of DescribeAlarmHistory with the alarm whose it is."""

    alarm_name: str
    item: AlarmHistoryItem

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(required(answer, "AlarmName", str), AlarmHistoryItem.from_api(answer))


@dataclass(frozen=True, slots=True)
class ActionListing:
    """What the alarms of a Region did, the newest first. It is `whole` where nothing older is left out."""

    actions: tuple[ListedAction, ...]
    whole: bool
