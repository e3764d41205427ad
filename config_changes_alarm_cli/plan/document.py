"""What `terraform show -json PLAN` prints, as values: the resources that the plan would leave, and its configuration.

OpenTofu prints the same. Source: Terraform, "JSON Output Format" (developer.hashicorp.com/terraform/internals/
json-format): minor versions of the format only add members, so what is not known here is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["MalformedPlan", "Plan", "Resource", "read_plan"]

_FORMAT_VERSIONS = ("0", "1")
"""Major versions that are read. 0.x is that of Terraform before 1.1, with the same members."""

_NAMES = ("address", "mode", "type", "name", "module_address")
_HOW = "give what `terraform show -json PLAN` prints"


class MalformedPlan(Exception):
    """What was given is no plan that can be judged, and why, in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One instance of a resource or data source, as the plan would leave it. Each is itself alone.

    `module` is the address of the module's instance, empty for the root module. `values` has no member for what is
    known only after apply; `unknown` has true in its place.
    """

    address: str
    module: str
    mode: str
    type: str
    name: str
    index: str | int | None
    values: Mapping[str, Any]
    unknown: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing of it is there before apply."""
        return "create" in self.actions


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `resources` are by address, data sources among them; `deleted` are those that it would take away.

    `configuration`, of the root module, `providers` and `variables` are as Terraform prints them.
    """

    resources: Mapping[str, Resource]
    deleted: tuple[Resource, ...]
    configuration: Mapping[str, Any]
    providers: Mapping[str, Any]
    variables: Mapping[str, Any]
    is_complete: bool

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Those that Terraform manages, in the plan's order."""
        return (each for each in self.resources.values() if each.mode == "managed" and each.type in types)


def read_plan(content: bytes) -> Plan:
    """Raises `MalformedPlan`."""
    document = _parsed(content)
    _check(document)
    try:
        return _plan(document)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise MalformedPlan(f"its resources are not written as Terraform writes them: {_HOW}") from None


def _plan(document: Mapping[str, Any]) -> Plan:
    changes = {each["address"]: each for each in document.get("resource_changes") or ()}
    known = dict(_walked(_root(document.get("prior_state") or {}, "values"), "data", {}))
    planned = dict(_walked(document["planned_values"].get("root_module") or {}, None, changes))
    deferred = {
        address: _changed(each) for address, each in changes.items() if each.get("mode") == "data" and _after(each)
    }
    return Plan(
        resources={**known, **planned, **deferred},
        deleted=tuple(_changed(each, "before") for each in changes.values() if each["change"]["actions"] == ["delete"]),
        configuration=document["configuration"].get("root_module") or {},
        providers=document["configuration"].get("provider_config") or {},
        variables=_variables(document),
        is_complete=document.get("complete", True) is not False,
    )


def _parsed(content: bytes) -> Any:
    if content.startswith(b"PK"):
        raise MalformedPlan(f"it is a plan as Terraform saves it: {_HOW}")
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedPlan(f"it is no text: {_HOW}") from None
    if not text.strip():
        raise MalformedPlan(f"it is empty: {_HOW}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if '"@level"' in text.partition("\n")[0]:
            raise MalformedPlan(f"it is the log that `terraform plan -json` prints: {_HOW}") from None
        raise MalformedPlan(f"it is no JSON: {_HOW}") from None


def _check(document: Any) -> None:
    if not isinstance(document, dict):
        raise MalformedPlan(f"it is no plan: {_HOW}")
    if "planned_values" not in document and ("values" in document or "lineage" in document):
        raise MalformedPlan(f"it is a state, which says what is there and not what would be: {_HOW}")
    if "format_version" not in document:
        raise MalformedPlan(f"it has no format_version: {_HOW}")
    version = str(document["format_version"])
    if version.partition(".")[0] not in _FORMAT_VERSIONS:
        raise MalformedPlan(f"its format version is {version}, this program reads 1.x")
    if document.get("errored") is True:
        raise MalformedPlan("the plan is one that failed half-way: plan again")
    for member, words in (("planned_values", "planned values"), ("configuration", "configuration")):
        if not isinstance(document.get(member), dict):
            raise MalformedPlan(f"it has no {words}, only a part of a plan: {_HOW}")


def _root(document: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    root: Mapping[str, Any] = (document.get(member) or {}).get("root_module") or {}
    return root


def _walked(
    module: Mapping[str, Any], mode: str | None, changes: Mapping[str, Any], address: str = ""
) -> Iterator[tuple[str, Resource]]:
    """The resources of a module and of those below it, of one mode alone where that is given."""
    for each in module.get("resources") or ():
        if mode in (None, each.get("mode")):
            yield each["address"], _resource(each, address, each.get("values") or {}, changes.get(each["address"]))
    for child in module.get("child_modules") or ():
        yield from _walked(child, mode, changes, child.get("address", ""))


def _changed(change: Mapping[str, Any], member: str = "after") -> Resource:
    return _resource(change, change.get("module_address", ""), change["change"].get(member) or {}, change)


def _after(change: Mapping[str, Any]) -> bool:
    return change["change"].get("after") is not None or bool(change["change"].get("after_unknown"))


def _resource(
    named: Mapping[str, Any], module: str, values: Mapping[str, Any], change: Mapping[str, Any] | None
) -> Resource:
    unknown = (change or {}).get("change", {}).get("after_unknown")
    if not isinstance(values, dict) or not all(isinstance(named.get(each, ""), str) for each in _NAMES):
        raise TypeError(named)
    return Resource(
        address=named["address"],
        module=module,
        mode=named.get("mode", "managed"),
        type=named["type"],
        name=named["name"],
        index=named.get("index"),
        values=values,
        unknown=unknown if isinstance(unknown, dict) else {},
        actions=tuple((change or {}).get("change", {}).get("actions", ())),
    )


def _variables(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: (each or {}).get("value") for name, each in (document.get("variables") or {}).items()}
