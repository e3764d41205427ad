"""Runs an Automation document (schema 0.3) as Systems Manager does, against whatever AWS boto3 reaches.

Only what the documents here need, but that strictly: where Systems Manager is lenient or not documented, this is not.
Source: Systems Manager user guide, "Systems Manager Automation actions reference", "Using action outputs as inputs",
"Using conditional statements in runbooks".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

REFERENCE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
API_INPUTS = ("Service", "Api", "PropertySelector", "DesiredValues")
PAYLOAD_BYTES = 100 * 1024
WAIT_ATTEMPTS = 3


class Refused(Exception):
    """The execution does not start: a parameter is unknown, missing or not allowed."""


class Failed(Exception):
    """A step fails."""


@dataclass
class Execution:
    """How it went. `outputs` holds the document's outputs of the steps that succeeded."""

    status: str = "Success"
    steps: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def failure(self) -> str:
        return "; ".join(self.failures.values())


def run(document: Mapping[str, Any], parameters: Mapping[str, str]) -> Execution:
    """One execution, step by step. Raises `Refused`."""
    values = _parameters(document["parameters"], parameters)
    execution = Execution()
    steps = {step["name"]: step for step in document["mainSteps"]}
    name: str | None = next(iter(steps))
    while name is not None:
        name = _step(execution, steps, name, values)
    wanted = document.get("outputs", ())
    execution.outputs = {each: values[each] for each in wanted if each in values}
    return execution


