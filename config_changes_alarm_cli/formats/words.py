"""What every report says of an assessment in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from config_changes_alarm.assessment import Assessment, EventOutcome, Hop
from config_changes_alarm.findings import CATALOGUE, finding

__all__ = ["Remedy", "outcome_in_words", "remedies"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: the next step, why it matters, and the commands."""

    step: str
    why: str
    commands: str


def outcome_in_words(assessment: Assessment, event: EventOutcome) -> str:
    """Whom a covered event reaches, or why another goes unnoticed or could not be verified."""
    if not event.covered:
        state = "unnoticed" if event.disproved else "not verified"
        return f"{state}: {finding(event.reasons[0]).summary}" if event.reasons else state
    whole = [chain for chain in assessment.chains if chain.whole and event.name in chain.sure | chain.maybe]
    return "reaches " + " and ".join(dict.fromkeys(chain.name_of(Hop.SUBSCRIPTION) or "" for chain in whole))


def remedies(assessment: Assessment) -> tuple[Remedy, ...]:
    """What mends the events that are not covered, each once, the most telling first."""
    told = (finding(reason) for event in assessment.events for reason in event.reasons)
    return tuple(dict.fromkeys(Remedy(each.step, CATALOGUE[each.id].why, each.remedy) for each in told))
