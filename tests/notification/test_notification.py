"""Whom an alarm's message reaches: topic policies, keys and filter policies as vectors, subscriptions as a table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.account import NotFound
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import Accepts, accepts, confirmed, hands_over, key_admits
from config_changes_alarm.notification.acceptance import Refuses
from config_changes_alarm.notification.access_policy import AlarmRequest, Decision, admitting, decide
from config_changes_alarm.notification.filter_policy import passes
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import Key, MetricAlarm, Subscription, SubscriptionAttributes, Topic
from config_changes_alarm.truth import Truth
from hypothesis import given
from hypothesis import strategies as st

from ..api_answers import (
    KEY_ARN,
    NOW,
    OTHER,
    OWN,
    REGION,
    SUBSCRIPTION,
    TOPIC,
    a_subscription,
    an_alarm,
    compliant_answers,
    patched,
    policy,
)
from ..fake_account import FakeAccount
from ..vectors import vectors

ALARM = MetricAlarm.from_api(an_alarm())
TOPIC_POLICIES, KEYS, FILTER_POLICIES = (
    vectors(__file__, "topic_policies"),
    vectors(__file__, "keys"),
    vectors(__file__, "filter_policies"),
)


def topic(**attributes: str) -> Topic:
    return Topic.from_api({"Attributes": {"TopicArn": TOPIC, "Owner": OWN, "Policy": policy(), **attributes}})


def refused(found: object) -> FindingId | None:
    """Which finding, or None for a yes."""
    if isinstance(found, Accepts):
        return None
    assert isinstance(found, Refuses)
    (reason,) = found.reasons
    return reason.id


def test_there_are_enough_cases_of_every_answer() -> None:
    assert len(TOPIC_POLICIES) + len(KEYS) + len(FILTER_POLICIES) >= 160
    assert {case["decision"] for case in TOPIC_POLICIES} == {decision.value for decision in Decision}
    assert {case["passes"] for case in FILTER_POLICIES} == {each.value for each in Truth}


# --------------------------------------------------------------------------- the topic's policy


def request(case: dict[str, Any]) -> AlarmRequest:
    name = case.get("alarm_name", "config-changes")
    return AlarmRequest("sns:Publish", TOPIC, f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:{name}", OWN)


@pytest.mark.parametrize("case", TOPIC_POLICIES, ids=lambda case: case["name"])
def test_a_topic_policy_decides(case: dict[str, Any]) -> None:
    assert decide(json.dumps(case["policy"]), request(case)) is Decision(case["decision"])


@pytest.mark.parametrize("case", TOPIC_POLICIES, ids=lambda case: case["name"])
def test_the_policy_of_the_remedy_admits_the_alarm_and_keeps_every_statement(case: dict[str, Any]) -> None:
    """Nothing is proposed for a policy that cannot be read; one with an effect that nobody knows stays in doubt."""
    text = json.dumps(case["policy"])
    mended = admitting(text, ("sns:Publish",), [request(case)])
    if case["name"] in UNREADABLE:
        assert mended is None
        return
    assert mended is not None
    assert decide(mended, request(case)) is (Decision.UNVERIFIED if "Audit" in text else Decision.ALLOWED)
    statements = case["policy"]["Statement"]
    kept = json.loads(mended)["Statement"][:-1]
    had = statements if isinstance(statements, list) else [statements]
    without = [{name: each[name] for name in each if name != "Condition"} for each in (*had, *kept)]
    assert without[: len(had)] == without[len(had) :]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "null", '{"Statement": 1}', "[" * 100_000])
def test_what_is_no_policy_decides_nothing(text: str) -> None:
    assert decide(text, request({})) is Decision.UNVERIFIED


UNREADABLE = {"no effect", "no statement member", "a statement that is text", "conditions that are no object"}
FINDINGS: tuple[tuple[str, dict[str, str], FindingId | None], ...] = (
    ("the policy allows it", {}, None),
    ("the policy lacks it", {"Policy": '{"Statement": []}'}, FindingId.TOPIC_POLICY_DENIES_ALARM),
    ("the policy denies it", {"Policy": policy(Effect="Deny")}, FindingId.TOPIC_POLICY_DENIES_ALARM),
    ("the policy cannot be read", {"Policy": "{"}, FindingId.TOPIC_POLICY_UNVERIFIED),
    ("AWS returned no policy", {"Policy": ""}, FindingId.TOPIC_POLICY_UNVERIFIED),
    ("a FIFO topic", {"FifoTopic": "true"}, FindingId.TOPIC_FIFO_UNVERIFIED),
    ("a FIFO topic that deduplicates", {"FifoTopic": "true", "ContentBasedDeduplication": "true"}, None),
)


@pytest.mark.parametrize(("words", "attributes", "finding"), FINDINGS, ids=[row[0] for row in FINDINGS])
def test_a_topic_accepts_the_alarm(words: str, attributes: dict[str, str], finding: FindingId | None) -> None:
    assert refused(accepts(topic(**attributes), ALARM.alarm_arn)) is finding


WILD = st.text(st.sampled_from("ab*?"), max_size=8)


@given(WILD, st.text(st.sampled_from("ab"), max_size=8))
def test_wildcards_match_as_a_regular_expression_would(pattern: str, text: str) -> None:
    import re

    from config_changes_alarm.notification.access_policy import _like

    regex = "".join({"*": ".*", "?": "."}.get(char, char) for char in pattern)
    assert _like(pattern, text) is (re.fullmatch(regex, text) is not None)


# --------------------------------------------------------------------------- the topic's key


@pytest.mark.parametrize("case", KEYS, ids=lambda case: case["name"])
def test_a_key_admits_the_alarm(case: dict[str, Any]) -> None:
    text = None if case["policy"] is None else json.dumps(case["policy"])
    key: Key | NotFound = NotFound(case["key_id"])
    if case["key"] is not None:
        key = Key.from_api({"KeyMetadata": {"Arn": KEY_ARN, **case["key"]}}, text)
    found = key_admits(topic(KmsMasterKeyId=case["key_id"]), key, ALARM.alarm_arn)
    assert refused(found) == case["finding"]
    facts = dict(found.reasons[0].facts) if isinstance(found, Refuses) else {}
    if "key_policy" in facts and isinstance(key, Key):
        mended = Key(key.arn, key.key_manager, key.key_state, facts["key_policy"])
        assert key_admits(topic(KmsMasterKeyId=case["key_id"]), mended, ALARM.alarm_arn) == Accepts()


# --------------------------------------------------------------------------- subscriptions


@pytest.mark.parametrize("case", FILTER_POLICIES, ids=lambda case: case["name"])
def test_a_filter_policy_lets_the_message_pass(case: dict[str, Any]) -> None:
    text = json.dumps(case["policy"])
    assert passes(text, case["scope"], ALARM) is Truth(case["passes"])
    attributes = SubscriptionAttributes(SUBSCRIPTION, False, text, case["scope"])
    expected = {
        "yes": None,
        "no": FindingId.SUBSCRIPTION_FILTERED,
        "unknown": FindingId.SUBSCRIPTION_FILTER_UNVERIFIED,
    }
    found = hands_over(Subscription.from_api(a_subscription()), attributes, ALARM)
    assert refused(found) is expected[case["passes"]]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_a_filter_policy_that_cannot_be_read_passes_nothing_for_certain(text: str) -> None:
    assert passes(text, "MessageBody", ALARM) is Truth.UNKNOWN


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["ALARM", "OK", "config-changes", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["NewStateValue", "AlarmName", "x", "$or", "prefix", "exists", "anything-but", "numeric"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["MessageBody", "MessageAttributes"]))
def test_any_json_has_an_answer(filter_policy: Any, scope: str) -> None:
    assert passes(json.dumps(filter_policy), scope, ALARM) in Truth


ARN_STATES = (
    ("confirmed", SUBSCRIPTION, None),
    ("pending", "PendingConfirmation", FindingId.SUBSCRIPTION_PENDING),
    ("pending, in the guide's words", "pending confirmation", FindingId.NO_SUBSCRIPTION),
    ("deleted", "Deleted", FindingId.NO_SUBSCRIPTION),
    ("an ARN of something else", TOPIC, FindingId.NO_SUBSCRIPTION),
    ("an ARN with something behind", f"{SUBSCRIPTION}\n", FindingId.NO_SUBSCRIPTION),
    ("an ARN of another partition", SUBSCRIPTION.replace("aws", "aws-us-gov"), None),
)


@pytest.mark.parametrize(("words", "arn", "finding"), ARN_STATES, ids=[row[0] for row in ARN_STATES])
def test_a_subscription_is_confirmed_by_its_arn(words: str, arn: str, finding: FindingId | None) -> None:
    subscription = Subscription(arn, "email", "security@example.com", TOPIC)
    found = confirmed(topic(), (subscription,))
    assert (None if isinstance(found, tuple) else refused(found)) is finding


FIFO = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
PROTOCOLS = (
    *(
        (protocol, {}, True)
        for protocol in ("email", "email-json", "sms", "http", "https", "sqs", "lambda", "firehose")
    ),
    ("application", {}, True),
    ("carrier-pigeon", {}, False),
    ("sqs", FIFO, True),
    ("email", FIFO, False),
    ("lambda", FIFO, False),
)


@pytest.mark.parametrize(("protocol", "attributes", "counts"), PROTOCOLS)
def test_a_protocol_counts_where_sns_delivers_to_it(protocol: str, attributes: dict[str, str], counts: bool) -> None:
    subscription = Subscription(SUBSCRIPTION, protocol, "endpoint", TOPIC)
    assert isinstance(confirmed(topic(**attributes), (subscription,)), tuple) is counts


def verdict(**patches: Any) -> tuple[Compliance, list[FindingId]]:
    account = FakeAccount.of(patched(compliant_answers(), patches))
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    return assessment.compliance, [reason.id for reason in assessment.reasons]


def test_one_subscription_that_takes_the_message_is_enough() -> None:
    pending, first, second = (
        a_subscription("PendingConfirmation"),
        a_subscription(f"{TOPIC}:22222222-2222-3333-4444-555555555555"),
        a_subscription(),
    )
    account = FakeAccount.of(
        patched(compliant_answers(), {"ListSubscriptionsByTopic": {"Subscriptions": [pending, first, second]}})
    )
    filtered = SubscriptionAttributes(first["SubscriptionArn"], False, '{"severity":["high"]}')
    unconfirmed, (one, _), another = account.subscribed
    account = replace(account, subscribed=(unconfirmed, (one, filtered), another))
    assert assess(account.opened(), Requirement.parse(), NOW).compliance is Compliance.COMPLIANT
    account = replace(account, subscribed=(unconfirmed, (one, filtered), (another[0], None)))
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    assert [reason.id for reason in assessment.reasons] == [FindingId.SUBSCRIPTION_FILTERED]


def test_a_subscription_that_its_attributes_call_pending_is_not_confirmed() -> None:
    pending = {"GetSubscriptionAttributes": {"Attributes": {"PendingConfirmation": "true"}}}
    assert verdict(**pending) == (Compliance.NON_COMPLIANT, [FindingId.SUBSCRIPTION_PENDING])


def test_a_topic_of_another_account_needs_a_policy_that_names_the_alarms_account() -> None:
    foreign = f"arn:aws:sns:{REGION}:{OTHER}:config-changes"
    answers = json.loads(json.dumps(compliant_answers()).replace(TOPIC, foreign))
    default = {"StringEquals": {"AWS:SourceOwner": OTHER}}
    own = {"StringEquals": {"aws:SourceAccount": OWN}}
    for condition, expected in (
        (default, (Compliance.NON_COMPLIANT, [FindingId.TOPIC_POLICY_DENIES_ALARM])),
        (own, (Compliance.COMPLIANT, [])),
    ):
        text = policy(Principal={"AWS": "*"}, Resource=foreign, Condition=condition)
        account = FakeAccount.of(patched(answers, {"GetTopicAttributes": {"Attributes": {"Policy": text}}}))
        assessment = assess(account.opened(), Requirement.parse(), NOW)
        assert (assessment.compliance, [reason.id for reason in assessment.reasons]) == expected


def test_a_topic_of_another_account_that_may_not_be_read_is_unverified() -> None:
    account = FakeAccount.of(compliant_answers()).refusing("sns:GetTopicAttributes", error_code="AuthorizationError")
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    assert [(reason.id, reason.detail) for reason in assessment.reasons] == [
        (FindingId.CANNOT_READ, "sns:GetTopicAttributes denied (AuthorizationError)")
    ]


def test_the_latest_action_in_the_history_is_evidence_against_the_topic() -> None:
    def item(minute: int, words: str) -> dict[str, str]:
        return {"Timestamp": f"2026-11-24T09:{minute:02}:00+00:00", "HistorySummary": f"{words} execute action {TOPIC}"}

    failed, succeeded = item(1, "Failed to"), item(2, "Successfully")
    for items, expected in (
        ([failed], (Compliance.NON_COMPLIANT, [FindingId.ALARM_ACTION_FAILED])),
        ([succeeded, failed], (Compliance.COMPLIANT, [])),
        ([], (Compliance.COMPLIANT, [])),
    ):
        assert verdict(DescribeAlarmHistory={"config-changes": items}) == expected
