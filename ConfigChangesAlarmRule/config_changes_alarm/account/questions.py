"""What an account may be asked: one frozen value a question, typed by its answer.

    account.ask(TopicOf(arn))  ->  Topic | NotFound | Unreadable

`Question[A]` is answered with an `A`, which names every way AWS may answer. A listing always exists, so its question
has no `NotFound`. A question that is equal to another asks the same, and is put to AWS once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from ..resources import (
    ActionListing,
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    EventSelectors,
    Function,
    Key,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    Organization,
    Place,
    Queue,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)
from .outcomes import NotFound, Unreadable

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """A question that is answered with an `A`."""

    @property
    def subject(self) -> str:
        """What is asked about, for a person."""
        raise NotImplementedError


def answered_with(question: type[Question[Any]]) -> tuple[Any, ...]:
    """The types of the answers to a kind of question: the value's first, then those of the ways of having none."""
    (base,) = question.__orig_bases__  # type: ignore[attr-defined]  # what the class says it is: Question[...]
    (answer,) = get_args(base)
    return get_args(answer)


@dataclass(frozen=True, slots=True)
class Trails(Question[tuple[Trail, ...] | Unreadable]):
    """Every trail that applies to the Region, shadow and organization trails included, each once."""

    @property
    def subject(self) -> str:
        return "trails"


@dataclass(frozen=True, slots=True)
class TrailStatusOf(Question[TrailStatus | NotFound | Unreadable]):
    """Read by ARN in the trail's home Region."""

    trail: Trail

    @property
    def subject(self) -> str:
        return self.trail.trail_arn


@dataclass(frozen=True, slots=True)
class EventSelectorsOf(Question[EventSelectors | NotFound | Unreadable]):
    """Read by ARN in the trail's home Region."""

    trail: Trail

    @property
    def subject(self) -> str:
        return self.trail.trail_arn


@dataclass(frozen=True, slots=True)
class LogGroupOf(Question[LogGroup | NotFound | Unreadable]):
    """The log group with this whole identity."""

    log_group: LogGroupId

    @property
    def subject(self) -> str:
        return self.log_group.name


@dataclass(frozen=True, slots=True)
class MetricFiltersOf(Question[tuple[MetricFilter, ...] | NotFound | Unreadable]):
    """The metric filters of a log group."""

    log_group: LogGroupId

    @property
    def subject(self) -> str:
        return self.log_group.name


@dataclass(frozen=True, slots=True)
class MetricFiltersOn(Question[tuple[MetricFilter, ...] | Unreadable]):
    """The metric filters of every log group there that publish to a metric of that name."""

    place: Place
    metric_namespace: str
    metric_name: str

    @property
    def subject(self) -> str:
        return self.metric_name


@dataclass(frozen=True, slots=True)
class MetricFiltersIn(Question[tuple[MetricFilter, ...] | Unreadable]):
    """The metric filters of every log group there: one listing for what would be many questions."""

    place: Place

    @property
    def subject(self) -> str:
        return "metric filters"


@dataclass(frozen=True, slots=True)
class AlarmsOn(Question[tuple[MetricAlarm, ...] | Unreadable]):
    """Plain metric alarms on exactly this metric; alarms with `metrics` and composite alarms are not among them."""

    place: Place
    metric: Metric

    @property
    def subject(self) -> str:
        return str(self.metric)


@dataclass(frozen=True, slots=True)
class AlarmsIn(Question[AlarmListing | Unreadable]):
    """Every alarm there: the expensive listing, for what `AlarmsOn` cannot see."""

    place: Place

    @property
    def subject(self) -> str:
        return "alarms"


@dataclass(frozen=True, slots=True)
class MuteRulesOf(Question[tuple[AlarmMuteRule, ...] | Unreadable]):
    """Mute rules, active or scheduled, that target the alarm."""

    place: Place
    alarm_name: str

    @property
    def subject(self) -> str:
        return self.alarm_name


@dataclass(frozen=True, slots=True)
class AnyMuteRuleIn(Question[bool | Unreadable]):
    """Whether there is any mute rule there, active or scheduled."""

    place: Place

    @property
    def subject(self) -> str:
        return "mute rules"


@dataclass(frozen=True, slots=True)
class ActionHistoryOf(Question[tuple[AlarmHistoryItem, ...] | Unreadable]):
    """The newest Action items first; one page is enough, the latest decides."""

    place: Place
    alarm_name: str
    alarm_type: AlarmType

    @property
    def subject(self) -> str:
        return self.alarm_name


@dataclass(frozen=True, slots=True)
class ActionHistoryIn(Question[ActionListing | Unreadable]):
    """The newest Action items of every alarm there, as many as a few pages hold."""

    place: Place

    @property
    def subject(self) -> str:
        return "history of alarms"


@dataclass(frozen=True, slots=True)
class TopicOf(Question[Topic | NotFound | Unreadable]):
    """A topic's attributes."""

    topic_arn: str

    @property
    def subject(self) -> str:
        return self.topic_arn


@dataclass(frozen=True, slots=True)
class SubscriptionsOf(Question[tuple[Subscription, ...] | NotFound | Unreadable]):
    """A topic's subscriptions."""

    topic_arn: str

    @property
    def subject(self) -> str:
        return self.topic_arn


@dataclass(frozen=True, slots=True)
class SubscriptionAttributesOf(Question[SubscriptionAttributes | NotFound | Unreadable]):
    """A subscription's attributes, which SNS shows to its owner alone.

    `owner` is the account that subscribed, where that is not the topic's own.
    """

    subscription_arn: str
    owner: str | None = None

    @property
    def subject(self) -> str:
        return self.subscription_arn


@dataclass(frozen=True, slots=True)
class KeyOf(Question[Key | NotFound | Unreadable]):
    """The KMS key that a topic or a queue names, in words that its own account understands.

    The policy only of a customer's key.
    """

    encrypted_arn: str
    key_id: str

    @property
    def subject(self) -> str:
        return self.key_id


@dataclass(frozen=True, slots=True)
class QueueOf(Question[Queue | NotFound | Unreadable]):
    """A queue's attributes, read in its own account."""

    queue_arn: str

    @property
    def subject(self) -> str:
        return self.queue_arn


@dataclass(frozen=True, slots=True)
class FunctionOf(Question[Function | NotFound | Unreadable]):
    """A function's policy, read in its own account; `NotFound` for a function without one, too."""

    function_arn: str

    @property
    def subject(self) -> str:
        return self.function_arn


@dataclass(frozen=True, slots=True)
class OrganizationOf(Question[Organization | NotFound | Unreadable]):
    """The organization that an account is in; `NotFound` where it is in none."""

    account_id: str

    @property
    def subject(self) -> str:
        return f"organization of account {self.account_id}"


@dataclass(frozen=True, slots=True)
class MatchesOf(Question[frozenset[int] | Unreadable]):
    """Which of at most 50 messages (counted from 0) AWS itself says the pattern matches."""

    place: Place
    filter_pattern: str
    messages: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.filter_pattern
