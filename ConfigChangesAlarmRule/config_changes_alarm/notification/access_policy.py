"""Does a resource policy let a CloudWatch alarm act?

A small evaluator of policies for one request, made by the service `cloudwatch.amazonaws.com` for one alarm. It answers
ALLOWED or DENIED only where the documented evaluation logic settles it (IAM user guide, "Policy evaluation logic",
"Condition operators", "Global condition context keys"; SNS developer guide, "Access control use cases" and "Key
management"). A condition whose key or operator it does not know makes the answer UNVERIFIED.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..truth import Truth, every, negated, some, truth

__all__ = ["AlarmRequest", "Decision", "admitting", "decide"]

SERVICE = "cloudwatch.amazonaws.com"


class Decision(Enum):
    """What the policy answers. FORBIDDEN is an explicit Deny, DENIED the lack of an Allow."""

    ALLOWED = "allowed"
    DENIED = "denied"
    FORBIDDEN = "forbidden"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class AlarmRequest:
    """The request as the policy sees it: an IAM action, its resource, and the alarm on whose behalf it is made."""

    action: str
    resource: str
    alarm_arn: str
    account_id: str

    def context(self, key: str) -> str | None:
        """The value of a condition key, or None when it is not known.

        Of an alarm whose name is not ASCII only the account can be tested (SNS developer guide). `AWS:SourceOwner` is
        SNS's own key.
        """
        known = {
            "aws:sourceaccount": self.account_id,
            "aws:securetransport": "true",
            "aws:principalisawsservice": "true",
            "aws:principalservicename": SERVICE,
        }
        if self.alarm_arn.isascii():
            known["aws:sourcearn"] = self.alarm_arn
        if self.action.startswith("sns:"):
            known["aws:sourceowner"] = self.account_id
        return known.get(key.lower())


_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def decide(policy: str, request: AlarmRequest) -> Decision:
    """An explicit Deny wins, then an Allow; without either the request is denied."""
    try:
        verdicts = [(statement["Effect"], _applies(statement, request)) for statement in _statements(policy)]
    except _MALFORMED:
        return Decision.UNVERIFIED
    if any(effect not in ("Allow", "Deny") for effect, _ in verdicts):
        return Decision.UNVERIFIED
    denied = some(applies for effect, applies in verdicts if effect == "Deny")
    allowed = some(applies for effect, applies in verdicts if effect == "Allow")
    if denied is Truth.YES:
        return Decision.FORBIDDEN
    if Truth.UNKNOWN in (denied, allowed):
        return Decision.UNVERIFIED
    return Decision.ALLOWED if allowed is Truth.YES else Decision.DENIED


def admitting(policy: str | None, actions: Sequence[str], requests: Sequence[AlarmRequest]) -> str | None:
    """The policy with what it lacks: a statement that allows the actions, and Denies that spare AWS services.

    JSON text. `requests` are those that it has to allow. None for a policy that cannot be read: nobody should replace
    what others rely on.
    """
    try:
        document = json.loads(policy or "")
        statements = [_sparing_services(statement, requests) for statement in _statements(policy or "")]
    except _MALFORMED:
        return None
    request = requests[0]
    allow = {
        "Sid": "ConfigChangesAlarm",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": list(actions) if len(actions) > 1 else actions[0],
        "Resource": request.resource if request.action.startswith("sns:") else "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": request.account_id}},
    }
    return json.dumps({**document, "Statement": [*statements, allow]}, separators=(",", ":"))


def _sparing_services(statement: Mapping[str, Any], requests: Sequence[AlarmRequest]) -> Mapping[str, Any]:
    applies = some(_applies(statement, request) for request in requests)
    if statement["Effect"] != "Deny" or applies is Truth.NO:
        return statement
    conditions = dict(statement.get("Condition") or {})
    conditions["Bool"] = {**conditions.get("Bool", {}), "aws:PrincipalIsAWSService": "false"}
    return {**statement, "Condition": conditions}


def _statements(policy: str) -> list[Mapping[str, Any]]:
    found = json.loads(policy)["Statement"]
    return list(found) if isinstance(found, list) else [found]


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _applies(statement: Mapping[str, Any], request: AlarmRequest) -> Truth:
    return every(
        (
            _principal(statement, request),
            _either(statement, "Action", lambda text: _like(text.lower(), request.action.lower())),
            _either(statement, "Resource", lambda text: _like(text, request.resource)),
            _conditions(statement.get("Condition") or {}, request),
        )
    )


def _either(statement: Mapping[str, Any], member: str, test: Callable[[str], bool]) -> Truth:
    """`Action` or `NotAction`, `Resource` or `NotResource`."""
    if member in statement:
        return truth(any(test(text) for text in _listed(statement[member])))
    if f"Not{member}" in statement:
        return truth(not any(test(text) for text in _listed(statement[f"Not{member}"])))
    return Truth.UNKNOWN


def _principal(statement: Mapping[str, Any], request: AlarmRequest) -> Truth:
    """Whom `NotPrincipal` names is left out; whom it means beside them is not as plain as it seems.

    The alarm's own account as a principal does not include the service. To be safe, a Deny for it may. That `*`
    includes AWS services is known of topics only, whose default policy works that way.
    """
    if "Principal" not in statement:
        return truth(False if _names_service(statement.get("NotPrincipal", {})) else None)
    principal = statement["Principal"]
    own = not isinstance(principal, str) and any(
        each == request.account_id or re.fullmatch(rf"arn:[^:]+:iam::{request.account_id}:root", each)
        for each in _listed(principal.get("AWS", []))
    )
    named = _names_service(principal)
    if statement["Effect"] == "Deny":
        return truth(None if own and not named else named)
    by_name = _names_service(principal, everyone=False)
    return truth(None if named and not by_name and request.action.startswith("kms:") else named)


def _names_service(principal: Any, everyone: bool = True) -> bool:
    """Whether it is CloudWatch, or with `everyone` also `*`."""
    if isinstance(principal, str):
        return everyone and principal == "*"
    named = SERVICE in _listed(principal.get("Service", []))
    return named or (everyone and "*" in _listed(principal.get("AWS", [])))


def _like(pattern: str, text: str) -> bool:
    """Whether `*` for any characters and `?` for one make the pattern the text. Never slower than their product."""
    at = here = resume = 0
    star = -1
    while here < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def _arn_like(pattern: str, text: str) -> bool | None:
    """Each of the six parts by itself; AWS does not say what a pattern of fewer parts is."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    if len(patterns) != 6 or len(parts) != 6:
        return None
    return all(_like(one, two) for one, two in zip(patterns, parts, strict=True))


