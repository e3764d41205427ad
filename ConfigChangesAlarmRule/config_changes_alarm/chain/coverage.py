"""What whole paths cover together: proved on the union of their patterns, or not at all.

AWS's own answers can only refute. That it matches some records is no proof for others: where it documents nothing,
nobody knows which records stand for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..assessment import Chain, EventOutcome
from ..control import narrowed_by
from ..filter_pattern import Answer, Pattern, matches
from ..findings import FindingId
from ..proof import Covered, Missed, Undecided, covers
from .aws_answers import MAX_TEST_MESSAGES, unmatched_by_aws
from .context import Context, FollowedEvent
from .reasons import filter_reason

__all__ = ["outcomes_of"]


def outcomes_of(context: Context, chains: Sequence[Chain]) -> tuple[EventOutcome, ...]:
    """Of every required event, whether the whole ones among the paths cover it."""
    whole = [chain for chain in chains if chain.whole]
    return tuple(_outcome(context, name, whole) for name in context.events)


def _outcome(context: Context, name: str, whole: Sequence[Chain]) -> EventOutcome:
    event = context.events[name]
    carrying = [chain for chain in whole if name in chain.sure | chain.maybe]
    patterns = tuple(dict.fromkeys(chain.pattern for chain in carrying if chain.pattern is not None))
    outcome = EventOutcome(name, covered=False, excused=_excused(context, event, patterns))
    # What is excused counts as if a filter matched it, beside a path and never instead of one.
    counted = (*patterns, *(context.excused[each] for each in outcome.excused)) if patterns else ()
    verdict = covers(event.narrowed, counted, event.model, context.budget)
    match verdict:
        case Covered():
            return replace(outcome, covered=True)
        case Missed():
            return replace(outcome, counterexample=verdict.message)
        case Undecided():
            return _undecided(context, event, carrying, outcome, verdict)


def _excused(context: Context, event: FollowedEvent, patterns: Sequence[Pattern]) -> tuple[str, ...]:
    """Whose records are excused here: some of them are such an event, and the patterns may not match it."""
    return tuple(
        name
        for name, excused in context.excused.items()
        if not isinstance(
            covers(narrowed_by(event.narrowed, excused.condition), patterns, event.model, context.budget), Covered
        )
    )


def _undecided(
    context: Context, event: FollowedEvent, carrying: Sequence[Chain], outcome: EventOutcome, verdict: Undecided
) -> EventOutcome:
    """Never covered. A typical record of the event that AWS matches with none of the filters refutes them together."""
    excused = [context.excused[name] for name in outcome.excused]
    samples = [
        message
        for message in event.model.bases
        if matches(event.narrowed, message) is Answer.MATCH
        and all(matches(each, message) is Answer.NO_MATCH for each in excused)
    ][:MAX_TEST_MESSAGES]
    filters = tuple(dict.fromkeys(chain.metric_filter for chain in carrying if chain.metric_filter is not None))
    missed = unmatched_by_aws(context.account, filters, samples)
    if missed:
        return replace(outcome, counterexample=missed[0])
    reasons = tuple(filter_reason(FindingId.PATTERN_UNDECIDED, each, verdict.reason) for each in filters)
    return replace(outcome, reasons=reasons)
