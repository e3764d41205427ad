"""The rule's parameters as parameters of templates. Names, defaults and allowed values are those of the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config_changes_alarm.requirement import PARAMETERS, Parameter

from .cloudformation import NO_VALUE, Value, equals, join, negation, ref, sub, when
from .settings import INPUT_PARAMETERS_LIMIT

__all__ = [
    "FREQUENCIES",
    "RESOURCE_TYPES",
    "given",
    "input_parameters",
    "input_parameters_json",
    "template_parameters",
    "trigger_conditions",
    "trigger_parameters",
]

FREQUENCIES = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
"""What AWS Config takes as MaximumExecutionFrequency."""

_WITH_QUOTES = "RequiredFilterPattern"
"""The one parameter in which quotes and backslashes have a meaning."""

_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
"""What JSON writes otherwise, the backslash first."""

RESOURCE_TYPES = ("AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic")
"""What AWS Config records of the chain: its changes lead to an evaluation at once."""


def trigger_parameters() -> Mapping[str, Any]:
    """Whether changes lead to an evaluation."""
    return {
        "ChangeTriggers": {
            "Type": "String",
            "Description": (
                "Whether changes of trails, alarms and topics lead to an evaluation at once. Each is paid for: false "
                "where scaling makes alarms anew all the time."
            ),
            "Default": "true",
            "AllowedValues": ["true", "false"],
        }
    }


def trigger_conditions() -> Mapping[str, Value]:
    """Whether they do."""
    return {"TriggeredByChanges": equals(ref("ChangeTriggers"), "true")}


def template_parameters(**defaults: str) -> Mapping[str, Mapping[str, Any]]:
    """The rule's parameters; `defaults` are those that the way of deploying demands to be others than the code's."""
    return {
        parameter.name: {
            "Type": "String",
            "Description": parameter.description,
            "Default": defaults.get(parameter.name, parameter.default),
            **_bounds(parameter),
        }
        for parameter in PARAMETERS
    }


def _bounds(parameter: Parameter) -> Mapping[str, Any]:
    if parameter.allowed_values:
        return {"AllowedValues": [*parameter.allowed_values, *(() if parameter.default else ("",))]}
    # alone, as JSON; CloudFormation cannot add up lengths, AWS Config refuses a longer sum when the rule is made
    bounds = {"MaxLength": INPUT_PARAMETERS_LIMIT - len(f'{{"{parameter.name}":""}}')}
    if parameter.name == _WITH_QUOTES:
        return {**bounds, "AllowedPattern": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"}
    return {**bounds, "AllowedPattern": r'^[^"\\\x00-\x1f]*$'}


def _always_given(parameter: Parameter) -> bool:
    return bool(parameter.allowed_values and parameter.default)


def given() -> Mapping[str, Value]:
    """A condition for every parameter that may be empty: AWS Config takes no empty value."""
    return {
        f"Given{parameter.name}": negation(equals(ref(parameter.name), ""))
        for parameter in PARAMETERS
        if not _always_given(parameter)
    }


def input_parameters() -> Mapping[str, Value]:
    """For `InputParameters` of a rule."""
    return {
        parameter.name: ref(parameter.name)
        if _always_given(parameter)
        else when(f"Given{parameter.name}", ref(parameter.name))
        for parameter in PARAMETERS
    }


def input_parameters_json() -> Value:
    """The same as JSON text, which an organization's rule takes."""
    members = [
        _member(parameter.name)
        if _always_given(parameter)
        else when(f"Given{parameter.name}", _member(parameter.name), NO_VALUE)
        for parameter in PARAMETERS
    ]
    return join("", ["{", join(",", members), "}"])


def _member(name: str) -> Value:
    if name != _WITH_QUOTES:
        return sub(f'"{name}":"${{{name}}}"')
    escaped = ref(name)
    for character, written in _ESCAPES:
        escaped = _replaced(character, written, escaped)
    return {"Fn::Sub": [f'"{name}":"${{Escaped}}"', {"Escaped": escaped}]}


def _replaced(old: str, new: str, value: Value) -> Value:
    return join(new, {"Fn::Split": [old, value]})
