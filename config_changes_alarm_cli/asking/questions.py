"""The questions that are put to TestMetricFilter: a pattern and a message each, and what they are about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["Asked", "questions"]

PUBLISHED, CONTROLS, IN_USE = "a published answer", "a monitoring control", "a pattern in use"
_ANYTHING = "anything"
"""A message for those patterns of which only is asked whether AWS takes them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether the pattern matches the message. `about` is the open point, or where the question comes from."""

    about: str
    pattern: str
    message: str


def questions() -> tuple[Asked, ...]:
    """All of them, each once: the vectors, then the open points. AWS takes no empty message, so none is asked about."""
    return tuple(dict.fromkeys(asked for asked in _all() if asked.message))


def _all() -> Iterator[Asked]:
    for row in _rows("vectors/match.json"):
        yield Asked(PUBLISHED, row["pattern"], row["message"])
    for row in _rows("vectors/monitoring_controls.json"):
        for record in (row["matches"], row["rejects"]):
            yield Asked(CONTROLS, row["pattern"], json.dumps(record, separators=(",", ":")))
    for row in _rows("vectors/config_patterns.json"):
        yield Asked(IN_USE, row["pattern"], _ANYTHING)
    for row in _rows("open_points.json"):
        for message in row["messages"]:
            yield Asked(row["point"], row["pattern"], message)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((files(__package__) / name).read_text(encoding="utf-8"))
    return rows
