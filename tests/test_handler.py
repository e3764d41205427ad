"""The handler as AWS Lambda runs it: whose credentials it reads with, how long, and what it writes to the log."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import pytest
from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.account.aws import CONNECT_SECONDS, READ_SECONDS
from config_changes_alarm.requirement import PARAMETERS

import ConfigChangesAlarmRule
from demo.evaluate import scheduled_event

from .account.answers import REGION, plain_account
from .account.http_aws import OWN, Content, Fault, HttpAws, Refusal, Request, answering

ANOTHER_ROLE = {"AssumeRoleMode": "True", "ExecutionRoleName": "reader"}


def event(parameters: dict[str, str] | None = None) -> dict[str, Any]:
    given = {**scheduled_event(parameters), "accountId": OWN, "executionRoleArn": f"arn:aws:iam::{OWN}:role/config"}
    return {**given, "configRuleArn": f"arn:aws:config:{REGION}:{OWN}:config-rule/x"}


def assume_role(asked: Request) -> Content | Refusal:
    if not asked.members["RoleArn"].startswith(f"arn:aws:iam::{OWN}:role/"):
        return Refusal("AccessDenied", 403)
    expiration = datetime(2030, 1, 1, tzinfo=UTC)
    return {
        "Credentials": {
            "AccessKeyId": f"role-{OWN}",
            "SecretAccessKey": "a-secret-key",
            "SessionToken": "a-token",
            "Expiration": expiration,
        }
    }


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpAws]:
    """The function's own AWS, in a Region of its own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own-secret-key")
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))
    aws = plain_account(datetime.now(UTC))
    aws.answers["sts:AssumeRole"] = assume_role
    aws.answers["config:PutEvaluations"] = lambda _: {"FailedEvaluations": []}
    with answering(aws, ConfigChangesAlarmRule._session()):
        yield aws


def verdicts(aws: HttpAws) -> list[str]:
    return [
        evaluation["ComplianceType"]
        for request in aws.requests
        if request.operation == "config:PutEvaluations"
        for evaluation in request.members["Evaluations"]
    ]


# --------------------------------------------------------------------------- credentials


MEMBER = "444455556666"


def of_a_member(asked: Request) -> Content:
    given = assume_role(replace(asked, members={"RoleArn": f"arn:aws:iam::{OWN}:role/reader"}))
    assert isinstance(given, dict)
    return {"Credentials": {**given["Credentials"], "AccessKeyId": f"role-{MEMBER}"}}


def test_invalid_parameters_are_reported_with_the_member_s_role(http: HttpAws) -> None:
    """AWS Config takes a result only from the account of the rule, which in an organization is not the function's."""
    http.account_of = lambda asked: OWN if asked.operation == "sts:AssumeRole" else MEMBER
    http.answers["sts:AssumeRole"] = of_a_member
    wrong = {**event({**ANOTHER_ROLE, "MaxRearmSeconds": "soon"}), "accountId": MEMBER}
    ConfigChangesAlarmRule.lambda_handler(wrong, None)
    assert verdicts(http) == ["NON_COMPLIANT"]
    assert [(request.operation, request.place.account_id) for request in http.requests] == [
        ("sts:AssumeRole", OWN),
        ("config:PutEvaluations", MEMBER),
    ]


def test_invalid_parameters_that_cannot_be_reported_are_a_failure_that_names_them(http: HttpAws) -> None:
    http.answers["config:PutEvaluations"] = lambda _: Refusal("AccessDenied", 403)
    with pytest.raises(EvaluationFailed, match=r"MaxRearmSeconds is 'soon'.* could not be reported: .*AccessDenied"):
        ConfigChangesAlarmRule.lambda_handler(event({"MaxRearmSeconds": "soon"}), None)


