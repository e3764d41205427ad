"""What AWS's managed policies for reading lack of what an evaluation calls.

Their texts are those that moto carries, with the day of each; `make docs` and the tests notice when one has changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from deploy.permissions import EVALUATOR, actions_of

__all__ = ["POLICIES", "day_of", "lacking"]

POLICIES = ("ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess")

_OF_THE_RULE = "config:PutEvaluations"
"""The command line writes nothing."""


def lacking(name: str) -> tuple[str, ...]:
    """The actions that an evaluation from the command line may need and the policy does not allow on everything."""
    statements = _policy(name)["Document"]["Statement"]
    allowed = [action for each in statements if _allows_everywhere(each) for action in _listed(each["Action"])]
    return tuple(
        action
        for action in sorted(actions_of(EVALUATOR))
        if action != _OF_THE_RULE and not any(fnmatchcase(action.lower(), each.lower()) for each in allowed)
    )


def day_of(name: str) -> str:
    """When AWS changed the policy last, as a date."""
    return str(_policy(name)["UpdateDate"])[:10]


def _allows_everywhere(statement: Mapping[str, Any]) -> bool:
    return statement["Effect"] == "Allow" and "*" in _listed(statement["Resource"]) and "Condition" not in statement


def _listed(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _policy(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _policies()[name]
    return found


@cache
def _policies() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(aws_managed_policies_data)
    return loaded
