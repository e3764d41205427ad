"""The templates, deployed with the `aws` CLI to the embedded AWS, and what they made, read back."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from deploy.package import LAYER, ROOT, RULE, rule_files, write
from deploy.upload import main, upload

from .buckets import STRANGER, owners, stranger_s_s3
from .cloudformation import kept, whole_cloudformation

__all__ = ["owners"]  # a fixture

pytestmark = pytest.mark.built

BUCKET, STACK = "code", "config-changes-alarm"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:operations"
REMEDIATION = "AWS::Config::RemediationConfiguration"
ORGANIZATION_RULE, ORGANIZATION_PACK = "AWS::Config::OrganizationConfigRule", "AWS::Config::OrganizationConformancePack"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:ConfigChangesAlarmRule"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[EmbeddedAws]:
    """With a small layer: what is in it matters to one test."""
    monkeypatch.setattr("deploy.upload.LAYER", write(tmp_path / LAYER.name, {"python/rdklib.py": b""}).path)
    with whole_cloudformation(), embedded_aws() as running:
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield running


def deployed(template: str, **parameters: str) -> None:
    """Creates or updates the stack, with the packages uploaded."""
    code = {} if "role" in template else dict(upload(BUCKET))
    given: Any = [{"ParameterKey": name, "ParameterValue": value} for name, value in {**code, **parameters}.items()]
    body = (ROOT / f"deploy/{template}.yaml").read_text()
    cloudformation = boto3.client("cloudformation")
    exists = any(each["StackName"] == STACK for each in cloudformation.describe_stacks()["Stacks"])
    put = cloudformation.update_stack if exists else cloudformation.create_stack
    put(StackName=STACK, TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"])


def aws_cli(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "awscli", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def the_rule() -> dict[str, Any]:
    (rule,) = boto3.client("config").describe_config_rules()["ConfigRules"]
    return dict(rule)


def test_the_commands_of_the_documentation_make_a_function_of_the_package_and_its_layer(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.upload.LAYER", LAYER)
    overrides = [f"{name}={value}" for name, value in upload(BUCKET).items()]
    aws_cli(
        "cloudformation", "deploy", "--stack-name", STACK, "--template-file", f"{ROOT}/deploy/single-account.yaml",
        "--capabilities", "CAPABILITY_NAMED_IAM", "--parameter-overrides", *overrides,
    )  # fmt: skip
    function = boto3.client("lambda").get_function(FunctionName="ConfigChangesAlarmRule")
    assert s3_object(function["Code"]) == RULE.read_bytes()
    settings = function["Configuration"]
    assert (settings["Runtime"], settings["Handler"]) == ("python3.13", "ConfigChangesAlarmRule.lambda_handler")
    assert (settings["Timeout"], settings["MemorySize"]) == (120, 1024)
    (layer,) = settings["Layers"]
    assert layer["CodeSize"] == LAYER.stat().st_size


def test_the_packages_go_into_a_bucket_of_the_account_alone_unless_another_owner_is_named(
    aws: EmbeddedAws, owners: None, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = stranger_s_s3()
    stranger.create_bucket(Bucket="theirs")
    assert main("theirs") == 1
    assert capsys.readouterr().err.startswith("make upload: Failed to upload ")
    assert stranger.list_objects_v2(Bucket="theirs")["KeyCount"] == 0
    assert main("theirs", STRANGER) == 0
    assert stranger.list_objects_v2(Bucket="theirs")["KeyCount"] == 2


def test_what_make_upload_prints_is_what_a_script_hands_to_cloudformation(aws: EmbeddedAws) -> None:
    command = ["make", "upload", f"BUCKET={BUCKET}"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    given = dict(word.split("=", 1) for word in printed.split())
    assert list(given) == ["CodeBucket", "CodeKey", "LayerKey"]
    assert boto3.client("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 2


def s3_object(code: Any) -> bytes:
    location = code["Location"]
    key = location.split("amazonaws.com/", 1)[1]
    content: bytes = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return content


def test_the_rule_has_all_parameters_that_are_given_and_no_empty_one(aws: EmbeddedAws) -> None:
    deployed("single-account", TopicArns=TOPIC, MaxRearmSeconds="600")
    parameters = json.loads(the_rule()["InputParameters"])
    assert parameters == {
        "TopicArns": TOPIC,
        "UnverifiableAccount": "NON_COMPLIANT",
        "AllowRoutineMatches": "false",
        "MaxRearmSeconds": "600",
        "AssumeRoleMode": "false",
    }
    Requirement.parse(parameters)


def test_aws_config_may_invoke_it_for_this_account_alone(aws: EmbeddedAws) -> None:
    deployed("single-account")
    policy = json.loads(boto3.client("lambda").get_policy(FunctionName="ConfigChangesAlarmRule")["Policy"])
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "config.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": ACCOUNT_ID}}
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", FUNCTION)


def the_policy(role: str) -> dict[str, dict[str, Any]]:
    policy: Any = boto3.client("iam").get_role_policy(RoleName=role, PolicyName="rule")["PolicyDocument"]
    statements = (ast.literal_eval(policy) if isinstance(policy, str) else policy)["Statement"]
    return {statement["Sid"]: statement for statement in statements}


def test_the_role_allows_no_more_than_its_own_log_and_no_other_role(aws: EmbeddedAws) -> None:
    deployed("single-account")
    policy = the_policy(f"ConfigChangesAlarmRule-{REGION}")
    assert "sts:AssumeRole" not in str(policy)
    log = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/aws/lambda/ConfigChangesAlarmRule:log-stream:*"
    assert policy["WriteLog"]["Resource"] == log


def test_the_role_may_assume_the_one_role_that_a_parameter_names(aws: EmbeddedAws) -> None:
    deployed("single-account", LogGroupAccountRoleName="reader")
    assume = the_policy(f"ConfigChangesAlarmRule-{REGION}")["AssumeRole"]
    assert (assume["Action"], assume["Resource"]) == (["sts:AssumeRole"], "arn:aws:iam::*:role/reader")
    assert assume["Condition"] == {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}


@pytest.mark.parametrize(("frequency", "hours"), [("TwentyFour_Hours", 26), ("One_Hour", 3)])
def test_somebody_is_told_when_the_rule_itself_fails_or_stops(aws: EmbeddedAws, frequency: str, hours: int) -> None:
    deployed("single-account", AlarmTopicArn=TOPIC, MaximumExecutionFrequency=frequency)
    alarms = {each["AlarmName"]: each for each in boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert {name.removeprefix("ConfigChangesAlarmRule-") for name in alarms} == {
        f"{what}-evaluations" for what in ("failed", "missing", "throttled", "dropped")
    }
    assert all(each["AlarmActions"] == [TOPIC] for each in alarms.values())
    missing = alarms.pop("ConfigChangesAlarmRule-missing-evaluations")
    assert (missing["InsufficientDataActions"], missing["EvaluationPeriods"]) == ([TOPIC], hours)
    assert missing["TreatMissingData"] == "missing"
    assert {each["TreatMissingData"] for each in alarms.values()} == {"notBreaching"}


def test_a_destination_is_told_of_evaluations_that_lambda_gave_up(aws: EmbeddedAws) -> None:
    deployed("single-account", FailureDestinationArn=TOPIC)
    (given_up,) = kept("AWS::Lambda::EventInvokeConfig").values()
    assert given_up["DestinationConfig"] == {"OnFailure": {"Destination": TOPIC}}
    assert the_policy(f"ConfigChangesAlarmRule-{REGION}")["TellOfFailures"]["Resource"] == TOPIC


def test_without_a_destination_the_role_may_tell_nobody(aws: EmbeddedAws) -> None:
    deployed("single-account")
    assert not kept("AWS::Lambda::EventInvokeConfig")
    assert "TellOfFailures" not in the_policy(f"ConfigChangesAlarmRule-{REGION}")


def test_the_function_can_be_made_without_a_rule_for_packs(aws: EmbeddedAws) -> None:
    deployed("single-account", MakeRule="false", RemediationDocument="runbook")
    assert boto3.client("config").describe_config_rules()["ConfigRules"] == []
    assert not kept(REMEDIATION)
    assert boto3.client("lambda").get_function(FunctionName="ConfigChangesAlarmRule")


@pytest.mark.parametrize("template", ["single-account", "organization"])
def test_changes_lead_to_evaluations_unless_that_is_switched_off(template: str, aws: EmbeddedAws) -> None:
    deployed(template, ChangeTriggers="false")
    if template == "organization":
        metadata = kept(ORGANIZATION_RULE)["ConfigChangesAlarmRule"]["OrganizationCustomRuleMetadata"]
        assert metadata["OrganizationConfigRuleTriggerTypes"] == ["ScheduledNotification"]
        assert metadata.get("ResourceTypesScope") is None
    else:
        rule = the_rule()
        assert [each["MessageType"] for each in rule["Source"]["SourceDetails"]] == ["ScheduledNotification"]
        assert not rule.get("Scope")


def test_the_role_is_bounded_and_lies_where_it_is_wanted(aws: EmbeddedAws) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT_ID}:policy/boundary"
    deployed("single-account", RolePath="/security/", PermissionsBoundaryArn=boundary)
    role = boto3.client("iam").get_role(RoleName=f"ConfigChangesAlarmRule-{REGION}")["Role"]
    assert (role["Path"], role["PermissionsBoundary"]["PermissionsBoundaryArn"]) == ("/security/", boundary)


def test_the_remediation_is_off_until_its_runbook_is_named(aws: EmbeddedAws) -> None:
    deployed("single-account")
    assert not kept(REMEDIATION)
    deployed("single-account", RemediationDocument="ConfigChangesAlarmRule-Remediation", RemediationEndpoint="a@b.org")
    properties = kept(REMEDIATION)["ConfigChangesAlarmRule"]
    assert (properties["Automatic"], properties["TargetVersion"]) == ("false", "1")
    parameters = properties["Parameters"]
    assert parameters["AccountId"] == {"ResourceValue": {"Value": "RESOURCE_ID"}}
    assert parameters["SubscriptionEndpoint"] == {"StaticValue": {"Values": ["a@b.org"]}}
    assert parameters["AutomationAssumeRole"]["StaticValue"]["Values"] == [
        f"arn:aws:iam::{ACCOUNT_ID}:role/ConfigChangesAlarmRule-Remediation"
    ]
    assert "TopicArn" not in parameters


def test_a_new_package_reaches_the_function_and_a_removed_stack_leaves_nothing(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deployed("single-account")
    changed = write(tmp_path / RULE.name, {**rule_files(), "config_changes_alarm/new.py": b""}).path
    monkeypatch.setattr("deploy.upload.RULE", changed)
    deployed("single-account")
    function = boto3.client("lambda").get_function(FunctionName="ConfigChangesAlarmRule")
    assert s3_object(function["Code"]) == changed.read_bytes()

    boto3.client("cloudformation").delete_stack(StackName=STACK)
    assert boto3.client("config").describe_config_rules()["ConfigRules"] == []
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert boto3.client("iam").list_roles()["Roles"] == []
    assert boto3.client("logs").describe_log_groups()["logGroups"] == []
    assert boto3.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