@pytest.mark.parametrize(
    "code",
    [
        "InvalidParameterValueException",
        "InvalidResultTokenException",
        "NoSuchConfigRuleException",
        "ValidationException",
        "AccessDeniedException",
    ],
)
def test_an_evaluation_that_aws_config_refuses_is_a_failure_and_no_mistake_in_the_parameters(
    http: HttpAws, code: str
) -> None:
    http.answers["config:PutEvaluations"] = lambda _: Refusal(code, 400)
    with pytest.raises(EvaluationFailed, match=f"did not reach AWS Config: .*{code}"):
        ConfigChangesAlarmRule.lambda_handler(event(), None)
    assert verdicts(http) == ["COMPLIANT"], "nothing else is put in its place"


def test_a_compliant_evaluation_makes_thirteen_calls(http: HttpAws) -> None:
    ConfigChangesAlarmRule.lambda_handler(event(), None)
    assert verdicts(http) == ["COMPLIANT"]
    assert len(http.requests) == 13


@pytest.mark.parametrize(
    ("parameters", "role"), [({"AssumeRoleMode": "True"}, "config"), (ANOTHER_ROLE, "reader")], ids=["config", "named"]
)
def test_the_role_that_rdklib_assumes_reads_everything(parameters: dict[str, str], role: str, http: HttpAws) -> None:
    ConfigChangesAlarmRule.lambda_handler(event(parameters), None)
    assert verdicts(http) == ["COMPLIANT"]
    first, *others = http.requests
    assert (first.operation, first.members["RoleArn"]) == ("sts:AssumeRole", f"arn:aws:iam::{OWN}:role/{role}")
    assert first.host == f"sts.{REGION}.amazonaws.com"
    assert "sts:AssumeRole" not in {request.operation for request in others}
    assert len(others) == 13


@pytest.mark.parametrize(
    ("parameters", "role"), [({"AssumeRoleMode": "True"}, "config"), (ANOTHER_ROLE, "reader")], ids=["config", "named"]
)
@pytest.mark.parametrize(
    ("code", "cause"), [("AccessDenied", "AccessDenied"), ("RegionDisabledException", "STS failed")]
)
@pytest.mark.parametrize("other", [{}, {"MaxRearmSeconds": "soon"}], ids=["valid", "invalid"])
def test_a_role_that_may_not_be_assumed_gives_no_verdict_and_advises_parameters_that_exist(
    parameters: dict[str, str], role: str, code: str, cause: str, other: dict[str, str], http: HttpAws
) -> None:
    http.answers["sts:AssumeRole"] = lambda _: Refusal(code, 403)
    with pytest.raises(EvaluationFailed) as caught:
        ConfigChangesAlarmRule.lambda_handler(event({**parameters, **other}), None)
    told = str(caught.value)
    assert f"arn:aws:iam::{OWN}:role/{role}, could not be assumed ({cause})" in told
    advised = set(re.findall(r"[A-Z][a-z]+(?:[A-Z][a-z]+){2,}", told)) - set(other) - {code}
    assert advised == {"ExecutionRoleName", "AssumeRoleMode"}
    assert advised <= {parameter.name for parameter in PARAMETERS}
    assert "_ROLE_" not in told
    assert verdicts(http) == []


# --------------------------------------------------------------------------- what rdklib would swallow


@pytest.mark.parametrize("operation", ["cloudtrail:DescribeTrails", "sns:GetTopicAttributes", "config:PutEvaluations"])
@pytest.mark.parametrize(
    "fault",
    [Fault.THROTTLED, Fault.SERVER_ERROR, Fault.TIMED_OUT, Fault.RESET, Fault.CUT_SHORT],
    ids=lambda fault: fault.value,
)
def test_a_passing_failure_is_raised_and_no_verdict_is_stored(operation: str, fault: Fault, http: HttpAws) -> None:
    http.faults[operation] = fault
    with pytest.raises(EvaluationFailed):
        ConfigChangesAlarmRule.lambda_handler(event(), None)
    assert len([request for request in http.requests if request.operation == operation]) <= 5
    if operation != "config:PutEvaluations":
        assert verdicts(http) == []


def test_an_evaluation_that_aws_config_did_not_take_is_raised(http: HttpAws) -> None:
    http.answers["config:PutEvaluations"] = lambda asked: {"FailedEvaluations": asked.members["Evaluations"]}
    with pytest.raises(EvaluationFailed, match="AWS Config did not take the evaluation"):
        ConfigChangesAlarmRule.lambda_handler(event(), None)


