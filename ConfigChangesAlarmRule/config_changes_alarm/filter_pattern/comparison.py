"""One comparison on one value: words, expressions and numbers against what JSON holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import assert_never

from .answer import Answer, certain
from .automaton import search
from .json_value import JsonNumber, JsonValue
from .syntax import Number, Operand, Operator, Regex, Text

__all__ = ["compare", "like"]


def compare(operator: Operator, operand: Operand, value: JsonValue) -> Answer:
    """The truth of `value operator operand`."""
    if isinstance(value, (dict, list)):
        return Answer.UNKNOWN if _matches_anything(operand) and operator is Operator.EQ else Answer.NO_MATCH
    if isinstance(operand, Text) and not operand.documented:
        return Answer.UNKNOWN
    if operator in _ORDER:
        return _ordered(operator, operand, value)
    equal = _equals(operand, value)
    if operator is Operator.EQ:
        return equal
    return Answer.UNKNOWN if value is None or isinstance(value, bool) else ~equal


def _matches_anything(operand: Operand) -> bool:
    return isinstance(operand, Text) and set(operand.value) == {"*"}


_ORDER: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.LT: lambda a, b: a < b,
    Operator.LE: lambda a, b: a <= b,
    Operator.GT: lambda a, b: a > b,
    Operator.GE: lambda a, b: a >= b,
}


def _ordered(operator: Operator, operand: Operand, value: JsonValue) -> Answer:
    if not isinstance(operand, Number):
        return Answer.UNKNOWN
    match value:
        case JsonNumber():
            if not _exact(operand.text, value):
                return Answer.UNKNOWN
            return certain(_ORDER[operator](value.value, Decimal(operand.text)))
        case bool():
            return Answer.UNKNOWN if _ORDER[operator](Decimal(value), Decimal(operand.text)) else Answer.NO_MATCH
        case str():
            return Answer.UNKNOWN if _same_number(value, operand) else Answer.NO_MATCH
        case _:
            return Answer.NO_MATCH


_HUGE_EXPONENT = re.compile(r"[eE][+-]?[0-9]{10}")
"""More than `Decimal` is sure to take."""


def _exact(literal: str, number: JsonNumber) -> bool:
    """Whether both fit a double without loss, so that AWS's arithmetic cannot differ from ours."""
    if _HUGE_EXPONENT.search(literal) or _HUGE_EXPONENT.search(number.text):
        return False
    for value in (Decimal(literal), number.value):
        if len(value.as_tuple().digits) > 15 or value.adjusted() not in range(-300, 300):
            return False
    return True


def _equals(operand: Operand, value: JsonValue) -> Answer:
    match value:
        case None:
            empty = isinstance(operand, Text) and operand.value == ""
            return Answer.UNKNOWN if empty else _written("null", operand)
        case bool():
            if isinstance(operand, Number):
                return Answer.UNKNOWN if Decimal(operand.text) == value else Answer.NO_MATCH
            return _written(str(value).lower(), operand)
        case str():
            return _string_equals(operand, value)
        case JsonNumber():
            return _number_equals(operand, value)
        case _:
            return Answer.NO_MATCH


def _string_equals(operand: Operand, value: str) -> Answer:
    match operand:
        case Text():
            return like(operand.value, value)
        case Number():
            return Answer.UNKNOWN if _same_number(value, operand) else Answer.NO_MATCH
        case Regex():
            return certain(search(operand.source, value))
        case _:
            assert_never(operand)


def _number_equals(operand: Operand, value: JsonNumber) -> Answer:
    match operand:
        case Number():
            if value.text == operand.text:
                return Answer.MATCH
            return certain(value.value == Decimal(operand.text)) if _exact(operand.text, value) else Answer.UNKNOWN
        case Text():
            if set(operand.value) == {"*"}:
                return Answer.MATCH if operand.value == "*" else Answer.UNKNOWN
            if not _one_spelling(value):
                numeric = re.fullmatch(r"[0-9eE.+*-]*", operand.value)
                return Answer.UNKNOWN if numeric else Answer.NO_MATCH
            answer = like(operand.value, value.text)
            return answer if certain(_glob(operand.value, value.text)) is answer else Answer.UNKNOWN
        case Regex():
            return _written(value.text, operand) if _one_spelling(value) else Answer.UNKNOWN
        case _:
            assert_never(operand)


def _one_spelling(number: JsonNumber) -> bool:
    """Whether a serializer that reads the number as an integer or a double surely writes it as it was written."""
    if not number.plain or len(number.text) > 16:
        return False
    return "." not in number.text or Decimal("0.001") <= abs(number.value) < 10_000_000 or number.value == 0


def _written(text: str, operand: Operand) -> Answer:
    """A null, boolean or number on a word or expression that may at most be compared with how JSON writes it."""
    match operand:
        case Text():
            return Answer.UNKNOWN if _glob(operand.value.lower(), text) else Answer.NO_MATCH
        case Regex():
            return Answer.UNKNOWN if search(operand.source, text) else Answer.NO_MATCH
        case Number():
            return Answer.NO_MATCH
        case _:
            assert_never(operand)


def _glob(word: str, text: str) -> bool:
    """The word on the text with every `*` a wildcard, the ones in the middle too."""
    first, *rest = word.split("*")
    if not rest:
        return word == text
    if not text.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        position = text.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return len(text) - len(rest[-1]) >= position and text.endswith(rest[-1])


def _same_number(text: str, literal: Number) -> bool:
    """Whether a string reads as the number of an unquoted literal: then AWS's answer is not documented."""
    if text == literal.text or _HUGE_EXPONENT.search(literal.text):
        return True
    number = re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?\s*", text, re.ASCII)
    return number is not None and Decimal(text.strip()) == Decimal(literal.text)


def like(word: str, text: str) -> Answer:
    """A word with a `*` at its start or end, on a string. Any other `*` is literal.

    A leading `*` finds the first occurrence of the rest only (seen: `*111.111.111` does not match 111.111.111.111), so
    where the rest also occurs earlier the answer is unknown.
    """
    if word in ("*", "**"):
        return Answer.MATCH
    leading, trailing = word.startswith("*"), word.endswith("*")
    core = word[leading : len(word) - trailing]
    if leading and trailing:
        return certain(core in text)
    if trailing:
        return certain(text.startswith(core))
    if not leading:
        return certain(text == core)
    if not text.endswith(core):
        return Answer.NO_MATCH
    return Answer.MATCH if text.find(core) == len(text) - len(core) else Answer.UNKNOWN
