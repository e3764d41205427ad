"""The role may do what the runbook does, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demo.embedded_aws import EmbeddedAws
from tests.accounts import TOPIC, an_account

from .conftest import Calls
from .repairing import OWNER_ONLY, a_key, a_topic, repair
from .test_document import load_template

TEMPLATE = load_template((Path(__file__).parents[2] / "remediation/automation-role.yaml").read_text())
ALLOWED = {"AllowTopicPolicyChange": "true", "AllowKeyPolicyChange": "true"}
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}
WRITES = {
    "cloudwatch:PutMetricAlarm": "cloudwatch:*:${AWS::AccountId}:alarm:${Name}",  # and the controls', Name.root-usage
    "kms:PutKeyPolicy": "kms:*:${AWS::AccountId}:key/${KeyIdOfPolicyToChange}",
    "logs:PutMetricFilter": "logs:*:${AWS::AccountId}:log-group:${LogGroupName}:*",
    "sns:CreateTopic": "sns:*:${AWS::AccountId}:${TopicName}",
    "sns:SetTopicAttributes": "sns:*:${AWS::AccountId}:${TopicName}",
    "sns:Subscribe": "sns:*:${AWS::AccountId}:${TopicName}",
}


def role() -> dict[str, Any]:
    properties: dict[str, Any] = TEMPLATE["Resources"]["AutomationRole"]["Properties"]
    return properties


def statements() -> list[dict[str, Any]]:
    """All of them, also those that a parameter has to ask for."""
    listed = role()["Policies"][0]["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in listed]


def actions(statement: dict[str, Any]) -> list[str]:
    named = statement["Action"]
    return named if isinstance(named, list) else [named]


def of(name: str) -> str:
    """A topic of that name, so that no chain that is there is taken over."""
    return TOPIC.replace("config-changes", name)


def test_the_policy_allows_what_the_runs_call_and_nothing_else(aws: EmbeddedAws, calls: Calls) -> None:
    """Four runs, for four people, that go through every call of the scripts."""
    an_account(aws, subscription="none")
    aws.confirm("four@example.com")
    called: set[tuple[str, str]] = set()
    for parameters in (
        {"Name": "new", "TopicArn": of("new"), "SubscriptionEndpoint": "one@example.com"},
        {"Name": "encrypted", "TopicArn": of("encrypted"), "KmsKeyArn": a_key()},
        {"Name": "mended", "TopicArn": of("mended"), "KmsKeyArn": a_key()} | ALLOWED,
        {"TopicArn": TOPIC, "SubscriptionEndpoint": "four@example.com"} | ALLOWED,
    ):
        a_topic(OWNER_ONLY)
        calls.made.clear()
        assert repair(**parameters).status == "Success"
        called |= set(calls.made)
        calls.made.clear()
    operations = {f"{service}:{operation}" for service, operation in called}
    assert operations - NEEDS_NO_PERMISSION == {action for each in statements() for action in actions(each)}


@pytest.mark.parametrize("action", WRITES)
def test_what_may_be_written_is_narrowed_to_its_name(action: str) -> None:
    (resource,) = [each["Resource"] for each in statements() if action in actions(each)]
    named = {"Fn::Sub": f"arn:${{AWS::Partition}}:{WRITES[action]}"}
    of_controls = {"Fn::Sub": f"{named['Fn::Sub']}.*"}
    assert resource == ([named, of_controls] if action == "cloudwatch:PutMetricAlarm" else named)


def test_only_reads_are_allowed_on_everything() -> None:
    (wide,) = [each for each in statements() if each["Resource"] == "*"]
    assert [action.split(":")[1] for action in actions(wide)] == [
        "DescribeTrails",
        "DescribeAlarms",
        "DescribeAlarmsForMetric",
        "ListAlarmMuteRules",
        "DescribeConfigRules",
        "DescribeLogGroups",
        "DescribeMetricFilters",
        "GetSubscriptionAttributes",  # SNS narrows it to no resource
    ]


def test_policies_may_be_changed_only_where_a_parameter_asks_for_it() -> None:
    conditional = [each["Fn::If"] for each in role()["Policies"][0]["PolicyDocument"]["Statement"] if "Fn::If" in each]
    assert [(condition, allowed["Action"], otherwise) for condition, allowed, otherwise in conditional] == [
        ("ChangesTopicPolicy", "sns:SetTopicAttributes", {"Ref": "AWS::NoValue"}),
        ("ChangesKeyPolicy", "kms:PutKeyPolicy", {"Ref": "AWS::NoValue"}),
    ]
    defaults = {name: each["Default"] for name, each in TEMPLATE["Parameters"].items()}
    assert (defaults["AllowTopicPolicyChange"], defaults["KeyIdOfPolicyToChange"]) == ("false", "")


def test_only_an_automation_of_this_account_may_use_the_role() -> None:
    (trust,) = role()["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


@pytest.mark.parametrize("name", ["automation-role.yaml", "stack.yaml"])
def test_cfn_lint_finds_nothing(name: str) -> None:
    from cfnlint.api import lint_file  # type: ignore[import-untyped]

    assert [str(each) for each in lint_file(Path(__file__).parents[2] / "remediation" / name)] == []
