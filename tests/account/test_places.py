"""Regions, partitions and owners: where a thing is read, and with whose credentials."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from config_changes_alarm.account import EvaluationFailed, Identity
from config_changes_alarm.account.aws import AwsSource

from .answers import AUDIT, GROUP, HOME_REGION, MANAGEMENT, ROLE, organization_account, plain_account
from .http_aws import OWN, Content, Refusal, Request, answering, fixed
from .reading import answer_of, assessed

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws-eusc", "eusc-de-east-1")],
)
def test_every_partition_has_its_own_arns(partition: str, region: str) -> None:
    aws = organization_account()

    def moved(asked: Request, answer: Callable[[Request], Content | Refusal]) -> Content | Refusal:
        back = json.loads(json.dumps(asked.members).replace(f"arn:{partition}:", "arn:aws:"))
        content = answer(Request(asked.operation, asked.place, back))
        words = {"arn:aws:": f"arn:{partition}:", HOME_REGION: region}
        return content if isinstance(content, Refusal) else dict(_translated(content, words))

    for operation in aws.answers.keys() - {"logs:TestMetricFilter"}:
        aws.answers[operation] = partial(moved, answer=aws.answers[operation])
    assert assessed(aws, ROLE, region).compliance == "COMPLIANT"
    roles = {request.members["RoleArn"] for request in aws.requests if request.operation == "sts:AssumeRole"}
    assert roles == {f"arn:{partition}:iam::{account_id}:role/{ROLE}" for account_id in (MANAGEMENT, AUDIT)}
    assert {request.place.region for request in aws.requests} == {region}


def _translated(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        for word, other in words.items():
            value = value.replace(word, other)
        return value
    if isinstance(value, dict):
        return {name: _translated(each, words) for name, each in value.items()}
    return [_translated(each, words) for each in value] if isinstance(value, list) else value


def test_a_region_that_does_not_exist_is_named() -> None:
    with answering(plain_account()) as session, pytest.raises(EvaluationFailed, match="no AWS partition has a Region"):
        _ = AwsSource(session, Identity(OWN, "mars")).partition


def test_without_the_role_nothing_of_another_account_is_read() -> None:
    aws = organization_account()
    assessment = assessed(aws)
    assert assessment.compliance == "NON_COMPLIANT"
    assert [reason.id for reason in assessment.reasons] == ["log-group-in-another-account"]
    assert {request.place.account_id for request in aws.requests} == {OWN}


ROLE_FAULTS = (
    ("the role does not exist, or does not trust us", "sts:AssumeRole", "log-group-role-not-assumable"),
    ("the role may not read filters", "logs:DescribeMetricFilters", "cannot-read"),
    ("the role may not read the log group", "logs:DescribeLogGroups", "cannot-read"),
)


@pytest.mark.parametrize(("operation", "finding"), [c[1:] for c in ROLE_FAULTS], ids=[c[0] for c in ROLE_FAULTS])
def test_a_role_that_does_not_serve_is_its_own_finding(operation: str, finding: str) -> None:
    aws = organization_account()
    aws.answers[operation] = lambda _: Refusal("AccessDenied", 403)
    assessment = assessed(aws, ROLE)
    assert assessment.compliance == "NON_COMPLIANT"
    assert assessment.reasons[0].id == finding
    role = f"arn:aws:iam::{MANAGEMENT}:role/{ROLE}"
    assert assessment.reasons[0].subject == (role if operation == "sts:AssumeRole" else GROUP)


def test_a_foreign_topic_whose_account_has_no_role_is_read_as_its_policy_lets_us() -> None:
    aws = organization_account()
    assume = aws.answers["sts:AssumeRole"]
    aws.answers["sts:AssumeRole"] = lambda asked: (
        Refusal("AccessDenied", 403) if AUDIT in asked.members["RoleArn"] else assume(asked)
    )
    account_of = aws.account_of
    aws.account_of = lambda asked: asked.place.account_id if asked.operation.startswith("sns:") else account_of(asked)
    topic = answer_of(aws, "sns:GetTopicAttributes")
    del topic["Attributes"]["KmsMasterKeyId"]
    aws.answers["sns:GetTopicAttributes"] = fixed(topic)
    assert assessed(aws, ROLE).compliance == "COMPLIANT"
    sns = {request.place.account_id for request in aws.requests if request.operation.startswith("sns:")}
    assert sns == {OWN}


def test_selectors_hidden_from_a_member_are_read_as_the_trail_s_owner() -> None:
    aws = organization_account()
    account_of = aws.account_of
    aws.account_of = lambda asked: (
        MANAGEMENT if asked.operation == "cloudtrail:GetEventSelectors" else account_of(asked)
    )
    assert assessed(aws, ROLE).compliance == "COMPLIANT"
