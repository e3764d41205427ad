"""A message as JSON: values that keep the text of their numbers, and `MISSING`, which is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Final, TypeAlias

__all__ = ["MISSING", "DuplicateKey", "JsonMessage", "JsonNumber", "JsonValue", "Missing", "read"]


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


class JsonMessage:
    """A message that is a JSON object and was never a text: as values and as compact text, each made when asked for.

    `record` is parsed JSON. JSON patterns judge the values, so that hundreds of records are not written and read again.
    """

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record

    @cached_property
    def text(self) -> str:
        """As CloudTrail writes it."""
        return json.dumps(self.record, separators=(",", ":"))

    @cached_property
    def value(self) -> JsonValue:
        """The same as what `read` makes of the text."""
        return _value(self.record)


def _value(parsed: Any) -> JsonValue:
    if isinstance(parsed, dict):
        return {key: _value(each) for key, each in parsed.items()}
    if isinstance(parsed, list):
        return [_value(each) for each in parsed]
    if isinstance(parsed, int | float) and not isinstance(parsed, bool):
        return JsonNumber(json.dumps(parsed))
    value: JsonValue = parsed
    return value
