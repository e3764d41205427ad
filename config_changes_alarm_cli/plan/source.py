"""Answers questions about an account with what a plan would leave in it: the same door as to a real one.

What a plan has not is no answer: `Unplanned`, which proves nothing and disproves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from config_changes_alarm.resources import (
    ActionListing,
    AlarmListing,
    Arn,
    EventSelectors,
    LogGroup,
    LogGroupId,
    MalformedArn,
    MetricFilter,
    Organization,
    Place,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)
from config_changes_alarm.trail import log_group_of

from .alarms import alarms_of
from .attributes import Attributes
from .document import Plan
from .logs import PlannedTrail, UnknownFilter, log_groups_of, metric_filters_of, trails_of
from .topics import default_topic_policy, topics_of
from .unplanned import beside, unknown

__all__ = ["NOTHING", "Granted", "PlanSource"]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person says is beside the plan: log groups that a trail fills, by name, and topics that reach somebody."""

    trails: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


NOTHING = Granted()


class PlanSource:
    """Implements `account.AccountSource`. `now` is when the plan is taken to be applied. Raises `UnknownPlace`."""

    def __init__(self, plan: Plan, attributes: Attributes, granted: Granted, now: datetime) -> None:
        places = attributes.places
        self.identity = Identity(places.home.account_id, places.home.region)
        self.partition = places.partition
        self.attributes = attributes
        self._granted = granted
        self._groups = log_groups_of(plan, attributes)
        filters = metric_filters_of(plan, attributes)
        self._filters = tuple(each[0] for each in filters if isinstance(each, tuple))
        self._unknown_filters = tuple(each for each in filters if isinstance(each, UnknownFilter))
        self._alarms = alarms_of(plan, attributes, self._is_published)
        self._topics = topics_of(plan, attributes)
        planned = trails_of(plan, attributes, now)
        assumed = {group: _assumed_trail(group, now) for group in self._filled_beside(planned)}
        self.assumed_trails: Mapping[str, LogGroupId] = {each.trail.trail_arn: group for group, each in assumed.items()}
        self._trails = {each.trail.trail_arn: each for each in (*planned, *assumed.values())}
        self._mute_rules = tuple(each for each in plan.resources.values() if each.type.endswith("_alarm_mute_rule"))
        self._existing_topics = {attributes.identity(each) for each in plan.of_type("aws_sns_topic") if not each.is_new}
        organizations = (each for each in plan.resources.values() if each.type == "aws_organizations_organization")
        self._organization = next((str(each.values["id"]) for each in organizations if each.values.get("id")), None)
        self.addresses: Mapping[str, str] = {
            **{each.trail.trail_arn: each.address for each in planned},
            **{attributes.identity(each): each.address for each in plan.of_type("aws_cloudwatch_log_group")},
            **self._alarms.addresses,
            **self._topics.addresses,
        }
        self.filter_addresses = {each[0].identity: each[1] for each in filters if isinstance(each, tuple)}

    @property
    def threads(self) -> int:
        return 1

    def account(self) -> Account:
        """The planned account behind its door."""
        return Account(self.identity, self)

    def answer(self, question: Question[Any]) -> Any:
        """The planned answer, or `Unreadable`."""
        return _ANSWERS[type(question)](self, question)

    # ------------------------------------------------------------------- trails and logs

    def _filled_beside(self, planned: tuple[PlannedTrail, ...]) -> tuple[LogGroupId, ...]:
        """The log groups with planned filters that a trail beside the plan may fill.

        A log group that the plan itself makes is filled by the plan's own trails, if it has any.
        """
        if any(each.log_group is not None for each in planned):
            return ()
        filled = {log_group_of(each.trail) for each in planned}
        groups = dict.fromkeys(each.log_group for each in self._filters)
        return tuple(each for each in groups if each not in filled and not (planned and each in self._groups))

    def is_granted(self, group: LogGroupId) -> bool:
        """Whether a person says that a trail beside the plan fills the log group."""
        return bool({group.name, group.arn, f"{group.arn}:*"} & self._granted.trails)

    def _all_trails(self, _: Trails) -> Any:
        home = self.identity
        applying = tuple(
            each.trail
            for each in self._trails.values()
            if each.trail.belongs_to(home.account_id)
            and (each.trail.is_multi_region_trail or each.trail.home_region == home.region)
        )
        return applying or unknown("the plan has no trail, and no metric filter on a log group of one", "trails")

    def _status(self, question: TrailStatusOf) -> Any:
        planned = self._trails[question.trail.trail_arn]
        return planned.log_group or planned.status

    def _selectors(self, question: EventSelectorsOf) -> Any:
        return self._trails[question.trail.trail_arn].selectors

    def _log_group(self, question: LogGroupOf) -> Any:
        group = question.log_group
        if group in self._groups:
            return self._groups[group]
        if group in self.assumed_trails.values():
            return LogGroup(group)
        return beside("log group", group.name)

    def _filters_of(self, question: MetricFiltersOf) -> Any:
        group = question.log_group
        found = tuple(each for each in self._filters if each.log_group == group)
        unsure = next((each.why for each in self._unknown_filters if each.log_group in (None, group)), None)
        if unsure is not None:
            return unsure
        return found if found or group in self._groups else beside("log group", group.name)

    def _filters_in(self, question: MetricFiltersIn) -> Any:
        unsure = next((each.why for each in self._unknown_filters), None)
        return unsure or tuple(each for each in self._filters if each.log_group.place == question.place)

    def _filters_on(self, question: MetricFiltersOn) -> Any:
        metric = question.metric_namespace, question.metric_name
        unsure = next((each.why for each in self._unknown_filters if each.may_publish_to(*metric)), None)
        return unsure or self._publishing(question.place, *metric)

    def _is_published(self, namespace: str, name: str) -> bool:
        known = any(each.publishes_to(namespace, name) for each in self._filters)
        return known or any(each.may_publish_to(namespace, name) for each in self._unknown_filters)

    def _publishing(self, place: Place, namespace: str, name: str) -> tuple[MetricFilter, ...]:
        return tuple(
            each for each in self._filters if each.log_group.place == place and each.publishes_to(namespace, name)
        )

    def _matches(self, question: MatchesOf) -> Any:
        return unknown("AWS is not asked about a plan's patterns", question.filter_pattern)

    # ------------------------------------------------------------------- alarms

    def _alarms_on(self, question: AlarmsOn) -> Any:
        alarms = self._alarms.listing.metric_alarms
        return tuple(each for each in alarms if each.metric == question.metric and each.place == question.place)

    def _alarms_in(self, question: AlarmsIn) -> Any:
        if self._alarms.unknown:
            return self._alarms.unknown[0]
        listing = self._alarms.listing
        return AlarmListing(
            tuple(each for each in listing.metric_alarms if each.place == question.place),
            tuple(each for each in listing.composite_alarms if each.place == question.place),
        )

    def _muting(self, question: MuteRulesOf) -> Any:
        if not self._mute_rules:
            return ()
        return unknown(f"{self._mute_rules[0].address} is not read: it may mute the alarm", question.alarm_name)

    # ------------------------------------------------------------------- topics and beyond

    def _topic(self, question: TopicOf) -> Any:
        arn = question.topic_arn
        planned = self._topics.topics.get(arn) or self._alarms.unknown_topics.get(arn)
        if planned is not None:
            return planned
        if arn in self._granted.topics:
            return Topic(arn, Arn.parse(arn).account_id, default_topic_policy(arn))
        return beside("topic", arn)

    def _subscriptions(self, question: SubscriptionsOf) -> Any:
        arn = question.topic_arn
        found = self._topics.subscriptions.get(arn, ())
        if found:
            return found
        if arn in self._granted.topics:
            return (
                Subscription(f"{arn}:{'0' * 8}-0000-0000-0000-{'0' * 12}", "email", "somebody beside the plan", arn),
            )
        if self._topics.unsure is not None:
            return self._topics.unsure
        if arn in self._existing_topics:
            told = (
                f"topic {arn} is there already and no subscription to it is in the plan: somebody may have subscribed"
            )
            return unknown(told, arn)
        return () if arn in self._topics.topics else beside("topic", arn)

    def _subscription_attributes(self, question: SubscriptionAttributesOf) -> Any:
        arn = question.subscription_arn
        return self._topics.subscription_attributes.get(arn) or SubscriptionAttributes(arn)

    def _key(self, question: KeyOf) -> Any:
        if question.key_id.startswith("arn:"):
            if not _is_arn(question.key_id):
                return NotFound(question.key_id)
            return self._topics.keys.get((None, question.key_id)) or beside("key", question.key_id)
        owner = Arn.parse(question.encrypted_arn)
        place = Place(owner.account_id, owner.region)
        return self._topics.keys.get((place, question.key_id)) or beside("key", question.key_id)

    def _queue(self, question: QueueOf) -> Any:
        return self._topics.queues.get(question.queue_arn) or self._endpoint_beside("queue", question.queue_arn)

    def _function(self, question: FunctionOf) -> Any:
        arn = question.function_arn
        return self._topics.functions.get(arn) or self._endpoint_beside("function", arn)

    def _endpoint_beside(self, kind: str, arn: str) -> NotFound | Unreadable:
        """Of another account it is believed on its confirmation, as in a real account that may not be read."""
        if not _is_arn(arn):  # what has no valid name cannot exist
            return NotFound(arn)
        if Arn.parse(arn).account_id != self.identity.account_id:
            return Unreadable("sts:AssumeRole", "NoRoleGiven", arn)
        return beside(kind, arn)

    def _organization_of(self, question: OrganizationOf) -> Any:
        if self._organization is not None and question.account_id == self.identity.account_id:
            return Organization(self._organization)
        return unknown("the plan does not say in which organization the account is", question.subject)


