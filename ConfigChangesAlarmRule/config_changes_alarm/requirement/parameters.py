"""The rule's parameters: how the text of each is read, its default, and a line for people.

AWS Config hands every parameter over as a string. A parameter that is empty counts as not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..control import DEFAULT_CONTROL, Control, UnknownControl, control, published_as, required_events
from ..filter_pattern import JsonPattern, PatternSyntaxError, parse
from ..resources import Arn, MalformedArn

__all__ = ["PARAMETERS", "Parameter", "RequiredPattern", "Unacceptable", "UnverifiableAccount"]


class UnverifiableAccount(StrEnum):
    """The verdict on an account whose log group lies in another account that may not be read.

    A topic, a key or a subscription of another account that may not be read is a hop that is not verified.
    """

    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Unacceptable(Exception):
    """What a parameter takes, said when its value is something else."""


def _boolean(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise Unacceptable("true or false")
    return value.lower() == "true"


def _control(value: str) -> Control:
    try:
        return control(value)
    except UnknownControl as known:
        raise Unacceptable(str(known)) from None


@dataclass(frozen=True, slots=True)
class RequiredPattern:
    """A filter pattern as it was given, and the control that it was published for, if it was."""

    pattern: JsonPattern
    control: Control | None


def _required(value: str) -> RequiredPattern:
    pattern = _filter_pattern(value)
    return RequiredPattern(pattern, published_as(pattern, value))


def _filter_pattern(value: str) -> JsonPattern:
    """The pattern that asks for events. Raises `Unacceptable`."""
    try:
        pattern = parse(value)
    except PatternSyntaxError as error:
        raise Unacceptable(f"a CloudWatch Logs filter pattern for JSON events ({error.message})") from None
    if not isinstance(pattern, JsonPattern):
        raise Unacceptable("a filter pattern for JSON events, such as { $.eventName = StopConfigurationRecorder }")
    if not required_events(pattern):
        raise Unacceptable("a filter pattern that some event can match; this one contradicts itself")
    return pattern


def _each(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _event_names(value: str) -> tuple[str, ...]:
    names = _each(value)
    if not names or not all(re.fullmatch(r"[A-Z][A-Za-z0-9]{1,127}", name) for name in names):
        raise Unacceptable("names of API calls, separated by commas, such as DeleteConfigurationRecorder")
    return names


def _topic_arns(value: str) -> frozenset[str]:
    takes = "ARNs of SNS topics, separated by commas"
    arns = _each(value)
    try:
        parsed = [Arn.parse(arn) for arn in arns]
    except MalformedArn:
        raise Unacceptable(takes) from None
    for arn in parsed:
        topic = re.fullmatch(r"[A-Za-z0-9_-]{1,256}(\.fifo)?", arn.resource)
        if arn.service != "sns" or not topic or not arn.region or not re.fullmatch(r"\d{12}", arn.account_id):
            raise Unacceptable(takes)
    if not parsed:
        raise Unacceptable(takes)
    return frozenset(arns)


def _role_name(value: str) -> str:
    if not re.fullmatch(r"(?:[!-~]{1,510}/)?[\w+=,.@-]{1,64}", value, re.ASCII) or value.startswith("arn:"):
        raise Unacceptable("the name of an IAM role, without its ARN")
    return value


def _region(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", value):
        raise Unacceptable("an AWS Region such as eu-west-1")
    return value


def _seconds(value: str) -> int:
    if not re.fullmatch(r"\d{1,7}", value) or not 60 <= int(value) <= 604_800:
        raise Unacceptable("a whole number of seconds from 60 to 604800")
    return int(value)


def _unverifiable(value: str) -> UnverifiableAccount:
    try:
        return UnverifiableAccount(value)
    except ValueError:
        raise Unacceptable("NON_COMPLIANT or NOT_APPLICABLE") from None


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
