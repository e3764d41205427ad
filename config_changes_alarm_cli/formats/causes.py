"""One cause is told once: reasons that differ in nothing but the required event are one sentence about all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from config_changes_alarm.findings import FindingId, Reason, finding

__all__ = ["Cause", "cause_of", "caused_by", "listed", "told"]

Cause: TypeAlias = tuple[FindingId, str, str]
"""What a reason says, without the name of the event that it says it of."""

_NAMED_EACH = 4
"""So many events are named one by one, where it is not simply all of them."""


def cause_of(reason: Reason, events: Sequence[str]) -> Cause:
    """`events` are the names of the required ones."""
    return reason.id, reason.subject, _names(events).sub("", reason.detail)


def caused_by(reasons: Iterable[Reason], events: Sequence[str]) -> dict[Cause, list[Reason]]:
    """The reasons by their cause, in their order."""
    causes: dict[Cause, list[Reason]] = {}
    for reason in reasons:
        causes.setdefault(cause_of(reason, events), []).append(reason)
    return causes


def told(together: Sequence[Reason], events: Sequence[str]) -> str:
    """Reasons with one cause as one sentence, with all the events that they name."""
    first, pattern = together[0], _names(events)
    found = {name for reason in together for name in pattern.findall(reason.detail)}
    if len(found) > 1:
        names = listed([name for name in events if name in found], events)
        first = replace(first, detail=pattern.sub(lambda _: names, first.detail))
    return finding(first).summary


def listed(names: Sequence[str], events: Sequence[str]) -> str:
    """Some of the required events in words."""
    if len(names) == len(events):
        return "the required event" if len(events) == 1 else f"all {len(events)} events"
    if len(names) > _NAMED_EACH:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _names(events: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(events, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
