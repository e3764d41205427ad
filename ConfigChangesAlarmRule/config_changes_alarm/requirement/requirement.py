"""What the rule is asked to prove: the rule's parameters, validated.

`Requirement.parse` names every parameter that is wrong, its value and what it takes, all in one `InvalidParameters`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..control import (
    DEFAULT_CONTROL,
    Control,
    RequiredEvent,
    control,
    events_of,
    id_of,
    published_patterns,
    required_events,
)
from ..filter_pattern import And, Comparison, Condition, JsonPattern, Name, Operator, Or, Selector, Text, parse
from .parameters import PARAMETERS, RequiredPattern, Unacceptable, UnverifiableAccount

__all__ = ["DEFAULT_REQUIRED_FILTER_PATTERN", "InvalidParameters", "Requirement"]

DEFAULT_REQUIRED_FILTER_PATTERN = control(DEFAULT_CONTROL).filter_pattern
"""The text of the control that is proved where no parameter says otherwise: CIS AWS Foundations 3.9 / 4.9 / 5.9."""

_CONFIG = "config.amazonaws.com"


class InvalidParameters(Exception):
    """One or more rule parameters are unknown or malformed; the text says which, and what each takes."""


def _equals(key: str, value: str) -> Comparison:
    return Comparison(Selector((Name(key),)), Operator.EQ, Text(value))


@dataclass(frozen=True, slots=True)
class Requirement:
    """The validated parameters.

    `control` is the one that is judged; none where RequiredFilterPattern is nobody's published text. `pattern` is what
    it means, or RequiredFilterPattern, widened by AdditionalEventNames.
    """

    pattern: JsonPattern
    events: tuple[RequiredEvent, ...]
    include_failed_calls: bool = False
    topic_arns: frozenset[str] = frozenset()
    log_group_account_role_name: str | None = None
    unverifiable_account: UnverifiableAccount = UnverifiableAccount.NON_COMPLIANT
    allow_routine_matches: bool = False
    max_rearm_seconds: int = 86_400
    execution_role_name: str | None = None
    execution_role_region: str | None = None
    assume_role_mode: bool = True
    control: Control | None = None

    @property
    def control_id(self) -> str:
        """For reports: the control's id, or `custom`."""
        return id_of(self.control)

    @property
    def alarm_name(self) -> str:
        """For what is missing: a filter and an alarm. No two controls have the same, nor have two patterns."""
        if self.control is None:
            return f"custom-{hashlib.sha256(str(self.pattern).encode()).hexdigest()[:8]}-alarm"
        return f"{self.control.id.removeprefix('aws-')}-alarm"

    @property
    def metric_name(self) -> str:
        """For a metric that is missing."""
        return "".join(word.capitalize() for word in self.alarm_name.split("-"))

    @property
    def asked_for(self) -> tuple[JsonPattern, ...]:
        """What is required, and what was published for the same control: what these match is never noise."""
        return (self.pattern, *(() if self.control is None else published_patterns(self.control)))

    @classmethod
    def parse(cls, parameters: Mapping[str, object] | None = None) -> Self:
        """From the rule's parameters. Raises `InvalidParameters`."""
        given = dict(parameters or {})
        problems: list[str] = []
        known = {parameter.name for parameter in PARAMETERS}
        for name in given.keys() - known:
            problems.append(
                f"unknown parameter {name!r} (value {given[name]!r}): the rule takes {', '.join(sorted(known))}"
            )
        values: dict[str, Any] = {}
        for parameter in PARAMETERS:
            value = given.get(parameter.name, "")
            text = value.strip() if isinstance(value, str) else None
            try:
                if text is None:
                    raise Unacceptable("a string")
                chosen = text or parameter.default
                values[parameter.name] = parameter.read(chosen) if chosen else None
            except Unacceptable as takes:
                problems.append(f"parameter {parameter.name} is {value!r}, expected {takes}")
        if values.get("Control") and values.get("RequiredFilterPattern"):
            problems.append("parameters Control and RequiredFilterPattern are both given, expected one of the two")
        if problems:
            raise InvalidParameters("; ".join(sorted(problems)))
        return cls._from_values(values)

    @classmethod
    def _from_values(cls, values: Mapping[str, Any]) -> Self:
        required: RequiredPattern | None = values["RequiredFilterPattern"]
        chosen: Control | None = values["Control"] or (required.control if required else control(DEFAULT_CONTROL))
        if chosen is not None:
            pattern, events = _meant_by(chosen), events_of(chosen)
        else:
            assert required is not None
            pattern, events = required.pattern, required_events(required.pattern)
        names = values["AdditionalEventNames"] or ()
        if names:
            source = _service(chosen)
            pattern = _widened(pattern, source, names)
            events = (*events, *_added(events, source, names)) if chosen else required_events(pattern)
        failed_calls = values["IncludeFailedCalls"]
        return cls(
            pattern=pattern,
            events=events,
            control=chosen,
            include_failed_calls=(chosen is not None and chosen.failed_calls) if failed_calls is None else failed_calls,
            topic_arns=values["TopicArns"] or frozenset(),
            log_group_account_role_name=values["LogGroupAccountRoleName"],
            unverifiable_account=values["UnverifiableAccount"],
            allow_routine_matches=values["AllowRoutineMatches"],
            max_rearm_seconds=values["MaxRearmSeconds"],
            execution_role_name=values["ExecutionRoleName"],
            execution_role_region=values["ExecutionRoleRegion"],
            assume_role_mode=values["AssumeRoleMode"],
        )


def _meant_by(chosen: Control) -> JsonPattern:
    """What a control of the catalogue asks for, which needs no proof that some event meets it."""
    pattern = parse(chosen.pattern)
    assert isinstance(pattern, JsonPattern)
    return pattern


def _service(chosen: Control | None) -> str:
    """Whose calls AdditionalEventNames are. Raises `InvalidParameters`."""
    if chosen is None:
        return _CONFIG
    if chosen.source is None or not chosen.events or chosen.condition:
        raise InvalidParameters(
            f"parameter AdditionalEventNames is given, expected none with Control {chosen.id}, "
            "which asks for more than calls of one service"
        )
    return chosen.source


def _added(events: tuple[RequiredEvent, ...], source: str, names: tuple[str, ...]) -> Iterator[RequiredEvent]:
    known = {event.name for event in events}
    return (RequiredEvent(name, source) for name in names if name not in known)


def _widened(pattern: JsonPattern, source: str, names: tuple[str, ...]) -> JsonPattern:
    """The pattern, or any of these calls. A tree, so the limit on a pattern's length does not apply."""
    calls = tuple(_equals("eventName", name) for name in names)
    call: Condition = calls[0] if len(calls) == 1 else Or(calls)
    added = And((_equals("eventSource", source), call))
    first = pattern.condition.terms if isinstance(pattern.condition, Or) else (pattern.condition,)
    return JsonPattern(Or((*first, added)))
