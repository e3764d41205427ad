"""From an alarm to its topics: do they take its message, with the keys that encrypt them?"""

from __future__ import annotations

from functools import partial

from ..account import NotFound, SubscriptionsOf, TopicOf, Unreadable
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..notification import accepts
from ..resources import Arn, CompositeAlarm, MetricAlarm, Topic
from .context import Context
from .judging import key_of, refusals, unread_key
from .reasons import unread_of
from .subscriptions import follow_subscriptions

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
    refused = _topic_refusals(context, topic, alarm)
    if refused:
        return chain.broken(*refused)
    return follow_subscriptions(context, chain, topic, alarm, subscriptions)


def _topic_refusals(context: Context, topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> tuple[Reason, ...]:
    refused = refusals(context, partial(accepts, topic, alarm))
    if refused or topic.kms_master_key_id is None:
        return refused
    from ..notification import key_admits

    key = key_of(context, topic.topic_arn, topic.kms_master_key_id)
    if isinstance(key, Unreadable):
        return (unread_key(context, key, topic.topic_arn, topic.kms_master_key_id),)
    return refusals(context, partial(key_admits, topic, key, alarm))


def _unread_topic(context: Context, read: Unreadable, topic_arn: str) -> Reason:
    topic = Arn.parse(topic_arn)
    operation = "sns:GetTopicAttributes" if read.operation == "sts:AssumeRole" else read.operation
    return unread_of(context, read, topic.account_id, f"topic {topic.resource}", operation)