def _parameters(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    for name in given.keys() - declared.keys():
        raise Refused(f"unknown parameter {name}")
    values = {}
    for name, parameter in declared.items():
        if name not in given and "default" not in parameter:
            raise Refused(f"parameter {name} is missing")
        value = given.get(name, parameter.get("default"))
        if not isinstance(value, str):
            raise Refused(f"parameter {name} is no string")
        if "allowedValues" in parameter and value not in parameter["allowedValues"]:
            raise Refused(f"parameter {name} is none of its allowedValues")
        # search, not fullmatch: the document has to anchor its patterns itself
        if "allowedPattern" in parameter and not re.search(parameter["allowedPattern"], value):
            raise Refused(f"parameter {name} does not match its allowedPattern")
        values[name] = value
    return values


def _step(execution: Execution, steps: Mapping[str, Any], name: str, values: dict[str, Any]) -> str | None:
    """Runs a step with its attempts; the name of the next one, or None at the end."""
    step = steps[name]
    target: str | None = None
    for attempt in range(step.get("maxAttempts", 1)):
        try:
            target = ACTIONS[step["action"]](step, values)
            execution.steps[name] = "Success"
            break
        except (Failed, ClientError, BotoCoreError) as error:
            message = f"Step {name} failed: {error}"
            if attempt + 1 == step.get("maxAttempts", 1):
                return _failed(execution, steps, step, message)
    if target is None and step.get("isEnd"):
        return None
    return target or step.get("nextStep") or _in_order(steps, name)


def _failed(execution: Execution, steps: Mapping[str, Any], step: Mapping[str, Any], message: str) -> str | None:
    name, on_failure = step["name"], step.get("onFailure", "Abort")
    execution.steps[name] = "Failed"
    execution.failures[name] = message
    if step.get("isCritical", on_failure != "Continue"):
        execution.status = "Failed"
    if on_failure == "Abort" or step.get("isEnd"):
        return None
    if on_failure.startswith("step:"):
        return str(on_failure.removeprefix("step:"))
    return step.get("nextStep") or _in_order(steps, name)


def _in_order(steps: Mapping[str, Any], name: str) -> str | None:
    names = list(steps)
    position = names.index(name) + 1
    return names[position] if position < len(names) else None


# --------------------------------------------------------------------------- values


def resolve(value: Any, values: Mapping[str, Any]) -> Any:
    """References replaced, once: a text that is one reference keeps its type, others are put into the text."""
    if isinstance(value, Mapping):
        return {name: resolve(each, values) for name, each in value.items()}
    if isinstance(value, list):
        return [resolve(each, values) for each in value]
    if not isinstance(value, str):
        return value
    whole = REFERENCE.fullmatch(value)
    if whole:
        return _value(whole[1], values)
    return REFERENCE.sub(lambda found: str(_value(found[1], values)), value)


def _value(reference: str, values: Mapping[str, Any]) -> Any:
    if reference not in values:
        raise Failed(f"{reference} cannot be resolved")
    return values[reference]


def select(selector: str, answer: Any) -> Any:
    """The JSONPath subset `$.member[0].member`."""
    found = answer
    for member, index in re.findall(r"\.(\w+)|\[(\d+)\]", selector):
        try:
            found = found[member] if member else found[int(index)]
        except (KeyError, IndexError, TypeError):
            raise Failed(f"{selector} selects nothing") from None
    return found


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "Integer" | "Boolean":
            return type(value) is (int if kind == "Integer" else bool)
        case "StringList" | "MapList":
            element = str if kind == "StringList" else dict
            return isinstance(value, list) and all(isinstance(each, element) for each in value)
        case "StringMap":
            return isinstance(value, dict)
    return False


def _typed(value: Any, kind: str, name: str) -> Any:
    """Of the declared type; a number or a Boolean may become a String, nothing else becomes anything else."""
    if kind == "String" and isinstance(value, str | int | bool):
        return str(value)
    if not _is(value, kind):
        raise Failed(f"output {name} is no {kind}")
    return value


def _keep_outputs(step: Mapping[str, Any], answer: Any, values: dict[str, Any]) -> None:
    for output in step.get("outputs", ()):
        found = select(output["Selector"], answer)
        values[f"{step['name']}.{output['Name']}"] = _typed(found, output.get("Type", "String"), output["Name"])


# --------------------------------------------------------------------------- actions


def _execute_script(step: Mapping[str, Any], values: dict[str, Any]) -> None:
    inputs = resolve(step["inputs"], values)
    if inputs["Runtime"] not in ("python3.10", "python3.11"):
        raise Failed(f"runtime {inputs['Runtime']} is not supported")
    module: dict[str, Any] = {"__name__": "automation_script"}
    exec(compile(inputs["Script"], f"{step['name']}.py", "exec"), module)
    try:
        payload = module[inputs["Handler"]](json.loads(json.dumps(inputs.get("InputPayload", {}))), {})
        text = json.dumps(payload)
    except Exception as error:
        raise Failed(f"{type(error).__name__} - {error}") from error
    if len(text.encode()) > PAYLOAD_BYTES:
        raise Failed("the payload has more than 100 KB")
    _keep_outputs(step, {"Payload": json.loads(text)}, values)


def _call(inputs: Mapping[str, Any]) -> Any:
    request = {name: value for name, value in inputs.items() if name not in API_INPUTS}
    return getattr(boto3.client(inputs["Service"]), xform_name(inputs["Api"]))(**request)


def _execute_aws_api(step: Mapping[str, Any], values: dict[str, Any]) -> None:
    _keep_outputs(step, _call(resolve(step["inputs"], values)), values)


def _assert_property(step: Mapping[str, Any], values: dict[str, Any]) -> None:
    inputs = resolve(step["inputs"], values)
    answer = _call(inputs)
    found = select(inputs["PropertySelector"], answer)
    if str(found) not in map(str, inputs["DesiredValues"]):
        raise Failed(f"{inputs['PropertySelector']} is {found}, not {' or '.join(map(str, inputs['DesiredValues']))}")
    _keep_outputs(step, answer, values)


def _wait_for_property(step: Mapping[str, Any], values: dict[str, Any]) -> None:
    """Looks again until the step's time is up, which is a few looks here."""
    for attempt in range(WAIT_ATTEMPTS):
        try:
            return _assert_property(step, values)
        except Failed:
            if attempt + 1 == WAIT_ATTEMPTS:
                raise


_OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "StringEquals": lambda value, operand: str(value) == operand,
    "EqualsIgnoreCase": lambda value, operand: str(value).lower() == operand.lower(),
    "StartsWith": lambda value, operand: str(value).startswith(operand),
    "EndsWith": lambda value, operand: str(value).endswith(operand),
    "Contains": lambda value, operand: operand in value,
    "BooleanEquals": lambda value, operand: value is operand,
    "NumericEquals": lambda value, operand: value == operand,
    "NumericGreater": lambda value, operand: value > operand,
    "NumericLesser": lambda value, operand: value < operand,
    "NumericGreaterOrEquals": lambda value, operand: value >= operand,
    "NumericLesserOrEquals": lambda value, operand: value <= operand,
}


def _branch(step: Mapping[str, Any], values: dict[str, Any]) -> str | None:
    """The first choice that holds, or the default, or None: the next step in order."""
    for choice in step["inputs"]["Choices"]:
        (operation,) = choice.keys() - {"NextStep", "Variable"}
        if _OPERATIONS[operation](resolve(choice["Variable"], values), choice[operation]):
            return str(choice["NextStep"])
    default = step["inputs"].get("Default")
    return None if default is None else str(default)


ACTIONS: dict[str, Callable[[Mapping[str, Any], dict[str, Any]], str | None]] = {
    "aws:executeScript": _execute_script,
    "aws:executeAwsApi": _execute_aws_api,
    "aws:assertAwsResourceProperty": _assert_property,
    "aws:waitForAwsResourceProperty": _wait_for_property,
    "aws:branch": _branch,
}
