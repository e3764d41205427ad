"""The rule's parameters as parameters of templates. Names, defaults and allowed values are those of the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config_changes_alarm.requirement import PARAMETERS, Parameter

from .cloudformation import NO_VALUE, Value, equals, join, negation, ref, sub, when

__all__ = [
    "FREQUENCIES",
    "RESOURCE_TYPES",
    "given",
    "input_parameters",
    "input_parameters_json",
    "template_parameters",
]

FREQUENCIES = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
"""What AWS Config takes as MaximumExecutionFrequency."""

_WITH_QUOTES = "RequiredFilterPattern"
"""The one parameter in which quotes and backslashes have a meaning."""

RESOURCE_TYPES = ("AWS::CloudTrail::Trail", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic")
"""What AWS Config records of the chain: its changes lead to an evaluation at once."""


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
    return {} if parameter.name == _WITH_QUOTES else {"AllowedPattern": r'^[^"\\]*$'}


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
    escaped = _replaced('"', '\\"', _replaced("\\", "\\\\", ref(name)))
    return {"Fn::Sub": [f'"{name}":"${{Escaped}}"', {"Escaped": escaped}]}


def _replaced(old: str, new: str, value: Value) -> Value:
    return join(new, {"Fn::Split": [old, value]})
