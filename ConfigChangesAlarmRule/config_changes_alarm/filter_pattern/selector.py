"""Property selectors: which value of a record a condition is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["AnyElement", "AnyField", "Index", "Name", "Selector", "Step"]


@dataclass(frozen=True, slots=True)
class Name:
    """`.name`, or `.['any text']` for a key that is not made of letters, digits, `_` and `-`."""

    key: str

    def __str__(self) -> str:
        if re.fullmatch(r"[A-Za-z0-9_-]+", self.key):
            return f".{self.key}"
        return f".['{self.key}']"


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`"""

    number: int

    def __str__(self) -> str:
        return f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class AnyField:
    """`.*`: any field of an object."""

    def __str__(self) -> str:
        return ".*"


@dataclass(frozen=True, slots=True)
class AnyElement:
    """`[*]`: any element of an array."""

    def __str__(self) -> str:
        return "[*]"


Step: TypeAlias = Name | Index | AnyField | AnyElement


@dataclass(frozen=True, slots=True)
class Selector:
    """`$` and at least one step."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "$" + "".join(str(step) for step in self.steps)
