"""What has to hold of an Automation document (schema 0.3) before it is published.

cfn-lint looks at almost nothing inside one, and Systems Manager at some of it only when it runs. `problems` knows the
actions that this runbook uses, and what the parts of a document say of each other. Source: Systems Manager user guide,
"Systems Manager Automation actions reference" and "Data elements and parameters".
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import botocore.session
import jsonschema
from botocore.exceptions import DataNotFoundError, UnknownServiceError

__all__ = ["MAXIMUM_BYTES", "SCHEMA", "problems"]

MAXIMUM_BYTES = 64 * 1024
"""The quota on a document's size, as AWS stores it."""

Document = Mapping[str, Any]

_NAME = "^[A-Za-z][A-Za-z0-9_]{2,127}$"
_REFERENCE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SYSTEM = re.compile(r"(global|automation):[A-Z_]+")
_OPERATIONS = (
    *("StringEquals", "EqualsIgnoreCase", "StartsWith", "EndsWith", "Contains"),
    *("NumericEquals", "NumericGreater", "NumericLesser", "NumericGreaterOrEquals", "NumericLesserOrEquals"),
    "BooleanEquals",
)


def _inputs(required: Sequence[str], properties: dict[str, Any], more: bool) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": more}


_TEXT = {"type": "string", "minLength": 1}
_API = {"Service": _TEXT, "Api": _TEXT}
_PROPERTY = {**_API, "PropertySelector": {"type": "string", "pattern": r"^\$"}, "DesiredValues": {"type": "array"}}
_CHOICE = {
    "type": "object",
    "required": ["NextStep", "Variable"],
    "properties": {"NextStep": _TEXT, "Variable": _TEXT, **{name: {} for name in _OPERATIONS}},
    "additionalProperties": False,
    "minProperties": 3,
    "maxProperties": 3,
}
_ACTIONS: dict[str, dict[str, Any]] = {
    "aws:executeScript": _inputs(
        ("Runtime", "Handler", "Script"),
        {
            "Runtime": {"enum": ["python3.10", "python3.11"]},
            "Handler": _TEXT,
            "Script": _TEXT,
            "InputPayload": {"type": "object"},
        },
        more=False,
    ),
    "aws:executeAwsApi": _inputs(("Service", "Api"), _API, more=True),
    "aws:assertAwsResourceProperty": _inputs(tuple(_PROPERTY), _PROPERTY, more=True),
    "aws:waitForAwsResourceProperty": _inputs(tuple(_PROPERTY), _PROPERTY, more=True),
    "aws:branch": _inputs(
        ("Choices",), {"Choices": {"type": "array", "minItems": 1, "items": _CHOICE}, "Default": _TEXT}, more=False
    ),
}
_OUTPUT = {
    "type": "object",
    "required": ["Name", "Selector"],
    "properties": {
        "Name": _TEXT,
        "Selector": {"type": "string", "pattern": r"^\$(\.[A-Za-z0-9_]+|\[\d+\])*$"},
        "Type": {"enum": ["String", "StringList", "StringMap", "MapList", "Boolean", "Integer"]},
    },
    "additionalProperties": False,
}
_STEP = {
    "type": "object",
    "required": ["name", "action", "inputs"],
    "properties": {
        "name": {"type": "string", "pattern": _NAME},
        "action": {"enum": list(_ACTIONS)},
        "description": _TEXT,
        "inputs": {"type": "object"},
        "outputs": {"type": "array", "items": _OUTPUT},
        "nextStep": _TEXT,
        "isEnd": {"type": "boolean"},
        "isCritical": {"type": "boolean"},
        "onFailure": {"type": "string", "pattern": "^(Abort|Continue|step:.+)$"},
        "maxAttempts": {"type": "integer", "minimum": 1},
        "timeoutSeconds": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
    "allOf": [
        {"if": {"properties": {"action": {"const": name}}}, "then": {"properties": {"inputs": inputs}}}
        for name, inputs in _ACTIONS.items()
    ],
}
_PARAMETER = {
    "type": "object",
    "required": ["type", "description"],
    "properties": {
        "type": {"enum": ["String", "StringList", "Boolean", "Integer", "MapList", "StringMap"]},
        "description": _TEXT,
        "default": {},
        "allowedPattern": {"type": "string", "pattern": r"^\^.*\$$"},
        "allowedValues": {"type": "array", "minItems": 1},
    },
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["schemaVersion", "description", "assumeRole", "parameters", "mainSteps"],
    "properties": {
        "schemaVersion": {"const": "0.3"},
        "description": _TEXT,
        "assumeRole": _TEXT,
        "parameters": {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z]+$"},
            "additionalProperties": _PARAMETER,
        },
        "outputs": {"type": "array", "items": _TEXT},
        "mainSteps": {"type": "array", "minItems": 1, "items": _STEP},
    },
    "additionalProperties": False,
}
"""The form of a document that uses only the actions of this runbook."""


def problems(document: Document) -> tuple[str, ...]:
    """What is wrong with it, in words; nothing when it may be published."""
    form = sorted(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document), key=lambda error: error.json_path)
    if form:
        return tuple(f"{error.json_path}: {error.message[:200]}" for error in form)
    found = [*_parameters(document), *_steps(document), *_references(document), *_scripts(document), *_calls(document)]
    size = len(json.dumps(document).encode())
    if size > MAXIMUM_BYTES:
        found.append(f"the document has {size} bytes, more than {MAXIMUM_BYTES}")
    return tuple(found)


