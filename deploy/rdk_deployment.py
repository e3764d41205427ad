"""Deploys with RDK what rdk_config.json says: `make deploy`, `make undeploy`; `DRY_RUN=1` prints it only.

RDK makes the function, AWS Config's permission and the rule. What it cannot do or does too widely is done around it:

- it works on a copy of the rule's folder with exactly the package's files, because it packs whatever lies in a rule's
  folder, and leaves its zip there;
- the function's role is made first (`deploy/function-role.yaml`): RDK's own may read everything and assume any role;
- the layer is published from `dist/layer.zip`: AWS's public one has its own boto3;
- the bucket for the code is made when it is missing: `rdk init` would also set up AWS Config itself;
- RDK gives no source account to the function's permission, and always 256 MB: both are set afterwards;
- RDK ends with status 0 when a stack has failed, so the stack is asked.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from .package import LAYER, ROOT, RULE
from .settings import SETTINGS, InvalidSettings, Settings

__all__ = ["Deployment", "Step", "deployment", "undeployment"]

RDK = ROOT / "build" / "tools" / "bin" / "rdk"
_RUNBOOK = "remediation/ConfigChangesAlarmRule-Remediation.json"
_FUNCTION_PREFIX = "RDK-Rule-Function-"
_SOURCE_ACCOUNT = "config-of-this-account"
_OWNER_TAG = {"Key": "created-by", "Value": "ConfigChangesAlarmRule"}
_RDK_MEMORY_MB = 256
"""What RDK's template gives every function."""


class DeploymentFailed(Exception):
    """Something was not deployed or removed; the text says what."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in one Region: what is called, in words that can be looked up, and how."""

    says: str
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One Region's names."""

    settings: Settings
    account_id: str
    partition: str
    region: str

    @property
    def function_name(self) -> str:
        return f"{_FUNCTION_PREFIX}{self.settings.rule_name}"

    @property
    def bucket(self) -> str:
        """RDK's own name for it."""
        return f"config-rule-code-bucket-{self.account_id}-{self.region}"

    @property
    def code_key(self) -> str:
        return f"{self.settings.rule_name}/{self.settings.rule_name}.zip"

    @property
    def role_stack(self) -> str:
        return f"{self.settings.rule_name}-role"

    @property
    def role_name(self) -> str:
        return self.settings.role_name or f"{self.function_name}-{self.region}"

    @property
    def layer_name(self) -> str:
        return f"{self.settings.rule_name}-libraries"

    def client(self, service: str) -> Any:
        """With the AWS settings in use."""
        return boto3.client(service, region_name=self.region)  # type: ignore[call-overload]

    def rdk(self, command: str, *arguments: str) -> list[str]:
        """RDK's command line."""
        return [RDK.name, "--region", self.region, command, self.settings.rule_name, *arguments]


def stage(settings: Settings, folder: Path) -> None:
    """The rule's folder for RDK: the package's files, with the settings in parameters.json."""
    with zipfile.ZipFile(RULE) as package:
        package.extractall(folder / settings.rule_name)
    parameters = folder / settings.rule_name / "parameters.json"
    content = json.loads(parameters.read_text())
    staged = _with_settings(content, settings)
    if staged != content:  # the default settings leave the file as it is, to the byte
        parameters.write_text(json.dumps(staged, indent=2) + "\n")
    runbook = folder / _RUNBOOK
    runbook.parent.mkdir()
    shutil.copy(ROOT / _RUNBOOK, runbook)


def _with_settings(content: Any, settings: Settings) -> Any:
    own = {**content["Parameters"]}
    given = json.loads(settings.input_parameters)
    if {**json.loads(own["InputParameters"]), **json.loads(own["OptionalParameters"])} != given:
        own |= {"InputParameters": "{}", "OptionalParameters": json.dumps(given)}
    own |= {
        "SourceRuntime": f"{settings.runtime}-lib",
        "SourceEvents": ",".join(settings.source_events),
        "SourcePeriodic": settings.source_periodic,
    }
    tags = [{"Key": key, "Value": value} for key, value in settings.tags]
    return {**content, "Parameters": own, "Tags": json.dumps(tags)}


# --------------------------------------------------------------------------- deploying


