"""Where a value that is known only after apply comes from: the resources that its expression names.

A plan's configuration has of an expression no more than its references (`aws_sns_topic.alarms.arn`, `var.topic`), so
what is found are the resources that may have made the value, never how. References are followed through the inputs and
outputs of modules and through `each.value`. What a local value names is not in a plan: it may be all that its module
can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .document import Plan, Resource

__all__ = ["Origin", "References", "Traced", "most_specific"]

_PART = re.compile(r'([^.\[\]"]+)|\[("(?:[^"\\]|\\.)*"|\d+)\]')
_KEYED = ("each.key", "count.index")
"""References that choose the instance with the same key."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A resource that may have made the value, and which of its attributes, None where the reference does not say."""

    resource: Resource
    attribute: str | None


@dataclass(frozen=True, slots=True)
class Traced:
    """What references lead to: `named` by themselves, `seen` by way of local values, which may mean any of these.

    It is `plain` where the references name nothing else, as a list of resources does and a choice between them cannot.
    """

    named: tuple[Origin, ...] = ()
    seen: tuple[Origin, ...] = ()
    plain: bool = True

    def __or__(self, other: Traced) -> Traced:
        named, seen = (*self.named, *other.named), (*self.seen, *other.seen)
        return Traced(tuple(dict.fromkeys(named)), tuple(dict.fromkeys(seen)), self.plain and other.plain)


_KNOWN = Traced(plain=False)
"""Of what is known before apply, a variable with a value or a key: it makes no unknown value, but may choose one."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """An instance of a module: its address, its configuration, and the call that made it within its parent."""

    address: str
    configuration: Mapping[str, Any]
    parent: _Scope | None = None
    call: Mapping[str, Any] = field(default_factory=dict)
    key: str | int | None = None


class References:
    """The configuration of a plan, and the resources that its references lead to."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._instances: dict[tuple[str, str, str, str], list[Resource]] = {}
        for each in plan.resources.values():
            self._instances.setdefault((each.module, each.mode, each.type, each.name), []).append(each)
        self._modules = sorted({each.module for each in plan.resources.values()})

    def configured(self, resource: Resource) -> Mapping[str, Any]:
        """The resource's block: `expressions`, `provider_config_key`, what makes its instances."""
        scope = self._scope(resource.module)
        blocks = scope.configuration.get("resources") or () if scope else ()
        return next((each for each in blocks if _names(each, resource)), {})

    def seen_by(self, resource: Resource) -> tuple[Origin, ...]:
        """All that the module can see in which the resource stands: what an expression that is not shown may name."""
        scope = self._scope(resource.module)
        return () if scope is None else self._of_local(scope, frozenset()).seen

    def traced(self, resource: Resource, expression: Mapping[str, Any]) -> Traced:
        """Where the value of an expression in the resource's block comes from."""
        scope = self._scope(resource.module)
        if scope is None:
            return _KNOWN
        return self._traced(expression, scope, resource.index, self.configured(resource), frozenset())

    # ------------------------------------------------------------------- modules

    def _scope(self, address: str) -> _Scope | None:
        """An instance of a module by its address; None where the configuration does not have it."""
        scope = _Scope("", self._plan.configuration)
        parts = _parts(address)
        while parts:
            _, name, *parts = parts
            key, parts = (_key(parts[0]), parts[1:]) if parts and parts[0].startswith("[") else (None, parts)
            inner = self._within(scope, str(name), key)
            if inner is None:
                return None
            scope = inner
        return scope

    def _within(self, scope: _Scope, name: str, key: str | int | None) -> _Scope | None:
        call = (scope.configuration.get("module_calls") or {}).get(name)
        if call is None:
            return None
        address = ".".join(filter(None, (scope.address, f"module.{name}{_bracketed(key)}")))
        return _Scope(address, call.get("module") or {}, scope, call, key)

    def _children(self, scope: _Scope, name: str) -> Iterator[_Scope]:
        """The instances of a module that have resources, or modules that have."""
        start = [*_parts(scope.address), "module", name]
        beyond = [parts[len(start) :][:1] for each in self._modules if (parts := _parts(each))[: len(start)] == start]
        for key in dict.fromkeys(_key(part[0]) if part and part[0].startswith("[") else None for part in beyond):
            inner = self._within(scope, name, key)
            if inner is not None:
                yield inner

    # ------------------------------------------------------------------- references

    def _traced(
        self,
        expression: Mapping[str, Any],
        scope: _Scope,
        key: str | int | None,
        block: Mapping[str, Any],
        passed: frozenset[tuple[str, str]],
        *,
        of_key: bool = False,
    ) -> Traced:
        """`key` and `block` are those of the resource or the call in which it stands. `passed` keeps it from turning
        in a circle. `of_key` says that only what has the same key is meant, as by `each.value`.
        """
        references = most_specific(expression.get("references") or ())
        if not references:
            return _KNOWN
        keyed = key if of_key or any(each in references for each in _KEYED) else None
        found = Traced()
        for reference in references:
            if (scope.address, reference) in passed:
                continue
            seen = passed | {(scope.address, reference)}
            match _parts(reference):
                case ["each", "value", *_] | ["each"]:
                    made_of = block.get("for_each_expression") or {}
                    found |= _KNOWN | self._traced(made_of, scope, key, block, seen, of_key=True)
                case ["var", name, *_]:
                    found |= self._of_variable(name, scope, seen)
                case ["local", *_]:
                    found |= self._of_local(scope, seen)
                case ["module", name, *rest]:
                    found |= self._of_module(name, rest, scope, keyed, seen)
                case ["data", type_, name, *rest]:
                    found |= self._of_resource(("data", type_, name), rest, scope, keyed, seen)
                case [type_, name, *rest] if type_ not in ("path", "terraform", "self", "count", "each"):
                    found |= self._of_resource(("managed", type_, name), rest, scope, keyed, seen)
                case _:
                    found |= _KNOWN
        return found

    def _of_variable(self, name: str, scope: _Scope, passed: frozenset[tuple[str, str]]) -> Traced:
        expression = (scope.call.get("expressions") or {}).get(name)
        if scope.parent is None or not isinstance(expression, dict) or "references" not in expression:
            return _KNOWN
        return self._traced(expression, scope.parent, scope.key, scope.call, passed)

    def _of_local(self, scope: _Scope, passed: frozenset[tuple[str, str]]) -> Traced:
        """All that the module can see: its own resources, those of the modules that it calls, what it is given."""
        start = f"{scope.address}." if scope.address else ""
        within = [each for each in self._plan.resources.values() if f"{each.module}.".startswith(start)]
        given = Traced()
        for name in scope.call.get("expressions") or {}:
            given |= self._of_variable(name, scope, passed)
        seen = (*(Origin(each, None) for each in within), *given.named, *given.seen)
        return Traced(seen=tuple(dict.fromkeys(seen)), plain=False)

    def _of_module(
        self, name: str, rest: list[str], scope: _Scope, keyed: str | int | None, passed: frozenset[tuple[str, str]]
    ) -> Traced:
        key, rest = _chosen(rest)
        found = Traced()
        children = list(self._children(scope, name))
        for child in _of_key(children, keyed if key is None else key):
            outputs = child.configuration.get("outputs") or {}
            for output in rest[:1] or list(outputs):
                expression = (outputs.get(output) or {}).get("expression") or {}
                found |= self._traced(expression, child, None, {}, passed)
        return found if children else _KNOWN

    def _of_resource(
        self,
        named: tuple[str, str, str],
        rest: list[str],
        scope: _Scope,
        keyed: str | int | None,
        passed: frozenset[tuple[str, str]],
    ) -> Traced:
        """Its instances; beyond those that only hand on what they are given, where that comes from."""
        key, rest = _chosen(rest)
        attribute = rest[0] if rest else None
        found = Traced()
        for each in _of_key(self._instances.get((scope.address, *named), []), keyed if key is None else key):
            block = self.configured(each)
            expression = (block.get("expressions") or {}).get(attribute) if attribute else None
            handed_on = Traced()
            if isinstance(expression, dict):
                handed_on = self._traced(expression, scope, each.index, block, passed)
            found |= handed_on if handed_on.named else Traced((Origin(each, attribute),))
        return found


