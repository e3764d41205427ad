"""Which controls are asked for, as the rule's parameters for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config_changes_alarm.control import control_ids
from config_changes_alarm.requirement import Requirement

from ..input_output import Problem

__all__ = ["ALL", "Parameters", "asked_for"]

Parameters = Mapping[str, object]
ALL = "all"


def asked_for(controls: Sequence[str], parameters: Mapping[str, str]) -> tuple[Parameters, ...]:
    """Each control once. Raises `Problem` and `InvalidParameters`."""
    if not controls:
        Requirement.parse(parameters)
        return (parameters,)
    if "Control" in parameters:
        raise Problem("--control and --parameter Control are both given: give one of the two")
    named = [each for name in controls for each in (control_ids() if name.lower() == ALL else (name,))]
    asked: dict[str, Parameters] = {}
    for name in named:
        one = {**parameters, "Control": name}
        asked.setdefault(Requirement.parse(one).control_id, one)
    return tuple(asked.values())
