"""The explanation of a filter pattern as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ..explanation import EventMatch, Explanation, Matched, PatternVerdict
from .marks import Mark
from .style import PLAIN, Style, hanging

__all__ = ["explanation_as_json", "explanation_as_text"]


def explanation_as_text(explained: Explanation, style: Style = PLAIN) -> str:
    """The verdict, every event, and what is wrong."""
    return style.printed(*_parts(explained, style))


def _parts(explained: Explanation, style: Style) -> Iterator[RenderableType]:
    yield Text(explained.verdict, style=f"verdict-{_VERDICTS[explained.verdict].colour}")
    if explained.verdict is PatternVerdict.INVALID:
        yield Text(f"\n{explained.problem or ''}", no_wrap=True)
        return
    missed = Mark.UNVERIFIED if explained.verdict is PatternVerdict.UNDECIDED else Mark.BREAKS
    for words, events in _alike(explained.events):
        mark = Mark.HOLDS if events[0].matched is Matched.ALWAYS else missed
        yield hanging(("  ", style.marked(mark), " "), f"{', '.join(event.name for event in events)}: {words}")
    if explained.problem:
        yield Text(f"\n{explained.problem}.")
    if explained.routine:
        routine = ", ".join(explained.routine)
        yield Text(
            f"\nIt also matches routine events, which keep an alarm in ALARM, so that nobody is told: {routine}."
        )
    if explained.counterexample is not None:
        yield Text("\nThis record would go unnoticed:")
        yield Text(json.dumps(explained.counterexample, indent=2), no_wrap=True)


_VERDICTS = {
    PatternVerdict.COVERED: Mark.HOLDS,
    PatternVerdict.TOO_BROAD: Mark.BREAKS,
    PatternVerdict.MISSED: Mark.BREAKS,
    PatternVerdict.UNDECIDED: Mark.UNVERIFIED,
    PatternVerdict.INVALID: Mark.BREAKS,
}


def _alike(events: Sequence[EventMatch]) -> Iterator[tuple[str, list[EventMatch]]]:
    """The events with what becomes of them: those that fare alike are one sentence."""
    alike: dict[str, list[EventMatch]] = {}
    for event in events:
        words = f"only when {event.condition}" if event.condition is not None else str(event.matched)
        alike.setdefault(words, []).append(event)
    yield from alike.items()


def explanation_as_json(explained: Explanation) -> dict[str, Any]:
    """`{"verdict", "events", "counterexample", "routine", "reason"}`, ready for json.dumps."""
    conditions = [f"{event.name} only when {event.condition}" for event in explained.events if event.condition]
    reasons = ([explained.problem] if explained.problem else []) + conditions
    return {
        "verdict": str(explained.verdict),
        "events": {event.name: str(event.matched) for event in explained.events},
        "counterexample": explained.counterexample,
        "routine": list(explained.routine),
        "reason": "; ".join(reasons) or None,
    }
