"""The plans of the tests: what `terraform show -json` printed for `configurations`, and what differs from them.

The configurations are small ones of the kinds that public modules are of: an alarm for each control out of a map, a
baseline of modules, a topic that is chosen in a local value, alarms for what lies elsewhere.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli.plan import PlannedAssessment, judge, read_plan

Document = dict[str, Any]
Edit = Callable[[Document], None]

HERE = Path(__file__).parent
CONFIGURATIONS = tuple(sorted(path.name for path in (HERE / "configurations").iterdir()))
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def a_plan(name: str = "complete", *edits: Edit) -> Document:
    """A plan, with what differs from it."""
    document: Document = copy.deepcopy(json.loads((HERE / "plans" / f"{name}.json").read_text(encoding="utf-8")))
    for edit in edits:
        edit(document)
    return document


def judged(document: Document, control: str | None = None, **told: Any) -> PlannedAssessment:
    """The assessment of one control."""
    parameters = {} if control is None else {"Control": control}
    (made,) = judge(read_plan(json.dumps(document).encode()), [Requirement.parse(parameters)], NOW, **told)
    return made


# --------------------------------------------------------------------------- what differs


def planned(address: str, **values: Any) -> Edit:
    """A resource is planned with these values, all of them known."""

    def edit(document: Document) -> None:
        for resource in _resources(document):
            if resource["address"] == address:
                resource.setdefault("values", {}).update(values)
        change = _change(document, address)
        change["after"].update(values)
        for name in values:
            change["after_unknown"].pop(name, None)

    return edit


def known_after_apply(address: str, name: str, *references: str) -> Edit:
    """An attribute is known only after apply, and its expression names these."""

    def edit(document: Document) -> None:
        for resource in _resources(document):
            if resource["address"] == address:
                resource.get("values", {}).pop(name, None)
        change = _change(document, address)
        change["after"].pop(name, None)
        change["after_unknown"][name] = True
        block = next(each for each in document["configuration"]["root_module"]["resources"] if _of(each, address))
        block["expressions"][name] = {"references": list(references)}

    return edit


def without(*addresses: str) -> Edit:
    """Resources are not there."""

    def edit(document: Document) -> None:
        for module in _modules(document["planned_values"]["root_module"]):
            module["resources"] = [each for each in module.get("resources", ()) if each["address"] not in addresses]
        document["resource_changes"] = [
            each for each in document["resource_changes"] if each["address"] not in addresses
        ]

    return edit


def there_already(address: str, **values: Any) -> Edit:
    """A resource stays as it is."""

    def edit(document: Document) -> None:
        planned(address, **values)(document)
        change = _change(document, address)
        change["actions"], change["after_unknown"] = ["no-op"], {}

    return edit


def an_unknown_bucket(document: Document, type_: str = "aws_s3_bucket") -> None:
    """A resource whose attributes are known only after apply, for what names it."""
    named = {"address": f"{type_}.somewhere", "mode": "managed", "type": type_, "name": "somewhere"}
    root = document["planned_values"]["root_module"]
    root["resources"].append({**named, "values": {}})
    document["resource_changes"].append(
        {**named, "change": {"actions": ["create"], "before": None, "after": {}, "after_unknown": {"id": True}}}
    )
    document["configuration"]["root_module"]["resources"].append({**named, "expressions": {}})


def _change(document: Document, address: str) -> Document:
    found: Document = next(each["change"] for each in document["resource_changes"] if each["address"] == address)
    return found


def _of(block: Document, address: str) -> bool:
    return bool(block["address"] == address.partition("[")[0])


def _resources(document: Document) -> Iterator[Document]:
    for module in _modules(document["planned_values"]["root_module"]):
        yield from module.get("resources", ())


def _modules(module: Document) -> Iterator[Document]:
    yield module
    for child in module.get("child_modules", ()):
        yield from _modules(child)
