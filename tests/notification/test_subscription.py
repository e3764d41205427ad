"""Which subscriptions are confirmed and take an alarm's message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import confirmed
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import Subscription, SubscriptionAttributes

from ..api_answers import NOW, SUBSCRIPTION, TOPIC, a_subscription, compliant_answers, patched
from ..fake_account import FakeAccount
from ..verdict import verdict
from .topics import refused, topic

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
