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
    ("the topic's account: SNS may not tell it", sending(**only("aws:SourceAccount", OWN, "StringEquals")), UNVERIFIED),
    ("the account, if it is told", sending(**only("aws:SourceAccount", OWN, "StringEqualsIfExists")), None),
    ("no other account", sending(**only("aws:SourceAccount", OTHER, "StringNotEquals")), None),
    ("SNS of one Region", sending(Principal={"Service": f"sns.{REGION}.amazonaws.com"}), UNVERIFIED),
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
    (
        "SNS for the topic and its account",
        invoking(Condition={"ArnLike": {"AWS:SourceArn": TOPIC}, "StringEquals": {"AWS:SourceAccount": OWN}}),
        UNVERIFIED,
    ),
    ("an alias of the function", invoking(Resource=FUNCTION + ":live"), REFUSED),
    ("everybody", invoking(Principal="*"), UNVERIFIED),
    ("an unknown condition", invoking(**only("lambda:FunctionUrlAuthType", "NONE", "StringEquals")), UNVERIFIED),
)


@pytest.mark.parametrize(("words", "text", "expected"), FUNCTION_POLICIES, ids=[row[0] for row in FUNCTION_POLICIES])
def test_a_function_s_policy_decides(words: str, text: str | None, expected: FindingId | None) -> None:
    function = NotFound(FUNCTION) if text is None else Function(FUNCTION, text)
    assert refused(function_takes(topic(), FUNCTION, function)) is expected


# --------------------------------------------------------------------------- across Regions

UNITED_STATES, MILAN, HONG_KONG, OSAKA = "us-east-1", "eu-south-1", "ap-east-1", "ap-northeast-3"
CROSS_REGION = (
    (UNITED_STATES, REGION, "sns.amazonaws.com"),
    (MILAN, MILAN, "sns.amazonaws.com"),
    (MILAN, UNITED_STATES, f"sns.{MILAN}.amazonaws.com"),
    (UNITED_STATES, MILAN, f"sns.{MILAN}.amazonaws.com"),
    (MILAN, HONG_KONG, f"sns.{HONG_KONG}.amazonaws.com"),
)
"""Of the topic, of the queue, and as whom SNS sends (SNS developer guide, "Opt-in Regions")."""


def in_region(arn: str, region: str) -> str:
    return arn.replace(f":{REGION}:", f":{region}:")


def queue_of(region: str, **members: Any) -> Queue:
    arn = in_region(QUEUE, region)
    return Queue(arn, "https://queue", sending(Resource=arn, **members))


@pytest.mark.parametrize(("here", "there", "principal"), CROSS_REGION)
def test_between_opt_in_regions_sns_goes_by_the_name_of_one(here: str, there: str, principal: str) -> None:
    own = topic(TopicArn=in_region(TOPIC, here))
    admitted = queue_of(there, Principal={"Service": principal})
    assert queue_takes(own, admitted.queue_arn, admitted, ALARM) == Accepts()
    if principal != "sns.amazonaws.com":
        plain = queue_of(there)
        denied = queue_takes(own, plain.queue_arn, plain, ALARM)
        assert refused(denied) is DENIED
        assert isinstance(denied, Refuses)
        assert f"does not allow {principal} sqs:SendMessage" in denied.reasons[0].detail
        assert refused(queue_key_admits(own, plain, Key(KEY_ARN, "CUSTOMER", "Enabled", "{}"))) is UNVERIFIED


def test_which_region_osaka_is_the_guide_does_not_say_for_sure() -> None:
    queue = queue_of(OSAKA)
    assert refused(queue_takes(topic(), queue.queue_arn, queue, ALARM)) is UNVERIFIED


@pytest.mark.parametrize(
    ("here", "there", "principal", "expected"),
    [
        (UNITED_STATES, REGION, "sns.amazonaws.com", None),
        (MILAN, UNITED_STATES, f"sns.{MILAN}.amazonaws.com", None),
        (MILAN, UNITED_STATES, "sns.amazonaws.com", REFUSED),
        (UNITED_STATES, MILAN, f"sns.{MILAN}.amazonaws.com", UNVERIFIED),
        (MILAN, HONG_KONG, f"sns.{HONG_KONG}.amazonaws.com", UNVERIFIED),
    ],
)
def test_whether_lambda_is_invoked_in_an_opt_in_region_pages_differ(
    here: str, there: str, principal: str, expected: FindingId | None
) -> None:
    arn = in_region(FUNCTION, there)
    function = Function(arn, invoking(Resource=arn, Principal={"Service": principal}))
    assert refused(function_takes(topic(TopicArn=in_region(TOPIC, here)), arn, function)) is expected


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


def test_that_sns_tells_the_topic_s_organization_is_not_known() -> None:
    for organization, kind in (("o-exampleorg1", UNVERIFIED), ("o-abcdefghij", DENIED)):
        text = sending(**only("aws:SourceOrgID", organization, "StringEquals"))
        found, calls = assessed(QUEUE, GetQueueAttributes={"Attributes": {"Policy": text}})
        assert [reason.id for reason in found.reasons] == [kind]
        assert calls.count("organizations:DescribeOrganization") == 1