def test_it_ends_before_the_function_does(http: HttpAws) -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 0)
    with pytest.raises(EvaluationFailed, match="AWS did not answer everything within 0 s"):
        ConfigChangesAlarmRule.lambda_handler(event(), context)


def test_it_reads_for_three_quarters_of_the_function_s_time(http: HttpAws) -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 120_000)
    assert ConfigChangesAlarmRule._reading_seconds(context) == 90
    ConfigChangesAlarmRule.lambda_handler(event(), context)
    assert verdicts(http) == ["COMPLIANT"]


# --------------------------------------------------------------------------- the log


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.message) for record in caplog.records if record.message.startswith("{")]


def test_one_line_tells_the_verdict_and_what_it_cost(http: HttpAws, caplog: pytest.LogCaptureFixture) -> None:
    http.faults["sns:GetTopicAttributes"] = Fault.THROTTLED_TWICE
    ConfigChangesAlarmRule.lambda_handler(event(), None)
    (line,) = lines(caplog)
    assert line.pop("milliseconds") >= 0
    assert line == {
        "account": OWN,
        "region": REGION,
        "compliance": "COMPLIANT",
        "findings": [],
        "calls": 12,
        "retries": 2,
    }


def test_the_line_names_the_findings(http: HttpAws, caplog: pytest.LogCaptureFixture) -> None:
    http.answers["cloudtrail:DescribeTrails"] = lambda _: {"trailList": []}
    ConfigChangesAlarmRule.lambda_handler(event(), None)
    (line,) = lines(caplog)
    assert (line["compliance"], line["findings"], line["calls"]) == ("NON_COMPLIANT", ["no-trail"], 1)


def test_a_failed_evaluation_has_its_line_too(http: HttpAws, caplog: pytest.LogCaptureFixture) -> None:
    http.faults["cloudtrail:DescribeTrails"] = Fault.THROTTLED
    with pytest.raises(EvaluationFailed):
        ConfigChangesAlarmRule.lambda_handler(event(), None)
    (line,) = lines(caplog)
    assert (line["compliance"], line["calls"], line["retries"]) == (None, 1, 4)
    assert line["error"] == (
        f"cloudtrail:DescribeTrails in {REGION} failed: ThrottlingException (HTTP 400) Rate exceeded"
    )


def test_the_debug_level_shows_every_read_and_no_secret(
    http: HttpAws, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    ConfigChangesAlarmRule.lambda_handler(event({"AssumeRoleMode": "True"}), None)
    reads = [record.getMessage() for record in caplog.records if record.levelno == logging.DEBUG]
    assert len(reads) == 12
    assert reads[0].startswith(f"cloudtrail:DescribeTrails {OWN}/{REGION} trails ")
    assert not [text for text in ("secret", "token", "role-") if text in caplog.text]


def test_reads_are_not_shown_unless_asked_for(http: HttpAws, caplog: pytest.LogCaptureFixture) -> None:
    ConfigChangesAlarmRule.lambda_handler(event(), None)
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_a_level_that_does_not_exist_is_named(
    http: HttpAws, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "verbose")
    ConfigChangesAlarmRule.lambda_handler(event(), None)
    assert caplog.records[0].getMessage() == (
        "LOG_LEVEL is 'VERBOSE', expected one of DEBUG, INFO, WARNING, ERROR: using INFO"
    )
    assert verdicts(http) == ["COMPLIANT"]


def test_what_is_under_way_when_reading_ends_fits_into_the_function_s_timeout() -> None:
    """One attempt, one wait of botocore, and what AWS may ask to wait longer (5 s at most)."""
    settings = json.loads((Path(__file__).parents[1] / "rdk_config.json").read_text())
    seconds = settings["TimeoutSeconds"]
    rest = seconds - ConfigChangesAlarmRule._READING_SHARE * seconds
    assert rest > CONNECT_SECONDS + READ_SECONDS + 8 + 5
