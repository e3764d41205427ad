"""Sends verdicts to Security Hub while accounts are evaluated: each account its own, with the way into it.

Security Hub takes findings from the account that they are about, in the Region of that account's hub, and from no other
(API reference, BatchImportFindings). This is the one thing that the command line ever writes to AWS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .evaluation import CannotEvaluate, Outcome
from .formats.security_finding import as_security_findings
from .input_output import Problem

__all__ = ["Sending"]


class _Hub(Protocol):
    """An account whose Security Hub can be written to."""

    @property
    def account_id(self) -> str: ...

    @property
    def region(self) -> str: ...

    def import_findings(self, findings: Sequence[Mapping[str, Any]]) -> None:
        """Raises `CannotEvaluate`."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is `wanted` is sent at once; what could not be sent stops no other account, and is told in the end."""

    wanted: bool
    problems: list[str] = field(default_factory=list)

    def send(self, hub: _Hub, outcomes: Sequence[Outcome]) -> None:
        """The findings of one account."""
        findings = [found for outcome in outcomes for found in as_security_findings(outcome)] if self.wanted else []
        if not findings:
            return
        try:
            hub.import_findings(findings)
        except CannotEvaluate as error:
            self.problems.append(f"{hub.account_id}, {hub.region}: {error}")

    def settle(self) -> None:
        """Raises `Problem` for what could not be sent."""
        if self.problems:
            raise Problem(f"not sent to Security Hub: {'; '.join(self.problems)}")
