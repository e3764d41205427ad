"""A message as JSON: values that keep the text of their numbers, and `MISSING`, which is none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Final, TypeAlias

__all__ = ["MISSING", "DuplicateKey", "JsonMessage", "JsonNumber", "JsonValue", "Missing", "read", "written"]


class Missing(Enum):
    """The type of `MISSING`, what a selector finds where there is nothing."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A JSON number as it is written; quoted operands and wildcards compare with the text, numbers with the value."""

    text: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)

    @property
    def plain(self) -> bool:
        """Written the one way that every serializer agrees on: no exponent, no needless zeros."""
        return _PLAIN.fullmatch(self.text) is not None and self.text not in ("-0", "-0.0")


_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.(\d|\d*[1-9]))?")

JsonValue: TypeAlias = bool | str | JsonNumber | list["JsonValue"] | dict[str, "JsonValue"] | None


class DuplicateKey(Exception):
    """An object names a key twice: which of them the service reads is not documented."""


def _object(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise DuplicateKey
    return result


def _refuse(constant: str) -> JsonValue:
    raise ValueError(f"{constant} is not JSON")


def read(message: str) -> JsonValue:
    """A message as JSON that keeps the text of its numbers. Raises ValueError, `DuplicateKey` or RecursionError."""
    parsed: JsonValue = json.loads(
        message, parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=_refuse, object_pairs_hook=_object
    )
    return parsed


def written(value: JsonValue) -> str:
    """The value as compact JSON, as CloudTrail writes it."""
    match value:
        case JsonNumber():
            return value.text
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{written(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ",".join(written(each) for each in value) + "]"
        case _:
            return json.dumps(value)


class JsonMessage:
    """A message that is a JSON object and was never a text: hundreds of records are not written to be read again.

    JSON patterns judge the object; of the others' text it makes one when it is first asked for.
    """

    def __init__(self, record: dict[str, JsonValue]) -> None:
        self.record = record

    @cached_property
    def text(self) -> str:
        """What `read` makes the same object of."""
        return written(self.record)
