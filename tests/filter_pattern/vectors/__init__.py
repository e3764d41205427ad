"""Patterns in use and AWS's own answers as JSON. Every row says where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def vectors(table: str) -> list[dict[str, Any]]:
    """The rows of one table: `match`, `config_patterns` or `monitoring_controls`."""
    rows: list[dict[str, Any]] = json.loads((HERE / f"{table}.json").read_text(encoding="utf-8"))
    return rows
