"""Queues and functions: read where nobody else is told, and judged by their policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.account import NotFound
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId, finding
from config_changes_alarm.notification import Accepts, function_takes, queue_key_admits, queue_takes
from config_changes_alarm.notification.acceptance import Refuses
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import Function, Key, Queue

from ..api_answers import (
    BY_SNS,
    KEY_ARN,
    NOW,
    OTHER,
    OWN,
    REGION,
    TOPIC,
    a_subscription,
    compliant_answers,
    patched,
    policy,
)
from ..fake_account import FakeAccount
from .topics import ALARM, refused, topic

QUEUE = f"arn:aws:sqs:{REGION}:{OWN}:changes"
FUNCTION = f"arn:aws:lambda:{REGION}:{OWN}:function:page"
ATTRIBUTES, POLICY = "sqs:GetQueueAttributes", "lambda:GetPolicy"


def sending(**members: Any) -> str:
    return policy(**{"Principal": BY_SNS, "Action": "sqs:SendMessage", "Resource": QUEUE, **members})


def invoking(**members: Any) -> str:
    return policy(**{"Principal": BY_SNS, "Action": "lambda:InvokeFunction", "Resource": FUNCTION, **members})


def only(key: str, value: str, operator: str = "ArnEquals") -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


DENIED, UNVERIFIED = FindingId.QUEUE_DENIES_TOPIC, FindingId.ENDPOINT_UNVERIFIED
QUEUE_POLICIES: tuple[tuple[str, str | None, FindingId | None], ...] = (
    ("no policy", None, DENIED),
    ("an empty policy", '{"Version":"2012-10-17","Statement":[]}', DENIED),
    ("SNS", sending(), None),
    ("SNS, action in capitals", sending(Action="SQS:SendMessage"), None),
    ("SNS, all of SQS", sending(Action="sqs:*"), None),
    ("SNS, another action", sending(Action="sqs:ReceiveMessage"), DENIED),
    ("another queue", sending(Resource=QUEUE + "-2"), DENIED),
    ("another service", sending(Principal={"Service": "events.amazonaws.com"}), DENIED),
    ("CloudWatch sends nothing itself", sending(Principal={"Service": "cloudwatch.amazonaws.com"}), DENIED),
    ("the account's users", sending(Principal={"AWS": f"arn:aws:iam::{OWN}:root"}), DENIED),
    ("everybody, on behalf of the topic", sending(Principal="*", **only("aws:SourceArn", TOPIC)), None),
    ("everybody as AWS principal", sending(Principal={"AWS": "*"}, **only("aws:SourceArn", TOPIC, "ArnLike")), None),
    ("the topic", sending(**only("aws:SourceArn", TOPIC)), None),
    ("another topic", sending(**only("aws:SourceArn", TOPIC + "-2")), DENIED),
    ("an alarm", sending(**only("aws:SourceArn", ALARM.alarm_arn)), DENIED),
    ("the topic's account", sending(**only("aws:SourceAccount", OWN, "StringEquals")), None),
    ("another account", sending(**only("aws:SourceAccount", OTHER, "StringEquals")), DENIED),
    ("the caller's organization", sending(**only("aws:PrincipalOrgID", "o-exampleorg1", "StringEquals")), DENIED),
    ("an address", sending(**only("aws:SourceIp", "203.0.113.0/24", "IpAddress")), UNVERIFIED),
    ("an explicit Deny", sending(Effect="Deny"), DENIED),
    ("no JSON", "{", UNVERIFIED),
)


@pytest.mark.parametrize(("words", "text", "expected"), QUEUE_POLICIES, ids=[row[0] for row in QUEUE_POLICIES])
def test_a_queue_s_policy_decides(words: str, text: str | None, expected: FindingId | None) -> None:
    found = queue_takes(topic(), QUEUE, Queue(QUEUE, "https://queue", text), ALARM)
    assert refused(found) is expected
    if isinstance(found, Refuses) and "queue_attributes" in dict(found.reasons[0].facts):
        mended = json.loads(dict(found.reasons[0].facts)["queue_attributes"])["Policy"]
        assert queue_takes(topic(), QUEUE, Queue(QUEUE, "https://queue", mended), ALARM) == Accepts()


@pytest.mark.parametrize(("size", "finding"), [(1_048_576, None), (262_144, None), (16_384, None), (1024, UNVERIFIED)])
def test_a_queue_takes_messages_up_to_its_size(size: int, finding: FindingId | None) -> None:
    queue = Queue(QUEUE, "https://queue", sending(), maximum_message_size=size)
    assert refused(queue_takes(topic(), QUEUE, queue, ALARM)) is finding


KEY_ACTIONS = ["kms:GenerateDataKey*", "kms:Decrypt"]
NOT_ADMITTED = FindingId.QUEUE_KEY_POLICY_DENIES_TOPIC
QUEUE_KEYS: tuple[tuple[str, str, dict[str, str] | None, str | None, FindingId | None], ...] = (
    ("SNS", "alias/queues", {}, policy(Principal=BY_SNS, Action=KEY_ACTIONS, Resource="*"), None),
    ("SNS for the topic", "alias/queues", {},
     policy(Principal=BY_SNS, Action="kms:*", Resource="*", **only("aws:SourceArn", TOPIC)), None),
    ("SNS for another topic", "alias/queues", {},
     policy(Principal=BY_SNS, Action="kms:*", Resource="*", **only("aws:SourceArn", TOPIC + "-2")), NOT_ADMITTED),
    ("CloudWatch instead of SNS", "alias/queues", {}, policy(Action=KEY_ACTIONS, Resource="*"), NOT_ADMITTED),
    ("Decrypt only", "alias/queues", {}, policy(Principal=BY_SNS, Action="kms:Decrypt", Resource="*"), NOT_ADMITTED),
    ("an unknown condition", "alias/queues", {},
     policy(Principal=BY_SNS, Action="kms:*", Resource="*", **only("kms:ViaService", "sqs", "StringEquals")),
     UNVERIFIED),
    ("SQS's own key", "alias/aws/sqs", None, None, FindingId.QUEUE_KEY_DENIES_TOPIC),
    ("an AWS managed key by its id", KEY_ARN, {"KeyManager": "AWS"}, None, FindingId.QUEUE_KEY_DENIES_TOPIC),
    ("a disabled key", KEY_ARN, {"KeyState": "Disabled"}, None, FindingId.QUEUE_KEY_DENIES_TOPIC),
    ("a key that is gone", KEY_ARN, None, None, FindingId.QUEUE_KEY_DENIES_TOPIC),
    ("a policy that was not told", KEY_ARN, {}, None, UNVERIFIED),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "key_id", "metadata", "text", "expected"), QUEUE_KEYS, ids=[row[0] for row in QUEUE_KEYS]
)
def test_the_key_of_a_queue_has_to_admit_sns(
    words: str, key_id: str, metadata: dict[str, str] | None, text: str | None, expected: FindingId | None
) -> None:
    plain = {"Arn": KEY_ARN, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
    key = NotFound(key_id) if metadata is None else Key.from_api({"KeyMetadata": {**plain, **metadata}}, text)
    queue = Queue(QUEUE, "https://queue", sending(), key_id)
    found = queue_key_admits(topic(), queue, key)
    assert refused(found) is expected
    if isinstance(found, Refuses) and "key_policy" in dict(found.reasons[0].facts):
        mended = Key(KEY_ARN, "CUSTOMER", "Enabled", dict(found.reasons[0].facts)["key_policy"])
        assert queue_key_admits(topic(), queue, mended) == Accepts()


REFUSED = FindingId.FUNCTION_DENIES_TOPIC
FUNCTION_POLICIES: tuple[tuple[str, str | None, FindingId | None], ...] = (
    ("no function, or none with a policy", None, REFUSED),
    ("SNS", invoking(), None),
    ("SNS for the topic, as add-permission writes it", invoking(**only("AWS:SourceArn", TOPIC, "ArnLike")), None),
    ("SNS for another topic", invoking(**only("AWS:SourceArn", TOPIC + "-2", "ArnLike")), REFUSED),
    ("another service", invoking(Principal={"Service": "events.amazonaws.com"}), REFUSED),
    ("an alias of the function", invoking(Resource=FUNCTION + ":live"), REFUSED),
    ("everybody", invoking(Principal="*"), UNVERIFIED),
    ("an unknown condition", invoking(**only("lambda:FunctionUrlAuthType", "NONE", "StringEquals")), UNVERIFIED),
)


@pytest.mark.parametrize(("words", "text", "expected"), FUNCTION_POLICIES, ids=[row[0] for row in FUNCTION_POLICIES])
def test_a_function_s_policy_decides(words: str, text: str | None, expected: FindingId | None) -> None:
    function = NotFound(FUNCTION) if text is None else Function(FUNCTION, text)
    assert refused(function_takes(topic(), FUNCTION, function)) is expected


# --------------------------------------------------------------------------- along the chain


def subscriptions(*endpoints: str) -> dict[str, Any]:
    """By their ARNs or addresses."""
    listed = [
        a_subscription(
            f"{TOPIC}:{number}1111111-2222-3333-4444-555555555555",
            Protocol=endpoint.split(":")[2] if endpoint.startswith("arn:") else "email",
            Endpoint=endpoint,
        )
        for number, endpoint in enumerate(endpoints)
    ]
    return {"ListSubscriptionsByTopic": {"Subscriptions": listed}}


def assessed(*endpoints: str, **answers: Any) -> tuple[Assessment, list[str]]:
    account = FakeAccount.of(patched(compliant_answers(), {**subscriptions(*endpoints), **answers}))
    return assess(account.opened(), Requirement.parse(), NOW), account.calls


def calls_of(*endpoints: str) -> list[str]:
    found, calls = assessed(*endpoints)
    assert found.compliance is Compliance.COMPLIANT
    return calls


def test_a_compliant_account_costs_one_call_more_where_its_sole_subscriber_is_a_queue_or_a_function() -> None:
    plain = calls_of("security@example.com")
    assert sorted(calls_of(QUEUE)) == sorted([*plain, ATTRIBUTES])
    assert sorted(calls_of(FUNCTION)) == sorted([*plain, POLICY])


@pytest.mark.parametrize("order", [0, 1])
def test_nothing_of_queues_and_functions_is_read_where_somebody_else_is_told(order: int) -> None:
    endpoints = ("security@example.com", QUEUE, FUNCTION)
    calls = calls_of(*(endpoints if order == 0 else reversed(endpoints)))
    assert calls.count("sns:GetSubscriptionAttributes") == 1
    assert not {ATTRIBUTES, POLICY} & set(calls)


def test_one_of_several_queues_and_functions_is_enough() -> None:
    found, calls = assessed(QUEUE, FUNCTION, GetQueueAttributes={"Attributes": {"Policy": None}})
    assert found.compliance is Compliance.COMPLIANT
    assert {ATTRIBUTES, POLICY} <= set(calls)


def test_the_first_that_gets_nothing_is_named() -> None:
    found, _ = assessed(QUEUE, FUNCTION, GetQueueAttributes=None, GetPolicy=None)
    (reason,) = found.reasons
    assert finding(reason).summary == "Queue changes does not exist"
    found, _ = assessed(FUNCTION, QUEUE, GetQueueAttributes=None, GetPolicy=None)
    (reason,) = found.reasons
    assert finding(reason).summary == (
        "Function page does not let the topic invoke it: it does not exist, or has no policy"
    )


@pytest.mark.parametrize(("endpoint", "operation"), [(QUEUE, ATTRIBUTES), (FUNCTION, POLICY)])
def test_what_is_denied_is_not_verified(endpoint: str, operation: str) -> None:
    found, _ = assessed(endpoint, refusals={operation: "AccessDenied"})
    assert found.compliance is Compliance.NON_COMPLIANT
    assert [(reason.id, reason.detail) for reason in found.reasons] == [
        (FindingId.CANNOT_READ, f"{operation} denied (AccessDenied)")
    ]


@pytest.mark.parametrize(("endpoint", "operation"), [(QUEUE, ATTRIBUTES), (FUNCTION, POLICY)])
def test_an_endpoint_of_another_account_is_believed_only_where_nobody_may_look(endpoint: str, operation: str) -> None:
    foreign = endpoint.replace(OWN, OTHER)
    found, _ = assessed(foreign, refusals={operation: "AccessDenied"})
    assert [reason.id for reason in found.reasons] == [FindingId.CANNOT_READ_ELSEWHERE]
    found, _ = assessed(foreign, refusals={operation: "NoRoleGiven"})
    assert found.compliance is Compliance.COMPLIANT


def test_the_organization_of_the_topic_s_account_decides_for_a_queue() -> None:
    for organization, compliance in (("o-exampleorg1", "COMPLIANT"), ("o-abcdefghij", "NON_COMPLIANT")):
        text = sending(**only("aws:SourceOrgID", organization, "StringEquals"))
        found, calls = assessed(QUEUE, GetQueueAttributes={"Attributes": {"Policy": text}})
        assert found.compliance == compliance
        assert calls.count("organizations:DescribeOrganization") == 1
