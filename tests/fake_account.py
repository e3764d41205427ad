"""The account of the tests, as plain values: no AWS, no network, so that laws can try thousands.

`a_monitored_account()` is compliant; tests describe every other account as what differs from it. Where a test is about
a member as AWS spells it, `FakeAccount.of` makes the account of the answers of `api_answers` instead.

Long on purpose: it is one account, with an answer to each question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

from config_changes_alarm.account import (
    Account,
    ActionHistoryIn,
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    AnyMuteRuleIn,
    EventSelectorsOf,
    FunctionOf,
    Identity,
    KeyOf,
    LogGroupOf,
    MatchesOf,
    MetricFiltersIn,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    NotFound,
    OrganizationOf,
    Question,
    QueueOf,
    SubscriptionAttributesOf,
    SubscriptionsOf,
    TopicOf,
    Trails,
    TrailStatusOf,
    Unreadable,
)
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN
from config_changes_alarm.resources import (
    ActionListing,
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    CompositeAlarm,
    EventSelector,
    EventSelectors,
    Function,
    Key,
    ListedAction,
    LogAlarm,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    MetricTransformation,
    Organization,
    Place,
    Queue,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)

from .api_answers import OWN, Answers
from .api_answers import REGION as HOME

T = TypeVar("T")
L = TypeVar("L", MetricAlarm, CompositeAlarm)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ACCOUNT, REGION = "123456789012", "us-east-1"
LOG_GROUP = LogGroupId("aws", ACCOUNT, REGION, "CloudTrail/logs")
METRIC = Metric("CIS", "ConfigChanges")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:security-notices"
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


@dataclass(frozen=True)
class FakeAccount:
    """An account as plain values: a source of answers without AWS, and without a memory.

    `refusals` maps an IAM action to the error code with which AWS refuses it; TestMetricFilter is refused unless there
    is an `oracle`, which says whether a pattern matches a message. `calls` are the IAM actions that were asked for.
    """

    configured_trails: tuple[ConfiguredTrail, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    filters: tuple[MetricFilter, ...] = ()
    metric_alarms: tuple[MetricAlarm, ...] = ()
    composite_alarms: tuple[CompositeAlarm, ...] = ()
    log_alarms: tuple[LogAlarm, ...] = ()
    mute_rules: tuple[tuple[str, AlarmMuteRule], ...] = ()
    history: tuple[tuple[str, AlarmHistoryItem], ...] = ()
    topics: tuple[Topic, ...] = ()
    subscribed: tuple[tuple[Subscription, SubscriptionAttributes | None], ...] = ()
    keys: tuple[tuple[str, Key], ...] = ()
    organization: Organization | None = None
    queues: tuple[Queue, ...] = ()
    functions: tuple[Function, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)
    oracle: Callable[[str, str], bool] | None = None
    account_id: str = ACCOUNT
    region: str = REGION
    calls: list[str] = field(default_factory=list, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, answers: Answers) -> Self:
        """The account of the answers, in which every resource of a kind is described by the same ones."""
        told = _timed(answers)
        status = TrailStatus.from_api(told["GetTrailStatus"])
        selectors = EventSelectors.from_api(told["GetEventSelectors"])
        trails = tuple(Trail.from_api(each) for each in told["DescribeTrails"]["trailList"])
        groups = tuple(LogGroup.from_api(each) for each in told["DescribeLogGroups"]["logGroups"])
        filters = told["DescribeMetricFilters"]["metricFilters"]
        alarms = told["DescribeAlarms"]
        topics = () if told["GetTopicAttributes"] is None else (Topic.from_api(told["GetTopicAttributes"]),)
        listed = tuple(Subscription.from_api(each) for each in told["ListSubscriptionsByTopic"]["Subscriptions"])
        key = None if told["DescribeKey"] is None else Key.from_api(told["DescribeKey"], told["GetKeyPolicy"]["Policy"])
        queues = _queues(told.get("GetQueueAttributes"), listed)
        return cls(
            configured_trails=tuple(ConfiguredTrail(trail, status, selectors) for trail in trails),
            log_groups=groups,
            filters=tuple(MetricFilter.from_api(each, group.id) for group in groups for each in filters),
            metric_alarms=tuple(MetricAlarm.from_api(each) for each in alarms["MetricAlarms"]),
            composite_alarms=tuple(CompositeAlarm.from_api(each) for each in alarms["CompositeAlarms"]),
            log_alarms=tuple(LogAlarm.from_api(each) for each in alarms["LogAlarms"]),
            mute_rules=_by_alarm(told["ListAlarmMuteRules"], AlarmMuteRule.from_api),
            history=_by_alarm(told["DescribeAlarmHistory"], AlarmHistoryItem.from_api),
            topics=topics,
            subscribed=tuple((each, _attributes(told["GetSubscriptionAttributes"], each)) for each in listed),
            keys=tuple((each.kms_master_key_id, key) for each in (*topics, *queues) if each.kms_master_key_id and key),
            queues=queues,
            functions=_functions(told.get("GetPolicy"), listed),
            organization=_organization(told.get("DescribeOrganization")),
            refusals=dict(told.get("refusals", {})),
            account_id=OWN,
            region=HOME,
        )

    def refusing(self, *operations: str, error_code: str = "AccessDenied") -> Self:
        """The same account, where AWS refuses these IAM actions too."""
        return replace(self, refusals={**self.refusals, **dict.fromkeys(operations, error_code)})

    def opened(self) -> Account:
        """The account as it is read: behind its one door, nothing remembered yet."""
        return Account(self.identity, self)

    @property
    def identity(self) -> Identity:
        return Identity(self.account_id, self.region)

    @property
    def partition(self) -> str:
        return "aws"

    @property
    def threads(self) -> int:
        return 1

    def answer(self, question: Question[Any]) -> Any:
        """The answer, or AWS's refusal; noted either way."""
        operation = _OPERATIONS[type(question)]
        self.calls.append(operation)
        if operation in self.refusals:
            return Unreadable(operation, self.refusals[operation], question.subject)
        return self._told(question)

    def _told(self, question: Question[Any]) -> Any:
        match question:
            case Trails():
                return tuple(each.trail for each in self.configured_trails)
            case TrailStatusOf(trail):
                return _one(question, (each.status for each in self._configured(trail)))
            case EventSelectorsOf(trail):
                return _one(question, (each.selectors for each in self._configured(trail)))
            case LogGroupOf(log_group):
                return _one(question, (each for each in self.log_groups if each.id == log_group))
            case MetricFiltersOf(log_group):
                here = tuple(each for each in self.filters if each.log_group == log_group)
                return _one(question, (here for each in self.log_groups if each.id == log_group))
            case MetricFiltersIn(place):
                return tuple(each for each in self.filters if each.log_group.place == place)
            case MetricFiltersOn(place, namespace, name):
                there = (each for each in self.filters if each.log_group.place == place)
                return tuple(each for each in there if each.publishes_to(namespace, name))
            case AlarmsOn(place, metric):
                return tuple(each for each in _there(place, self.metric_alarms) if each.metric == metric)
            case AlarmsIn(place):
                metric_alarms, composites = _there(place, self.metric_alarms), _there(place, self.composite_alarms)
                return AlarmListing(metric_alarms, composites, self.log_alarms)
            case MuteRulesOf(_, alarm_name):
                return tuple(rule for name, rule in self.mute_rules if name == alarm_name)
            case AnyMuteRuleIn():
                return bool(self.mute_rules)
            case ActionHistoryIn():
                return ActionListing(tuple(ListedAction(name, item) for name, item in self.history), whole=True)
            case ActionHistoryOf(_, alarm_name):
                return tuple(item for name, item in self.history if name == alarm_name)
            case TopicOf(topic_arn):
                return _one(question, (each for each in self.topics if each.topic_arn == topic_arn))
            case SubscriptionsOf(topic_arn):
                of_topic = tuple(each for each, _ in self.subscribed if each.topic_arn == topic_arn)
                return _one(question, (of_topic for each in self.topics if each.topic_arn == topic_arn))
            case SubscriptionAttributesOf(arn):
                known = (each for _, each in self.subscribed if each is not None)
                return _one(question, (each for each in known if each.subscription_arn == arn))
            case KeyOf(_, key_id):
                return _one(question, (key for name, key in self.keys if name == key_id))
            case QueueOf(queue_arn):
                return _one(question, (each for each in self.queues if each.queue_arn == queue_arn))
            case FunctionOf(function_arn):
                return _one(question, (each for each in self.functions if each.function_arn == function_arn))
            case OrganizationOf():
                return self.organization or NotFound(question.subject)
            case MatchesOf(_, pattern, messages):
                assert 0 < len(messages) <= 50
                if self.oracle is None:
                    return Unreadable("logs:TestMetricFilter", "AccessDeniedException", question.subject)
                return frozenset(number for number, each in enumerate(messages) if self.oracle(pattern, each))
        raise AssertionError(question)

    def _configured(self, trail: Trail) -> Iterator[ConfiguredTrail]:
        return (each for each in self.configured_trails if each.trail.trail_arn == trail.trail_arn)


