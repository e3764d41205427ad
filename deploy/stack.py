"""CloudFormation's stacks of a deployment: the role's own is made here, RDK's is only asked and cleared away."""

from __future__ import annotations

import time

from botocore.exceptions import ClientError, WaiterError

from .deployment import Deployment, DeploymentFailed
from .package import ROOT

__all__ = ["delete_stack", "deploy_role", "first_failure", "remove_rolled_back", "stack_status", "wait_for_stack"]

_PAUSE_SECONDS = 5.0


def deploy_role(target: Deployment) -> None:
    """Makes the stack of the function's role, or updates it. Raises `DeploymentFailed`."""
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
    wait_for_stack(target, target.role_stack)
    remove_rolled_back(target, target.role_stack)
    exists = stack_status(target, target.role_stack) is not None
    try:
        (cloudformation.update_stack if exists else cloudformation.create_stack)(**request)
        waiter = cloudformation.get_waiter("stack_update_complete" if exists else "stack_create_complete")
        waiter.wait(StackName=target.role_stack)
    except WaiterError:
        raise DeploymentFailed(first_failure(target, target.role_stack)) from None
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise


def remove_rolled_back(target: Deployment, name: str) -> None:
    """What a failed first attempt leaves can neither be updated nor created again."""
    if stack_status(target, name) == "ROLLBACK_COMPLETE":
        delete_stack(target, name)


def wait_for_stack(target: Deployment, name: str) -> None:
    """Until no change of it is under way. A stack that is not there is settled."""
    while (stack_status(target, name) or "").endswith("_IN_PROGRESS"):
        time.sleep(_PAUSE_SECONDS)


def delete_stack(target: Deployment, name: str) -> None:
    """And waits until it is gone."""
    cloudformation = target.client("cloudformation")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)


def stack_status(target: Deployment, name: str) -> str | None:
    """In CloudFormation's word; None: there is no such stack."""
    try:
        (found,) = target.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return str(found["StackStatus"])


def first_failure(target: Deployment, name: str) -> str:
    """The event that made the stack fail; those after it are consequences."""
    status = stack_status(target, name)
    said = f"stack {name} in {target.region} is {status or 'missing'}"
    if status is None:
        return said
    events = target.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
    failed = [event for page in events for event in page["StackEvents"] if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return said
    first = failed[-1]  # AWS tells the newest first
    return f"{said}: {first['LogicalResourceId']}: {first.get('ResourceStatusReason', first['ResourceStatus'])}"
