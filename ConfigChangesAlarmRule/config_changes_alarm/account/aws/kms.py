"""How KMS is asked about a key and its policy."""

from __future__ import annotations

from dataclasses import replace

from ...resources import Arn, Key, Place
from ..questions import KeyOf
from .calling import Calling
from .parsing import name, parsed


def key(aws: Calling, question: KeyOf) -> Key:
    """DescribeKey, and GetKeyPolicy of a customer's key.

    An ARN says whose key it is. An id or an alias means one of the account that uses it: elsewhere the same alias is
    another key. No account is shown the policy of another one's key, so both are asked in the key's own.
    """
    key_id = question.key_id
    owner = Arn.parse(key_id if key_id.startswith("arn:") else question.encrypted_arn)
    place = Place(owner.account_id, owner.region)
    answer = aws.call("kms", place, "describe_key", key_id, KeyId=key_id)
    found = parsed("DescribeKey", lambda: Key.from_api(answer))
    if found.key_manager != "CUSTOMER":
        return found
    parsed("DescribeKey", lambda: Arn.parse(found.arn))
    policy = aws.call("kms", place, "get_key_policy", key_id, KeyId=found.arn, PolicyName="default")
    return replace(found, policy=parsed("GetKeyPolicy", lambda: name(policy, "Policy")))