_OPERATIONS: Mapping[type[Question[Any]], str] = {
    Trails: "cloudtrail:DescribeTrails",
    TrailStatusOf: "cloudtrail:GetTrailStatus",
    EventSelectorsOf: "cloudtrail:GetEventSelectors",
    LogGroupOf: "logs:DescribeLogGroups",
    MetricFiltersIn: "logs:DescribeMetricFilters",
    MetricFiltersOf: "logs:DescribeMetricFilters",
    MetricFiltersOn: "logs:DescribeMetricFilters",
    AlarmsOn: "cloudwatch:DescribeAlarmsForMetric",
    AlarmsIn: "cloudwatch:DescribeAlarms",
    MuteRulesOf: "cloudwatch:ListAlarmMuteRules",
    AnyMuteRuleIn: "cloudwatch:ListAlarmMuteRules",
    ActionHistoryOf: "cloudwatch:DescribeAlarmHistory",
    ActionHistoryIn: "cloudwatch:DescribeAlarmHistory",
    TopicOf: "sns:GetTopicAttributes",
    SubscriptionsOf: "sns:ListSubscriptionsByTopic",
    SubscriptionAttributesOf: "sns:GetSubscriptionAttributes",
    QueueOf: "sqs:GetQueueAttributes",
    FunctionOf: "lambda:GetPolicy",
    KeyOf: "kms:DescribeKey",
    OrganizationOf: "organizations:DescribeOrganization",
    MatchesOf: "logs:TestMetricFilter",
}


