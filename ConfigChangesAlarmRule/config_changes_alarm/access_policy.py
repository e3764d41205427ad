"""Does a resource policy let a CloudWatch alarm act?

A small evaluator of policies for one request, made by the service `cloudwatch.amazonaws.com` for one alarm. It answers
ALLOWED or DENIED only when the documented evaluation logic settles it (IAM user guide, "Policy evaluation logic",
"Condition operators"); a condition whose key or operator it does not know makes the answer UNVERIFIED.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

__all__ = ["AlarmRequest", "Decision", "decide"]

SERVICE = "cloudwatch.amazonaws.com"


class Decision(Enum):
    """What the policy answers."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNVERIFIED = "unverified"


class _Truth(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AlarmRequest:
    """The request as the policy sees it: an IAM action, its resource, and the alarm on whose behalf it is made."""

    action: str
    resource: str
    alarm_arn: str
    account_id: str

    def context(self, key: str) -> str | None:
        """The value of a condition key, or None when it is not known."""
        known = {
            "aws:sourceaccount": self.account_id,
            "aws:sourceowner": self.account_id,
            "aws:sourcearn": self.alarm_arn,
            "aws:securetransport": "true",
        }
        return known.get(key.lower())


def decide(policy: str, request: AlarmRequest) -> Decision:
    """An explicit Deny wins, then an Allow; without either the request is denied."""
    try:
        document = json.loads(policy)
        statements = document["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        verdicts = [(statement["Effect"], _applies(statement, request)) for statement in statements]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Decision.UNVERIFIED
    denies = [truth for effect, truth in verdicts if effect == "Deny"]
    allows = [truth for effect, truth in verdicts if effect == "Allow"]
    if _Truth.YES in denies:
        return Decision.DENIED
    if _Truth.UNKNOWN in denies:
        return Decision.UNVERIFIED
    if _Truth.YES in allows:
        return Decision.ALLOWED
    return Decision.UNVERIFIED if _Truth.UNKNOWN in allows else Decision.DENIED


def _all(truths: Iterable[_Truth]) -> _Truth:
    found = list(truths)
    if _Truth.NO in found:
        return _Truth.NO
    return _Truth.UNKNOWN if _Truth.UNKNOWN in found else _Truth.YES


def _not(truth: _Truth) -> _Truth:
    return {_Truth.YES: _Truth.NO, _Truth.NO: _Truth.YES, _Truth.UNKNOWN: _Truth.UNKNOWN}[truth]


def _of(truth: bool) -> _Truth:
    return _Truth.YES if truth else _Truth.NO


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _applies(statement: Mapping[str, Any], request: AlarmRequest) -> _Truth:
    return _all(
        (
            _principal(statement),
            _either(statement, "Action", lambda text: _like(text.lower(), request.action.lower())),
            _either(statement, "Resource", lambda text: _like(text, request.resource)),
            _conditions(statement.get("Condition") or {}, request),
        )
    )


def _either(statement: Mapping[str, Any], member: str, test: Callable[[str], bool]) -> _Truth:
    if member in statement:
        return _of(any(test(text) for text in _listed(statement[member])))
    if f"Not{member}" in statement:
        return _of(not any(test(text) for text in _listed(statement[f"Not{member}"])))
    return _Truth.UNKNOWN


def _principal(statement: Mapping[str, Any]) -> _Truth:
    if "Principal" in statement:
        return _names_service(statement["Principal"])
    return _Truth.UNKNOWN


def _names_service(principal: Any) -> _Truth:
    """`*` includes AWS services on a topic's policy: the default policy works that way."""
    if principal == "*":
        return _Truth.YES
    aws, services = _listed(principal.get("AWS", [])), _listed(principal.get("Service", []))
    return _of("*" in aws or SERVICE in services)


def _like(pattern: str, text: str) -> bool:
    regex = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _arn_like(pattern: str, text: str) -> bool:
    """Wildcards stay within one of the six parts of an ARN."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    if len(patterns) != 6 or len(parts) != 6:
        return _like(pattern, text)
    return all(_like(one, two) for one, two in zip(patterns, parts, strict=True))


_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "stringequals": (lambda operand, value: operand == value, True),
    "stringequalsignorecase": (lambda operand, value: operand.lower() == value.lower(), True),
    "stringlike": (_like, True),
    "arnequals": (_arn_like, True),
    "arnlike": (_arn_like, True),
    "bool": (lambda operand, value: operand.lower() == value, True),
    "stringnotequals": (lambda operand, value: operand == value, False),
    "stringnotequalsignorecase": (lambda operand, value: operand.lower() == value.lower(), False),
    "stringnotlike": (_like, False),
    "arnnotequals": (_arn_like, False),
    "arnnotlike": (_arn_like, False),
}


def _conditions(conditions: Mapping[str, Mapping[str, Any]], request: AlarmRequest) -> _Truth:
    return _all(
        _condition(operator, key, _listed(operands), request)
        for operator, tests in conditions.items()
        for key, operands in tests.items()
    )


def _condition(operator: str, key: str, operands: list[str], request: AlarmRequest) -> _Truth:
    value = request.context(key)
    test = _OPERATORS.get(operator.lower().removesuffix("ifexists"))
    if value is None or test is None or any("${" in operand for operand in operands):
        return _Truth.UNKNOWN
    matches, wanted = test
    found = _of(any(matches(operand, value) for operand in operands))
    return found if wanted else _not(found)
