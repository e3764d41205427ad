"""Which topics accept an alarm's message."""

from __future__ import annotations

import json

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import accepts
from config_changes_alarm.requirement import Requirement

from ..api_answers import NOW, OTHER, OWN, REGION, TOPIC, compliant_answers, patched, policy
from ..fake_account import FakeAccount
from ..verdict import verdict
from .topics import ALARM, refused, topic

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
