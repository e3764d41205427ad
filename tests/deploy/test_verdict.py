"""`make verdict`: the second of the two commands from a clone to the first verdict in the dashboard."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from moto.config.exceptions import NoSuchConfigRuleException
from moto.config.responses import ConfigResponse

import ConfigChangesAlarmRule
from demo.embedded_aws import REGION, EmbeddedAws
from demo.evaluate import scheduled_event
from deploy.verdict import main

from ..accounts import an_account


@pytest.fixture
def recording(aws: EmbeddedAws) -> None:
    config: Any = boto3.client("config")
    role = "arn:aws:iam::123456789012:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    boto3.client("s3").create_bucket(Bucket="history")
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "history"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


@pytest.fixture
def rule(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS Config invokes the function when it is asked to."""

    def start(self: ConfigResponse) -> str:
        assert json.loads(self.body) == {"ConfigRuleNames": ["ConfigChangesAlarmRule"]}
        ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
        return "{}"

    monkeypatch.setattr(ConfigResponse, "start_config_rules_evaluation", start)


def test_it_starts_an_evaluation_and_shows_what_the_dashboard_shows(
    aws: EmbeddedAws, recording: None, rule: None, capsys: pytest.CaptureFixture[str]
) -> None:
    an_account(aws, subscription="pending")
    assert main([]) == 0
    verdict, annotation = capsys.readouterr().out.splitlines()
    assert verdict.startswith(f"[{REGION}] ConfigChangesAlarmRule: NON_COMPLIANT, recorded 20")
    assert "security@example.com has not confirmed" in annotation
    aws.confirm("security@example.com")
    assert main([]) == 0
    assert f"[{REGION}] ConfigChangesAlarmRule: COMPLIANT, recorded 20" in capsys.readouterr().out


def test_a_recorder_that_is_off_is_said_and_is_no_obstacle(
    aws: EmbeddedAws, recording: None, rule: None, capsys: pytest.CaptureFixture[str]
) -> None:
    an_account(aws)
    boto3.client("config").stop_configuration_recorder(ConfigurationRecorderName="default")
    assert main([]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        f"[{REGION}] AWS Config records nothing here: no change leads to an evaluation, the periodic ones go on"
    )
    assert "COMPLIANT" in said[1]


def test_without_the_rule_it_says_what_to_do_first(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(self: ConfigResponse) -> str:
        raise NoSuchConfigRuleException("ConfigChangesAlarmRule")

    monkeypatch.setattr(ConfigResponse, "start_config_rules_evaluation", missing)
    assert main([]) == 1
    assert capsys.readouterr().err == (
        f"make verdict: there is no rule ConfigChangesAlarmRule in {REGION}: deploy it first\n"
    )


def test_an_evaluation_that_fails_is_told_with_what_aws_config_says(
    aws: EmbeddedAws, recording: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = {"ConfigRuleName": "ConfigChangesAlarmRule", "LastErrorCode": "403", "LastErrorMessage": "may not invoke"}
    monkeypatch.setattr(
        ConfigResponse,
        "describe_config_rule_evaluation_status",
        lambda self: json.dumps({"ConfigRulesEvaluationStatus": [status]}),
        raising=False,
    )
    assert main(["--seconds", "0"]) == 1
    assert capsys.readouterr().err == "make verdict: no verdict within 0 seconds: 403: may not invoke\n"
