"""The pack of all monitoring controls: fifteen rules on one function, deployed to the embedded AWS and evaluated."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from config_changes_alarm.control import DEFAULT_CONTROL, controls
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from demo.evaluate import scheduled_event
from deploy.organization import MEMBER_ROLE
from deploy.package import ROOT, rule_files, write
from deploy.settings import INPUT_PARAMETERS_LIMIT

from ..accounts import LOG_GROUP, an_account, put_alarm
from .cloudformation import whole_cloudformation

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:ConfigChangesAlarmRule"
ENTRIES = {control.pack_entry: control.id for control in controls()}
TRIGGERED = controls()[[control.id for control in controls()].index(DEFAULT_CONTROL)].pack_entry


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[EmbeddedAws]:
    """With a function: a pack's rules name the one of a stack."""
    with whole_cloudformation(), embedded_aws() as running:
        role = boto3.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        boto3.client("lambda").create_function(
            FunctionName="ConfigChangesAlarmRule",
            Role=role,
            Runtime="python3.13",
            Handler="ConfigChangesAlarmRule.lambda_handler",
            Code={"ZipFile": write(tmp_path / "rule.zip", rule_files()).path.read_bytes()},
        )
        yield running


def deployed_rules(name: str = "cis-monitoring", **parameters: str) -> dict[str, dict[str, Any]]:
    """A pack's template is a CloudFormation template of rules; AWS Config deploys it as a stack."""
    given: Any = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    given.append({"ParameterKey": "LambdaFunctionArn", "ParameterValue": FUNCTION})
    body = (ROOT / f"conformance-pack/{name}.yaml").read_text()
    boto3.client("cloudformation").create_stack(StackName="pack", TemplateBody=body, Parameters=given)
    rules = boto3.client("config").describe_config_rules()["ConfigRules"]
    return {rule["ConfigRuleName"]: dict(rule) for rule in rules}


def test_every_entry_of_aws_s_packs_is_a_rule_of_its_control(aws: EmbeddedAws) -> None:
    rules = deployed_rules()
    assert len(rules) == 15
    for name, rule in rules.items():
        parameters = json.loads(rule["InputParameters"])
        assert Requirement.parse(parameters).control_id == ENTRIES[name]
        assert len(rule["InputParameters"]) <= INPUT_PARAMETERS_LIMIT - 400
        assert rule["Source"]["SourceIdentifier"] == FUNCTION


@pytest.mark.parametrize("triggers", ["true", "false"])
def test_a_change_starts_one_evaluation_and_not_fifteen(aws: EmbeddedAws, triggers: str) -> None:
    rules = deployed_rules(ChangeTriggers=triggers)
    kinds = {name: [each["MessageType"] for each in rule["Source"]["SourceDetails"]] for name, rule in rules.items()}
    assert all("ScheduledNotification" in each for each in kinds.values())
    changed = [name for name, each in kinds.items() if "ConfigurationItemChangeNotification" in each]
    assert changed == ([TRIGGERED] if triggers == "true" else [])
    assert [name for name, rule in rules.items() if "Scope" in rule] == changed


def test_a_control_is_left_out_by_a_parameter(aws: EmbeddedAws) -> None:
    rules = deployed_rules(ProveOrganizationsChanges="false", ProveAwsConfigChanges="false")
    assert set(ENTRIES) - set(rules) == {"alarm-organizations-change", "alarm-aws-config-change"}


def test_in_an_organization_the_function_assumes_the_member_s_role(aws: EmbeddedAws) -> None:
    for rule in deployed_rules("cis-monitoring-organization").values():
        required = Requirement.parse(json.loads(rule["InputParameters"]))
        assert (required.assume_role_mode, required.execution_role_name) == (True, MEMBER_ROLE)


EVALUATE = """
import json, sys
import ConfigChangesAlarmRule
assert "/task/" in ConfigChangesAlarmRule.__file__
for line in sys.stdin:
    ConfigChangesAlarmRule.lambda_handler(json.loads(line), None)
"""


def evaluated(aws: EmbeddedAws, folder: Path, rules: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Every rule's verdict, by the function as it is packaged, in a process that has nothing else of the project."""
    task = folder / "task"
    if not task.exists():
        with zipfile.ZipFile(folder / "rule.zip") as package:
            package.extractall(task)
    events = [scheduled_event(json.loads(rule["InputParameters"])) for rule in rules.values()]
    aws.evaluations.clear()
    done = subprocess.run(
        [sys.executable, "-c", EVALUATE], input="\n".join(map(json.dumps, events)), text=True, capture_output=True,
        cwd=folder, env={**aws.environment(), "PYTHONPATH": str(task)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    verdicts = [(each["ComplianceType"], each["Annotation"]) for each in aws.evaluations]
    return dict(zip(rules, verdicts, strict=True))


def test_fifteen_rules_are_evaluated_by_the_one_packaged_function(aws: EmbeddedAws, tmp_path: Path) -> None:
    rules = deployed_rules()
    an_account(aws, patterns=(), has_alarm=False)
    logs: Any = boto3.client("logs")
    for control in controls():
        metric = [{"metricNamespace": "CIS", "metricName": control.id, "metricValue": "1"}]
        logs.put_metric_filter(
            logGroupName=LOG_GROUP,
            filterName=control.id,
            filterPattern=control.filter_pattern,
            metricTransformations=metric,
        )
        put_alarm(control.id, MetricName=control.id)
    found = evaluated(aws, tmp_path, rules)
    assert {name: verdict for name, (verdict, _) in found.items()} == dict.fromkeys(ENTRIES, "COMPLIANT")

    logs.delete_metric_filter(logGroupName=LOG_GROUP, filterName="root-usage")
    found = evaluated(aws, tmp_path, rules)
    broken = {name: annotation for name, (verdict, annotation) in found.items() if verdict != "COMPLIANT"}
    assert list(broken) == ["alarm-root-account-use"]
    assert "root" in broken["alarm-root-account-use"].lower()
