"""What is done to deploy the rule in a Region and to remove it, step by step.

RDK makes the function, AWS Config's permission and the rule. What it cannot do or does too widely is done around it:

- the function's role is made first (`deploy/function-role.yaml`): RDK's own may read everything and assume any role;
- the layer is published from `dist/layer.zip`: AWS's public one has its own boto3;
- the bucket for the code is made when it is missing: `rdk init` would also set up AWS Config itself;
- the code is handed to Lambda directly, because RDK trusts the bucket by its name;
- the runbook has a stack of its own: in RDK's template it came within 346 bytes of what CloudFormation takes;
- nothing of RDK's watches the rule: the alarms are a stack of their own;
- RDK gives no source account to the function's permission, and always 256 MB: both are set afterwards.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .bucket import delete_code, own_bucket
from .deployment import Deployment
from .function import hand_over_code, narrow_permission, set_memory, tell_of_failures
from .layer import delete_layer, delete_older_versions, publish_layer
from .package import LAYER, RULE
from .rdk import rdk_command, run_rdk
from .stack import delete_stack, deploy_stack

__all__ = ["Step", "deployment", "undeployment"]

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
    yield Step(
        f"s3:CreateBucket {target.bucket}, private, unless account {target.account_id} has it",
        lambda: own_bucket(target),
    )
    layer: list[str] = []
    yield Step(
        f"lambda:PublishLayerVersion {target.layer_name} from dist/{LAYER.name}, unless its newest version is that",
        lambda: layer.append(publish_layer(target)),
    )
    if not settings.role_name:
        yield Step(
            f"cloudformation: stack {target.role_stack} from deploy/function-role.yaml, role {target.role_name}",
            lambda: deploy_stack(target, target.role_stack, "deploy/function-role.yaml", _role_parameters(target)),
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
        f"lambda:UpdateFunctionCode {target.function_name} from dist/{RULE.name} itself, not from the bucket",
        lambda: hand_over_code(target),
    )
    yield Step(
        f"lambda:AddPermission config.amazonaws.com for account {target.account_id} only, in place of RDK's for all",
        lambda: narrow_permission(target),
    )
    if settings.memory_mb != _RDK_MEMORY_MB:
        yield Step(
            f"lambda:UpdateFunctionConfiguration {target.function_name} {settings.memory_mb} MB",
            lambda: set_memory(target),
        )
    if settings.failure_destination_arn:
        yield Step(
            f"lambda:PutFunctionEventInvokeConfig {target.function_name} to {settings.failure_destination_arn}",
            lambda: tell_of_failures(target),
        )
    watched = {
        "RuleName": target.function_name,
        "MaximumExecutionFrequency": settings.source_periodic,
        "AlarmTopicArn": settings.alarm_topic_arn,
    }
    yield Step(
        f"cloudformation: stack {target.alarms_stack} from deploy/alarms.yaml, what watches the rule itself",
        lambda: deploy_stack(target, target.alarms_stack, "deploy/alarms.yaml", watched),
    )
    if settings.remediation:
        given = {"ConfigRuleName": settings.rule_name, **dict(settings.remediation)}
        yield Step(
            f"cloudformation: stack {target.remediation_stack} from remediation/stack.yaml, the runbook and its offer",
            lambda: deploy_stack(target, target.remediation_stack, "remediation/stack.yaml", given),
        )
    yield Step(
        f"lambda:DeleteLayerVersion {target.layer_name}, all versions but this one",
        lambda: delete_older_versions(target, layer[0]),
    )


def _role_parameters(target: Deployment) -> dict[str, str]:
    parameters = dict(target.settings.parameters)
    return {
        "RuleName": target.function_name,
        "LogGroupAccountRoleName": parameters.get("LogGroupAccountRoleName", ""),
        "FailureDestinationArn": target.settings.failure_destination_arn,
    }


def undeployment(target: Deployment) -> Iterator[Step]:
    """In their order. The results that AWS Config keeps go with the rule."""
    yield Step(f"cloudformation:DeleteStack {target.alarms_stack}", lambda: delete_stack(target, target.alarms_stack))
    yield Step(  # before the rule: AWS Config deletes no rule that has a remediation configuration
        f"cloudformation:DeleteStack {target.remediation_stack}",
        lambda: delete_stack(target, target.remediation_stack),
    )
    command = rdk_command(target, "undeploy", "--force")
    yield Step(f"{shlex.join(command)}", lambda: run_rdk(target, command))
    if not target.settings.role_name:
        yield Step(f"cloudformation:DeleteStack {target.role_stack}", lambda: delete_stack(target, target.role_stack))
    yield Step(f"lambda:DeleteLayerVersion {target.layer_name}, all versions", lambda: delete_layer(target))
    yield Step(
        f"s3:DeleteObject {target.bucket}/{target.code_key}, and the bucket if make deploy made it and it is empty",
        lambda: delete_code(target),
    )
