"""Why a link of the chain does not hold: what the packages of the hops answer with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FindingId", "Reason"]


class FindingId(StrEnum):
    """Stable ids, in the order of the chain. Reports, documentation anchors and users' filters rely on them."""

    CANNOT_READ = "cannot-read"
    CANNOT_READ_ELSEWHERE = "cannot-read-elsewhere"
    NO_TRAIL = "no-trail"
    TRAIL_SINGLE_REGION = "trail-single-region"
    TRAIL_NOT_LOGGING = "trail-not-logging"
    TRAIL_NO_LOG_GROUP = "trail-no-log-group"
    TRAIL_DELIVERY_ERROR = "trail-delivery-error"
    TRAIL_DELIVERY_STALE = "trail-delivery-stale"
    TRAIL_SELECTORS_MISS_EVENT = "trail-selectors-miss-event"
    TRAIL_SELECTORS_UNVERIFIED = "trail-selectors-unverified"
    TRAIL_SELECTORS_MISS_DATA_EVENT = "trail-selectors-miss-data-event"
    TRAIL_SELECTORS_DATA_UNVERIFIED = "trail-selectors-data-unverified"
    LOG_GROUP_MISSING = "log-group-missing"
    LOG_GROUP_CLASS = "log-group-class"
    LOG_GROUP_CLASS_UNVERIFIED = "log-group-class-unverified"
    LOG_GROUP_IN_ANOTHER_ACCOUNT = "log-group-in-another-account"
    LOG_GROUP_ROLE_NOT_ASSUMABLE = "log-group-role-not-assumable"
    NO_METRIC_FILTER = "no-metric-filter"
    PATTERN_MISSES_EVENT = "pattern-misses-event"
    PATTERN_UNDECIDED = "pattern-undecided"
    PATTERN_MATCHES_ROUTINE = "pattern-matches-routine"
    FILTER_SELECTION_CRITERIA = "filter-selection-criteria"
    FILTER_SELECTION_UNVERIFIED = "filter-selection-unverified"
    FILTER_ON_TRANSFORMED_LOGS = "filter-on-transformed-logs"
    METRIC_VALUE = "metric-value"
    METRIC_VALUE_UNVERIFIED = "metric-value-unverified"
    METRIC_DEFAULT_VALUE = "metric-default-value"
    METRIC_DIMENSIONS = "metric-dimensions"
    METRIC_SPOILED = "metric-spoiled"
    METRIC_SHARING_UNVERIFIED = "metric-sharing-unverified"
    NO_ALARM = "no-alarm"
    ALARM_ON_ANOTHER_METRIC = "alarm-on-another-metric"
    ALARM_NEVER_FIRES = "alarm-never-fires"
    ALARM_ALWAYS_ON = "alarm-always-on"
    ALARM_DOES_NOT_REARM = "alarm-does-not-rearm"
    ALARM_UNPROVABLE = "alarm-unprovable"
    ALARM_EVALUATION_ERROR = "alarm-evaluation-error"
    ALARM_WARMING_UP = "alarm-warming-up"
    ALARM_ACTIONS_DISABLED = "alarm-actions-disabled"
    ALARM_NO_TOPIC = "alarm-no-topic"
    ALARM_MUTED = "alarm-muted"
    ALARM_MUTE_UNVERIFIED = "alarm-mute-unverified"
    ALARM_ACTION_FAILED = "alarm-action-failed"
    COMPOSITE_UNPROVABLE = "composite-unprovable"
    COMPOSITE_HELD = "composite-held"
    COMPOSITE_SUPPRESSED = "composite-suppressed"
    TOPIC_NOT_ACCEPTED = "topic-not-accepted"
    TOPIC_MISSING = "topic-missing"
    TOPIC_IN_ANOTHER_REGION = "topic-in-another-region"
    TOPIC_POLICY_DENIES_ALARM = "topic-policy-denies-alarm"
    TOPIC_POLICY_UNVERIFIED = "topic-policy-unverified"
    TOPIC_KEY_DENIES_ALARM = "topic-key-denies-alarm"
    TOPIC_KEY_POLICY_DENIES_ALARM = "topic-key-policy-denies-alarm"
    TOPIC_KEY_UNVERIFIED = "topic-key-unverified"
    TOPIC_FIFO_UNVERIFIED = "topic-fifo-unverified"
    TOPIC_MESSAGE_SIZE = "topic-message-size"
    TOPIC_MESSAGE_SIZE_UNVERIFIED = "topic-message-size-unverified"
    NO_SUBSCRIPTION = "no-subscription"
    SUBSCRIPTION_PENDING = "subscription-pending"
    SUBSCRIPTION_FILTERED = "subscription-filtered"
    SUBSCRIPTION_FILTER_UNVERIFIED = "subscription-filter-unverified"
    QUEUE_MISSING = "queue-missing"
    QUEUE_DENIES_TOPIC = "queue-denies-topic"
    QUEUE_KEY_DENIES_TOPIC = "queue-key-denies-topic"
    QUEUE_KEY_POLICY_DENIES_TOPIC = "queue-key-policy-denies-topic"
    FUNCTION_DENIES_TOPIC = "function-denies-topic"
    ENDPOINT_UNVERIFIED = "endpoint-unverified"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a link of the chain does not hold.

    `subject` is the resource's name or ARN as a person would look it up. `detail` completes the kind's sentence and
    is specific ("threshold 2 needs two events within 300 s"), without a full stop. `facts` are named values for
    the remedy's commands and the report, such as `("alarm_name", "config-changes")`.
    """

    id: FindingId
    subject: str
    detail: str = ""
    facts: tuple[tuple[str, str], ...] = ()
