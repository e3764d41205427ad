"""What a verdict rests on: when it was given and by which version, what was required, and how strictly.

An auditor asks these questions of every report, so that every format answers them from here, in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from config_changes_alarm import __version__
from config_changes_alarm.control import id_of
from config_changes_alarm.findings import legible
from config_changes_alarm.requirement import PARAMETERS, Requirement, UnverifiableAccount

from ..evaluation import Evaluated
from ..exceptions import Use
from .identity import requirements_of, title_of

__all__ = ["Given", "Provenance"]

_STANDARD = Requirement.parse()


def _routine(asked: Requirement) -> str:
    return (
        "a metric filter counts although it matches routine events too, which can hold its alarm in ALARM, where it "
        "tells nobody of a change"
        if asked.allow_routine_matches
        else ""
    )


def _rearm(asked: Requirement) -> str:
    longest = asked.max_rearm_seconds
    return (
        f"an alarm counts although one event can hold it in ALARM for {longest} seconds, in which it tells nobody of "
        "the next one"
        if longest > _STANDARD.max_rearm_seconds
        else ""
    )


def _failed_calls(asked: Requirement) -> str:
    leaves_out = asked.control is not None and asked.control.failed_calls and not asked.include_failed_calls
    return "calls that failed need not be told, although the control asks for them" if leaves_out else ""


def _own_pattern(asked: Requirement) -> str:
    return (
        "only events that this pattern matches need to be told; it is no control's published text"
        if asked.control is None
        else ""
    )


def _put_off(asked: Requirement) -> str:
    return (
        "an account whose log group lies in another account that may not be read is NOT_APPLICABLE instead of "
        "NON_COMPLIANT"
        if asked.unverifiable_account is UnverifiableAccount.NOT_APPLICABLE
        else ""
    )


_LETS_PASS: Mapping[str, Callable[[Requirement], str]] = {
    "RequiredFilterPattern": _own_pattern,
    "IncludeFailedCalls": _failed_calls,
    "UnverifiableAccount": _put_off,
    "AllowRoutineMatches": _routine,
    "MaxRearmSeconds": _rearm,
}
"""The parameters that can weaken the proof. Any other asks for more, for something else, or says how to read."""


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter of the rule that differs from its default.

    `lets_pass` says what the proof lets pass because of it, empty where it weakens nothing.
    """

    name: str
    value: str
    lets_pass: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the report of one account and control names.

    `control` is its id or `custom`, `title` what holds where it is COMPLIANT, `requirements` its number in every
    version of the benchmark. `required_filter_pattern` is the pattern that was proved, with the events that parameters
    add. `parameters` are those that differ from their defaults, `exceptions` all that concern the account and control,
    whatever has become of them.
    """

    evaluated_at: datetime
    version: str
    control: str
    title: str
    requirements: tuple[str, ...]
    required_filter_pattern: str
    parameters: tuple[Given, ...]
    exceptions: tuple[Use, ...] = ()

    @classmethod
    def of(cls, evaluated: Evaluated) -> Self:
        asked = Requirement.parse(evaluated.recording.parameters)
        return cls(
            evaluated.evaluated_at.astimezone(UTC),
            __version__,
            id_of(asked.control),
            title_of(asked.control),
            requirements_of(asked.control),
            legible(str(asked.pattern)),
            _given(evaluated.recording.parameters, asked),
            evaluated.uses,
        )

    @property
    def relaxed(self) -> tuple[Given, ...]:
        """The parameters that weaken the proof, each with what it lets pass."""
        return tuple(each for each in self.parameters if each.lets_pass)

    @property
    def notices(self) -> tuple[str, ...]:
        """What nobody may overlook: what was relaxed and what was excepted, a sentence each."""
        relaxed = (f"Relaxed by {each}: {each.lets_pass}." for each in self.relaxed)
        return (*relaxed, *(f"Exception: {use}." for use in self.exceptions))

    @property
    def minute(self) -> str:
        """When, for people."""
        return f"{self.evaluated_at:%Y-%m-%d %H:%M} UTC"

    @property
    def second(self) -> str:
        """When, for programs (ISO 8601)."""
        return f"{self.evaluated_at:%Y-%m-%dT%H:%M:%SZ}"


def _given(parameters: Mapping[str, str], asked: Requirement) -> tuple[Given, ...]:
    """Those without which something else would have been asked, in the order of the rule's parameters."""
    return tuple(
        Given(each.name, legible(parameters[each.name].strip()), _LETS_PASS.get(each.name, _nothing)(asked))
        for each in PARAMETERS
        if each.name in parameters and Requirement.parse({**parameters, each.name: ""}) != asked
    )


def _nothing(_: Requirement) -> str:
    return ""
