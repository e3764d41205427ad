"""How a member of an AWS answer is taken: what is missing or of another type is `MalformedAnswer`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

__all__ = [
    "Answer",
    "MalformedAnswer",
    "digits",
    "flag",
    "number",
    "optional",
    "required",
    "structures",
    "text",
    "texts",
]

Answer = Mapping[str, Any]
T = TypeVar("T")


class MalformedAnswer(Exception):
    """An AWS answer lacks a member it must have, or the member has the wrong type.

    `member` is the member's path as AWS spells it; the reader adds the operation when it re-raises.
    """

    def __init__(self, member: str, problem: str, operation: str | None = None) -> None:
        self.member = member
        self.problem = problem
        self.operation = operation
        where = f"{operation}: " if operation else ""
        super().__init__(f"{where}member {member!r} {problem}")


def required(answer: Answer, member: str, kind: type[T]) -> T:
    """A member that AWS always sends. Raises `MalformedAnswer`."""
    value = answer.get(member)
    if value is None:
        raise MalformedAnswer(member, "is missing")
    if not isinstance(value, kind):
        raise MalformedAnswer(member, f"is {type(value).__name__}, expected {kind.__name__}")
    return value


def optional(answer: Answer, member: str, kind: type[T]) -> T | None:
    """A member that may be missing. Raises `MalformedAnswer` for another type."""
    return None if answer.get(member) is None else required(answer, member, kind)


def text(answer: Answer, member: str) -> str | None:
    """An optional string; AWS writes absence as a missing member and, in places, as an empty string."""
    return optional(answer, member, str) or None


def digits(answer: Answer, member: str) -> int | None:
    """An optional whole number that AWS writes as text, as attributes are."""
    value = text(answer, member)
    if value is not None and not (value.isascii() and value.isdigit()):
        raise MalformedAnswer(member, f"is {value!r}, expected digits")
    return None if value is None else int(value)


def flag(answer: Answer, member: str) -> bool:
    """A boolean whose absence means false."""
    return bool(optional(answer, member, bool))


def number(answer: Answer, member: str) -> float | None:
    """An optional number, as a float."""
    value = answer.get(member)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MalformedAnswer(member, f"is {type(value).__name__}, expected a number")
    return float(value)


def texts(answer: Answer, member: str) -> tuple[str, ...]:
    """A list of strings, empty where it is missing."""
    values: list[object] = optional(answer, member, list) or []
    for value in values:
        if not isinstance(value, str):
            raise MalformedAnswer(member, f"holds {type(value).__name__}, expected str")
    return tuple(str(value) for value in values)


def structures(answer: Answer, member: str) -> tuple[Answer, ...]:
    """A list of structures, empty where it is missing."""
    values: list[Any] = optional(answer, member, list) or []
    for value in values:
        if not isinstance(value, Mapping):
            raise MalformedAnswer(member, f"holds {type(value).__name__}, expected a structure")
    return tuple(values)
