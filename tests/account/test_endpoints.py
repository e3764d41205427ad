"""How queues and functions are read: once, where they live, in every partition."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from config_changes_alarm.account import FunctionOf, Identity, NotFound, Question, QueueOf, Unreadable
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.resources import Function, Place, Queue

from .answers import AUDIT, REGION, ROLE, plain_account
from .answers import _assume_role as assume_role
from .http_aws import OWN, HttpAws, Refusal, answering, fixed
from .reading import asked, opened

pytestmark = pytest.mark.usefixtures("clock")

QUEUE = f"arn:aws:sqs:{REGION}:{OWN}:changes"
FUNCTION = f"arn:aws:lambda:{REGION}:{OWN}:function:page"
ATTRIBUTES, POLICY = "sqs:GetQueueAttributes", "lambda:GetPolicy"


def aws_with(queue_arn: str = QUEUE) -> HttpAws:
    aws = plain_account()
    aws.answers[ATTRIBUTES] = fixed(
        {"Attributes": {"QueueArn": queue_arn, "Policy": "{}", "KmsMasterKeyId": "alias/q"}}
    )
    aws.answers[POLICY] = fixed({"Policy": "{}", "RevisionId": "1"})
    aws.answers["sts:AssumeRole"] = assume_role
    return aws


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "sqs.eu-west-1.amazonaws.com"),
        ("aws", "us-east-1", "sqs.us-east-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "sqs.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-west-1", "sqs.us-gov-west-1.amazonaws.com"),
    ],
)
def test_a_queue_is_asked_by_the_url_of_its_region(partition: str, region: str, host: str) -> None:
    arn = f"arn:{partition}:sqs:{region}:{OWN}:changes.fifo"
    aws = aws_with(arn)
    with answering(aws) as session:
        found = AwsSource(session, Identity(OWN, region)).answer(QueueOf(arn))
    url = f"https://{host}/{OWN}/changes.fifo"
    assert found == Queue(arn, url, "{}", "alias/q")
    (request,) = aws.requests
    assert (request.members["QueueUrl"], request.host, request.place) == (url, host, Place(OWN, region))


@pytest.mark.parametrize(
    ("qualifier", "path"), [("", ""), (":live", "live"), (":7", "7")], ids=["function", "alias", "version"]
)
def test_a_function_is_asked_by_its_name_and_qualifier(qualifier: str, path: str) -> None:
    aws = aws_with()
    with answering(aws) as session:
        assert opened(session).ask(FunctionOf(FUNCTION + qualifier)) == Function(FUNCTION + qualifier, "{}")
    (request,) = aws.requests
    assert request.members["path"].endswith("/functions/page/policy")
    assert request.members.get("Qualifier", "") == path


@pytest.mark.parametrize(
    ("question", "operation", "code"),
    [
        (QueueOf(QUEUE), ATTRIBUTES, "AWS.SimpleQueueService.NonExistentQueue"),
        (QueueOf(QUEUE), ATTRIBUTES, "QueueDoesNotExist"),
        (FunctionOf(FUNCTION), POLICY, "ResourceNotFoundException"),
    ],
)
def test_what_does_not_exist_is_not_found(question: Question[Any], operation: str, code: str) -> None:
    aws = aws_with()
    aws.answers[operation] = lambda _: Refusal(code, 404 if operation == POLICY else 400)
    with answering(aws) as session:
        assert opened(session).ask(question) == NotFound(question.subject)


@pytest.mark.parametrize(("question", "operation"), [(QueueOf(QUEUE), ATTRIBUTES), (FunctionOf(FUNCTION), POLICY)])
def test_what_is_denied_is_unreadable(question: Question[Any], operation: str) -> None:
    aws = aws_with()
    aws.answers[operation] = lambda _: Refusal("AccessDeniedException", 403)
    with answering(aws) as session:
        assert opened(session).ask(question) == Unreadable(operation, "AccessDeniedException", question.subject)


def session_asks(session: boto3.Session, role: str | None) -> tuple[object, object]:
    account = opened(session, role)
    return account.ask(QueueOf(QUEUE.replace(OWN, AUDIT))), account.ask(FunctionOf(FUNCTION.replace(OWN, AUDIT)))


def test_those_of_another_account_are_asked_there_or_not_at_all() -> None:
    """To others SQS calls a queue missing that they may not see."""
    aws = aws_with(QUEUE.replace(OWN, AUDIT))
    aws.account_of = lambda request: OWN if request.operation == "sts:AssumeRole" else AUDIT
    with answering(aws) as session:
        queue, function = session_asks(session, ROLE)
        assert isinstance(queue, Queue)
        assert isinstance(function, Function)
    assert {request.place for request in aws.requests if request.operation in (ATTRIBUTES, POLICY)} == {
        Place(AUDIT, REGION)
    }
    aws.requests.clear()
    with answering(aws) as session:
        assert session_asks(session, None) == (Unreadable("sts:AssumeRole", "NoRoleGiven", f"account {AUDIT}"),) * 2
    assert asked(aws) == []


def test_what_is_not_a_function_s_name_cannot_exist() -> None:
    with answering(aws_with()) as session:
        for arn in ("page", f"arn:aws:lambda:{REGION}:{OWN}:layer:page"):
            assert opened(session).ask(FunctionOf(arn)) == NotFound(arn)
