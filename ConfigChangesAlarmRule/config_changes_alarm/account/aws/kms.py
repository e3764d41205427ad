"""How KMS is asked about a key and its policy."""

from __future__ import annotations

from dataclasses import replace

from ...resources import Arn, Key, Place
from ..questions import KeyOf
from .calling import Calling
from .owner import where_it_lives
from .parsing import name, parsed


def key(aws: Calling, question: KeyOf) -> Key:
    """DescribeKey, and GetKeyPolicy of a customer's key."""
    key_id = question.key_id

    def read(place: Place) -> Key:
        answer = aws.call("kms", place, "describe_key", key_id, KeyId=key_id)
        found = parsed("DescribeKey", lambda: Key.from_api(answer))
        if found.key_manager != "CUSTOMER":
            return found
        arn = parsed("DescribeKey", lambda: Arn.parse(found.arn))
        if aws.role_name is not None:  # its policy is only shown to its own account
            place = Place(arn.account_id, arn.region)
        policy = aws.call("kms", place, "get_key_policy", key_id, KeyId=found.arn, PolicyName="default")
        return replace(found, policy=parsed("GetKeyPolicy", lambda: name(policy, "Policy")))

    return where_it_lives(aws, question.topic_arn, read)
