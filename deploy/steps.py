"""What is done to deploy the rule in a Region and to remove it, step by step.

RDK makes the function, AWS Config's permission and the rule. What it cannot do or does too widely is done around it:

- the function's role is made first (`deploy/function-role.yaml`): RDK's own may read everything and assume any role;
- the layer is published from `dist/layer.zip`: AWS's public one has its own boto3;
- the bucket for the code is made when it is missing: `rdk init` would also set up AWS Config itself;
- RDK gives no source account to the function's permission, and always 256 MB: both are set afterwards.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .deployment import Deployment
from .package import LAYER
from .rdk import rdk_command, run_rdk
from .stack import delete_stack, deploy_role

__all__ = ["Step", "deployment", "undeployment"]

_SOURCE_ACCOUNT = "config-of-this-account"
_OWNER_TAG = {"Key": "created-by", "Value": "ConfigChangesAlarmRule"}
_RDK_MEMORY_MB = 256
"""What RDK's template gives every function."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in one Region: what is called, in words that can be looked up, and how."""

    says: str
    do: Callable[[], None]


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
            lambda: deploy_role(target),
        )
    role_arn = f"arn:{target.partition}:iam::{target.account_id}:role/{target.role_name}"
    options = ["--lambda-role-arn", role_arn, "--lambda-timeout", str(settings.timeout_seconds)]
    if settings.layers:
        options += ["--lambda-layers", ",".join(settings.layers)]
    shown = rdk_command(target, "deploy", *options, "--rdklib-layer-arn", "<the layer's version>")
    yield Step(
        f"{shlex.join(shown)}",
        lambda: run_rdk(target, rdk_command(target, "deploy", *options, "--rdklib-layer-arn", layer[0])),
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


def undeployment(target: Deployment) -> Iterator[Step]:
    """In their order. The results that AWS Config keeps go with the rule."""
    command = rdk_command(target, "undeploy", "--force")
    yield Step(f"{shlex.join(command)}", lambda: run_rdk(target, command))
    if not target.settings.role_name:
        yield Step(f"cloudformation:DeleteStack {target.role_stack}", lambda: delete_stack(target, target.role_stack))
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
