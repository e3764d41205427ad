"""Evaluates several accounts side by side. One account's failure is that account's outcome and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.assessment import Assessment

from .recording import Recording

__all__ = ["Candidate", "CannotEvaluate", "Entered", "Evaluated", "NotEvaluated", "Outcome", "evaluate_all"]

AT_A_TIME = 8
"""Accounts that are evaluated at the same time; each reads with several threads of its own."""


class CannotEvaluate(Exception):
    """There is no way into the account. The text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An account with its assessment. `name` is what the user knows it by: a profile, or the account's own name."""

    name: str
    assessment: Assessment
    evaluated_at: datetime
    recording: Recording


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """An account without a verdict, and why in one sentence. `account_id` is empty where not even that is known."""

    name: str
    account_id: str
    region: str
    problem: str


Outcome = Evaluated | NotEvaluated


class Entered(Protocol):
    """An account that can be read."""

    @property
    def account_id(self) -> str: ...

    @property
    def region(self) -> str: ...

    def evaluate(self, name: str, parameters: Mapping[str, object]) -> Evaluated:
        """One evaluation. Raises `EvaluationFailed`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that is to be evaluated, and the way into it, which may raise `CannotEvaluate`."""

    name: str
    account_id: str
    region: str
    enter: Callable[[], Entered]


def evaluate_all(
    candidates: Sequence[Candidate],
    parameters: Mapping[str, object],
    done: Callable[[Outcome], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """Their outcomes in the same order. `done` hears of each as it ends, in this thread."""
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="account") as pool:
        futures = {pool.submit(_outcome, candidate, parameters): candidate for candidate in candidates}
        try:
            for future in as_completed(futures):
                done(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return tuple(future.result() for future in futures)


def _outcome(candidate: Candidate, parameters: Mapping[str, object]) -> Outcome:
    account_id, region = candidate.account_id, candidate.region
    try:
        access = candidate.enter()
        account_id, region = access.account_id, access.region
        return access.evaluate(candidate.name, parameters)
    except (CannotEvaluate, EvaluationFailed) as error:
        return NotEvaluated(candidate.name, account_id, region, str(error))
