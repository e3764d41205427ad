"""Does a topic hand an alarm's message to somebody who has confirmed?

Sources: SNS developer guide ("Access control use cases", "Key management", "Message filtering"), CloudWatch user guide
("Notifying users on alarm changes"). Each function judges one piece of evidence, so that a caller reads no more than
it needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .access_policy import AlarmRequest, Decision, decide
from .account import NotFound
from .findings import FindingId, Reason
from .resources import Arn, CompositeAlarm, Key, MetricAlarm, Subscription, SubscriptionAttributes, Topic

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
    if topic.policy is None:
        return _refuses(FindingId.TOPIC_POLICY_UNVERIFIED, topic.topic_arn, "AWS returned no policy")
    request = AlarmRequest("sns:Publish", topic.topic_arn, alarm_arn, Arn.parse(alarm_arn).account_id)
    match decide(topic.policy, request):
        case Decision.ALLOWED:
            return Accepts()
        case Decision.DENIED:
            detail = "its access policy does not allow cloudwatch.amazonaws.com sns:Publish"
            return _refuses(FindingId.TOPIC_POLICY_DENIES_ALARM, topic.topic_arn, detail)
        case Decision.UNVERIFIED:
            detail = "its access policy has a condition that cannot be evaluated"
            return _refuses(FindingId.TOPIC_POLICY_UNVERIFIED, topic.topic_arn, detail)


def key_admits(topic: Topic, key: Key | NotFound, alarm_arn: str) -> Accepts | Refuses:
    """Whether the alarm may use the key that the topic is encrypted with: only ever a customer managed one."""
    key_id = topic.kms_master_key_id or ""
    fact = ("key_id", key_id)
    if key_id.endswith("alias/aws/sns"):
        return _refuses(FindingId.TOPIC_KEY_DENIES_ALARM, topic.topic_arn, f"{key_id} is an AWS managed key", fact)
    if isinstance(key, NotFound):
        return _refuses(FindingId.TOPIC_KEY_DENIES_ALARM, topic.topic_arn, f"key {key_id} does not exist", fact)
    if key.key_manager != "CUSTOMER":
        detail = f"{key_id} is an AWS managed key"
        return _refuses(FindingId.TOPIC_KEY_DENIES_ALARM, topic.topic_arn, detail, fact)
    if key.key_state != "Enabled":
        return _refuses(FindingId.TOPIC_KEY_DENIES_ALARM, topic.topic_arn, f"key {key_id} is {key.key_state}", fact)
    decisions = [
        decide(key.policy or "", AlarmRequest(action, key.arn, alarm_arn, Arn.parse(alarm_arn).account_id))
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
    ]
    if all(decision is Decision.ALLOWED for decision in decisions):
        return Accepts()
    denied = Decision.DENIED in decisions
    finding = FindingId.TOPIC_KEY_DENIES_ALARM if denied else FindingId.TOPIC_KEY_UNVERIFIED
    return _refuses(finding, topic.topic_arn, f"key {key_id}", fact)


def confirmed(topic: Topic, subscriptions: Sequence[Subscription]) -> tuple[Subscription, ...] | Refuses:
    """The subscriptions that somebody has confirmed; SNS writes a word instead of an ARN for the others."""
    found = tuple(each for each in subscriptions if _SUBSCRIPTION_ARN.fullmatch(each.subscription_arn))
    if found:
        return found
    pending = [each for each in subscriptions if each.subscription_arn == "PendingConfirmation"]
    if pending:
        endpoint = pending[0].endpoint
        detail = f"{endpoint} has not confirmed" + (f", nor {len(pending) - 1} more" if len(pending) > 1 else "")
        return _refuses(FindingId.SUBSCRIPTION_PENDING, topic.topic_arn, detail, ("endpoint", endpoint))
    detail = "its subscriptions are deleted" if subscriptions else ""
    return _refuses(FindingId.NO_SUBSCRIPTION, topic.topic_arn, detail)


def hands_over(
    subscription: Subscription, attributes: SubscriptionAttributes, alarm: MetricAlarm | CompositeAlarm
) -> Accepts | Refuses:
    """Whether the subscription's filter policy lets the alarm's message through."""
    topic_arn = subscription.topic_arn
    facts = (("subscription_arn", subscription.subscription_arn), ("endpoint", subscription.endpoint))
    if attributes.pending_confirmation:
        detail = f"{subscription.endpoint} has not confirmed"
        return _refuses(FindingId.SUBSCRIPTION_PENDING, topic_arn, detail, *facts)
    if attributes.filter_policy is None:
        return Accepts()
    try:
        policy = json.loads(attributes.filter_policy)
        passes = _passes(policy, attributes.filter_policy_scope, alarm)
    except (ValueError, AttributeError, TypeError):
        passes = None
    if passes:
        return Accepts()
    finding = FindingId.SUBSCRIPTION_FILTER_UNVERIFIED if passes is None else FindingId.SUBSCRIPTION_FILTERED
    detail = f"{subscription.endpoint} has filter policy {attributes.filter_policy}"
    return _refuses(finding, topic_arn, detail, *facts)


def _passes(policy: Mapping[str, Any], scope: str, alarm: MetricAlarm | CompositeAlarm) -> bool | None:
    """Whether the policy admits the message: None when it tests what is not known in advance.

    An alarm's message has no attributes, so a policy on attributes admits it only where it asks for their absence.
    """
    known: dict[str, str] = {}
    if scope == "MessageBody":
        known = {
            "AlarmName": alarm.alarm_name,
            "AlarmArn": alarm.alarm_arn,
            "AWSAccountId": alarm.place.account_id,
            "NewStateValue": "ALARM",
        }
    elif scope != "MessageAttributes":
        return None
    if any(key.startswith("$") for key in policy):
        return None
    answers = [_field_passes(known.get(key), scope, conditions) for key, conditions in policy.items()]
    if False in answers:
        return False
    return None if None in answers else True


def _field_passes(value: str | None, scope: str, conditions: Any) -> bool | None:
    if not isinstance(conditions, list):
        return None
    answers = [_condition_passes(value, scope, condition) for condition in conditions]
    if True in answers:
        return True
    return None if None in answers else False


def _condition_passes(value: str | None, scope: str, condition: Any) -> bool | None:
    if value is None:
        if scope == "MessageBody":
            return None
        return bool(condition == {"exists": False})
    if isinstance(condition, str):
        return condition == value
    if isinstance(condition, dict) and len(condition) == 1:
        operator, operand = next(iter(condition.items()))
        match operator:
            case "prefix" if isinstance(operand, str):
                return value.startswith(operand)
            case "suffix" if isinstance(operand, str):
                return value.endswith(operand)
            case "equals-ignore-case" if isinstance(operand, str):
                return value.lower() == operand.lower()
            case "exists" if isinstance(operand, bool):
                return operand
            case "anything-but" if isinstance(operand, (str, list)):
                return value not in ([operand] if isinstance(operand, str) else operand)
    return None
