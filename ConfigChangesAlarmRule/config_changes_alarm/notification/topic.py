"""Does a topic accept an alarm's message?

Sources: SNS developer guide, "Access control use cases", and CloudWatch user guide, "Notifying users on alarm changes".
"""

from __future__ import annotations

from typing import assert_never

from ..findings import FindingId
from ..resources import Arn, Topic
from .acceptance import Accepts, Refuses, proposed_policy, refusal
from .access_policy import AlarmRequest, Decision, admitting, decide

__all__ = ["accepts"]


def accepts(topic: Topic, alarm_arn: str) -> Accepts | Refuses:
    """Whether the topic's policy lets the alarm publish, and, for a FIFO topic, whether it takes such a message."""
    if topic.fifo_topic and not topic.content_based_deduplication:
        return refusal(FindingId.TOPIC_FIFO_UNVERIFIED, topic.topic_arn)
    request = AlarmRequest("sns:Publish", topic.topic_arn, alarm_arn, Arn.parse(alarm_arn).account_id)
    decision = Decision.UNVERIFIED if topic.policy is None else decide(topic.policy, request)
    facts = proposed_policy("topic_policy", admitting(topic.policy, ("sns:Publish",), [request]))
    match decision:
        case Decision.ALLOWED:
            return Accepts()
        case Decision.DENIED:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "does not allow cloudwatch.amazonaws.com sns:Publish"
        case Decision.FORBIDDEN:
            finding, detail = FindingId.TOPIC_POLICY_DENIES_ALARM, "denies cloudwatch.amazonaws.com sns:Publish"
        case Decision.UNVERIFIED if topic.policy is None:
            return refusal(FindingId.TOPIC_POLICY_UNVERIFIED, topic.topic_arn, "AWS returned no policy")
        case Decision.UNVERIFIED:
            finding, detail = FindingId.TOPIC_POLICY_UNVERIFIED, "has a condition that cannot be evaluated"
        case _:
            assert_never(decision)
    return refusal(finding, topic.topic_arn, f"its access policy {detail}", *facts)