def _assumed_trail(group: LogGroupId, now: datetime) -> PlannedTrail:
    """A trail beside the plan that fills the log group as it should."""
    arn = f"arn:{group.partition}:cloudtrail:{group.region}:{group.account_id}:trail/beside-the-plan/{group.name}"
    trail = Trail(
        "(beside the plan)", arn, group.region, is_multi_region_trail=True, cloud_watch_logs_log_group_arn=group.arn
    )
    return PlannedTrail("", trail, TrailStatus(is_logging=True, start_logging_time=now), EventSelectors(), None)


def _is_arn(text: str) -> bool:
    try:
        Arn.parse(text)
    except MalformedArn:
        return False
    return True


_ANSWERS: Mapping[type[Question[Any]], Callable[[PlanSource, Any], Any]] = {
    Trails: PlanSource._all_trails,
    TrailStatusOf: PlanSource._status,
    EventSelectorsOf: PlanSource._selectors,
    LogGroupOf: PlanSource._log_group,
    MetricFiltersOf: PlanSource._filters_of,
    MetricFiltersIn: PlanSource._filters_in,
    MetricFiltersOn: PlanSource._filters_on,
    MatchesOf: PlanSource._matches,
    AlarmsOn: PlanSource._alarms_on,
    AlarmsIn: PlanSource._alarms_in,
    MuteRulesOf: PlanSource._muting,
    AnyMuteRuleIn: lambda source, _: bool(source._mute_rules),
    ActionHistoryOf: lambda _source, _question: (),
    ActionHistoryIn: lambda _source, _question: ActionListing((), whole=True),
    TopicOf: PlanSource._topic,
    SubscriptionsOf: PlanSource._subscriptions,
    SubscriptionAttributesOf: PlanSource._subscription_attributes,
    KeyOf: PlanSource._key,
    QueueOf: PlanSource._queue,
    FunctionOf: PlanSource._function,
    OrganizationOf: PlanSource._organization_of,
}
