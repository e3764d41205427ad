"""Does a topic accept an alarm's message?

Sources: SNS developer guide, "Access control use cases" and "Publishing large messages"; CloudWatch user guide,
"Notifying users on alarm changes".
"""

from __future__ import annotations

from typing import assert_never

from ..account import NotFound
from ..findings import FindingId
from ..resources import CompositeAlarm, MetricAlarm, Organization, Topic
from ..truth import Truth
from .acceptance import Accepts, AsksOrganization, Refuses, proposed_policy, refusal
from .access_policy import Decision, admitting, decide, tests_organization
from .alarm_message import fits
from .service_request import by_alarm

__all__ = ["accepts"]


def accepts(
    topic: Topic, alarm: MetricAlarm | CompositeAlarm, organization: Organization | NotFound | None = None
) -> Accepts | Refuses | AsksOrganization:
    """Whether the topic's policy lets the alarm publish, and the topic takes such a message: by its kind and size.

    `organization` is that of the alarm's account, None where it was not asked for.
    """
    if topic.fifo_topic and not topic.content_based_deduplication:
        return refusal(FindingId.TOPIC_FIFO_UNVERIFIED, topic.topic_arn)
    published = _publishes(topic, alarm, organization)
    return _takes_the_size(topic, alarm) if isinstance(published, Accepts) else published


def _takes_the_size(topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> Accepts | Refuses:
    detail = f"its MaximumMessageSize is {topic.maximum_message_size} bytes"
    match fits(topic.maximum_message_size, alarm):
        case Truth.YES:
            return Accepts()
        case Truth.NO:
            return refusal(FindingId.TOPIC_MESSAGE_SIZE, topic.topic_arn, detail)
        case Truth.UNKNOWN:
            return refusal(FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED, topic.topic_arn, detail)


def _publishes(
    topic: Topic, alarm: MetricAlarm | CompositeAlarm, organization: Organization | NotFound | None
) -> Accepts | Refuses | AsksOrganization:
    request = by_alarm(alarm, "sns:Publish", topic.topic_arn, organization)
    decision = Decision.UNVERIFIED if topic.policy is None else decide(topic.policy, request)
    facts = proposed_policy("topic_policy", topic.policy, admitting(topic.policy, ("sns:Publish",), [request]))
    match decision:
        case Decision.ALLOWED:
            return Accepts()
        case Decision.DENIED:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "does not allow cloudwatch.amazonaws.com sns:Publish"
        case Decision.FORBIDDEN:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "denies cloudwatch.amazonaws.com sns:Publish"
        case Decision.UNVERIFIED if organization is None and tests_organization(topic.policy):
            return AsksOrganization(request.source_account)
        case Decision.UNVERIFIED if topic.policy is None:
            return refusal(FindingId.TOPIC_POLICY_UNVERIFIED, topic.topic_arn, "AWS returned no policy")
        case Decision.UNVERIFIED:
            finding, detail = FindingId.TOPIC_POLICY_UNVERIFIED, "has a condition that cannot be evaluated"
        case _:
            assert_never(decision)
    return refusal(finding, topic.topic_arn, f"its access policy {detail}", *facts)