def _names(block: Mapping[str, Any], resource: Resource) -> bool:
    return (block.get("mode"), block.get("type"), block.get("name")) == (resource.mode, resource.type, resource.name)


def most_specific(references: Iterable[str]) -> tuple[str, ...]:
    """Terraform names with `a.b.arn` also `a.b`, and with `a.b[0]` all of `a.b`."""
    listed = tuple(dict.fromkeys(references))
    return tuple(
        each
        for each in listed
        if not any(other != each and other.startswith((f"{each}.", f"{each}[")) for other in listed)
    )


def _parts(address: str) -> list[str]:
    """`module.a["x"].b` as `module`, `a`, `["x"]`, `b`."""
    return [f"[{key}]" if key else name for name, key in _PART.findall(address)]


def _key(bracketed: str) -> str | int:
    text = bracketed[1:-1]
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if text.startswith('"') else int(text)


def _bracketed(key: str | int | None) -> str:
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def _chosen(rest: list[str]) -> tuple[str | int | None, list[str]]:
    """The key of an instance, and what follows it."""
    return (_key(rest[0]), rest[1:]) if rest and rest[0].startswith("[") else (None, rest)


def _of_key(instances: list[Any], key: str | int | None) -> list[Any]:
    """The instance of that key, or all of them where there is none such."""
    chosen = [
        each for each in instances if key is not None and (each.key if isinstance(each, _Scope) else each.index) == key
    ]
    return chosen or instances
