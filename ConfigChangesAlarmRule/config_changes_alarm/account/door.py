"""What the chain may ask of an account, and the ways AWS may not answer.

`Account` is the only view of AWS that the deciding modules have. `aws_account` answers it with boto3,
`recorded_account` from a file, the tests from plain values. Every read is made when first asked for and
remembered, so asking twice costs nothing.

Not read is never absent: a read that AWS refuses is `Unreadable`, a resource that AWS says does not exist is
`NotFound`, and a read that failed for a passing reason raises `EvaluationFailed`, so that no verdict is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..resources import (
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    EventSelectors,
    Key,
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

__all__ = ["Account", "EvaluationFailed", "NotFound", "Unreadable"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """AWS refused a read. `operation` is an IAM action (`logs:DescribeMetricFilters`), `error_code` AWS's own code.

    `sts:AssumeRole` means that the role for another account could not be assumed; `subject` is then the role's ARN,
    otherwise what was to be read.
    """

    operation: str
    error_code: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NotFound:
    """AWS says that the resource does not exist."""

    subject: str


class EvaluationFailed(Exception):
    """No verdict can be given: AWS was throttling or unreachable, credentials had expired, an answer made no sense.

    Neither a ClientError nor a ValueError, because rdklib swallows those and leaves the old verdict standing.
    """


class Account(Protocol):
    """One account's evidence, seen from `account_id` in `region`. Places and ARNs say where else a resource lives."""

    @property
    def account_id(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def partition(self) -> str: ...

    def trails(self) -> tuple[Trail, ...] | Unreadable:
        """Every trail that applies to the Region, shadow and organization trails included, each once."""

    def trail_status(self, trail: Trail) -> TrailStatus | NotFound | Unreadable:
        """Read by ARN in the trail's home Region."""

    def event_selectors(self, trail: Trail) -> EventSelectors | NotFound | Unreadable:
        """Read by ARN in the trail's home Region."""

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable: ...

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable: ...

    def metric_filters_publishing(
        self, place: Place, metric_namespace: str, metric_name: str
    ) -> tuple[MetricFilter, ...] | Unreadable:
        """The metric filters of every log group there that publish to a metric of that name."""

    def alarms_on_metric(self, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
        """Plain metric alarms on exactly this metric; alarms with `metrics` and composite alarms are not among them."""

    def alarms(self, place: Place) -> AlarmListing | Unreadable:
        """Every alarm there: the expensive listing, for what `alarms_on_metric` cannot see."""

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> tuple[AlarmMuteRule, ...] | Unreadable:
        """Mute rules, active or scheduled, that target the alarm."""

    def alarm_actions_history(
        self, place: Place, alarm_name: str, alarm_type: AlarmType
    ) -> tuple[AlarmHistoryItem, ...] | Unreadable:
        """The newest Action items first; one page is enough, the latest decides."""

    def topic(self, topic_arn: str) -> Topic | NotFound | Unreadable: ...

    def subscriptions(self, topic_arn: str) -> tuple[Subscription, ...] | NotFound | Unreadable: ...

    def subscription_attributes(self, subscription_arn: str) -> SubscriptionAttributes | NotFound | Unreadable: ...

    def key(self, topic_arn: str, key_id: str) -> Key | NotFound | Unreadable:
        """The KMS key that a topic names, looked up where the topic lives; the policy only of a customer's key."""

    def test_metric_filter(
        self, place: Place, filter_pattern: str, messages: Sequence[str]
    ) -> frozenset[int] | Unreadable:
        """Which of at most 50 messages (counted from 0) AWS itself says the pattern matches."""

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        """Makes independent reads at the same time and returns their results in order.

        All of them end before the first error, if any, is raised.
        """
