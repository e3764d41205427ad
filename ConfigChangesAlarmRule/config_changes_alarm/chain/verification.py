"""Is an event that is not covered disproved, or could it only not be verified?

Disproved is what would go unnoticed even if everything held that could not be verified. So the paths that nothing
disproves count here as if they were whole: what they cover together stays possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..assessment import Chain, EventOutcome
from ..proof import Missed, covers, left_out
from .context import Context

__all__ = ["possible_paths", "verified"]


def possible_paths(name: str, chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The paths that may carry an event and that nothing disproves, whole ones among them.

    One that breaks before its log group's filters were read may carry anything, unless it says what.
    """
    return tuple(chain for chain in chains if not chain.disproved and _may_carry(chain, name))


def _may_carry(chain: Chain, name: str) -> bool:
    return name in chain.sure | chain.maybe or (chain.metric_filter is None and not chain.maybe)


def verified(context: Context, outcome: EventOutcome, chains: Sequence[Chain]) -> EventOutcome:
    """The outcome of an event that is not covered: with a record that would go unnoticed, or not verified.

    Where no path is possible it is disproved, even if no record is known to be such an event.
    """
    possible = possible_paths(outcome.name, chains)
    missed = _missed(context, outcome.name, possible)
    if missed is not None:
        return replace(outcome, counterexample=missed.message)
    known = all(chain.whole for chain in possible) and outcome.counterexample is not None
    return outcome if known or not possible else replace(outcome, verified=False, counterexample=None)


def _missed(context: Context, name: str, possible: Sequence[Chain]) -> Missed | None:
    """A record that is on none of the paths, rather one that an owner meant to leave out."""
    event = context.events[name]
    if any(chain.pattern is None for chain in possible):
        return None
    carrying = (chain.pattern for chain in possible if chain.pattern is not None)
    patterns = tuple(dict.fromkeys((*carrying, *context.excused.values())))
    verdict = covers(event.narrowed, patterns, event.model, context.budget)
    if not isinstance(verdict, Missed):
        return None
    return left_out(event.narrowed, patterns, event.model, context.budget) or verdict
