"""CloudTrail records that were captured or published, personal details replaced. Each says where it is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def records() -> list[dict[str, Any]]:
    """`source`, `kind` (captured, a sample of the documentation, written for a test) and the `record`."""
    rows: list[dict[str, Any]] = json.loads((HERE / "records.json").read_text(encoding="utf-8"))
    return rows
