"""What a plan does not say: the answer to a question about what is beside it, or known only after apply."""

from __future__ import annotations

from dataclasses import dataclass

from config_changes_alarm.account import Unreadable
from config_changes_alarm.findings import FindingId, Reason

__all__ = ["Unplanned", "beside", "is_unplanned", "unknown"]

_PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Unplanned(Unreadable):
    """A read that a plan has no answer to; `error_code` says why, in words."""

    @property
    def detail(self) -> str:
        return self.error_code


def beside(kind: str, name: str) -> Unplanned:
    """About a resource that is not in the plan, and may be beside it."""
    return Unplanned(_PLAN, f"{kind} {name} is not in the plan", name)


def unknown(told: object, subject: str) -> Unplanned:
    """About what is known only after apply."""
    return Unplanned(_PLAN, str(told), subject)


def is_unplanned(reason: Reason) -> bool:
    """Whether it is what the plan does not say, of this account or another one, that leaves a link unverified."""
    return reason.id in (FindingId.CANNOT_READ, FindingId.CANNOT_READ_ELSEWHERE)
