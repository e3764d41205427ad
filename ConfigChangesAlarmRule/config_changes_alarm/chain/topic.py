"""From an alarm to a person: its topics, their keys, and the subscriptions that have been confirmed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..account import (
    KeyOf,
    NotFound,
    OrganizationOf,
    SubscriptionAttributesOf,
    SubscriptionsOf,
    TopicOf,
    Unreadable,
)
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..notification import (
    Accepts,
    AsksOrganization,
    Refuses,
    accepts,
    confirmed,
    hands_over,
    is_aws_managed,
    key_admits,
)
from ..resources import Arn, CompositeAlarm, Key, MetricAlarm, Organization, Subscription, Topic
from .context import Context
from .reasons import unread_of

__all__ = ["follow_topics"]


def follow_topics(
    context: Context, chain: Chain, alarm: MetricAlarm | CompositeAlarm, topic_arns: tuple[str, ...]
) -> tuple[Chain, ...]:
    """One path for each topic, in their order: whole, or with what breaks it."""
    return context.account.side_by_side(*(partial(_follow_topic, context, chain, alarm, arn) for arn in topic_arns))


def _follow_topic(context: Context, chain: Chain, alarm: MetricAlarm | CompositeAlarm, topic_arn: str) -> Chain:
    account = context.account
    name = topic_arn.rsplit(":", 1)[-1]
    chain = chain.reaching(Hop.TOPIC, name, arn=topic_arn)
    facts = (("topic_arn", topic_arn), ("alarm_name", alarm.alarm_name), ("region", alarm.place.region))
    accepted = context.requirement.topic_arns
    if accepted and topic_arn not in accepted:
        return chain.broken(Reason(FindingId.TOPIC_NOT_ACCEPTED, name, "", (("topic_arn", min(accepted)),)))
    topic, subscriptions = account.side_by_side(
        partial(account.ask, TopicOf(topic_arn)), partial(account.ask, SubscriptionsOf(topic_arn))
    )
    for read in (topic, subscriptions):
        if isinstance(read, Unreadable):
            return chain.broken(_unread_topic(context, read, topic_arn))
        if isinstance(read, NotFound):
            return chain.broken(Reason(FindingId.TOPIC_MISSING, name, "", facts))
    assert isinstance(topic, Topic)
    assert isinstance(subscriptions, tuple)
    refusals = _topic_refusals(context, topic, alarm)
    if refusals:
        return chain.broken(*refusals)
    return _follow_subscriptions(context, chain, topic, alarm, subscriptions)


def _topic_refusals(context: Context, topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> tuple[Reason, ...]:
    refusals = _refusals(context, partial(accepts, topic, alarm))
    if refusals or topic.kms_master_key_id is None:
        return refusals
    key = _key(context, topic.topic_arn, topic.kms_master_key_id)
    if isinstance(key, Unreadable):
        return (_unread_key(context, key, topic.topic_arn, topic.kms_master_key_id),)
    return _refusals(context, partial(key_admits, topic, key, alarm))


def _unread_topic(context: Context, read: Unreadable, topic_arn: str) -> Reason:
    topic = Arn.parse(topic_arn)
    operation = "sns:GetTopicAttributes" if read.operation == "sts:AssumeRole" else read.operation
    return unread_of(context, read, topic.account_id, f"topic {topic.resource}", operation)


def _unread_key(context: Context, read: Unreadable, encrypted_arn: str, key_id: str) -> Reason:
    owner = Arn.parse(key_id if key_id.startswith("arn:") else encrypted_arn)
    operation = "kms:GetKeyPolicy" if read.operation == "sts:AssumeRole" else read.operation
    return unread_of(context, read, owner.account_id, f"key {key_id.rpartition(':')[2]}", operation)


def _key(context: Context, encrypted_arn: str, key_id: str) -> Key | NotFound | Unreadable:
    """An AWS managed key is known by its name, and admits nobody."""
    if is_aws_managed(key_id):
        return NotFound(key_id)
    return context.account.ask(KeyOf(encrypted_arn, key_id))


def _refusals(
    context: Context, judge: Callable[[Organization | NotFound | None], Accepts | Refuses | AsksOrganization]
) -> tuple[Reason, ...]:
    """Why a judgement is no yes. The organization is asked for only where it decides."""
    verdict = judge(None)
    if isinstance(verdict, AsksOrganization):
        organization = context.account.ask(OrganizationOf(verdict.account_id))
        if isinstance(organization, Unreadable):
            return (_unread_organization(context, organization, verdict.account_id),)
        verdict = judge(organization)
    match verdict:
        case Accepts():
            return ()
        case Refuses(reasons):
            return reasons
        case AsksOrganization():
            raise AssertionError(f"the organization of account {verdict.account_id} is told")


def _unread_organization(context: Context, read: Unreadable, account_id: str) -> Reason:
    return unread_of(context, read, account_id, "the organization", "organizations:DescribeOrganization")


def _follow_subscriptions(
    context: Context,
    chain: Chain,
    topic: Topic,
    alarm: MetricAlarm | CompositeAlarm,
    subscriptions: tuple[Subscription, ...],
) -> Chain:
    """One confirmed subscription that takes the message is enough; the attributes of the others are not read."""
    candidates = confirmed(topic, subscriptions)
    if not isinstance(candidates, tuple):
        return chain.broken(*candidates.reasons)
    refusals: list[Reason] = []
    for subscription in candidates:
        owner = subscription.owner or topic.account_id
        foreign_owner = None if owner == topic.account_id else owner
        attributes = context.account.ask(SubscriptionAttributesOf(subscription.subscription_arn, foreign_owner))
        match attributes:
            case Unreadable():
                told = f"subscription {subscription.protocol} {subscription.endpoint.rpartition(':')[2]}"
                refusals.append(unread_of(context, attributes, owner, told, "sns:GetSubscriptionAttributes"))
            case NotFound():
                continue
            case _:
                verdict = hands_over(subscription, attributes, alarm)
                if isinstance(verdict, Accepts):
                    name = f"{subscription.protocol} {subscription.endpoint}"
                    return chain.reaching(Hop.SUBSCRIPTION, name, arn=subscription.subscription_arn)
                refusals += verdict.reasons
    name = topic.topic_arn.rsplit(":", 1)[-1]
    gone = Reason(FindingId.NO_SUBSCRIPTION, name, "", (("topic_arn", topic.topic_arn),))
    return chain.broken(*(refusals[:1] or (gone,)))
