"""Topics and keys that are given: used as they are, and changed only where that is allowed."""

from __future__ import annotations

import json
from typing import Any

import boto3

from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws
from tests.accounts import TOPIC, an_account
from tests.rule_cases import COMPLIANT, NON_COMPLIANT

from .conftest import Calls
from .repairing import (
    ENDPOINT,
    OWN_TOPIC,
    OWNER_ONLY,
    WHOLE,
    a_key,
    a_topic,
    evaluate,
    everything,
    made,
    nothing_behind_the_trail,
    repair,
)

NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
WITHOUT_TLS = {**NOBODY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
USED_BY_CLOUDWATCH = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}


def statements(policy: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


def test_a_given_topic_is_taken_over(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic()
    before = everything()
    assert repair(TopicArn=TOPIC).status == "Success"
    assert made(before, everything()) == ["alarm", "metric filter", "subscription"]
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_given_topic_that_is_not_there_is_made(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    assert f"topic {TOPIC}" in repair(TopicArn=TOPIC).outputs["ReadBack.Created"]


def test_a_policy_that_refuses_alarms_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic(OWNER_ONLY)
    before = everything()
    execution = repair(TopicArn=TOPIC)
    assert made(before, everything()) == ["alarm", "metric filter", "subscription"]
    assert execution.outputs["ReadBack.Remaining"].startswith(
        f"the policy of topic {TOPIC} does not plainly let the alarm publish: allow cloudwatch.amazonaws.com "
        f"sns:Publish where aws:SourceAccount is {ACCOUNT_ID}; "
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == NON_COMPLIANT


def test_where_it_is_allowed_a_statement_is_added_to_the_policy_once(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic({**OWNER_ONLY, "Statement": [*OWNER_ONLY["Statement"], WITHOUT_TLS]})
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true")
    assert (
        execution.outputs["PrepareTopic.Changed"]
        == f"the policy of topic {TOPIC} now lets this account's alarms publish"
    )
    after = everything()
    owner, without_tls, added = statements(after["topic", TOPIC]["Policy"])
    assert [owner, without_tls] == [*OWNER_ONLY["Statement"], WITHOUT_TLS]
    assert (added["Effect"], added["Principal"]) == ("Allow", {"Service": "cloudwatch.amazonaws.com"})
    assert repair(TopicArn=TOPIC, AllowTopicPolicyChange="true").status == "Success"
    assert everything() == after
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_deny_is_never_taken_away(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    a_topic({**OWNER_ONLY, "Statement": [NOBODY]})
    before = everything()
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true")
    assert "does not plainly let the alarm publish" in execution.outputs["ReadBack.Remaining"]
    assert everything()["topic", TOPIC] == before["topic", TOPIC]


def test_a_new_topic_is_encrypted_with_the_given_key(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key(USED_BY_CLOUDWATCH)
    before = everything()
    assert repair(KmsKeyArn=key).status == "Success"
    after = everything()
    assert made(before, after) == WHOLE
    assert after["topic", OWN_TOPIC]["KmsMasterKeyId"] == key
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_key_that_cloudwatch_may_not_use_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key()
    before = everything()
    execution = repair(KmsKeyArn=key)
    assert made(before, everything()) == WHOLE
    assert execution.outputs["ReadBack.Remaining"].startswith(
        f"key {key} does not plainly let CloudWatch use it: allow cloudwatch.amazonaws.com kms:Decrypt "
        "and kms:GenerateDataKey* in the policy of a customer managed key; "
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == NON_COMPLIANT


def test_a_key_that_is_disabled_is_reported(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key(USED_BY_CLOUDWATCH)
    boto3.client("kms").disable_key(KeyId=key.rpartition("/")[2])
    execution = repair(KmsKeyArn=key, AllowKeyPolicyChange="true")
    assert f"key {key} does not plainly let CloudWatch use it" in execution.outputs["ReadBack.Remaining"]
    assert execution.outputs["PrepareTopic.Changed"] == "nothing"


def test_where_it_is_allowed_a_statement_is_added_to_the_keys_policy(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    key = a_key()
    a_topic(key_id=key)
    execution = repair(TopicArn=TOPIC, AllowKeyPolicyChange="true")
    assert execution.outputs["PrepareTopic.Changed"] == f"the policy of key {key} now lets CloudWatch use it"
    after = everything()
    assert [each["Principal"] for each in statements(after["key", key.rpartition("/")[2]])] == [
        {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
        {"Service": "cloudwatch.amazonaws.com"},
    ]
    assert repair(TopicArn=TOPIC, AllowKeyPolicyChange="true").status == "Success"
    assert everything() == after
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_topic_encrypted_with_the_aws_managed_key_is_reported_and_left_as_it_is(
    aws: EmbeddedAws, calls: Calls
) -> None:
    nothing_behind_the_trail(aws)
    a_topic(key_id="alias/aws/sns")
    before = everything()
    execution = repair(TopicArn=TOPIC, AllowTopicPolicyChange="true", AllowKeyPolicyChange="true")
    assert "key alias/aws/sns does not plainly" in execution.outputs["ReadBack.Remaining"]
    assert everything()["topic", TOPIC] == before["topic", TOPIC]


def test_the_given_endpoints_filter_policy_is_reported_and_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    attributes = {"FilterPolicy": '{"severity":["high"]}'}
    an_account(aws, subscription_attributes=attributes)
    before = everything()
    execution = repair(TopicArn=TOPIC, SubscriptionEndpoint="security@example.com")
    assert made(before, everything()) == []
    assert execution.outputs["ReadBack.Remaining"].endswith("has to let the alarm's message through")
