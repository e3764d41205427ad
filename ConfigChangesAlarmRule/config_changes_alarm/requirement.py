"""What the rule is asked to prove: the rule's parameters, validated.

AWS Config hands every parameter over as a string. A parameter that is empty counts as not given. `Requirement.parse`
names every parameter that is wrong, its value and what it takes, all in one `InvalidParameters`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from .control import RequiredEvent, required_events
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

__all__ = ["DEFAULT_REQUIRED_FILTER_PATTERN", "PARAMETERS", "InvalidParameters", "Requirement", "UnverifiableAccount"]

DEFAULT_REQUIRED_FILTER_PATTERN = (
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
    "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
)
"""The filter pattern of CIS AWS Foundations 3.9 / 4.9 / 5.9."""

_EVENT_SOURCE = "config.amazonaws.com"


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
        raise _Unacceptable("names of AWS Config API calls, separated by commas, such as DeleteConfigurationRecorder")
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

    `allowed_values` are all that it takes, where they can be listed.
    """

    name: str
    read: Callable[[str], Any]
    default: str
    description: str
    allowed_values: tuple[str, ...] = ()


_EITHER = ("true", "false")

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "RequiredFilterPattern",
        _filter_pattern,
        DEFAULT_REQUIRED_FILTER_PATTERN,
        "The events somebody must be told about, as a CloudWatch Logs filter pattern.",
    ),
    Parameter(
        "AdditionalEventNames",
        _event_names,
        "",
        "More AWS Config calls that must be covered, separated by commas. "
        "Recommended: DeleteConfigurationRecorder,DisassociateResourceTypes.",
    ),
    Parameter(
        "IncludeFailedCalls",
        _boolean,
        "false",
        "Whether calls that failed, and so changed nothing, must be covered too: true or false.",
        _EITHER,
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
    """The validated parameters. `pattern` is RequiredFilterPattern widened by AdditionalEventNames."""

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
        if problems:
            raise InvalidParameters("; ".join(sorted(problems)))
        return cls._from_values(values)

    @classmethod
    def _from_values(cls, values: Mapping[str, Any]) -> Self:
        pattern = _widened(values["RequiredFilterPattern"], values["AdditionalEventNames"] or ())
        return cls(
            pattern=pattern,
            events=required_events(pattern),
            include_failed_calls=values["IncludeFailedCalls"],
            topic_arns=values["TopicArns"] or frozenset(),
            log_group_account_role_name=values["LogGroupAccountRoleName"],
            unverifiable_account=values["UnverifiableAccount"],
            allow_routine_matches=values["AllowRoutineMatches"],
            max_rearm_seconds=values["MaxRearmSeconds"],
            execution_role_name=values["ExecutionRoleName"],
            execution_role_region=values["ExecutionRoleRegion"],
            assume_role_mode=values["AssumeRoleMode"],
        )


def _widened(pattern: JsonPattern, names: tuple[str, ...]) -> JsonPattern:
    """The pattern, or any of these calls of AWS Config. A tree, so the limit on a pattern's length does not apply."""
    if not names:
        return pattern
    calls = tuple(_equals("eventName", name) for name in names)
    call: Condition = calls[0] if len(calls) == 1 else Or(calls)
    added = And((_equals("eventSource", _EVENT_SOURCE), call))
    first = pattern.condition.terms if isinstance(pattern.condition, Or) else (pattern.condition,)
    return JsonPattern(Or((*first, added)))
