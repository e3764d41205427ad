"""Frozen values as JSON and back, by their types: dataclasses as objects, tuples and sets as lists.

What is read back is checked whole: a member that is missing, unknown or of another type is `MalformedRecording`.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any


class MalformedRecording(Exception):
    """A file is not a recording that this version can replay. Says where in it and why."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where} {problem}" if where else problem)


def encoded(value: Any) -> Any:
    """As `json.dumps` takes it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encoded(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(encoded(each) for each in value)
    if is_dataclass(value):
        return {each.name: encoded(getattr(value, each.name)) for each in fields(value)}
    return value


def decoded(kind: Any, value: Any, where: str) -> Any:
    """The value of a type that the resources use. Raises `MalformedRecording`."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if origin in (types.UnionType, typing.Union):
        (some,) = (each for each in arguments if each is not types.NoneType)
        return None if value is None else decoded(some, value, where)
    if origin in (tuple, frozenset, list):
        return _decoded_elements(origin, arguments, value, where)
    if origin is dict:
        _expect(isinstance(value, dict), where, "an object", value)
        return {name: decoded(arguments[1], each, f"{where}.{name}") for name, each in value.items()}
    if is_dataclass(kind):
        return _decoded_dataclass(kind, value, where)
    if issubclass(kind, Enum) or kind is datetime:
        try:
            return kind(value) if issubclass(kind, Enum) else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise MalformedRecording(where, f"is {value!r}, expected {_named(kind)}") from None
    accepted = (int, float) if kind is float else kind
    _expect(isinstance(value, accepted) and (kind is bool or not isinstance(value, bool)), where, _named(kind), value)
    return value


def _decoded_elements(origin: Any, arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    _expect(isinstance(value, list), where, "a list", value)
    if origin is tuple and arguments[-1] is not Ellipsis:
        _expect(len(value) == len(arguments), where, f"a list of {len(arguments)}", value)
        kinds = arguments
    else:
        kinds = arguments[:1] * len(value)
    return origin(
        decoded(kind, each, f"{where}[{number}]") for number, (kind, each) in enumerate(zip(kinds, value, strict=True))
    )


def _decoded_dataclass(kind: Any, value: Any, where: str) -> Any:
    """Members that are missing take their default; unknown ones would silently be lost and are refused."""
    _expect(isinstance(value, dict), where, "an object", value)
    hints = _hints(kind)
    if unknown := sorted(value.keys() - hints.keys()):
        raise MalformedRecording(f"{where}.{unknown[0]}", "is unknown to this version")
    for each in fields(kind):
        if each.name not in value and each.default is MISSING and each.default_factory is MISSING:
            raise MalformedRecording(f"{where}.{each.name}", "is missing")
    return kind(**{name: decoded(hints[name], each, f"{where}.{name}") for name, each in value.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _expect(holds: bool, where: str, expected: str, value: Any) -> None:
    if not holds:
        raise MalformedRecording(where, "is missing" if value is None else f"is {value!r}, expected {expected}")


def _named(kind: type) -> str:
    names = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", datetime: "a time"}
    if issubclass(kind, Enum):
        return f"one of {', '.join(str(each.value) for each in kind)}"
    return names.get(kind, kind.__name__)
