"""Evaluates several accounts side by side, and several controls of each from one read.

One account's failure, or one control's, is its outcome and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from config_changes_alarm.account import Account, AccountSource, EvaluationFailed, ListingSource
from config_changes_alarm.assessment import Assessment, EventOutcome
from config_changes_alarm.chain import assess
from config_changes_alarm.control import DEFAULT_CONTROL
from config_changes_alarm.findings import legible
from config_changes_alarm.requirement import Requirement

from .exceptions import NO_EXCEPTIONS, Register, Use, accepted_events
from .recording import Recorder, Recording

__all__ = [
    "Candidate",
    "CannotEvaluate",
    "Entered",
    "Evaluated",
    "NotEvaluated",
    "Outcome",
    "evaluate_all",
    "evaluate_controls",
    "judged",
]

AT_A_TIME = 8
"""Accounts that are evaluated at the same time; each reads with several threads of its own."""


class CannotEvaluate(Exception):
    """There is no way into the account. The text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An account with the assessment of a control.

    `name` is what the user knows the account by: a profile, or the account's own name. `register` has the exceptions
    that were made, also for others.
    """

    name: str
    assessment: Assessment
    evaluated_at: datetime
    recording: Recording
    register: Register = NO_EXCEPTIONS

    @property
    def uses(self) -> tuple[Use, ...]:
        """What has become of every exception that concerns the account and the control."""
        return self.register.uses(self.assessment, self.evaluated_at)

    @property
    def accepted(self) -> frozenset[str]:
        """The required events that are not covered for reasons that are all accepted."""
        return accepted_events(self.assessment, self.uses)

    @property
    def counted(self) -> tuple[EventOutcome, ...]:
        """The required events that are not covered, and not accepted either."""
        accepted = self.accepted
        return tuple(event for event in self.assessment.events if not event.covered and event.name not in accepted)

    @property
    def tolerated(self) -> bool:
        """Whether some events are not covered, and all of these are accepted."""
        return bool(self.accepted) and not self.counted


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """An account without a verdict, and why in one sentence. `account_id` is empty where not even that is known.

    `control` is the id of the one that has none, empty where that is so of all that were `asked` for.
    """

    name: str
    account_id: str
    region: str
    problem: str
    control: str = ""
    asked: tuple[str, ...] = (DEFAULT_CONTROL,)
    evaluated_at: datetime = field(default_factory=_now)

    @property
    def controls(self) -> tuple[str, ...]:
        """The ids of those without a verdict."""
        return (self.control,) if self.control else self.asked


Outcome = Evaluated | NotEvaluated


class Entered(Protocol):
    """An account that can be read."""

    @property
    def account_id(self) -> str: ...

    @property
    def region(self) -> str: ...

    def evaluate(self, name: str, asked: Sequence[Mapping[str, object]], register: Register) -> tuple[Outcome, ...]:
        """One evaluation for each of the rule's parameters."""

    def import_findings(self, findings: Sequence[Mapping[str, Any]]) -> None:
        """Into its Security Hub. Raises `CannotEvaluate`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that is to be evaluated, and the way into it, which may raise `CannotEvaluate`."""

    name: str
    account_id: str
    region: str
    enter: Callable[[], Entered]


def evaluate_all(
    candidates: Sequence[Candidate],
    asked: Sequence[Mapping[str, object]],
    done: Callable[[tuple[Outcome, ...]], None] = lambda _: None,
    register: Register = NO_EXCEPTIONS,
    send: Callable[[Entered, tuple[Outcome, ...]], None] = lambda *_: None,
) -> tuple[Outcome, ...]:
    """Their outcomes in the same order. `done` hears of each account as it ends, in this thread; `send` may still use
    the way into it, in another.
    """
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="account") as pool:
        futures = {pool.submit(_outcomes, candidate, asked, register, send): candidate for candidate in candidates}
        try:
            for future in as_completed(futures):
                done(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return tuple(outcome for future in futures for outcome in future.result())


def _outcomes(
    candidate: Candidate,
    asked: Sequence[Mapping[str, object]],
    register: Register,
    send: Callable[[Entered, tuple[Outcome, ...]], None],
) -> tuple[Outcome, ...]:
    account_id, region = candidate.account_id, candidate.region
    try:
        access = candidate.enter()
        account_id, region = access.account_id, access.region
        outcomes = access.evaluate(candidate.name, asked, register)
        send(access, outcomes)
        return outcomes
    except (CannotEvaluate, EvaluationFailed) as error:
        ids = tuple(Requirement.parse(parameters).control_id for parameters in asked)
        return (NotEvaluated(candidate.name, account_id, region, legible(str(error)), asked=ids),)


def judged(account: Account, requirement: Requirement, now: datetime, register: Register) -> Assessment:
    """The assessment with the exceptions that were made. Raises `EvaluationFailed`."""
    return assess(account, requirement, now, register.excused(account.account_id, requirement.control_id, now))


def evaluate_controls(
    source: AccountSource, name: str, asked: Sequence[Mapping[str, object]], register: Register = NO_EXCEPTIONS
) -> tuple[Outcome, ...]:
    """An account's outcome for each of the rule's parameters; for several, what they ask alike is read once.

    Raises `InvalidParameters` before anything is read.
    """
    requirements = [Requirement.parse(parameters) for parameters in asked]
    shared = source if len(asked) == 1 else ListingSource(source)
    return tuple(
        _evaluated(shared, name, requirement, parameters, register)
        for requirement, parameters in zip(requirements, asked, strict=True)
    )


def _evaluated(
    source: AccountSource,
    name: str,
    requirement: Requirement,
    parameters: Mapping[str, object],
    register: Register,
) -> Outcome:
    recorder, now = Recorder(source), datetime.now(UTC)
    try:
        assessment = judged(recorder.account(), requirement, now, register)
    except EvaluationFailed as error:
        identity = source.identity
        return NotEvaluated(name, identity.account_id, identity.region, legible(str(error)), requirement.control_id)
    return Evaluated(name, assessment, now, recorder.recording(now, parameters), register)
