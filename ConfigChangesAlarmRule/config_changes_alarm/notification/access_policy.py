"""Does a resource policy let a service act on behalf of an alarm or a topic?

A small evaluator of policies for one `ServiceRequest`. It answers ALLOWED or DENIED only where the documented
evaluation logic settles it (IAM user guide, "Policy evaluation logic"). A condition whose key or operator is not known
makes the answer UNVERIFIED.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from ..truth import Truth, every, some, truth
from .condition import conditions_hold, like, listed
from .service_request import CLOUDWATCH, ServiceRequest

__all__ = ["Decision", "admitting", "decide", "decide_all", "replaced_statements", "tests_organization"]


class Decision(Enum):
    """What the policy answers. FORBIDDEN is an explicit Deny, DENIED the lack of an Allow."""

    ALLOWED = "allowed"
    DENIED = "denied"
    FORBIDDEN = "forbidden"
    UNVERIFIED = "unverified"


_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def decide(policy: str, request: ServiceRequest) -> Decision:
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


def decide_all(policy: str, requests: Sequence[ServiceRequest]) -> Decision:
    """Of requests that are all needed: one that is denied settles it, then one that is not verified."""
    decisions = {decide(policy, request) for request in requests}
    if decisions & {Decision.DENIED, Decision.FORBIDDEN}:
        return Decision.DENIED
    return Decision.UNVERIFIED if Decision.UNVERIFIED in decisions else Decision.ALLOWED


def admitting(policy: str | None, actions: Sequence[str], requests: Sequence[ServiceRequest]) -> str | None:
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
        "Principal": {"Service": request.service},
        "Action": list(actions) if len(actions) > 1 else actions[0],
        "Resource": "*" if request.action.startswith("kms:") else request.resource,
        "Condition": _for(request),
    }
    return json.dumps({**document, "Statement": [*statements, allow]}, separators=(",", ":"))


def replaced_statements(before: str, after: str) -> tuple[str, ...]:
    """The statements of a policy, JSON text, that are not in another one as they are."""
    kept = _statements(after)
    try:
        return tuple(json.dumps(each) for each in _statements(before) if each not in kept)
    except _MALFORMED:
        return ()


def _for(request: ServiceRequest) -> Mapping[str, Mapping[str, str]]:
    """An alarm may have a name that no condition can test; SNS is known to tell its topic."""
    if request.service == CLOUDWATCH:
        return {"StringEquals": {"aws:SourceAccount": request.source_account}}
    return {"ArnEquals": {"aws:SourceArn": request.source_arn}}


def tests_organization(policy: str | None) -> bool:
    """Whether a condition of the policy is about the organization of the source's account."""
    return "aws:sourceorg" in (policy or "").lower()


def _sparing_services(statement: Mapping[str, Any], requests: Sequence[ServiceRequest]) -> Mapping[str, Any]:
    applies = some(_applies(statement, request) for request in requests)
    if statement["Effect"] != "Deny" or applies is Truth.NO:
        return statement
    conditions = dict(statement.get("Condition") or {})
    conditions["Bool"] = {**conditions.get("Bool", {}), "aws:PrincipalIsAWSService": "false"}
    return {**statement, "Condition": conditions}


def _statements(policy: str) -> list[Mapping[str, Any]]:
    found = json.loads(policy)["Statement"]
    return list(found) if isinstance(found, list) else [found]


def _applies(statement: Mapping[str, Any], request: ServiceRequest) -> Truth:
    return every(
        (
            _principal(statement, request),
            _either(statement, "Action", lambda text: like(text.lower(), request.action.lower())),
            _either(statement, "Resource", lambda text: like(text, request.resource)),
            conditions_hold(statement.get("Condition") or {}, request),
        )
    )


def _either(statement: Mapping[str, Any], member: str, test: Callable[[str], bool]) -> Truth:
    """`Action` or `NotAction`, `Resource` or `NotResource`."""
    if member in statement:
        return truth(any(test(text) for text in listed(statement[member])))
    if f"Not{member}" in statement:
        return truth(not any(test(text) for text in listed(statement[f"Not{member}"])))
    return Truth.UNKNOWN


def _principal(statement: Mapping[str, Any], request: ServiceRequest) -> Truth:
    """Whom `NotPrincipal` names is left out; whom it means beside them is not as plain as it seems.

    The source's own account as a principal does not include the service. To be safe, a Deny for it may. That `*`
    includes AWS services is known of topics, whose default policy works that way, and of queues, whose usual one does.
    """
    if "Principal" not in statement:
        return truth(False if _names(request.service, statement.get("NotPrincipal", {})) else None)
    principal = statement["Principal"]
    own = not isinstance(principal, str) and any(
        each == request.source_account or re.fullmatch(rf"arn:[^:]+:iam::{request.source_account}:root", each)
        for each in listed(principal.get("AWS", []))
    )
    named = _names(request.service, principal)
    if not named and _names_elsewhere(request.service, principal):
        return Truth.UNKNOWN
    if statement["Effect"] == "Deny":
        return truth(None if own and not named else named)
    by_name = _names(request.service, principal, everyone=False)
    included = by_name or request.action.startswith(("sns:", "sqs:"))
    return truth(None if named and not included else named)


def _names_elsewhere(service: str, principal: Any) -> bool:
    """Whether it is the service as one Region calls it, of which is not documented what else that admits."""
    name = re.escape(service.split(".")[0])
    services = [] if isinstance(principal, str) else listed(principal.get("Service", []))
    return any(re.fullmatch(rf"{name}\.[a-z0-9-]+\.amazonaws\.com", each) for each in services)


def _names(service: str, principal: Any, everyone: bool = True) -> bool:
    """Whether it is the service, or with `everyone` also `*`."""
    if isinstance(principal, str):
        return everyone and principal == "*"
    named = service in listed(principal.get("Service", []))
    return named or (everyone and "*" in listed(principal.get("AWS", [])))
