"""What filter patterns are worth on their own: which required events they match together, and what else.

The same proof as the rule's, without reading an account: its records are made from its id alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """Whether the patterns cover every required event; too broad if they do, and one sees routine events as well."""

    COVERED = "covered"
    TOO_BROAD = "too broad"
    MISSED = "missed"
    UNDECIDED = "undecided"
    INVALID = "invalid"


class Matched(StrEnum):
    """How many of an event's records match any of the patterns; what is undecided is only sometimes known to."""

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


def explain(texts: tuple[str, ...], requirement: Requirement, account_id: str = SOME_ACCOUNT) -> Explanation:
    """The explanation of patterns as they are stored in the account, each in a metric filter of its own."""
    try:
        patterns = [parse(text) for text in texts]
    except PatternSyntaxError as error:
        events = tuple(EventMatch(event.name, Matched.NEVER) for event in requirement.events)
        return Explanation(PatternVerdict.INVALID, events, problem=str(error))
    judged = [_judged(patterns, requirement, event, account_id) for event in requirement.events]
    events = tuple(event for event, _ in judged)
    missed = next((verdict for _, verdict in judged if isinstance(verdict, Missed)), None)
    undecided = next((verdict for _, verdict in judged if isinstance(verdict, Undecided)), None)
    routine, doubtful = _routine(patterns, requirement, account_id)
    if missed is not None:
        return Explanation(PatternVerdict.MISSED, events, missed.record, routine)
    if undecided is not None:
        return Explanation(PatternVerdict.UNDECIDED, events, None, routine, undecided.reason)
    if routine:
        return Explanation(PatternVerdict.TOO_BROAD, events, None, routine)
    if doubtful:
        problem = f"AWS does not document whether it matches the routine event {doubtful[0]}"
        return Explanation(PatternVerdict.UNDECIDED, events, problem=problem)
    return Explanation(PatternVerdict.COVERED, events)


def _judged(
    patterns: Sequence[Pattern], requirement: Requirement, event: RequiredEvent, account_id: str
) -> tuple[EventMatch, Covered | Missed | Undecided]:
    records = required_records(requirement.pattern, event, requirement.include_failed_calls, account_id)
    narrowed, model = records.pattern, records.model
    verdict = covers(narrowed, patterns, model)
    if isinstance(verdict, Covered):
        return EventMatch(event.name, Matched.ALWAYS), verdict
    if isinstance(verdict, Missed):
        verdict = left_out(narrowed, patterns, model) or verdict
    if all(never_matches(narrowed, pattern, model) for pattern in patterns):
        return EventMatch(event.name, Matched.NEVER), verdict
    condition = only_when(narrowed, patterns, model)
    return EventMatch(event.name, Matched.SOMETIMES, None if condition is None else legible(condition)), verdict


def _routine(
    patterns: Sequence[Pattern], requirement: Requirement, account_id: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The routine events that some pattern matches, and those of which it is not known, unless they are allowed.

    One pattern that sees them is one too many: where it shares its metric with the others, the alarm stays in ALARM.
    """
    if requirement.allow_routine_matches:
        return (), ()
    found = [routine_matches(each, account_id, _REGION, asked_for=requirement.asked_for) for each in patterns]
    matched = dict.fromkeys(name for sure, _ in found for name in sure)
    doubtful = dict.fromkeys(name for _, unsure in found for name, _ in unsure)
    return tuple(matched), tuple(doubtful)
