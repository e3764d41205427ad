"""`make deploy` and `make undeploy` with the real RDK against the embedded AWS, and what they made, read back."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.awslambda.responses import LambdaResponse

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws, embedded_aws
from deploy.package import LAYER, ROOT, RULE, write
from deploy.rdk_deployment import main
from deploy.steps import Step
from remediation.build import document_name

from .cloudformation import kept, whole_cloudformation

pytestmark = pytest.mark.built

PYTHON = ROOT / "build/tools/bin/python"
FUNCTION = "RDK-Rule-Function-ConfigChangesAlarmRule"
BUCKET = f"config-rule-code-bucket-{ACCOUNT_ID}-{REGION}"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:operations"
AS_SHIPPED: dict[str, Any] = json.loads((ROOT / "rdk_config.json").read_text())


@pytest.fixture
def aws() -> Iterator[EmbeddedAws]:
    with whole_cloudformation(), embedded_aws() as running:
        yield running


def make(aws: EmbeddedAws, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What `make deploy` and `make undeploy` run."""
    environment = {**aws.environment(), "PYTHONPATH": "ConfigChangesAlarmRule:."}
    arguments = [str(PYTHON), "-m", "deploy.rdk_deployment", command, *options]
    return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True)


def deployed(aws: EmbeddedAws, *options: str) -> str:
    done = make(aws, "deploy", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sha256(content: bytes) -> str:
    """As Lambda tells it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_the_function_s_code_is_the_package_and_its_layer_is_ours(aws: EmbeddedAws) -> None:
    deployed(aws)
    function: Any = boto3.client("lambda").get_function(FunctionName=FUNCTION)
    assert function["Configuration"]["CodeSha256"] == sha256(RULE.read_bytes())
    (layer,) = function["Configuration"]["Layers"]
    assert layer["CodeSize"] == LAYER.stat().st_size
    configuration = function["Configuration"]
    assert (configuration["Runtime"], configuration["Handler"]) == (AS_SHIPPED["Runtime"], AS_SHIPPED["Handler"])
    assert (configuration["Timeout"], configuration["MemorySize"]) == (120, 1024)
    assert configuration["Role"] == f"arn:aws:iam::{ACCOUNT_ID}:role/{FUNCTION}-{REGION}"


def test_the_rule_is_as_the_settings_say(aws: EmbeddedAws) -> None:
    deployed(aws)
    (rule,) = boto3.client("config").describe_config_rules()["ConfigRules"]
    assert rule["ConfigRuleName"] == "ConfigChangesAlarmRule"
    assert json.loads(rule["InputParameters"]) == AS_SHIPPED["Parameters"]
    assert rule["Scope"]["ComplianceResourceTypes"] == AS_SHIPPED["SourceEvents"]
    frequencies = {
        each["MessageType"]: each.get("MaximumExecutionFrequency") for each in rule["Source"]["SourceDetails"]
    }
    assert frequencies == {
        "ConfigurationItemChangeNotification": None,
        "OversizedConfigurationItemChangeNotification": None,
        "ScheduledNotification": AS_SHIPPED["SourcePeriodic"],
    }
    (remediation,) = kept("AWS::Config::RemediationConfiguration").values()
    assert remediation["ConfigRuleName"] == rule["ConfigRuleName"]
    assert remediation["TargetId"] == document_name()


def test_rdk_s_template_has_room(aws: EmbeddedAws) -> None:
    """CloudFormation takes 51,200 bytes; the runbook does not lie in this template."""
    deployed(aws)
    body = boto3.client("cloudformation").get_template(StackName="ConfigChangesAlarmRule")["TemplateBody"]
    assert len(json.dumps(body, indent=2).encode()) < 51_200 / 2


def test_aws_config_may_invoke_the_function_for_this_account_alone(aws: EmbeddedAws) -> None:
    deployed(aws)
    policy = json.loads(boto3.client("lambda").get_policy(FunctionName=FUNCTION)["Policy"])
    assert [(each["Principal"], each["Condition"]) for each in policy["Statement"]] == [
        ({"Service": "config.amazonaws.com"}, {"StringEquals": {"AWS:SourceAccount": ACCOUNT_ID}})
    ]


def test_the_settings_reach_what_rdk_cannot_set(
    aws: EmbeddedAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []  # the embedded AWS keeps no processor
    update = LambdaResponse.update_function_code

    def noting(self: LambdaResponse) -> Any:
        sent.append(json.loads(self.body))
        return update(self)

    monkeypatch.setattr(LambdaResponse, "update_function_code", noting)
    path = tmp_path / "rdk_config.json"
    changed = {**AS_SHIPPED, "MemoryMB": 512, "TimeoutSeconds": 300, "Tags": {"team": "security"}}
    changed |= {"AlarmTopicArn": TOPIC, "FailureDestinationArn": TOPIC, "Architecture": "arm64", "SourceEvents": []}
    changed["Parameters"] = {**AS_SHIPPED["Parameters"], "MaxRearmSeconds": "600", "TopicArns": ""}
    path.write_text(json.dumps(changed))
    deployed(aws, "--settings", str(path))
    configuration = boto3.client("lambda").get_function(FunctionName=FUNCTION)["Configuration"]
    assert (configuration["Timeout"], configuration["MemorySize"]) == (300, 512)
    (rule,) = boto3.client("config").describe_config_rules()["ConfigRules"]
    assert json.loads(rule["InputParameters"]) == {**AS_SHIPPED["Parameters"], "MaxRearmSeconds": "600"}
    assert [each["MessageType"] for each in rule["Source"]["SourceDetails"]] == ["ScheduledNotification"]
    assert sent[-1]["Architectures"] == ["arm64"]
    given_up = boto3.client("lambda").get_function_event_invoke_config(FunctionName=FUNCTION)
    assert given_up["DestinationConfig"] == {"OnFailure": {"Destination": TOPIC}}
    alarms = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert all(each["AlarmActions"] == [TOPIC] for each in alarms)
    tags = boto3.client("config").list_tags_for_resource(ResourceArn=rule["ConfigRuleArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "security"}]


def test_what_watches_the_rule_watches_rdk_s_function(aws: EmbeddedAws) -> None:
    deployed(aws)
    names = {each["AlarmName"] for each in boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert names == {f"{FUNCTION}-{what}-evaluations" for what in ("failed", "missing", "throttled", "dropped")}


def test_deploying_again_updates_and_publishes_no_second_layer(aws: EmbeddedAws) -> None:
    deployed(aws)
    deployed(aws)
    versions = boto3.client("lambda").list_layer_versions(LayerName="ConfigChangesAlarmRule-libraries")
    assert len(versions["LayerVersions"]) == 1


def test_older_versions_of_the_layer_are_removed(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert main(["deploy"]) == 0
    monkeypatch.setattr("deploy.layer.LAYER", write(tmp_path / "layer.zip", {"python/rdklib.py": b""}).path)
    assert main(["deploy"]) == 0
    (left,) = boto3.client("lambda").list_layer_versions(LayerName="ConfigChangesAlarmRule-libraries")["LayerVersions"]
    (layer,) = boto3.client("lambda").get_function_configuration(FunctionName=FUNCTION)["Layers"]
    assert (left["Version"], layer["Arn"]) == (2, left["LayerVersionArn"])


def test_undeploying_leaves_nothing(aws: EmbeddedAws) -> None:
    deployed(aws)
    done = make(aws, "undeploy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert boto3.client("config").describe_config_rules()["ConfigRules"] == []
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert boto3.client("lambda").list_layers()["Layers"] == []
    assert boto3.client("iam").list_roles()["Roles"] == []
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    assert boto3.client("logs").describe_log_groups()["logGroups"] == []
    assert (
        boto3.client("ssm").list_documents(Filters=[{"Key": "Owner", "Values": ["Self"]}])["DocumentIdentifiers"] == []
    )


def test_a_bucket_that_others_use_stays(aws: EmbeddedAws) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    deployed(aws)
    make(aws, "undeploy")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [BUCKET]
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


STEPS = f"""\
s3:CreateBucket config-rule-code-bucket-<account>-{REGION}, private, unless account <account> has it
lambda:PublishLayerVersion ConfigChangesAlarmRule-libraries from dist/layer.zip, unless its newest version \
is that
cloudformation: stack ConfigChangesAlarmRule-role from deploy/function-role.yaml, role {FUNCTION}-{REGION}
rdk --region {REGION} deploy ConfigChangesAlarmRule --lambda-role-arn \
'arn:aws:iam::<account>:role/{FUNCTION}-{REGION}' --lambda-timeout 120 --rdklib-layer-arn '<the layer'"'"'s version>'
lambda:UpdateFunctionCode {FUNCTION} from dist/ConfigChangesAlarmRule.zip itself, not from the bucket
lambda:AddPermission config.amazonaws.com for account <account> only, in place of RDK's for all
lambda:UpdateFunctionConfiguration {FUNCTION} 1024 MB
cloudformation: stack ConfigChangesAlarmRule-alarms from deploy/alarms.yaml, what watches the rule itself
cloudformation: stack ConfigChangesAlarmRule-remediation from remediation/stack.yaml, the runbook and its offer
lambda:DeleteLayerVersion ConfigChangesAlarmRule-libraries, all versions but this one
"""
DRY_RUN = "".join(f"[{REGION}] dry run, not done: {step}\n" for step in STEPS.splitlines()) + (
    "make deploy: this was a dry run, nothing was called or changed\n"
)


@pytest.mark.parametrize("word", ["true", "1", "yes", "ON"])
def test_a_dry_run_prints_what_would_be_called_and_calls_nothing(word: str, aws: EmbeddedAws) -> None:
    assert made_by_make(f"DRY_RUN={word}") == DRY_RUN
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    assert boto3.client("lambda").list_layers()["Layers"] == []


@pytest.mark.parametrize("word", ["false", "0", "no", "off", ""])
def test_whoever_says_that_it_is_no_dry_run_gets_a_deployment(
    word: str, aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deploy.rdk_deployment.deployment", lambda target: [Step("something", lambda: done.append(1))])
    done: list[int] = []
    assert main(["deploy", "--dry-run", word]) == 0
    assert (done, capsys.readouterr().out) == ([1], f"[{REGION}] something\n")


def test_what_is_neither_yes_nor_no_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["deploy", "--dry-run", "maybe"])
    assert capsys.readouterr().err.endswith("argument --dry-run: DRY_RUN is 'maybe', expected true or false\n")


def made_by_make(*variables: str) -> str:
    """What `make deploy` prints; the packages are built by then."""
    command = ["make", "--silent", "--old-file=package", "deploy", *variables]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_wrong_key_is_named_and_nothing_is_called(aws: EmbeddedAws, tmp_path: Path) -> None:
    path = tmp_path / "rdk_config.json"
    path.write_text(json.dumps({**AS_SHIPPED, "Memory": 256}))
    done = make(aws, "deploy", "--settings", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rdk_config.json: unknown key 'Memory', it takes RuleName, Regions, ")
    assert boto3.client("s3").list_buckets()["Buckets"] == []
