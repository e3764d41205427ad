"""What a filter pattern is worth on its own: which required events it matches, and what else.

The same proof as the rule's, without reading an account: its records are made from its id alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from config_changes_alarm.control import RequiredEvent, required_records, routine_matches
from config_changes_alarm.filter_pattern import Pattern, PatternSyntaxError, parse
from config_changes_alarm.findings import legible
from config_changes_alarm.proof import Covered, Missed, Undecided, covers, left_out, never_matches, only_when
from config_changes_alarm.requirement import Requirement

__all__ = ["SOME_ACCOUNT", "EventMatch", "Explanation", "Matched", "PatternVerdict", "explain"]

SOME_ACCOUNT = "111122223333"
"""The account whose records are meant where none is named."""
_REGION = "us-east-1"


class PatternVerdict(StrEnum):
    """Whether the pattern covers every required event; too broad is one that does, and sees routine events as well."""

    COVERED = "covered"
    TOO_BROAD = "too broad"
    MISSED = "missed"
    UNDECIDED = "undecided"
    INVALID = "invalid"


class Matched(StrEnum):
    """How many of an event's records match; what is undecided is only sometimes known to."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class EventMatch:
    """A required event. `condition` says in words when it matches, where that is known and is not always."""

    name: str
    matched: Matched
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer. `counterexample` is a CloudTrail record of the first event that is missed.

    `routine` are routine events that match too, and would keep an alarm on. `problem` is why a pattern is invalid or
    undecided.
    """

    verdict: PatternVerdict
    events: tuple[EventMatch, ...]
    counterexample: Mapping[str, Any] | None = None
    routine: tuple[str, ...] = ()
    problem: str | None = None


def explain(text: str, requirement: Requirement, account_id: str = SOME_ACCOUNT) -> Explanation:
    """The explanation of a pattern as it is stored in the account."""
    try:
        pattern = parse(text)
    except PatternSyntaxError as error:
        events = tuple(EventMatch(event.name, Matched.NEVER) for event in requirement.events)
        return Explanation(PatternVerdict.INVALID, events, problem=str(error))
    judged = [_judged(pattern, requirement, event, account_id) for event in requirement.events]
    events = tuple(event for event, _ in judged)
    missed = next((verdict for _, verdict in judged if isinstance(verdict, Missed)), None)
    undecided = next((verdict for _, verdict in judged if isinstance(verdict, Undecided)), None)
    routine, _ = routine_matches(pattern, account_id, _REGION, asked_for=requirement.asked_for)
    if missed is not None:
        return Explanation(PatternVerdict.MISSED, events, missed.record, routine)
    if undecided is not None:
        return Explanation(PatternVerdict.UNDECIDED, events, None, routine, undecided.reason)
    return Explanation(PatternVerdict.TOO_BROAD if routine else PatternVerdict.COVERED, events, None, routine)


def _judged(
    pattern: Pattern, requirement: Requirement, event: RequiredEvent, account_id: str
) -> tuple[EventMatch, Covered | Missed | Undecided]:
    records = required_records(requirement.pattern, event, requirement.include_failed_calls, account_id)
    narrowed, model = records.pattern, records.model
    verdict = covers(narrowed, (pattern,), model)
    if isinstance(verdict, Covered):
        return EventMatch(event.name, Matched.ALWAYS), verdict
    if isinstance(verdict, Missed):
        verdict = left_out(narrowed, (pattern,), model) or verdict
    if never_matches(narrowed, pattern, model):
        return EventMatch(event.name, Matched.NEVER), verdict
    condition = only_when(narrowed, (pattern,), model)
    return EventMatch(event.name, Matched.SOMETIMES, None if condition is None else legible(condition)), verdict