def deployment(target: Deployment) -> Iterator[Step]:
    """In their order."""
    settings = target.settings
    yield Step(f"s3:CreateBucket {target.bucket}, private, unless it exists", lambda: _make_bucket(target))
    layer: list[str] = []
    yield Step(
        f"lambda:PublishLayerVersion {target.layer_name} from dist/{LAYER.name}, unless its newest version is that",
        lambda: layer.append(_publish_layer(target)),
    )
    if not settings.role_name:
        yield Step(
            f"cloudformation: stack {target.role_stack} from deploy/function-role.yaml, role {target.role_name}",
            lambda: _deploy_role(target),
        )
    role_arn = f"arn:{target.partition}:iam::{target.account_id}:role/{target.role_name}"
    options = ["--lambda-role-arn", role_arn, "--lambda-timeout", str(settings.timeout_seconds)]
    if settings.layers:
        options += ["--lambda-layers", ",".join(settings.layers)]
    shown = target.rdk("deploy", *options, "--rdklib-layer-arn", "<the layer's version>")
    yield Step(
        f"{shlex.join(shown)}",
        lambda: _run(target, target.rdk("deploy", *options, "--rdklib-layer-arn", layer[0])),
    )
    yield Step(
        f"lambda:AddPermission config.amazonaws.com for account {target.account_id} only, in place of RDK's for all",
        lambda: _narrow_permission(target),
    )
    if settings.memory_mb != _RDK_MEMORY_MB:
        yield Step(
            f"lambda:UpdateFunctionConfiguration {target.function_name} {settings.memory_mb} MB",
            lambda: _set_memory(target),
        )


def _make_bucket(target: Deployment) -> None:
    s3 = target.client("s3")
    try:
        s3.head_bucket(Bucket=target.bucket)
        return
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
    where = {} if target.region == "us-east-1" else {"LocationConstraint": target.region}
    s3.create_bucket(Bucket=target.bucket, **({"CreateBucketConfiguration": where} if where else {}))
    s3.put_public_access_block(
        Bucket=target.bucket,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        ),
    )
    s3.put_bucket_tagging(Bucket=target.bucket, Tagging={"TagSet": [_OWNER_TAG]})


def _publish_layer(target: Deployment) -> str:
    client, content = target.client("lambda"), LAYER.read_bytes()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    newest = next(_layer_versions(target), None)
    if newest is not None:
        found = client.get_layer_version(LayerName=target.layer_name, VersionNumber=newest["Version"])
        if found["Content"]["CodeSha256"] == digest:
            return str(found["LayerVersionArn"])
    published = client.publish_layer_version(
        LayerName=target.layer_name,
        Description="rdklib and boto3, as requirements/lambda.txt pins them",
        Content={"ZipFile": content},
        CompatibleRuntimes=[target.settings.runtime],
    )
    return str(published["LayerVersionArn"])


def _layer_versions(target: Deployment) -> Iterator[dict[str, Any]]:
    """Newest first."""
    try:
        pages = target.client("lambda").get_paginator("list_layer_versions").paginate(LayerName=target.layer_name)
        for page in pages:
            yield from page["LayerVersions"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _deploy_role(target: Deployment) -> None:
    parameters = dict(target.settings.parameters)
    given = {
        "RuleName": target.function_name,
        "LogGroupAccountRoleName": parameters.get("LogGroupAccountRoleName", ""),
    }
    request = {
        "StackName": target.role_stack,
        "TemplateBody": (ROOT / "deploy/function-role.yaml").read_text(),
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in target.settings.tags],
    }
    cloudformation = target.client("cloudformation")
    _remove_rolled_back(target, target.role_stack)
    exists = _stack_status(target, target.role_stack) is not None
    try:
        (cloudformation.update_stack if exists else cloudformation.create_stack)(**request)
        waiter = cloudformation.get_waiter("stack_update_complete" if exists else "stack_create_complete")
        waiter.wait(StackName=target.role_stack)
    except WaiterError:
        raise DeploymentFailed(_first_failure(target, target.role_stack)) from None
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise


def _remove_rolled_back(target: Deployment, name: str) -> None:
    """What a failed first attempt leaves can neither be updated nor created again."""
    if _stack_status(target, name) == "ROLLBACK_COMPLETE":
        _delete_stack(target, name)


def _delete_stack(target: Deployment, name: str) -> None:
    cloudformation = target.client("cloudformation")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)


