"""The document itself, executed on accounts described in words: what it makes, what it leaves, what it says."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

import ConfigChangesAlarmRule
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from demo.evaluate import scheduled_event
from remediation.build import compact
from tests.accounts import LOG_GROUP, TOPIC, an_account
from tests.rule_cases import CASES, COMPLIANT, NON_COMPLIANT, Case, dashboard

from .automation import run
from .conftest import Calls
from .repairing import (
    ENDPOINT,
    OWN_TOPIC,
    REQUIRED,
    RUNBOOK,
    WHOLE,
    evaluate,
    everything,
    made,
    mute,
    nothing_behind_the_trail,
    put_filter,
    repair,
)

# --------------------------------------------------------------------------- the rule's own table

NOT_BY_MAKING = {
    "no trail": "no trail covers this Region. Without one, the AWS runbook "
    "AWSConfigRemediation-CreateCloudTrailMultiRegionTrail creates one.",
    "single-Region trail": "trail everything covers us-east-1 only",
    "not logging": "trail everything is not logging: start it",
    "no log group": "trail everything delivers to no log group: the AWS runbook AWS-EnableCloudTrailCloudWatchLogs",
    "delivery error": "trail everything fails to deliver to its log group: AccessDenied",
    "read-only selectors": "trail everything does not record a change of AWS Config",
    "advanced selectors that exclude Config": "trail everything does not record a change of AWS Config",
}
"""The accounts whose trail is at fault, and what the runbook says of it: it makes no trail and changes none."""

ONLY_A_SUBSCRIBER = ("subscription pending", "subscription deleted", "subscription filter on message attributes")
"""The accounts whose chain lacks nothing but somebody who is told."""


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.compliance == NON_COMPLIANT], ids=lambda case: case.words
)
def test_a_non_compliant_account(case: Case, aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, **case.account)
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    first = repair()
    after = everything()
    if case.words in NOT_BY_MAKING:
        assert first.status == "Failed"
        assert NOT_BY_MAKING[case.words] in first.failure
        assert made(before, after) == []
        return
    assert first.status == "Success"
    assert made(before, after) == (["subscription"] if case.words in ONLY_A_SUBSCRIBER else WHOLE)
    assert first.outputs["ReadBack.Remaining"] == (
        f"{ENDPOINT} has to confirm with the link in the message from SNS, within two days"
    )
    assert aws.evaluations_asked_for == ["ConfigChangesAlarmRule"]

    again = repair()
    assert again.outputs["Compare.Message"].endswith(f"{ENDPOINT} still has to confirm.")
    assert everything() == after
    assert aws.evaluations_asked_for == ["ConfigChangesAlarmRule"], "a run that changed nothing started an evaluation"

    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT
    confirmed = everything()
    assert repair().status == "Success"
    assert everything() == confirmed


@pytest.mark.parametrize("case", [case for case in CASES if case.compliance == COMPLIANT], ids=lambda case: case.words)
def test_a_compliant_account_is_left_as_it_is(case: Case, aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, **case.account)
    assert evaluate(aws)[0] == COMPLIANT
    before = everything()
    execution = repair()
    assert execution.steps.keys() == {"CheckAccount", "ReadVerdict", "ChooseByVerdict", "Conclude"}
    assert execution.outputs["Conclude.Message"] == "AWS Config shows COMPLIANT: nothing was changed."
    assert everything() == before
    assert aws.evaluations_asked_for == []


def test_a_whole_chain_that_aws_config_has_not_seen_yet_is_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, alarm={"ActionsEnabled": False})
    _, annotation = evaluate(aws)
    boto3.client("cloudwatch").enable_alarm_actions(AlarmNames=["config-changes"])
    before = everything()
    execution = repair()
    assert execution.outputs["ReadVerdict.Compliance"] == NON_COMPLIANT
    assert (
        execution.outputs["Compare.Message"]
        == f"Nothing to make: config-changes, config-changes and {TOPIC} are there."
    )
    assert execution.outputs["Conclude.Message"] == (
        "Nothing was changed, and nothing is left that this runbook can make. AWS Config shows NON_COMPLIANT: "
        f"{annotation} If this result is older than the chain, evaluate rule ConfigChangesAlarmRule again; "
        "if it is not, it is the reason, and a person has to mend it."
    )
    assert everything() == before
    assert aws.evaluations_asked_for == []


def test_a_chain_that_only_lacks_the_given_endpoints_click_is_left_as_it_is(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="pending")
    before = everything()
    assert repair(SubscriptionEndpoint="security@example.com").outputs["Compare.Message"] == (
        f"Nothing to make: config-changes, config-changes and {TOPIC} are there. "
        "security@example.com still has to confirm."
    )
    assert everything() == before


def test_beside_an_alarm_that_is_muted_a_chain_of_its_own_is_made(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws)
    mute("config-changes")
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    repair()
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_beside_a_filter_whose_metric_another_filter_spoils_a_chain_of_its_own_is_made(
    aws: EmbeddedAws, calls: Calls
) -> None:
    an_account(aws)
    put_filter("theirs", "{ $.eventName = AssumeRole }", metricNamespace="CIS")
    assert evaluate(aws)[0] == NON_COMPLIANT
    before = everything()
    repair()
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_a_whole_chain_to_another_topic_does_not_count_for_a_given_one(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws)
    before = everything()
    theirs = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:on-call"
    assert repair(TopicArn=theirs).status == "Success"
    assert made(before, everything()) == WHOLE
    aws.confirm(ENDPOINT)
    aws.evaluations.clear()
    ConfigChangesAlarmRule.lambda_handler(scheduled_event({"TopicArns": theirs}), None)
    assert dashboard(aws)[0] == COMPLIANT


def test_the_filter_and_alarm_of_a_given_topic_are_used_again(aws: EmbeddedAws, calls: Calls) -> None:
    an_account(aws, subscription="none")
    before = everything()
    execution = repair(TopicArn=TOPIC)
    assert made(before, everything()) == ["subscription"]
    assert execution.outputs["ReadBack.Created"] == f"subscription of {ENDPOINT}"
    assert execution.outputs["ReadBack.Found"] == (
        f"topic {TOPIC}, metric filter config-changes of log group {LOG_GROUP}, alarm config-changes"
    )
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT


def test_what_is_made_is_what_the_controls_text_asks_for(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    execution = repair()
    found = everything()
    metric_filter = found["metric filter", f"{LOG_GROUP} ConfigChangesAlarmRule"]
    assert metric_filter["filterPattern"] == DEFAULT_REQUIRED_FILTER_PATTERN
    assert metric_filter["metricTransformations"] == [
        {"metricName": "ConfigChanges", "metricNamespace": "ConfigChangesAlarmRule", "metricValue": "1"}
    ]
    alarm = found["alarm", "ConfigChangesAlarmRule"]
    asked = {
        "Namespace": "ConfigChangesAlarmRule",
        "MetricName": "ConfigChanges",
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [OWN_TOPIC],
    }
    assert {name: alarm[name] for name in asked} == asked
    assert json.loads(found["topic", OWN_TOPIC]["Policy"])["Statement"] == [
        {
            "Sid": "AlarmsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": OWN_TOPIC,
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}},
        }
    ]
    assert execution.outputs["PrepareTopic.Changed"] == "nothing"
    assert execution.outputs["ReadBack.Created"] == (
        f"topic {OWN_TOPIC} (not encrypted: no KmsKeyArn was given), subscription of {ENDPOINT}, "
        f"metric filter ConfigChangesAlarmRule of log group {LOG_GROUP}, alarm ConfigChangesAlarmRule"
    )


def test_the_compact_document_does_the_same(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = run(compact(RUNBOOK), {**REQUIRED, "SubscriptionEndpoint": ENDPOINT})
    assert execution.status == "Success"
    assert made(before, everything()) == WHOLE


def test_without_an_endpoint_nobody_is_subscribed_and_that_is_said(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    before = everything()
    execution = run(RUNBOOK, REQUIRED)
    assert made(before, everything()) == ["alarm", "metric filter", "topic"]
    assert execution.outputs["ReadBack.Remaining"] == (
        f"nobody is subscribed to topic {OWN_TOPIC}: give SubscriptionEndpoint, or subscribe somebody"
    )
    assert repair().outputs["ReadBack.Created"] == f"subscription of {ENDPOINT}"


def test_in_another_account_nothing_is_looked_at(aws: EmbeddedAws, calls: Calls) -> None:
    execution = repair(AccountId="210987654321")
    assert execution.failure == "Step CheckAccount failed: $.Account is 123456789012, not 210987654321"
    assert calls.made == [("sts", "GetCallerIdentity")]


@pytest.mark.parametrize(
    "name", ["ConfigChangesAlarmRule-conformance-pack-abc123", "OrgConfigRule-ConfigChangesAlarmRule-abc123"]
)
def test_the_rule_is_found_under_the_name_that_a_pack_or_an_organization_gives_it(
    name: str, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.config.responses import ConfigResponse

    rules = [{"ConfigRuleName": other} for other in ("ConfigChangesAlarmRule2", name, "unrelated")]
    monkeypatch.setattr(ConfigResponse, "describe_config_rules", lambda self: json.dumps({"ConfigRules": rules}))
    nothing_behind_the_trail(aws)
    evaluate(aws)
    assert repair().outputs["ReadVerdict.Compliance"] == NON_COMPLIANT
    assert aws.evaluations_asked_for == [name]


def test_one_failing_result_of_several_rules_is_enough_to_repair(
    aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.config.responses import ConfigResponse

    names = ("ConfigChangesAlarmRule", "ConfigChangesAlarmRule-conformance-pack-abc123")
    rules = [{"ConfigRuleName": name} for name in names]

    def details(self: Any) -> str:
        failing = self._get_param("ConfigRuleName") == names[1]
        qualifier = {"EvaluationResultQualifier": {"ResourceId": ACCOUNT_ID}}
        result = {"ComplianceType": NON_COMPLIANT if failing else COMPLIANT, "EvaluationResultIdentifier": qualifier}
        return json.dumps({"EvaluationResults": [result]})

    monkeypatch.setattr(ConfigResponse, "describe_config_rules", lambda self: json.dumps({"ConfigRules": rules}))
    monkeypatch.setattr(ConfigResponse, "get_compliance_details_by_config_rule", details)
    nothing_behind_the_trail(aws)
    execution = repair()
    assert execution.outputs["ReadVerdict.Compliance"] == NON_COMPLIANT
    assert execution.outputs["ReadBack.Found"] == "nothing"
    assert tuple(aws.evaluations_asked_for) == names


def test_where_aws_config_refuses_to_evaluate_again_the_repair_still_counts(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    calls.failing = ("config", "StartConfigRulesEvaluation")
    execution = repair()
    assert (execution.status, execution.steps["Reevaluate"]) == ("Success", "Failed")
    assert execution.outputs["ReadBack.Found"] == "nothing"
