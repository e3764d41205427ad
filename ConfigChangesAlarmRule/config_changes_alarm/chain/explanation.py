"""Why a required event is not covered: a record that would go unnoticed, and what breaks its most promising path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..assessment import Chain, EventOutcome
from ..findings import FindingId, Reason
from ..proof import only_when
from .context import Context, Source, Sources
from .reasons import filter_reason
from .verification import possible_paths, verified

__all__ = ["explained", "unfiltered"]


def explained(context: Context, outcome: EventOutcome, chains: Sequence[Chain], sources: Sources) -> EventOutcome:
    """The outcome with why the event is not covered, and if that is known a record that would go unnoticed.

    `chains` the most promising first. What could not be verified is explained by what was not.
    """
    if outcome.covered:
        return outcome
    outcome = verified(context, outcome, chains)
    if not outcome.verified:
        possible = possible_paths(outcome.name, chains)
        chains, sources = [chain for chain in possible if not chain.whole], {}
    reasons = outcome.reasons or _reasons_for(context, outcome.name, chains, sources)
    return replace(outcome, reasons=reasons)


def _reasons_for(context: Context, name: str, chains: Sequence[Chain], sources: Sources) -> tuple[Reason, ...]:
    """What breaks the path that got furthest with this event."""
    carrying = [chain for chain in chains if name in chain.sure and chain.reasons]
    partial_ = [chain for chain in chains if name in chain.maybe]
    best = max(carrying, key=lambda chain: chain.progress, default=None)
    if best is not None:
        return best.reasons
    for chain in sorted(partial_, key=lambda chain: (chain.whole, chain.progress), reverse=True):
        if chain.metric_filter is None:
            continue
        gap = _gap(context, name, chain)
        missed = filter_reason(context, FindingId.PATTERN_MISSES_EVENT, chain.metric_filter, gap)
        return chain.reasons or (missed,)
    near = [chain for chain in chains if chain.sure | chain.maybe and chain.metric_filter is not None]
    if near:
        best = max(near, key=lambda chain: (len(chain.sure), chain.progress))
        assert best.metric_filter is not None
        return (filter_reason(context, FindingId.PATTERN_MISSES_EVENT, best.metric_filter, name),)
    for source in sources.values():
        return (_no_metric_filter(context, source),)
    furthest = max((chain for chain in chains if chain.reasons), key=lambda chain: chain.progress, default=None)
    return () if furthest is None else furthest.reasons


def _gap(context: Context, name: str, chain: Chain) -> str:
    """Which of an event's records a filter matches, in words."""
    event = context.events[name]
    patterns = () if chain.pattern is None else (chain.pattern,)
    condition = only_when(event.narrowed, patterns, event.model)
    return f"some {name}" if condition is None else f"it sees {name} only when {condition}"


def unfiltered(context: Context, sources: Sources, candidates: Sequence[Chain]) -> tuple[Chain, ...]:
    """The paths that end at a log group none of whose filters could carry an event."""
    filtered = {candidate.metric_filter.log_group for candidate in candidates if candidate.metric_filter}
    return tuple(
        source.chain.broken(_no_metric_filter(context, source))
        for source in sources.values()
        if source.log_group not in filtered
    )


def _no_metric_filter(context: Context, source: Source) -> Reason:
    facts = (
        ("region", source.log_group.region),
        ("log_group_name", source.log_group.name),
        ("required_filter_pattern", str(context.requirement.pattern)),
    )
    count = len(source.metric_filters)
    detail = f"none of its {count} filters matches it" if count else "it has none at all"
    return Reason(FindingId.NO_METRIC_FILTER, source.log_group.name, detail, facts)