def _first_failure(target: Deployment, name: str) -> str:
    """The event that made the stack fail; those after it are consequences."""
    status = _stack_status(target, name)
    said = f"stack {name} in {target.region} is {status or 'missing'}"
    if status is None:
        return said
    events = target.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
    failed = [event for page in events for event in page["StackEvents"] if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return said
    first = failed[-1]  # AWS tells the newest first
    return f"{said}: {first['LogicalResourceId']}: {first.get('ResourceStatusReason', first['ResourceStatus'])}"


def _stack_status(target: Deployment, name: str) -> str | None:
    try:
        (found,) = target.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return str(found["StackStatus"])


def _run(target: Deployment, command: Sequence[str]) -> None:
    _remove_rolled_back(target, target.settings.rule_name)
    with tempfile.TemporaryDirectory() as folder:
        stage(target.settings, Path(folder))
        # RDK's zip has the same name in every run of a Region: two runs at a time would take each other's
        environment = {**os.environ, "TMPDIR": folder, "PYTHONPATH": ""}
        done = subprocess.run([str(RDK), *command[1:]], cwd=folder, env=environment)
    name = target.settings.rule_name
    status = _stack_status(target, name)
    removed = "undeploy" in command
    if done.returncode or (status is not None if removed else status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        raise DeploymentFailed(f"rdk ended with status {done.returncode}, and {_first_failure(target, name)}")


def _narrow_permission(target: Deployment) -> None:
    client, function = target.client("lambda"), target.function_name
    statements = json.loads(client.get_policy(FunctionName=function)["Policy"])["Statement"]
    if all(each["Sid"] != _SOURCE_ACCOUNT for each in statements):
        client.add_permission(
            FunctionName=function,
            StatementId=_SOURCE_ACCOUNT,
            Action="lambda:InvokeFunction",
            Principal="config.amazonaws.com",
            SourceAccount=target.account_id,
        )
    for each in statements:
        if each.get("Principal") == {"Service": "config.amazonaws.com"} and not each.get("Condition"):
            client.remove_permission(FunctionName=function, StatementId=each["Sid"])


def _set_memory(target: Deployment) -> None:
    target.client("lambda").update_function_configuration(
        FunctionName=target.function_name, MemorySize=target.settings.memory_mb
    )


# --------------------------------------------------------------------------- removing


def undeployment(target: Deployment) -> Iterator[Step]:
    """In their order. The results that AWS Config keeps go with the rule."""
    command = target.rdk("undeploy", "--force")
    yield Step(f"{shlex.join(command)}", lambda: _run(target, command))
    if not target.settings.role_name:
        yield Step(f"cloudformation:DeleteStack {target.role_stack}", lambda: _delete_stack(target, target.role_stack))
    yield Step(f"lambda:DeleteLayerVersion {target.layer_name}, all versions", lambda: _delete_layer(target))
    yield Step(
        f"s3:DeleteObject {target.bucket}/{target.code_key}, and the bucket if make deploy made it and it is empty",
        lambda: _delete_code(target),
    )


def _delete_layer(target: Deployment) -> None:
    client = target.client("lambda")
    for version in list(_layer_versions(target)):
        client.delete_layer_version(LayerName=target.layer_name, VersionNumber=version["Version"])


def _delete_code(target: Deployment) -> None:
    s3 = target.client("s3")
    try:
        s3.delete_object(Bucket=target.bucket, Key=target.code_key)
        tags = s3.get_bucket_tagging(Bucket=target.bucket)["TagSet"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchBucket", "NoSuchTagSet"):
            raise
        return
    if _OWNER_TAG in tags and not s3.list_objects_v2(Bucket=target.bucket, MaxKeys=1).get("KeyCount"):
        s3.delete_bucket(Bucket=target.bucket)


# --------------------------------------------------------------------------- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 not done, 2 settings that cannot be deployed."""
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("command", choices=["deploy", "undeploy"])
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--settings", type=Path, default=SETTINGS)
    chosen = parser.parse_args(arguments)
    steps_of = deployment if chosen.command == "deploy" else undeployment
    try:
        for target in _targets(Settings.load(chosen.settings), chosen.dry_run):
            for step in steps_of(target):
                print(f"[{target.region}] {step.says}", flush=True)
                if not chosen.dry_run:
                    step.do()
    except InvalidSettings as error:
        print(error, file=sys.stderr)
        return 2
    except (DeploymentFailed, BotoCoreError, ClientError, Boto3Error, WaiterError) as error:
        print(f"make {chosen.command}: {error}", file=sys.stderr)
        return 1
    return 0


def _targets(settings: Settings, dry_run: bool) -> Iterator[Deployment]:
    """One for each Region. A dry run calls nothing, so it knows no account."""
    session = boto3.Session()
    own = session.region_name or os.environ.get("AWS_REGION")
    regions = settings.regions or ((own,) if own else ())
    if not regions:
        raise DeploymentFailed("no Region: set AWS_DEFAULT_REGION, or Regions in rdk_config.json")
    account_id, partition = "<account>", "aws"
    if not dry_run:
        identity = session.client("sts", region_name=regions[0]).get_caller_identity()
        account_id, partition = identity["Account"], identity["Arn"].split(":")[1]
    for region in regions:
        yield Deployment(settings, account_id, partition, region)


if __name__ == "__main__":
    sys.exit(main())
