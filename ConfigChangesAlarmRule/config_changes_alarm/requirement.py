"""What the rule is asked to prove: the rule's parameters, validated.

AWS Config hands every parameter over as a string. A parameter that is empty counts as not given. `Requirement.parse`
names every parameter that is wrong, its value and what it takes, all in one `InvalidParameters`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from .control import (
    DEFAULT_CONTROL,
    Control,
    RequiredEvent,
    UnknownControl,
    control,
    events_of,
    published_as,
    required_events,
)
from .filter_pattern import (
    And,
    Comparison,
    Condition,
    JsonPattern,
    Name,
    Operator,
    Or,
    PatternSyntaxError,
    Selector,
    Text,
    parse,
)
from .resources import Arn, MalformedArn

__all__ = [
    "CUSTOM",
    "DEFAULT_REQUIRED_FILTER_PATTERN",
    "PARAMETERS",
    "InvalidParameters",
    "Parameter",
    "Requirement",
    "UnverifiableAccount",
]

DEFAULT_REQUIRED_FILTER_PATTERN = control(DEFAULT_CONTROL).filter_pattern
"""What is proved where neither parameter says otherwise: CIS AWS Foundations 3.9 / 4.9 / 5.9."""


CUSTOM = "custom"
"""What is judged where no control of the catalogue is."""
_CONFIG = "config.amazonaws.com"


class InvalidParameters(Exception):
    """One or more rule parameters are unknown or malformed; the text says which, and what each takes."""


class UnverifiableAccount(StrEnum):
    """The verdict on an account whose log group lies in another account that may not be read.

    A topic, a key or a subscription of another account that may not be read is a hop that is not verified.
    """

    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class _Unacceptable(Exception):
    """What a parameter takes, said when its value is something else."""


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise _Unacceptable("true or false")
    return value.lower() == "true"


def _control(value: str) -> Control:
    try:
        return control(value)
    except UnknownControl as known:
        raise _Unacceptable(str(known)) from None


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A filter pattern as it was given, and the control that it was published for, if it was."""

    pattern: JsonPattern
    control: Control | None


def _required(value: str) -> _Pattern:
    pattern = _filter_pattern(value)
    return _Pattern(pattern, published_as(pattern, value))


def _filter_pattern(value: str) -> JsonPattern:
    try:
        pattern = parse(value)
    except PatternSyntaxError as error:
        raise _Unacceptable(f"a CloudWatch Logs filter pattern for JSON events ({error.message})") from None
    if not isinstance(pattern, JsonPattern):
        raise _Unacceptable("a filter pattern for JSON events, such as { $.eventName = StopConfigurationRecorder }")
    if not required_events(pattern):
        raise _Unacceptable("a filter pattern that some event can match; this one contradicts itself")
    return pattern