def _same_case(test: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    return lambda operand, value: test(operand.lower(), value.lower())


def _equal(operand: str, value: str) -> bool:
    return operand == value


_OPERATORS: Mapping[str, tuple[Callable[[str, str], bool | None], bool]] = {
    "stringequals": (_equal, True),
    "stringequalsignorecase": (_same_case(_equal), True),
    "stringlike": (_like, True),
    "arnequals": (_arn_like, True),
    "arnlike": (_arn_like, True),
    "bool": (_same_case(_equal), True),
    "stringnotequals": (_equal, False),
    "stringnotequalsignorecase": (_same_case(_equal), False),
    "stringnotlike": (_like, False),
    "arnnotequals": (_arn_like, False),
    "arnnotlike": (_arn_like, False),
}
"""By name in small letters: how an operand is compared, and whether one has to match or none may."""


def _conditions(conditions: Mapping[str, Mapping[str, Any]], request: AlarmRequest) -> Truth:
    return every(
        _condition(operator, key, _listed(operands), request)
        for operator, tests in conditions.items()
        for key, operands in tests.items()
    )


def _condition(operator: str, key: str, operands: list[str], request: AlarmRequest) -> Truth:
    """The known keys are present and have one value, so that set operators and `IfExists` change nothing."""
    value = request.context(key)
    name = operator.lower().removeprefix("foranyvalue:").removeprefix("forallvalues:")
    if value is None or any("${" in operand for operand in operands):
        return Truth.UNKNOWN
    if name == "null":
        return truth([operand.lower() for operand in operands] == ["false"])
    test = _OPERATORS.get(name.removesuffix("ifexists"))
    if test is None:
        return Truth.UNKNOWN
    matches, wanted = test
    found = some(truth(matches(operand, value)) for operand in operands)
    return found if wanted else negated(found)
