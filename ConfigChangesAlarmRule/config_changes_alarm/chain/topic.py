"""From an alarm to a person: its topics, their keys, and the subscriptions that have been confirmed."""

from __future__ import annotations

from functools import partial

from ..account import KeyOf, NotFound, SubscriptionAttributesOf, SubscriptionsOf, TopicOf, Unreadable
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..notification import Accepts, accepts, confirmed, hands_over, key_admits
from ..resources import CompositeAlarm, MetricAlarm, Subscription, Topic
from .context import Context
from .reasons import unread

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
            return chain.broken(unread(read))
        if isinstance(read, NotFound):
            return chain.broken(Reason(FindingId.TOPIC_MISSING, name, "", facts))
    assert isinstance(topic, Topic)
    assert isinstance(subscriptions, tuple)
    refusals = _topic_refusals(context, topic, alarm)
    if refusals:
        return chain.broken(*refusals)
    return _follow_subscriptions(context, chain, topic, alarm, subscriptions)


def _topic_refusals(context: Context, topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> tuple[Reason, ...]:
    verdict = accepts(topic, alarm)
    if not isinstance(verdict, Accepts):
        return verdict.reasons
    if topic.kms_master_key_id is None:
        return ()
    key = context.account.ask(KeyOf(topic.topic_arn, topic.kms_master_key_id))
    if isinstance(key, Unreadable):
        return (unread(key),)
    admitted = key_admits(topic, key, alarm.alarm_arn)
    return () if isinstance(admitted, Accepts) else admitted.reasons


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
        attributes = context.account.ask(SubscriptionAttributesOf(subscription.subscription_arn))
        match attributes:
            case Unreadable():
                refusals.append(unread(attributes))
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
