"""The rule end to end: accounts in words, evaluated through the interface that AWS Config uses."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from config_changes_alarm.account import EvaluationFailed
from rdklib import InvalidParametersError

import ConfigChangesAlarmRule
from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws
from demo.evaluate import scheduled_event

from .accounts import TOPIC, an_account, put_alarm
from .rule_cases import ALL, CASES, COMPLIANT, NON_COMPLIANT, UNVERIFIED, Case, dashboard


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.words)
def test_an_account_in_words(case: Case, aws: EmbeddedAws) -> None:
    an_account(aws, **case.account)
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws) == (case.compliance, case.annotation)
    assert len(case.annotation) <= 256


def test_of_two_chains_one_whole_one_is_enough(aws: EmbeddedAws) -> None:
    an_account(aws, alarm={"ActionsEnabled": False})
    put_alarm("second-alarm")
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws)[0] == COMPLIANT


def test_unrelated_resources_change_nothing(aws: EmbeddedAws) -> None:
    an_account(aws)
    put_alarm("cpu", Namespace="AWS/EC2", MetricName="CPUUtilization", Threshold=90.0)
    boto3.client("sns").create_topic(Name="elsewhere")
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws)[0] == COMPLIANT


def test_an_active_mute_rule_breaks_the_chain(aws: EmbeddedAws) -> None:
    an_account(aws)
    boto3.client("cloudwatch").put_alarm_mute_rule(
        Name="holiday",
        Rule={"Schedule": {"Expression": "at(2026-11-23T00:00)", "Duration": "PT12H"}},
        MuteTargets={"AlarmNames": ["config-changes"]},
    )
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws) == (
        NON_COMPLIANT,
        f"Alarm config-changes is muted: mute rule holiday is active. {ALL} Add an alarm that no mute rule names.",
    )


def test_a_composite_alarm_carries_the_action_of_its_child(aws: EmbeddedAws) -> None:
    an_account(aws, alarm={"AlarmActions": []})
    boto3.client("cloudwatch").put_composite_alarm(
        AlarmName="security", AlarmRule='ALARM("config-changes")', AlarmActions=[TOPIC]
    )
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws)[0] == COMPLIANT


# --------------------------------------------------------------------------- the interface of AWS Config


def changed(message_type: str, status: str = "OK") -> dict[str, Any]:
    item = {
        "resourceType": "AWS::SNS::Topic",
        "resourceId": TOPIC,
        "configurationItemStatus": status,
        "configurationItemCaptureTime": "2020-01-01T00:00:00.000Z",
    }
    member = "configurationItemSummary" if message_type.startswith("Oversized") else "configurationItem"
    invoking = {
        "messageType": message_type,
        member: item,
        "notificationCreationTime": "2026-11-23T10:00:00.000Z",
        "recordVersion": "1.3",
    }
    return {**scheduled_event(), "invokingEvent": json.dumps(invoking)}


@pytest.mark.parametrize(
    "event",
    [
        changed("ConfigurationItemChangeNotification"),
        changed("ConfigurationItemChangeNotification", "ResourceDeleted"),
        changed("OversizedConfigurationItemChangeNotification"),
    ],
    ids=["changed", "deleted", "oversized"],
)
def test_a_change_leads_to_one_evaluation_of_the_account(event: dict[str, Any], aws: EmbeddedAws) -> None:
    answer = ConfigChangesAlarmRule.lambda_handler(event, None)
    assert dashboard(aws)[0] == NON_COMPLIANT
    assert [each["OrderingTimestamp"] for each in answer] == ["2026-11-23T10:00:00.000Z"]


def test_the_test_token_stores_nothing(aws: EmbeddedAws) -> None:
    assert len(ConfigChangesAlarmRule.lambda_handler(scheduled_event(result_token="TESTMODE"), None)) == 1
    assert aws.evaluations == []


def test_invalid_parameters_are_returned_and_leave_no_old_verdict_standing(aws: EmbeddedAws) -> None:
    answer = ConfigChangesAlarmRule.lambda_handler(scheduled_event({"MaxRearmSeconds": "soon"}), None)
    assert answer["customerErrorCode"] == "InvalidParameterValueException"
    assert dashboard(aws) == (
        NON_COMPLIANT,
        "Cannot evaluate: parameter MaxRearmSeconds is 'soon', expected a whole number of seconds from 60 to 604800",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RequiredFilterPattern", "{ $.a = }"),
        ("RequiredFilterPattern", "ERROR"),
        ("RequiredFilterPattern", "{ $.eventName = a1b && $.eventName = b2c }"),
        ("AdditionalEventNames", "Delete Recorder"),
        ("IncludeFailedCalls", "yes"),
        ("TopicArns", "config-changes"),
        ("LogGroupAccountRoleName", "arn:aws:iam::123456789012:role/r"),
        ("UnverifiableAccount", "COMPLIANT"),
        ("AllowRoutineMatches", "1"),
        ("MaxRearmSeconds", "59"),
        ("ExecutionRoleRegion", "Ireland"),
        ("AssumeRoleMode", "no"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value_and_what_it_takes(name: str, value: str) -> None:
    with pytest.raises(InvalidParametersError) as caught:
        ConfigChangesAlarmRule.ConfigChangesAlarmRule().evaluate_parameters({name: value})
    assert str(caught.value).startswith(f"parameter {name} is {value!r}, expected ")


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(InvalidParametersError, match="unknown parameter 'Topics'"):
        ConfigChangesAlarmRule.ConfigChangesAlarmRule().evaluate_parameters({"Topics": "x"})


def test_an_event_that_is_not_one_is_refused() -> None:
    with pytest.raises(EvaluationFailed, match="not one that AWS Config sends"):
        ConfigChangesAlarmRule.lambda_handler({"accountId": ACCOUNT_ID}, None)


def test_a_denied_read_is_named_and_never_compliant(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.logs.exceptions import LogsClientError
    from moto.logs.responses import LogsResponse

    def denied(self: Any) -> str:
        raise LogsClientError("AccessDeniedException", "no")

    an_account(aws)
    monkeypatch.setattr(LogsResponse, "describe_metric_filters", denied)
    ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert dashboard(aws) == (
        NON_COMPLIANT,
        f"Cannot verify: logs:DescribeMetricFilters denied (AccessDeniedException). {UNVERIFIED} "
        "Allow the rule's role to make this read.",
    )


def test_throttling_gives_no_verdict(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.logs.exceptions import LogsClientError
    from moto.logs.responses import LogsResponse

    def throttled(self: Any) -> str:
        raise LogsClientError("ThrottlingException", "Rate exceeded")

    an_account(aws)
    monkeypatch.setattr(LogsResponse, "describe_metric_filters", throttled)
    with pytest.raises(EvaluationFailed, match="logs:DescribeMetricFilters in us-east-1 failed: ThrottlingException"):
        ConfigChangesAlarmRule.lambda_handler(scheduled_event(), None)
    assert aws.evaluations == []
