"""CloudFormation's stacks of a deployment: those from templates of this repository, and RDK's, which is only asked."""

from __future__ import annotations

import time
from collections.abc import Mapping

from botocore.exceptions import ClientError, WaiterError

from .deployment import Deployment, DeploymentFailed
from .package import ROOT

__all__ = ["delete_stack", "deploy_stack", "first_failure", "remove_rolled_back", "stack_status", "wait_for_stack"]

_PAUSE_SECONDS = 5.0


def deploy_stack(target: Deployment, name: str, template: str, parameters: Mapping[str, str]) -> None:
    """Makes a stack from a template of this repository, or updates it, and waits. Raises `DeploymentFailed`."""
    request = {
        "StackName": name,
        "TemplateBody": (ROOT / template).read_text(),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": [{"Key": key, "Value": value} for key, value in target.settings.tags],
    }
    cloudformation = target.client("cloudformation")
    wait_for_stack(target, name)
    remove_rolled_back(target, name)
    exists = stack_status(target, name) is not None
    try:
        (cloudformation.update_stack if exists else cloudformation.create_stack)(**request)
        cloudformation.get_waiter("stack_update_complete" if exists else "stack_create_complete").wait(StackName=name)
    except WaiterError:
        raise DeploymentFailed(first_failure(target, name)) from None
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeploymentFailed(f"stack {name} in {target.region}: {error}") from None


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
