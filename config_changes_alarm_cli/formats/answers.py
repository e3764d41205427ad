"""AWS's answers beside the product's, as text and as JSON. Neither says whose account was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from config_changes_alarm import __version__

from ..asking import Compared, Outcome

__all__ = ["answers_as_json", "answers_as_text"]

_WIDEST = 60


def answers_as_text(compared: Sequence[Compared]) -> str:
    """How many there are of each outcome; then, of all but those that agree, the table."""
    counts = Counter(each.outcome for each in compared)
    lines = [f"{len(compared)} questions put to logs:TestMetricFilter"]
    lines += [f"  {counts[outcome]:4} {outcome}" for outcome in Outcome]
    for outcome in (Outcome.DIFFERS, Outcome.REFUSED, Outcome.SETTLED):
        rows = [each for each in compared if each.outcome is outcome]
        if rows:
            lines += ["", outcome]
        for each in rows:
            lines += [
                f"  {each.asked.about}",
                f"    {_short(each.asked.pattern)} on {_short(each.asked.message)}",
                f"    AWS: {each.theirs}; here: {each.ours}",
            ]
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    shown = ascii(text)[1:-1] if not text.isprintable() else text
    return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 3] + "..."


def answers_as_json(compared: Sequence[Compared]) -> dict[str, Any]:
    """Ready for json.dumps; to be attached to a report."""
    counts = Counter(each.outcome for each in compared)
    return {
        "format": "config-changes-alarm answers",
        "version": __version__,
        "counts": {str(outcome): counts[outcome] for outcome in Outcome},
        "answers": [
            {
                "about": each.asked.about,
                "pattern": each.asked.pattern,
                "message": each.asked.message,
                "aws": each.theirs,
                "ours": each.ours,
                "outcome": str(each.outcome),
            }
            for each in compared
        ],
    }
