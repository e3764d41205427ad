"""The function that RDK has made, after RDK: the code that was built here, and what RDK's template cannot say.

Lambda takes one change of a function at a time and finishes it after it has answered. Each step waits for the one
before it, and for a change that somebody else has under way.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from .deployment import Deployment, DeploymentFailed
from .package import RULE

__all__ = ["BUSY", "hand_over_code", "narrow_permission", "set_memory", "settled", "tell_of_failures"]

BUSY = "ResourceConflictException"
"""What Lambda says of a function, and of a statement id, that is just being changed."""

_SOURCE_ACCOUNT = "config-of-this-account"
_ATTEMPTS, _PAUSE_SECONDS = 5, 2.0


def settled(target: Deployment) -> None:
    """Waits until no change of the function is under way; a function that is not there is settled."""
    client, function = target.client("lambda"), target.function_name
    try:
        client.get_waiter("function_updated_v2").wait(FunctionName=function)
    except WaiterError as error:
        answer: Any = error.last_response
        if answer.get("Error", {}).get("Code") == "ResourceNotFoundException":
            return
        why = answer.get("Configuration", {}).get("LastUpdateStatusReason") or str(error)
        raise DeploymentFailed(
            f"the last change of function {function} in {target.region} did not end: {why}"
        ) from None


def _changed(target: Deployment, call: Callable[..., Any], **request: Any) -> None:
    """Makes a change and waits for its end. Raises `DeploymentFailed` when the function stays busy."""
    for attempt in range(_ATTEMPTS):
        settled(target)
        try:
            call(FunctionName=target.function_name, **request)
            settled(target)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != BUSY:
                raise
            reason = error.response["Error"]["Message"]
            time.sleep(_PAUSE_SECONDS * attempt)
    raise DeploymentFailed(
        f"function {target.function_name} in {target.region} is being changed by somebody else: {reason}"
    )


def hand_over_code(target: Deployment) -> None:
    """The bytes of dist/, not through the bucket; Lambda has to confirm their SHA-256. Raises `DeploymentFailed`."""
    client, content = target.client("lambda"), RULE.read_bytes()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    _changed(target, client.update_function_code, ZipFile=content, Architectures=[target.settings.architecture])
    found = client.get_function_configuration(FunctionName=target.function_name)["CodeSha256"]
    if found != digest:
        raise DeploymentFailed(
            f"function {target.function_name} in {target.region} runs code with SHA-256 {found}, not {digest} of "
            f"dist/{RULE.name}: somebody has changed it meanwhile"
        )


def tell_of_failures(target: Deployment) -> None:
    """Lambda tells the settings' destination of each evaluation that it gave up."""
    destination = {"OnFailure": {"Destination": target.settings.failure_destination_arn}}
    client = target.client("lambda")
    client.put_function_event_invoke_config(FunctionName=target.function_name, DestinationConfig=destination)


def set_memory(target: Deployment) -> None:
    """RDK's template always says 256 MB."""
    client = target.client("lambda")
    _changed(target, client.update_function_configuration, MemorySize=target.settings.memory_mb)


def narrow_permission(target: Deployment) -> None:
    """AWS Config may invoke it for this account only; RDK lets AWS Config of every account."""
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
