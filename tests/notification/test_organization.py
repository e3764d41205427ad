"""When the organization is asked for, and what is concluded where it is not told."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement

from ..api_answers import NOW, ORGANIZATION, compliant_answers, patched, policy
from ..fake_account import FakeAccount

DESCRIBE = "organizations:DescribeOrganization"
OURS = {"StringEquals": {"aws:SourceOrgID": ORGANIZATION}}
THEIRS = {"StringEquals": {"aws:SourceOrgID": "o-abcdefghij"}}
KEY_ACTIONS = ["kms:GenerateDataKey*", "kms:Decrypt"]


def topic_of(condition: Any) -> dict[str, Any]:
    return {"GetTopicAttributes": {"Attributes": {"Policy": policy(Condition=condition)}}}


def key_of(condition: Any) -> dict[str, Any]:
    text = policy(Action=KEY_ACTIONS, Resource="*", Condition=condition)
    return {
        "GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/topics"}},
        "GetKeyPolicy": {"Policy": text},
    }


def assessed(answers: dict[str, Any]) -> tuple[Assessment, list[str]]:
    account = FakeAccount.of(patched(compliant_answers(), answers))
    return assess(account.opened(), Requirement.parse(), NOW), account.calls


ANSWERS: tuple[tuple[str, dict[str, Any], list[FindingId]], ...] = (
    ("a topic for our organization", topic_of(OURS), []),
    ("a topic for another", topic_of(THEIRS), [FindingId.TOPIC_POLICY_DENIES_ALARM]),
    ("a topic for a unit", topic_of({"ForAnyValue:StringLike": {"aws:SourceOrgPaths": f"{ORGANIZATION}/r-ab12/ou-*"}}),
     [FindingId.TOPIC_POLICY_UNVERIFIED]),
    ("a key for our organization", key_of(OURS), []),
    ("a key for another", key_of(THEIRS), [FindingId.TOPIC_KEY_POLICY_DENIES_ALARM]),
    ("an account in no organization", {**topic_of(OURS), "DescribeOrganization": None},
     [FindingId.TOPIC_POLICY_DENIES_ALARM]),
)  # fmt: skip


@pytest.mark.parametrize(("words", "answers", "findings"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_the_organization_decides(words: str, answers: dict[str, Any], findings: list[FindingId]) -> None:
    found, calls = assessed(answers)
    assert [reason.id for reason in found.reasons] == findings
    assert calls.count(DESCRIBE) == 1


def test_an_organization_that_is_denied_is_not_verified() -> None:
    found, _ = assessed({**topic_of(OURS), "refusals": {DESCRIBE: "AccessDeniedException"}})
    assert found.compliance is Compliance.NON_COMPLIANT
    assert [(reason.id, reason.detail) for reason in found.reasons] == [
        (FindingId.CANNOT_READ, f"{DESCRIBE} denied (AccessDeniedException)")
    ]


NOT_ASKED: tuple[tuple[str, dict[str, Any], list[FindingId]], ...] = (
    ("no such condition", {}, []),
    ("the caller's organization", topic_of({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}),
     [FindingId.TOPIC_POLICY_DENIES_ALARM]),
    ("another condition refuses", topic_of({**OURS, "StringLike": {"aws:SourceAccount": "4*"}}),
     [FindingId.TOPIC_POLICY_DENIES_ALARM]),
    ("another condition is not known", topic_of({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
     [FindingId.TOPIC_POLICY_UNVERIFIED]),
)  # fmt: skip


@pytest.mark.parametrize(("words", "answers", "findings"), NOT_ASKED, ids=[row[0] for row in NOT_ASKED])
def test_it_is_asked_for_only_where_it_decides(words: str, answers: dict[str, Any], findings: list[FindingId]) -> None:
    found, calls = assessed(answers)
    assert [reason.id for reason in found.reasons] == findings
    assert DESCRIBE not in calls


def test_a_key_that_aws_manages_is_known_by_its_name() -> None:
    managed = {"GetTopicAttributes": {"Attributes": {"KmsMasterKeyId": "alias/aws/sns"}}}
    found, calls = assessed(managed)
    assert [reason.id for reason in found.reasons] == [FindingId.TOPIC_KEY_DENIES_ALARM]
    assert "kms:DescribeKey" not in calls
