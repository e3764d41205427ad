"""How SNS is asked about topics and subscriptions.

GetSubscriptionAttributes looks dispensable and is not: a filter policy may drop the alarm's message, and no other
answer says so.
"""

from __future__ import annotations

from ...resources import Arn, Place, Subscription, SubscriptionAttributes, Topic
from ..questions import SubscriptionAttributesOf, SubscriptionsOf, TopicOf
from .calling import Calling
from .owner import where_it_lives
from .parsing import check_subject, each, name, parsed


def topic(aws: Calling, question: TopicOf) -> Topic:
    """GetTopicAttributes."""
    topic_arn = question.topic_arn

    def read(place: Place) -> Topic:
        answer = aws.call("sns", place, "get_topic_attributes", topic_arn, TopicArn=topic_arn)
        found = parsed("GetTopicAttributes", lambda: Topic.from_api(answer))
        check_subject("GetTopicAttributes", {"TopicArn": found.topic_arn}, "TopicArn", topic_arn)
        return found

    return where_it_lives(aws, topic_arn, read)


def subscriptions(aws: Calling, question: SubscriptionsOf) -> tuple[Subscription, ...]:
    """ListSubscriptionsByTopic."""
    topic_arn = question.topic_arn

    def read(place: Place) -> tuple[Subscription, ...]:
        found: list[Subscription] = []
        for page in aws.pages("sns", place, "list_subscriptions_by_topic", topic_arn, TopicArn=topic_arn):
            found += each("ListSubscriptionsByTopic", page, "Subscriptions", Subscription.from_api)
        return tuple(subscription for subscription in found if subscription.topic_arn == topic_arn)

    return where_it_lives(aws, topic_arn, read)


def subscription_attributes(aws: Calling, question: SubscriptionAttributesOf) -> SubscriptionAttributes:
    """GetSubscriptionAttributes."""
    subscription_arn = question.subscription_arn

    def read(place: Place) -> SubscriptionAttributes:
        answer = aws.call(
            "sns", place, "get_subscription_attributes", subscription_arn, SubscriptionArn=subscription_arn
        )
        attributes = parsed("GetSubscriptionAttributes", lambda: SubscriptionAttributes.from_api(answer))
        parsed("GetSubscriptionAttributes", lambda: name(answer["Attributes"], "PendingConfirmation"))
        told = {"SubscriptionArn": attributes.subscription_arn}
        check_subject("GetSubscriptionAttributes", told, "SubscriptionArn", subscription_arn)
        return attributes

    if question.owner is None:
        return where_it_lives(aws, subscription_arn, read)
    return read(Place(question.owner, Arn.parse(subscription_arn).region))
