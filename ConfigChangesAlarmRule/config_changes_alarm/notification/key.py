"""May an alarm use the key that a topic is encrypted with?

Source: SNS developer guide, "Key management".
"""

from __future__ import annotations

from ..account import NotFound
from ..findings import FindingId
from ..resources import Arn, Key, Topic
from .acceptance import Accepts, Refuses, proposed_policy, refusal
from .access_policy import AlarmRequest, Decision, admitting, decide

__all__ = ["key_admits"]

_KEY_ACTIONS = ("kms:GenerateDataKey*", "kms:Decrypt")


def key_admits(topic: Topic, key: Key | NotFound, alarm_arn: str) -> Accepts | Refuses:
    """Whether the alarm may use the key that the topic is encrypted with: only ever a customer managed one."""
    key_id = topic.kms_master_key_id or ""
    account_id = Arn.parse(alarm_arn).account_id

    def refuses(id: FindingId, detail: str, *facts: tuple[str, str]) -> Refuses:  # noqa: A002
        return refusal(id, topic.topic_arn, detail, ("key_id", key_id), *facts)

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
    proposed = proposed_policy("key_policy", admitting(key.policy, _KEY_ACTIONS, requests))
    return refuses(finding, detail, ("key_arn", key.arn), *proposed)