def _each(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _event_names(value: str) -> tuple[str, ...]:
    names = _each(value)
    if not names or not all(re.fullmatch(r"[A-Z][A-Za-z0-9]{1,127}", name) for name in names):
        raise _Unacceptable("names of API calls, separated by commas, such as DeleteConfigurationRecorder")
    return names


def _topic_arns(value: str) -> frozenset[str]:
    takes = "ARNs of SNS topics, separated by commas"
    arns = _each(value)
    try:
        parsed = [Arn.parse(arn) for arn in arns]
    except MalformedArn:
        raise _Unacceptable(takes) from None
    for arn in parsed:
        topic = re.fullmatch(r"[A-Za-z0-9_-]{1,256}(\.fifo)?", arn.resource)
        if arn.service != "sns" or not topic or not arn.region or not re.fullmatch(r"\d{12}", arn.account_id):
            raise _Unacceptable(takes)
    if not parsed:
        raise _Unacceptable(takes)
    return frozenset(arns)


def _role_name(value: str) -> str:
    if not re.fullmatch(r"(?:[!-~]{1,510}/)?[\w+=,.@-]{1,64}", value, re.ASCII) or value.startswith("arn:"):
        raise _Unacceptable("the name of an IAM role, without its ARN")
    return value


def _region(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", value):
        raise _Unacceptable("an AWS Region such as eu-west-1")
    return value


def _seconds(value: str) -> int:
    if not re.fullmatch(r"\d{1,7}", value) or not 60 <= int(value) <= 604_800:
        raise _Unacceptable("a whole number of seconds from 60 to 604800")
    return int(value)


def _unverifiable(value: str) -> UnverifiableAccount:
    try:
        return UnverifiableAccount(value)
    except ValueError:
        raise _Unacceptable("NON_COMPLIANT or NOT_APPLICABLE") from None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A rule parameter: how its text is read, its default as text, and a line for people.

    `allowed_values` are all that it takes, where they can be listed. `otherwise` says in words what holds where the
    default is empty and it is not given.
    """

    name: str
    read: Callable[[str], Any]
    default: str
    description: str
    allowed_values: tuple[str, ...] = ()
    otherwise: str = "none"


_EITHER = ("true", "false")

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "Control",
        _control,
        "",
        "The monitoring control to prove: its id such as root-usage, its number in a version of CIS AWS Foundations "
        "such as CIS-5.0/4.9, Security Hub's id such as CloudWatch.9, or the name of its entry in AWS's conformance "
        f"packs. Empty: {DEFAULT_CONTROL}. Not together with RequiredFilterPattern.",
        otherwise=f"`{DEFAULT_CONTROL}`",
    ),
    Parameter(
        "RequiredFilterPattern",
        _required,
        "",
        "Instead of Control: the events somebody must be told about, as a CloudWatch Logs filter pattern.",
    ),
    Parameter(
        "AdditionalEventNames",
        _event_names,
        "",
        "More calls that must be covered, separated by commas, of the control's service; of AWS Config where "
        "RequiredFilterPattern is given. "
        "Recommended for AWS Config: DeleteConfigurationRecorder,DisassociateResourceTypes.",
    ),
    Parameter(
        "IncludeFailedCalls",
        _boolean,
        "",
        "Whether calls that failed, and so changed nothing, must be covered too: true or false. "
        "Empty: as the control asks; false where RequiredFilterPattern is given.",
        _EITHER,
        otherwise="as the control asks",
    ),
    Parameter("TopicArns", _topic_arns, "", "Only these SNS topics count, separated by commas. Empty: any topic."),
    Parameter(
        "LogGroupAccountRoleName",
        _role_name,
        "",
        "Role to assume in other accounts: of an organization trail's log group, and of topics, keys and subscribers. "
        "Empty: what other accounts do not show of themselves is not read.",
    ),
    Parameter(
        "UnverifiableAccount",
        _unverifiable,
        "NON_COMPLIANT",
        "The verdict when the log group lies in another account that cannot be read: NON_COMPLIANT or NOT_APPLICABLE. "
        "Not for topics, keys and subscriptions of other accounts: unread, they leave it NON_COMPLIANT.",
        tuple(map(str, UnverifiableAccount)),
    ),
    Parameter(
        "AllowRoutineMatches",
        _boolean,
        "false",
        "Whether a filter that also matches routine events counts: true or false.",
        _EITHER,
    ),
    Parameter(
        "MaxRearmSeconds",
        _seconds,
        "86400",
        "An alarm that stays in ALARM longer than this after one event does not count: 60 to 604800 seconds.",
    ),
    Parameter("ExecutionRoleName", _role_name, "", "rdklib: the role to evaluate with, instead of AWS Config's own."),
    Parameter("ExecutionRoleRegion", _region, "", "rdklib: the Region to evaluate in."),
    Parameter(
        "AssumeRoleMode",
        _boolean,
        "true",
        "rdklib: false evaluates with the Lambda function's own role: true or false.",
        _EITHER,
    ),
)


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
        return CUSTOM if self.control is None else self.control.id

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
                    raise _Unacceptable("a string")
                chosen = text or parameter.default
                values[parameter.name] = parameter.read(chosen) if chosen else None
            except _Unacceptable as takes:
                problems.append(f"parameter {parameter.name} is {value!r}, expected {takes}")
        if values.get("Control") and values.get("RequiredFilterPattern"):
            problems.append("parameters Control and RequiredFilterPattern are both given, expected one of the two")
        if problems:
            raise InvalidParameters("; ".join(sorted(problems)))
        return cls._from_values(values)

    @classmethod
    def _from_values(cls, values: Mapping[str, Any]) -> Self:
        required: _Pattern | None = values["RequiredFilterPattern"]
        chosen: Control | None = values["Control"] or (required.control if required else control(DEFAULT_CONTROL))
        if chosen is not None:
            pattern, events = _filter_pattern(chosen.pattern), events_of(chosen)
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
