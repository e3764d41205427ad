"""The explanation of a filter pattern as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from ..explanation import Explanation, Matched, PatternVerdict
from .text import PLAIN, Style

__all__ = ["explanation_as_json", "explanation_as_text"]


def explanation_as_text(explained: Explanation, style: Style = PLAIN) -> str:
    """The verdict, every event, and what is wrong."""
    return "\n".join(_lines(explained, style)) + "\n"


def _lines(explained: Explanation, style: Style) -> Iterator[str]:
    good = explained.verdict is PatternVerdict.COVERED
    yield (style.good if good else style.bad)(explained.verdict)
    if explained.verdict is PatternVerdict.INVALID:
        yield from ("", explained.problem or "")
        return
    longest = max((len(event.name) for event in explained.events), default=0)
    for event in explained.events:
        always = event.matched is Matched.ALWAYS
        words = f"only when {event.condition}" if event.condition is not None else str(event.matched)
        shown = f"  {style.mark(always)} {event.name:<{longest}}  "
        lines = _wrapped(words, style.width - longest - 6)
        yield shown + lines[0]
        yield from (" " * (longest + 6) + line for line in lines[1:])
    if explained.problem:
        yield from ("", *_wrapped(f"{explained.problem}.", style.width))
    if explained.routine:
        routine = ", ".join(explained.routine)
        told = f"It also matches routine events, which keep an alarm in ALARM, so that nobody is told: {routine}."
        yield from ("", *_wrapped(told, style.width))
    if explained.counterexample is not None:
        yield from ("", "This record would go unnoticed:")
        yield json.dumps(explained.counterexample, indent=2)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 24), break_long_words=False, break_on_hyphens=False) or [""]


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
