"""Decision tables as JSON. Every case has a name and the section of the specification that it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = Path(__file__).with_suffix(".schema.json")


def vectors(test: str, table: str) -> list[dict[str, Any]]:
    """The cases of one table in `vectors/` beside the test's file, each as its schema says, no two of one name."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = json.loads((Path(test).parent / f"vectors/{table}.json").read_text(encoding="utf-8"))
    for case in cases:
        jsonschema.validate(case, {"allOf": [schema["$defs"]["case"], schema["$defs"]["cases"][table]]})
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names)
    return cases