def _one(question: Question[Any], found: Iterator[T]) -> T | NotFound:
    return next(found, NotFound(question.subject))


def _there(place: Place, alarms: tuple[L, ...]) -> tuple[L, ...]:
    return tuple(each for each in alarms if each.place == place)


def _by_alarm(answers: Answers, build: Callable[[Answers], T]) -> tuple[tuple[str, T], ...]:
    return tuple((name, build(each)) for name, elements in answers.items() for each in elements)


def _queues(answer: Answers | None, listed: tuple[Subscription, ...]) -> tuple[Queue, ...]:
    arns = [each.endpoint for each in listed if each.protocol == "sqs" and answer is not None]
    own = answer["Attributes"] if answer else {}
    return tuple(Queue.from_api({"Attributes": {**own, "QueueArn": arn}}, f"https://sqs/{arn}") for arn in arns)


def _functions(answer: Answers | None, listed: tuple[Subscription, ...]) -> tuple[Function, ...]:
    subscribed = [each.endpoint for each in listed if each.protocol == "lambda"]
    return () if answer is None else tuple(Function.from_api(answer, arn) for arn in subscribed)


def _organization(answer: Answers | None) -> Organization | None:
    return None if answer is None else Organization.from_api(answer)


def _attributes(answer: Answers, subscription: Subscription) -> SubscriptionAttributes:
    own = {**answer["Attributes"], "SubscriptionArn": subscription.subscription_arn}
    return SubscriptionAttributes.from_api({"Attributes": own})


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
    pattern: str = DEFAULT_REQUIRED_FILTER_PATTERN, name: str = "config-calls", **members: Any
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


def a_monitored_account(**members: Any) -> FakeAccount:
    """Compliant: one of everything, as the control's remediation text builds it."""
    made = FakeAccount(
        configured_trails=(ConfiguredTrail(a_trail(), logging()),),
        log_groups=(LogGroup(LOG_GROUP, "STANDARD"),),
        filters=(a_filter(),),
        metric_alarms=(an_alarm(),),
        topics=(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY),),
        subscribed=(a_subscription(),),
    )
    return replace(made, **members)
