"""From a topic to a person: the subscriptions that have been confirmed, and whether they get the message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ..account import FunctionOf, NotFound, QueueOf, SubscriptionAttributesOf, Unreadable
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..notification import READ_PROTOCOLS, Accepts, Refuses, confirmed, hands_over
from ..resources import Arn, CompositeAlarm, MetricAlarm, Subscription, Topic
from .context import Context
from .judging import key_of, refusals, unread_key
from .reasons import unread_of

__all__ = ["follow_subscriptions"]


def follow_subscriptions(
    context: Context,
    chain: Chain,
    topic: Topic,
    alarm: MetricAlarm | CompositeAlarm,
    subscriptions: tuple[Subscription, ...],
) -> Chain:
    """One confirmed subscription that takes the message is enough; the attributes of the others are not read.

    Those that are believed on their confirmation come first, side by side once the first one does not take it: the
    policies of queues and functions are read only where nobody else is told, all of them at the same time.
    """
    candidates = confirmed(topic, subscriptions)
    if not isinstance(candidates, tuple):
        return chain.broken(*candidates.reasons)
    refused: dict[Subscription, tuple[Reason, ...]] = {}
    believed = [each for each in candidates if each.protocol not in READ_PROTOCOLS]
    read = [each for each in candidates if each.protocol in READ_PROTOCOLS]
    for wave in (*_growing(believed), read):
        verdicts = context.account.side_by_side(*(partial(_takes, context, topic, alarm, each) for each in wave))
        for subscription, verdict in zip(wave, verdicts, strict=True):
            if isinstance(verdict, Accepts):
                return _reaching(chain, subscription)
            refused[subscription] = verdict.reasons
    name = topic.topic_arn.rsplit(":", 1)[-1]
    gone = Reason(FindingId.NO_SUBSCRIPTION, name, "", (("topic_arn", topic.topic_arn),))
    reasons = [reason for subscription in candidates for reason in refused[subscription]]
    return chain.broken(*(reasons[:1] or (gone,)))


def _growing(subscriptions: Sequence[Subscription]) -> Iterator[Sequence[Subscription]]:
    """One alone, for nearly always it takes the message, then twice as many at a time."""
    start, size = 0, 1
    while start < len(subscriptions):
        yield subscriptions[start : start + size]
        start, size = start + size, 2 * size


def _reaching(chain: Chain, subscription: Subscription) -> Chain:
    name = f"{subscription.protocol} {subscription.endpoint}"
    return chain.reaching(Hop.SUBSCRIPTION, name, arn=subscription.subscription_arn)


def _takes(
    context: Context, topic: Topic, alarm: MetricAlarm | CompositeAlarm, subscription: Subscription
) -> Accepts | Refuses:
    """Whether the message gets to the endpoint. No reasons where the subscription is gone by now."""
    owner = subscription.owner or topic.account_id
    foreign_owner = None if owner == topic.account_id else owner
    attributes = context.account.ask(SubscriptionAttributesOf(subscription.subscription_arn, foreign_owner))
    if isinstance(attributes, NotFound):
        return Refuses(())
    if isinstance(attributes, Unreadable):
        told = f"subscription {subscription.protocol} {subscription.endpoint.rpartition(':')[2]}"
        return Refuses((unread_of(context, attributes, owner, told, "sns:GetSubscriptionAttributes"),))
    verdict = hands_over(subscription, attributes, alarm)
    if not isinstance(verdict, Accepts):
        return verdict
    match subscription.protocol:
        case "sqs":
            refused = _queue_refusals(context, topic, alarm, subscription.endpoint)
        case "lambda":
            refused = _function_refusals(context, topic, subscription.endpoint)
        case _:
            return verdict
    return Refuses(refused) if refused else Accepts()


def _queue_refusals(
    context: Context, topic: Topic, alarm: MetricAlarm | CompositeAlarm, queue_arn: str
) -> tuple[Reason, ...]:
    from ..notification import queue_key_admits, queue_takes

    queue = context.account.ask(QueueOf(queue_arn))
    if isinstance(queue, Unreadable):
        return _unread_endpoint(context, queue, queue_arn, "queue", "sqs:GetQueueAttributes")
    refused = refusals(context, partial(queue_takes, topic, queue_arn, queue, alarm))
    if refused or isinstance(queue, NotFound) or queue.kms_master_key_id is None:
        return refused
    key = key_of(context, queue_arn, queue.kms_master_key_id)
    if isinstance(key, Unreadable):
        return (unread_key(context, key, queue_arn, queue.kms_master_key_id),)
    return refusals(context, partial(queue_key_admits, topic, queue, key))


def _function_refusals(context: Context, topic: Topic, function_arn: str) -> tuple[Reason, ...]:
    from ..notification import function_takes

    function = context.account.ask(FunctionOf(function_arn))
    if isinstance(function, Unreadable):
        return _unread_endpoint(context, function, function_arn, "function", "lambda:GetPolicy")
    return refusals(context, partial(function_takes, topic, function_arn, function))


def _unread_endpoint(
    context: Context, read: Unreadable, endpoint: str, kind: str, operation: str
) -> tuple[Reason, ...]:
    """Nothing where nobody may look: an endpoint of another account, without a role, is believed on its confirmation.

    SNS has sent that account the request to confirm, which it only gets where the topic may send to it.
    """
    if read.error_code == "NoRoleGiven":
        return ()
    arn = Arn.parse(endpoint)
    subject = f"{kind} {arn.resource.removeprefix('function:')}"
    return (unread_of(context, read, arn.account_id, subject, operation),)
