"""How an account is read in these tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3
from config_changes_alarm.account import Account, EvaluationFailed, Identity
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroupId, Place

from .answers import GROUP, NOW, REGION, ROLE, organization_account
from .http_aws import OWN, Content, HttpAws, Request, answering

HERE = Place(OWN, REGION)
LOG_GROUP = LogGroupId("aws", OWN, REGION, GROUP)
OPERATIONS = tuple(organization_account().answers)
"""Every API that the evaluation of an organization's account needs."""
OF_TRAIL = {
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventSelectors",
    "logs:DescribeLogGroups",
    "logs:DescribeMetricFilters",
}
"""What is read of a trail that may carry the events."""


def opened(session: boto3.Session, role: str | None = None, region: str = REGION, **settings: Any) -> Account:
    """The account as AWS answers about it over HTTP, with nothing asked yet."""
    return AwsSource(session, Identity(OWN, region), role, **settings).account()


def assessed(aws: HttpAws, role: str | None = None, region: str = REGION, **settings: Any) -> Assessment:
    with answering(aws) as session:
        account = opened(session, role, region, **settings)
        return assess(account, Requirement.parse({"LogGroupAccountRoleName": role} if role else {}), NOW)


def answer_of(aws: HttpAws, operation: str) -> Content:
    answer = aws.answers[operation](Request(operation, HERE, {}))
    assert isinstance(answer, dict)
    return answer


def asked(aws: HttpAws) -> list[str]:
    return [request.operation for request in aws.requests]


def paged(member: str, elements: Sequence[Content], size: int, token: str = "NextToken", **rest: Any) -> Any:
    """Answers page by page; a page token is where the next page begins."""

    def answer(asked: Request) -> Content:
        start = int(asked.members.get(token, 0))
        content: Content = {member: list(elements[start : start + size]), **rest}
        return {**content, token: str(start + size)} if start + size < len(elements) else content

    return answer


def outcome(aws: HttpAws, operation: str) -> str:
    """The verdict in words; a failure has to name the API."""
    try:
        assessment = assessed(aws, ROLE)
    except EvaluationFailed as error:
        return "no verdict" if operation.partition(":")[2] in str(error) else str(error)
    if assessment.compliance == "COMPLIANT":
        return "COMPLIANT"
    refused = [reason for reason in assessment.reasons if ("operation", operation) in reason.facts]
    return "cannot verify" if refused else "NON_COMPLIANT"