def _parameters(document: Document) -> Iterator[str]:
    for name, parameter in document["parameters"].items():
        default, values = parameter.get("default"), parameter.get("allowedValues")
        if parameter["type"] == "String" and not {"allowedPattern", "allowedValues"} & parameter.keys():
            yield f"parameter {name} takes any string: give it an allowedPattern or allowedValues"
        if default is not None and values is not None and default not in values:
            yield f"parameter {name}: its default is none of its allowedValues"
        if (
            "allowedPattern" in parameter
            and default is not None
            and not re.search(parameter["allowedPattern"], default)
        ):
            yield f"parameter {name}: its default does not match its allowedPattern"


def _following(document: Document) -> Iterator[tuple[str, str]]:
    """(step, step that may come next), besides the order in the document."""
    for step in document["mainSteps"]:
        if "nextStep" in step:
            yield step["name"], step["nextStep"]
        if step.get("onFailure", "").startswith("step:"):
            yield step["name"], step["onFailure"].removeprefix("step:")
        if step["action"] == "aws:branch":
            for choice in step["inputs"]["Choices"]:
                yield step["name"], choice["NextStep"]
            if "Default" in step["inputs"]:
                yield step["name"], step["inputs"]["Default"]


def _steps(document: Document) -> Iterator[str]:
    """Names are given once, every target is there, comes later, and every step can be reached."""
    names = [step["name"] for step in document["mainSteps"]]
    yield from (f"two steps have the name {name}" for name in sorted({name for name in names if names.count(name) > 1}))
    reached = {names[0]}
    order = {name: position for position, name in enumerate(names)}
    following = list(_following(document))
    for position, step in enumerate(document["mainSteps"]):
        ends = step.get("isEnd") or "nextStep" in step or "Default" in step["inputs"]
        if not ends and position + 1 < len(names):
            following.append((step["name"], names[position + 1]))
        if step.get("isEnd") and "nextStep" in step:
            yield f"step {step['name']} has both isEnd and nextStep"
    for name, target in following:
        if target not in order:
            yield f"step {name} goes on to {target}, which is no step"
        elif order[target] <= order[name]:
            yield f"step {name} goes back to {target}"
    for name in names:
        if name in reached:
            reached |= {target for start, target in following if start == name}
        else:
            yield f"no step goes on to {name}"


def _references(document: Document) -> Iterator[str]:
    """Every reference names a parameter or an earlier step's output; every parameter and output is used."""
    parameters, used = set(document["parameters"]), set()
    declared: set[str] = set()
    everything = {
        f"{step['name']}.{output['Name']}" for step in document["mainSteps"] for output in step.get("outputs", ())
    }
    for where, value, known in (
        ("assumeRole", document["assumeRole"], parameters),
        *_step_values(document, parameters, declared),
    ):
        for reference in _REFERENCE.findall(value):
            used.add(reference)
            if reference not in known and not _SYSTEM.fullmatch(reference):
                kind = "output that no earlier step has" if "." in reference else "parameter that is not declared"
                yield f"{where} refers to {reference}, a {kind}"
    for reference in document.get("outputs", ()):
        used.add(reference)
        if reference not in everything:
            yield f"the document's outputs name {reference}, which is no step's output"
    yield from (f"parameter {name} is not used" for name in sorted(parameters - used))
    yield from (f"output {name} is not used" for name in sorted(everything - used))


def _step_values(document: Document, parameters: set[str], declared: set[str]) -> Iterator[tuple[str, str, set[str]]]:
    """(step, text in its inputs, what the text may refer to), in the document's order. Scripts are not among them."""
    for step in document["mainSteps"]:
        inputs = {name: value for name, value in step["inputs"].items() if name != "Script"}
        for text in _texts(inputs):
            yield f"step {step['name']}", text, parameters | declared
        declared |= {f"{step['name']}.{output['Name']}" for output in step.get("outputs", ())}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _scripts(document: Document) -> Iterator[str]:
    """A script parses, has its handler, reads only what it is given, and nothing is interpolated into it."""
    for step in document["mainSteps"]:
        if step["action"] != "aws:executeScript":
            continue
        name, inputs = step["name"], step["inputs"]
        if "{{" in inputs["Script"]:
            yield f"the script of step {name} has {{{{ in it, which Systems Manager would replace"
            continue
        try:
            tree = ast.parse(inputs["Script"])
        except SyntaxError as error:
            yield f"the script of step {name} is not Python: {error}"
            continue
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        handler = functions.get(inputs["Handler"])
        if handler is None or len(handler.args.args) != 2:
            yield f"the script of step {name} has no handler {inputs['Handler']}(events, context)"
        given, read = set(inputs.get("InputPayload", ())), _read(tree)
        yield from (f"the script of step {name} reads {each}, which it is not given" for each in sorted(read - given))
        returned = {
            output["Selector"].split(".")[2]
            for output in step.get("outputs", ())
            if output["Selector"].startswith("$.Payload.")
        }
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        yield from (f"the script of step {name} never returns {each}" for each in sorted(returned - texts))


def _read(tree: ast.Module) -> set[str]:
    """The literal keys that a script takes from `events`."""
    return {
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "events"
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def _calls(document: Document) -> Iterator[str]:
    """Services and operations are ones that AWS has, with members that they take."""
    session = botocore.session.get_session()
    for step in document["mainSteps"]:
        inputs = step["inputs"]
        if "Api" not in inputs:
            continue
        try:
            model = session.get_service_model(inputs["Service"])
        except (UnknownServiceError, DataNotFoundError):
            yield f"step {step['name']}: AWS has no service {inputs['Service']}"
            continue
        if inputs["Api"] not in model.operation_names:
            yield f"step {step['name']}: {inputs['Service']} has no operation {inputs['Api']}"
            continue
        shape = model.operation_model(inputs["Api"]).input_shape
        takes = set(shape.members) if shape is not None else set()
        given = set(inputs) - set(_PROPERTY)
        yield from (f"step {step['name']}: {inputs['Api']} takes no {each}" for each in sorted(given - takes))
