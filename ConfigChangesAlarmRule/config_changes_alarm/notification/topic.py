"""Does a topic hand an alarm's message to somebody who has confirmed?

Sources: SNS developer guide ("Access control use cases", "Key management", "Message filtering"), CloudWatch user guide
("Notifying users on alarm changes"). Each function judges one piece of evidence, so that a caller reads no more than
it needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ..account import NotFound
from ..findings import FindingId, Reason
from ..resources import Arn, CompositeAlarm, Key, MetricAlarm, Subscription, SubscriptionAttributes, Topic
from ..truth import Truth
from .access_policy import AlarmRequest, Decision, admitting, decide
from .filter_policy import passes

__all__ = ["Accepts", "Refuses", "accepts", "confirmed", "hands_over", "key_admits"]

_SUBSCRIPTION_ARN = re.compile(r"arn:[^:]+:sns:[^:]+:\d{12}:[^:]+:[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class Accepts:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Refuses:
    """No, or not provably, because."""

    reasons: tuple[Reason, ...]


def _name(topic_arn: str) -> str:
    return topic_arn.rsplit(":", 1)[-1]


def _refuses(id: FindingId, topic_arn: str, detail: str = "", *facts: tuple[str, str]) -> Refuses:  # noqa: A002
    region, account_id = Arn.parse(topic_arn).region, Arn.parse(topic_arn).account_id
    known = (("topic_arn", topic_arn), ("topic_region", region), ("account_id", account_id), *facts)
    return Refuses((Reason(id, _name(topic_arn), detail, known),))


def accepts(topic: Topic, alarm_arn: str) -> Accepts | Refuses:
    """Whether the topic's policy lets the alarm publish, and, for a FIFO topic, whether it takes such a message."""
    if topic.fifo_topic and not topic.content_based_deduplication:
        return _refuses(FindingId.TOPIC_FIFO_UNVERIFIED, topic.topic_arn)
    request = AlarmRequest("sns:Publish", topic.topic_arn, alarm_arn, Arn.parse(alarm_arn).account_id)
    decision = Decision.UNVERIFIED if topic.policy is None else decide(topic.policy, request)
    facts = _proposed("topic_policy", admitting(topic.policy, ("sns:Publish",), [request]))
    match decision:
        case Decision.ALLOWED:
            return Accepts()
        case Decision.DENIED:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "does not allow cloudwatch.amazonaws.com sns:Publish"
        case Decision.FORBIDDEN:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "denies cloudwatch.amazonaws.com sns:Publish"
        case Decision.UNVERIFIED if topic.policy is None:
            return _refuses(FindingId.TOPIC_POLICY_UNVERIFIED, topic.topic_arn, "AWS returned no policy")
        case Decision.UNVERIFIED:
            finding, detail = FindingId.TOPIC_POLICY_UNVERIFIED, "has a condition that cannot be evaluated"
        case _:
            assert_never(decision)
    return _refuses(finding, topic.topic_arn, f"its access policy {detail}", *facts)


def _proposed(name: str, policy: str | None) -> tuple[tuple[str, str], ...]:
    return () if policy is None else ((name, policy),)


_KEY_ACTIONS = ("kms:GenerateDataKey*", "kms:Decrypt")


def key_admits(topic: Topic, key: Key | NotFound, alarm_arn: str) -> Accepts | Refuses:
    """Whether the alarm may use the key that the topic is encrypted with: only ever a customer managed one."""
    key_id = topic.kms_master_key_id or ""
    account_id = Arn.parse(alarm_arn).account_id

    def refuses(id: FindingId, detail: str, *facts: tuple[str, str]) -> Refuses:  # noqa: A002
        return _refuses(id, topic.topic_arn, detail, ("key_id", key_id), *facts)

    if key_id.endswith("alias/aws/sns") or (isinstance(key, Key) and key.key_manager != "CUSTOMER"):
        return refuses(FindingId.TOPIC_KEY_DENIES_ALARM, f"{key_id} is an AWS managed key")
    if isinstance(key, NotFound):
        return refuses(FindingId.TOPIC_KEY_DENIES_ALARM, f"key {key_id} does not exist")
    if key.key_state != "Enabled":
        return refuses(FindingId.TOPIC_KEY_DENIES_ALARM, f"key {key_id} is {key.key_state}")
    if key.key_spec not in (None, "SYMMETRIC_DEFAULT"):
        return refuses(FindingId.TOPIC_KEY_DENIES_ALARM, f"key {key_id} is {key.key_spec}, SNS needs a symmetric one")
    requests = [AlarmRequest(action.rstrip("*"), key.arn, alarm_arn, account_id) for action in _KEY_ACTIONS]
    decisions = {decide(key.policy or "", request) for request in requests}
    if decisions == {Decision.ALLOWED}:
        return Accepts()
    denied = decisions & {Decision.DENIED, Decision.FORBIDDEN}
    finding = FindingId.TOPIC_KEY_POLICY_DENIES_ALARM if denied else FindingId.TOPIC_KEY_UNVERIFIED
    missing = "its policy does not allow" if denied else "it cannot be told whether its policy allows"
    detail = f"key {key_id}: {missing} cloudwatch.amazonaws.com {' and '.join(_KEY_ACTIONS)}"
    proposed = _proposed("key_policy", admitting(key.policy, _KEY_ACTIONS, requests))
    return refuses(finding, detail, ("key_arn", key.arn), *proposed)


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
        return _refuses(FindingId.SUBSCRIPTION_PENDING, topic.topic_arn, detail, *facts)
    if listed:
        others = ", ".join(sorted({each.protocol for each in listed}))
        detail = f"SNS does not deliver to {others}" + (" from a FIFO topic" if topic.fifo_topic else "")
    else:
        detail = "its subscriptions are deleted" if subscriptions else ""
    return _refuses(FindingId.NO_SUBSCRIPTION, topic.topic_arn, detail)


def hands_over(
    subscription: Subscription, attributes: SubscriptionAttributes, alarm: MetricAlarm | CompositeAlarm
) -> Accepts | Refuses:
    """Whether the subscription is confirmed after all, and its filter policy lets the alarm's message through."""

    def refuses(id: FindingId, detail: str) -> Refuses:  # noqa: A002
        facts = (
            ("subscription_arn", subscription.subscription_arn),
            ("endpoint", subscription.endpoint),
            ("protocol", subscription.protocol),
        )
        return _refuses(id, subscription.topic_arn, f"{subscription.endpoint} {detail}", *facts)

    if attributes.pending_confirmation:
        return refuses(FindingId.SUBSCRIPTION_PENDING, "has not confirmed")
    if attributes.filter_policy is None:
        return Accepts()
    match passes(attributes.filter_policy, attributes.filter_policy_scope, alarm):
        case Truth.YES:
            return Accepts()
        case Truth.NO:
            return refuses(FindingId.SUBSCRIPTION_FILTERED, f"has filter policy {attributes.filter_policy}")
        case Truth.UNKNOWN:
            return refuses(FindingId.SUBSCRIPTION_FILTER_UNVERIFIED, f"has filter policy {attributes.filter_policy}")
