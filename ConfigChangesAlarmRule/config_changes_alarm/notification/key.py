"""May an alarm use the key that a topic is encrypted with?

Sources: SNS developer guide, "Key management"; KMS developer guide, "Encryption context".
"""

from __future__ import annotations

import re

from ..account import NotFound
from ..findings import FindingId
from ..resources import CompositeAlarm, Key, MetricAlarm, Organization, Topic
from .acceptance import Accepts, AsksOrganization, Refuses, proposed_policy, refusal
from .access_policy import Decision, admitting, decide_all, tests_organization
from .service_request import by_alarm

__all__ = ["KEY_ACTIONS", "is_aws_managed", "key_admits", "why_unusable"]

KEY_ACTIONS = ("kms:GenerateDataKey*", "kms:Decrypt")


def is_aws_managed(key_id: str) -> bool:
    """Whether it is the name of a key that AWS manages, whose policy nobody can change."""
    return re.search(r"(^|:)alias/aws/", key_id) is not None


def key_admits(
    topic: Topic,
    key: Key | NotFound,
    alarm: MetricAlarm | CompositeAlarm,
    organization: Organization | NotFound | None = None,
) -> Accepts | Refuses | AsksOrganization:
    """Whether the alarm may use the key that the topic is encrypted with: only ever a customer managed one.

    SNS encrypts with the topic's ARN as context. `organization` is that of the alarm's account, None where it was not
    asked for.
    """
    key_id = topic.kms_master_key_id or ""

    def refuses(id: FindingId, detail: str, *facts: tuple[str, str]) -> Refuses:  # noqa: A002
        return refusal(id, topic.topic_arn, detail, ("key_id", key_id), *facts)

    unusable = why_unusable(key_id, key)
    if unusable is not None or isinstance(key, NotFound):
        return refuses(FindingId.TOPIC_KEY_DENIES_ALARM, unusable or "")
    context = ("aws:sns:topicArn", topic.topic_arn)
    requests = [by_alarm(alarm, action.rstrip("*"), key.arn, organization, context) for action in KEY_ACTIONS]
    decision = decide_all(key.policy or "", requests)
    if decision is Decision.ALLOWED:
        return Accepts()
    if decision is Decision.UNVERIFIED and organization is None and tests_organization(key.policy):
        return AsksOrganization(alarm.place.account_id)
    denied = decision is Decision.DENIED
    finding = FindingId.TOPIC_KEY_POLICY_DENIES_ALARM if denied else FindingId.TOPIC_KEY_UNVERIFIED
    missing = "its policy does not allow" if denied else "it cannot be told whether its policy allows"
    detail = f"key {key_id}: {missing} cloudwatch.amazonaws.com {' and '.join(KEY_ACTIONS)}"
    proposed = proposed_policy("key_policy", key.policy, admitting(key.policy, KEY_ACTIONS, requests))
    return refuses(finding, detail, ("key_arn", key.arn), *proposed)


def why_unusable(key_id: str, key: Key | NotFound) -> str | None:
    """What keeps a service of AWS from using the key, whatever its policy says; None where nothing does."""
    if is_aws_managed(key_id) or (isinstance(key, Key) and key.key_manager != "CUSTOMER"):
        return f"{key_id} is an AWS managed key"
    if isinstance(key, NotFound):
        return f"key {key_id} does not exist"
    if key.key_state != "Enabled":
        return f"key {key_id} is {key.key_state}"
    if key.key_spec not in (None, "SYMMETRIC_DEFAULT"):
        return f"key {key_id} is {key.key_spec}, it has to be a symmetric one"
    return None
