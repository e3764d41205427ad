"""Why a required event is not covered: a record that would go unnoticed, and what breaks its most promising path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..assessment import Chain, EventOutcome, Hop
from ..control import concerns, meant_for_another
from ..filter_pattern import Pattern
from ..findings import FindingId, Reason
from ..proof import Covered, covers, only_when
from .context import Context, Sources
from .reasons import filter_reason, no_metric_filter
from .verification import possible_paths, verified

__all__ = ["explained", "meant_for_control"]


def explained(context: Context, outcome: EventOutcome, chains: Sequence[Chain], sources: Sources) -> EventOutcome:
    """The outcome with why the event is not covered, and if that is known a record that would go unnoticed.

    What could not be verified is explained by what was not; otherwise only filters that are meant for the control are
    to blame. `sources` are the log groups that could have one.
    """
    if outcome.covered:
        return outcome
    outcome = verified(context, outcome, chains)
    if outcome.reasons:
        return outcome
    if outcome.verified:
        meant = [chain for chain in chains if chain.metric_filter is None or meant_for_control(context, chain)]
        return replace(outcome, reasons=_reasons_for(context, outcome.name, meant, sources))
    unverified = [chain for chain in possible_paths(outcome.name, chains) if not chain.whole]
    return replace(outcome, reasons=_reasons_for(context, outcome.name, unverified, {}))


def meant_for_control(context: Context, chain: Chain) -> bool:
    """Whether a path's filter is meant for the control. Of a pattern that cannot be read nobody knows better."""
    pattern = chain.pattern
    return pattern is None or context.memory.once(("meant", pattern), partial(_concerns, context, pattern))


def _concerns(context: Context, pattern: Pattern) -> bool:
    events = {event.narrowed: event.model for event in context.events.values()}
    required, judged = context.requirement.pattern, context.requirement.control
    if not concerns(pattern, required, events, context.budget):
        return False
    return not meant_for_another(pattern, judged, events, context.budget)


def _reasons_for(context: Context, name: str, chains: Sequence[Chain], sources: Sources) -> tuple[Reason, ...]:
    """What breaks the path of the filter that carries most events, this one among them or at least some of it."""
    carrying = [chain for chain in chains if name in chain.sure and chain.reasons]
    if carrying:
        return max(carrying, key=_promise).reasons
    sometimes = [chain for chain in chains if name in chain.maybe and chain.metric_filter is not None]
    if sometimes:
        best = max(sometimes, key=_promise)
        return best.reasons or (_missed(best, _gap(context, name, best)),)
    unrecorded = _unrecorded(context, name, chains, sources)
    if unrecorded is not None:
        return unrecorded.reasons
    near = [chain for chain in chains if chain.metric_filter is not None and not _too_broad(chain)]
    if near:
        return (_missed(max(near, key=_promise), name),)
    for source in sources.values():
        return (no_metric_filter(source),)
    furthest = max((chain for chain in chains if chain.reasons), key=lambda chain: chain.progress, default=None)
    return () if furthest is None else furthest.reasons


def _too_broad(chain: Chain) -> bool:
    """Whether its metric counts routine events: what is added to that one reaches nobody either."""
    return any(reason.id is FindingId.PATTERN_MATCHES_ROUTINE for reason in chain.reasons)


def _promise(chain: Chain) -> tuple[object, ...]:
    """How much of what is required a path carries, and how far."""
    return len(chain.sure), len(chain.maybe), chain.whole, chain.progress


def _missed(chain: Chain, detail: str) -> Reason:
    assert chain.metric_filter is not None
    return filter_reason(FindingId.PATTERN_MISSES_EVENT, chain.metric_filter, detail)


def _unrecorded(context: Context, name: str, chains: Sequence[Chain], sources: Sources) -> Chain | None:
    """The path that ends at a trail which does not record the event, if that is what breaks it.

    Where another trail records it, only if a filter behind this one would have matched it.
    """
    ends = [chain for chain in chains if name in chain.maybe and chain.metric_filter is None]
    if not any(name in source.captured for source in sources.values()):
        return next(iter(ends), None)
    event = context.events[name]
    filters = dict.fromkeys(
        (chain.metric_filter.log_group, chain.pattern)
        for chain in chains
        if chain.metric_filter is not None and chain.pattern is not None
    )
    behind = {
        log_group
        for log_group, pattern in filters
        if isinstance(covers(event.narrowed, (pattern,), event.model, context.budget), Covered)
    }
    trails = {source.trail.name for group, source in sources.items() if group in behind and name not in source.captured}
    return next((end for end in ends if end.name_of(Hop.TRAIL) in trails), None)


def _gap(context: Context, name: str, chain: Chain) -> str:
    """Which of an event's records a filter matches, in words."""
    event = context.events[name]
    patterns = () if chain.pattern is None else (chain.pattern,)
    condition = only_when(event.narrowed, patterns, event.model, context.budget)
    return f"some {name}" if condition is None else f"it sees {name} only when {condition}"
