"""The resource policies of a plan: as planned, or put together from the data source that makes them after apply.

`aws_iam_policy_document` is read at apply where it names something that is not there yet, most often the topic itself.
Its statements are planned all the same. What of a statement stays unknown becomes a condition that nobody can
evaluate, so that whoever judges the policy cannot rest on it, neither as an Allow nor against a Deny.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .attributes import KEYS, TOPICS, Attributes, Kinds, Unknown, any_unknown
from .document import Resource

__all__ = ["policy_of"]

_DOCUMENTS: Kinds = {"aws_iam_policy_document": "json"}
_NAMED: Kinds = {
    **TOPICS,
    **KEYS,
    "aws_sqs_queue": "arn",
    "aws_lambda_function": "arn",
    "aws_cloudwatch_metric_alarm": "arn",
    "aws_cloudwatch_composite_alarm": "arn",
    "aws_cloudtrail": "arn",
}
"""What a statement may name."""
_UNKNOWN_CONDITION = {"KnownAfterApply": {"aws:SourceArn": "unknown"}}
_MERGED = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")


def policy_of(attributes: Attributes, resource: Resource, about: Kinds) -> str | Unknown | None:
    """JSON text, of a policy `about` a resource of these kinds; None where the resource is given none."""
    name = "policy"
    if not attributes.is_unknown(resource, name):
        value = resource.values.get(name)
        return None if value in (None, "") else str(value)
    if attributes.is_left_to_aws(resource, name):
        return None
    document = attributes.maker(resource, name, _DOCUMENTS)
    return document if isinstance(document, Unknown) else _text_of(attributes, document, about)


def _text_of(attributes: Attributes, document: Resource, about: Kinds) -> str | Unknown:
    for name in _MERGED:
        if any_unknown(document.unknown.get(name)) or document.values.get(name):
            return Unknown(document.address, "json", f"it is merged with its {name}")
    statements: Sequence[Mapping[str, Any]] = document.values.get("statement") or ()
    unknown = _list_of(document.unknown.get("statement"), len(statements))
    blocks = _list_of(_expressions(attributes, document).get("statement"), len(statements))
    made = [
        _statement(attributes, document, about, *each)
        for each in zip(statements, unknown, blocks, strict=True)
        if isinstance(each[0], dict)
    ]
    return json.dumps({"Version": document.values.get("version") or "2012-10-17", "Statement": made})


def _expressions(attributes: Attributes, resource: Resource) -> Mapping[str, Any]:
    return attributes.references.configured(resource).get("expressions") or {}


def _list_of(value: Any, length: int) -> Sequence[Mapping[str, Any]]:
    """One for each, where there are as many: blocks that are made by `dynamic` are not in the configuration."""
    if isinstance(value, list) and len(value) == length:
        return [each if isinstance(each, dict) else {} for each in value]
    return [{}] * length


def _statement(
    attributes: Attributes,
    document: Resource,
    about: Kinds,
    planned: Mapping[str, Any],
    unknown: Mapping[str, Any],
    block: Mapping[str, Any],
) -> Mapping[str, Any]:
    made: dict[str, Any] = {"Effect": planned.get("effect") or "Allow"}
    undecided = unknown.get("effect") is True
    for name, member in (
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ):
        values = _values(attributes, document, name, planned, unknown, block)
        if isinstance(values, Unknown) and name == "resources":
            values = _subject(attributes, document, about, planned, block)
        if isinstance(values, Unknown):
            undecided = True
            made[member] = "*"
        elif values:
            made[member] = values
    for name, member in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        listed = planned.get(name) or ()
        if listed or unknown.get(name) is True:
            undecided = undecided or any_unknown(unknown.get(name))
            made[member] = _principal(listed)
    conditions = planned.get("condition") or ()
    for number, condition in enumerate(conditions):
        values = _condition_values(attributes, document, condition, number, unknown, block)
        if isinstance(values, Unknown):
            undecided = True
        else:
            tests = made.setdefault("Condition", {}).setdefault(condition["test"], {})
            tests[condition["variable"]] = [*tests.get(condition["variable"], ()), *values]
    if undecided or unknown.get("condition") is True:
        made["Condition"] = {**made.get("Condition", {}), **_UNKNOWN_CONDITION}
    return made


def _values(
    attributes: Attributes,
    document: Resource,
    name: str,
    planned: Mapping[str, Any],
    unknown: Mapping[str, Any],
    block: Mapping[str, Any],
) -> Sequence[str] | Unknown:
    """The elements that are planned, and one that a resource of the plan makes."""
    known = [str(each) for each in planned.get(name) or () if each is not None]
    if not any_unknown(unknown.get(name)):
        return known
    expression = block.get(name)
    if not isinstance(expression, dict):
        return Unknown(document.address, name)
    traced = attributes.references.traced(document, expression)
    named = dict.fromkeys(each.resource for each in traced.named)
    if named and traced.plain and not traced.seen and all(each.type in _NAMED for each in named):
        attributes.assume(document, f"takes its {name} from {' and '.join(each.address for each in named)}")
        return [*known, *(attributes.identity(each, _NAMED[each.type]) for each in named)]
    one = attributes.linked(document, name, expression, _NAMED)
    return one if isinstance(one, Unknown) else [*known, one]


def _subject(
    attributes: Attributes, document: Resource, about: Kinds, planned: Mapping[str, Any], block: Mapping[str, Any]
) -> Sequence[str] | Unknown:
    """What a statement is about that is made by `dynamic`: nothing else than what its policy is of, if there is one."""
    if block:
        return Unknown(document.address, "resources")
    one = attributes.linked(document, "resources", {}, about)
    return one if isinstance(one, Unknown) else [*(each for each in planned.get("resources") or () if each), one]


def _condition_values(
    attributes: Attributes,
    document: Resource,
    condition: Mapping[str, Any],
    number: int,
    unknown: Mapping[str, Any],
    block: Mapping[str, Any],
) -> Sequence[str] | Unknown:
    """Of a condition, which is one of a set: its block is the one with the same test and variable."""
    unknowns = unknown.get("condition")
    own = unknowns[number] if isinstance(unknowns, list) and number < len(unknowns) else {}
    if not isinstance(own, dict) or any_unknown({**own, "values": False}) or not condition.get("test"):
        return Unknown(document.address, "condition")
    blocks = [
        each
        for each in block.get("condition") or ()
        if (each.get("test") or {}).get("constant_value") == condition["test"]
        and (each.get("variable") or {}).get("constant_value") == condition["variable"]
    ]
    return _values(attributes, document, "values", condition, own, blocks[0] if len(blocks) == 1 else {})


def _principal(listed: Sequence[Mapping[str, Any]]) -> Any:
    if any(each.get("type") == "*" for each in listed) or not listed:
        return "*"
    named: dict[str, list[str]] = {}
    for each in listed:
        named.setdefault(str(each.get("type")), []).extend(str(one) for one in each.get("identifiers") or () if one)
    return named
