"""What every report says of an assessment in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from config_changes_alarm.assessment import Assessment, Compliance, EventOutcome, Hop
from config_changes_alarm.findings import CATALOGUE, Reason, finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, Outcome
from .causes import Cause, cause_of, caused_by, told
from .marks import Mark
from .provenance import Provenance

__all__ = ["Fate", "Remedy", "answer", "fates", "named", "noticed", "remedies", "why"]

_NAMED_EACH = 6
"""So many events are named one by one."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of required events, in words: one sentence for those that fare alike for one cause."""

    events: tuple[str, ...]
    words: str
    mark: Mark


def named(events: Sequence[str]) -> str:
    """Events in a sentence."""
    if len(events) > _NAMED_EACH:
        return f"{events[0]} and {len(events) - 1} more"
    return " and ".join(filter(None, (", ".join(events[:-1]), events[-1])))


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: the next step, why it matters, and the commands."""

    step: str
    why: str
    commands: str


def fates(evaluated: Evaluated) -> tuple[Fate, ...]:
    """Those of all required events: what disproves some, what could not be verified, then what is covered."""
    assessment = evaluated.assessment
    names = [event.name for event in assessment.events]
    alike: dict[tuple[Mark, bool, Cause | str], list[EventOutcome]] = {}
    for event in assessment.events:
        missed = bool(event.reasons) and not event.covered
        cause = cause_of(event.reasons[0], names) if missed else _reached(assessment, event)
        alike.setdefault((_mark(event), event.name in evaluated.accepted, cause), []).append(event)
    return tuple(
        Fate(tuple(event.name for event in events), _in_words(assessment, events, names, accepted), mark)
        for (mark, accepted, _), events in sorted(alike.items(), key=lambda each: _ORDER.index(each[0][0]))
    )


def answer(evaluated: Evaluated) -> str:
    """Whether somebody would be told, in one sentence; why not is said beside it."""
    assessment = evaluated.assessment
    if assessment.compliance is Compliance.COMPLIANT:
        return annotation(assessment)
    told = fates(evaluated)
    missing = {mark: [name for fate in told if fate.mark is mark for name in fate.events] for mark in _OPEN}
    return " ".join(f"{named(events)} {_OPEN[mark]}." for mark, events in missing.items() if events)


_OPEN = {Mark.BREAKS: "would go unnoticed", Mark.UNVERIFIED: "could not be verified"}
_ORDER = (*_OPEN, Mark.HOLDS)


def _mark(event: EventOutcome) -> Mark:
    if event.covered:
        return Mark.HOLDS
    return Mark.BREAKS if event.disproved else Mark.UNVERIFIED


def _in_words(assessment: Assessment, alike: list[EventOutcome], names: list[str], accepted: bool) -> str:
    first, one = alike[0], len(alike) == 1
    if first.covered:
        return f"{'reaches' if one else 'reach'} {_reached(assessment, first)}"
    state = f"{_OPEN[_mark(first)]}{', which is accepted' if accepted else ''}"
    reasons = [event.reasons[0] for event in alike if event.reasons]
    return f"{state}: {told(reasons, names)}" if reasons else state


def _reached(assessment: Assessment, event: EventOutcome) -> str:
    """Whom a covered event reaches."""
    whole = [chain for chain in assessment.chains if chain.whole and event.name in chain.sure | chain.maybe]
    reached = " and ".join(dict.fromkeys(chain.name_of(Hop.SUBSCRIPTION) or "" for chain in whole))
    return f"{reached}, but for what {', '.join(event.excused)} may do" if event.excused else reached


def noticed(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What weakens verdicts of several accounts or controls, each once, with whose it is."""
    whose: dict[str, list[str]] = {}
    known = [(outcome, Provenance.of(outcome)) for outcome in outcomes if isinstance(outcome, Evaluated)]
    for outcome, each in known:
        for notice in each.notices:
            name = f"{outcome.assessment.account_id} {outcome.assessment.region} {each.control}"
            whose.setdefault(notice, []).append(name)
    for notice, names in whose.items():
        yield notice if len(names) == len(known) else f"{notice} ({named(names)})"


def why(assessment: Assessment) -> str:
    """What the verdict names, in one sentence for all events that it breaks; empty where it is COMPLIANT."""
    names = [event.name for event in assessment.events]
    return next((told(together, names) for together in caused_by(assessment.reasons, names).values()), "")


def remedies(assessment: Assessment) -> tuple[Remedy, ...]:
    """What mends the events that are not covered, each once, that of the decisive break first."""
    named = {_key(reason) for event in assessment.events for reason in event.reasons}
    mending = (finding(reason) for reason in assessment.reasons if _key(reason) in named)
    return tuple(dict.fromkeys(Remedy(each.step, CATALOGUE[each.id].why, each.remedy) for each in mending))


def _key(reason: Reason) -> tuple[str, ...]:
    return reason.id, reason.subject, reason.detail
