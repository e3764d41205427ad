"""What SNS says of topics and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .answers import Answer, digits, required, text
from .names import Arn

__all__ = ["Subscription", "SubscriptionAttributes", "Topic"]


@dataclass(frozen=True, slots=True)
class Topic:
    """GetTopicAttributes. `policy` is the JSON text of the access policy.

    `maximum_message_size` is bytes; SNS names it only where somebody has set it.
    """

    topic_arn: str
    owner: str | None = None
    policy: str | None = None
    kms_master_key_id: str | None = None
    fifo_topic: bool = False
    content_based_deduplication: bool = False
    maximum_message_size: int | None = None

    @property
    def account_id(self) -> str:
        """Its owner's. Raises `MalformedArn`."""
        return Arn.parse(self.topic_arn).account_id

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        attributes: Answer = required(answer, "Attributes", dict)
        return cls(
            topic_arn=required(attributes, "TopicArn", str),
            owner=text(attributes, "Owner"),
            policy=text(attributes, "Policy"),
            kms_master_key_id=text(attributes, "KmsMasterKeyId"),
            fifo_topic=attributes.get("FifoTopic") == "true",
            content_based_deduplication=attributes.get("ContentBasedDeduplication") == "true",
            maximum_message_size=digits(attributes, "MaximumMessageSize"),
        )


@dataclass(frozen=True, slots=True)
class Subscription:
    """One element of ListSubscriptionsByTopic.

    `subscription_arn` is an ARN once confirmed, and `PendingConfirmation` or `Deleted` otherwise.
    """

    subscription_arn: str
    protocol: str
    endpoint: str
    topic_arn: str
    owner: str | None = None

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        return cls(
            subscription_arn=required(answer, "SubscriptionArn", str),
            protocol=required(answer, "Protocol", str),
            endpoint=text(answer, "Endpoint") or "",
            topic_arn=required(answer, "TopicArn", str),
            owner=text(answer, "Owner"),
        )


@dataclass(frozen=True, slots=True)
class SubscriptionAttributes:
    """GetSubscriptionAttributes. `filter_policy` is its JSON text; SNS's default scope is MessageAttributes."""

    subscription_arn: str
    pending_confirmation: bool = False
    filter_policy: str | None = None
    filter_policy_scope: str = "MessageAttributes"

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        attributes: Answer = required(answer, "Attributes", dict)
        return cls(
            subscription_arn=required(attributes, "SubscriptionArn", str),
            pending_confirmation=attributes.get("PendingConfirmation") == "true",
            filter_policy=text(attributes, "FilterPolicy"),
            filter_policy_scope=text(attributes, "FilterPolicyScope") or "MessageAttributes",
        )
