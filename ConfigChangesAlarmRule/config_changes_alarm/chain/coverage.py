"""What whole paths cover together: proved on the union of their patterns, or else as far as AWS itself answers."""

from __future__ import annotations

from collections.abc import Sequence

from ..account import Unreadable
from ..assessment import Chain, EventOutcome
from ..findings import FindingId
from ..proof import Covered, Missed, Undecided, covers
from .aws_answers import matched_by_aws
from .context import Context
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
    verdict = covers(event.narrowed, patterns, event.model)
    match verdict:
        case Covered():
            return EventOutcome(name, covered=True)
        case Missed():
            return EventOutcome(name, covered=False, counterexample=verdict.message)
        case Undecided():
            return _asked(context, name, carrying, verdict)


def _asked(context: Context, name: str, carrying: Sequence[Chain], undecided: Undecided) -> EventOutcome:
    """Puts the undecided records to AWS itself: covered when every one is matched by some whole path's filter."""
    messages = undecided.messages
    matched: set[int] = set()
    refused = not messages
    for chain in carrying:
        if chain.metric_filter is None or refused:
            continue
        answer = matched_by_aws(context.account, chain.metric_filter, messages)
        if isinstance(answer, Unreadable):
            refused = True
        else:
            matched |= answer
    if not refused and len(matched) == len(messages):
        return EventOutcome(name, covered=True)
    reasons = tuple(
        filter_reason(context, FindingId.PATTERN_UNDECIDED, chain.metric_filter, undecided.reason)
        for chain in carrying
        if chain.metric_filter is not None
    )
    missing = [message for number, message in enumerate(messages) if number not in matched]
    if refused or not missing:
        return EventOutcome(name, covered=False, reasons=reasons)
    return EventOutcome(name, covered=False, counterexample=missing[0])
