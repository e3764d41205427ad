"""Has somebody confirmed a topic's subscription, and does it hand over an alarm's message?

Sources: SNS API reference (Subscribe, ListSubscriptionsByTopic) and developer guide, "Message filtering".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..findings import FindingId
from ..resources import CompositeAlarm, MetricAlarm, Subscription, SubscriptionAttributes, Topic
from ..truth import Truth
from .acceptance import Accepts, Refuses, refusal

__all__ = ["READ_PROTOCOLS", "confirmed", "hands_over"]

READ_PROTOCOLS = ("sqs", "lambda")
"""Of the endpoints whose policies are read."""

_SUBSCRIPTION_ARN = re.compile(r"arn:[^:]+:sns:[^:]+:\d{12}:[^:]+:[0-9a-f-]{36}")

_PROTOCOLS = frozenset(("email", "email-json", "sms", "http", "https", "sqs", "lambda", "firehose", "application"))
"""What SNS delivers to (API reference, Subscribe); a FIFO topic to queues only."""


def confirmed(topic: Topic, subscriptions: Sequence[Subscription]) -> tuple[Subscription, ...] | Refuses:
    """The subscriptions that somebody has confirmed; SNS writes a word instead of an ARN for the others."""
    known = frozenset(("sqs",)) if topic.fifo_topic else _PROTOCOLS
    listed = [each for each in subscriptions if _SUBSCRIPTION_ARN.fullmatch(each.subscription_arn)]
    found = tuple(each for each in listed if each.protocol in known)
    if found:
        return found
    pending = [each for each in subscriptions if each.subscription_arn == "PendingConfirmation"]
    if pending:
        endpoint = pending[0].endpoint
        detail = f"{endpoint} has not confirmed" + (f", nor {len(pending) - 1} more" if len(pending) > 1 else "")
        facts = (("endpoint", endpoint), ("protocol", pending[0].protocol))
        return refusal(FindingId.SUBSCRIPTION_PENDING, topic.topic_arn, detail, *facts)
    if listed:
        others = ", ".join(sorted({each.protocol for each in listed}))
        detail = f"SNS does not deliver to {others}" + (" from a FIFO topic" if topic.fifo_topic else "")
    else:
        detail = "its subscriptions are deleted" if subscriptions else ""
    return refusal(FindingId.NO_SUBSCRIPTION, topic.topic_arn, detail)


def hands_over(
    subscription: Subscription, attributes: SubscriptionAttributes, alarm: MetricAlarm | CompositeAlarm
) -> Accepts | Refuses:
    """Whether the subscription is confirmed after all, and its filter policy lets the alarm's message through."""

    def refuses(id: FindingId, detail: str, *facts: tuple[str, str]) -> Refuses:  # noqa: A002
        return refusal(id, subscription.topic_arn, f"{subscription.endpoint} {detail}", *facts)

    if attributes.pending_confirmation:
        asked = (("endpoint", subscription.endpoint), ("protocol", subscription.protocol))
        return refuses(FindingId.SUBSCRIPTION_PENDING, "has not confirmed", *asked)
    if attributes.filter_policy is None:
        return Accepts()
    from .filter_policy import passes

    match passes(attributes.filter_policy, attributes.filter_policy_scope, alarm):
        case Truth.YES:
            return Accepts()
        case Truth.NO:
            return refuses(FindingId.SUBSCRIPTION_FILTERED, f"has filter policy {attributes.filter_policy}")
        case Truth.UNKNOWN:
            return refuses(FindingId.SUBSCRIPTION_FILTER_UNVERIFIED, f"has filter policy {attributes.filter_policy}")
