"""Patterns in use and AWS's own answers, which `ask-aws` puts to AWS too. Every row says where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import config_changes_alarm_cli

SHIPPED = Path(config_changes_alarm_cli.__file__).parent / "asking" / "vectors"


def vectors(table: str) -> list[dict[str, Any]]:
    """The rows of one table: `match`, `config_patterns` or `monitoring_controls`."""
    rows: list[dict[str, Any]] = json.loads((SHIPPED / f"{table}.json").read_text(encoding="utf-8"))
    return rows
