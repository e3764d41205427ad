"""Decision tables as JSON. Every case has a name and the section of the specification that it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

HERE = Path(__file__).parent


def vectors(table: str) -> list[dict[str, Any]]:
    """The cases of one table, each as its schema says, no two of one name."""
    schema = json.loads((HERE / "schema.json").read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = json.loads((HERE / f"{table}.json").read_text(encoding="utf-8"))
    for case in cases:
        jsonschema.validate(case, {"allOf": [schema["$defs"]["case"], schema["$defs"]["cases"][table]]})
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names)
    return cases
