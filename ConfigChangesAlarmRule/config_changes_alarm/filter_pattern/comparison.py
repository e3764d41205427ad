"""One comparison on one value: words, expressions and numbers against what JSON holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, assert_never

from .answer import Answer, certain
from .automaton import search
from .json_value import JsonNumber, JsonValue
from .syntax import Number, Operand, Operator, Regex, Text, is_number

__all__ = ["ORDER", "compare", "in_range", "like", "may_be_a_number"]


def compare(operator: Operator, operand: Operand, value: JsonValue) -> Answer:
    """The truth of `value operator operand`."""
    if isinstance(value, (dict, list)):
        return Answer.UNKNOWN if _matches_anything(operand) and operator is Operator.EQ else Answer.NO_MATCH
    if isinstance(operand, Text) and not operand.documented:
        return Answer.UNKNOWN
    if operator not in (Operator.EQ, Operator.NE):
        return _ordered(operator, operand, value)
    equal = _equals(operand, value)
    if operator is Operator.EQ:
        return equal
    return Answer.UNKNOWN if value is None or isinstance(value, bool) else ~equal


def _matches_anything(operand: Operand) -> bool:
    return isinstance(operand, Text) and set(operand.value) == {"*"}


ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda a, b: a == b,
    Operator.NE: lambda a, b: a != b,
    Operator.LT: lambda a, b: a < b,
    Operator.LE: lambda a, b: a <= b,
    Operator.GT: lambda a, b: a > b,
    Operator.GE: lambda a, b: a >= b,
}
"""What the operators say of two numbers."""


def _ordered(operator: Operator, operand: Operand, value: JsonValue) -> Answer:
    if not isinstance(operand, Number):
        return Answer.UNKNOWN
    match value:
        case JsonNumber():
            return _compare_numbers(operator, value, operand)
        case bool():
            return Answer.UNKNOWN if ORDER[operator](Decimal(value), Decimal(operand.text)) else Answer.NO_MATCH
        case str():
            return Answer.UNKNOWN if _same_number(value, operand) else Answer.NO_MATCH
        case _:
            return Answer.NO_MATCH


_HUGE_EXPONENT = re.compile(r"[eE][+-]?[0-9]{10}")
"""More than `Decimal` is sure to take."""


def in_range(text: str) -> bool:
    """Whether a number is one that every reader takes: of others it is not documented what they are compared as."""
    if _HUGE_EXPONENT.search(text):
        return False
    value = Decimal(text)
    return not value or -300 <= value.adjusted() < 300


def _compare_numbers(operator: Operator, number: JsonNumber, literal: Number) -> Answer:
    """AWS does not document whether it compares decimals or doubles: certain where both say the same."""
    if not (in_range(number.text) and in_range(literal.text)):
        return Answer.UNKNOWN
    one, other = number.value, Decimal(literal.text)
    exact = ORDER[operator](one, other)
    return certain(exact) if exact is ORDER[operator](float(one), float(other)) else Answer.UNKNOWN


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
            return _compare_numbers(Operator.EQ, value, operand)
        case Text():
            if set(operand.value) == {"*"}:
                return Answer.MATCH if operand.value == "*" else Answer.UNKNOWN
            if not _one_spelling(value):
                return _otherwise_spelled(operand.value, value)
            answer = like(operand.value, value.text)
            return answer if certain(_glob(operand.value, value.text)) is answer else Answer.UNKNOWN
        case Regex():
            return _written(value.text, operand) if _one_spelling(value) else Answer.UNKNOWN
        case _:
            assert_never(operand)


_NUMERIC = re.compile(r"[0-9eE.+*-]+")


def may_be_a_number(word: str) -> bool:
    """Whether a word, each `*` in it a wildcard, may be how some number is written."""
    return _NUMERIC.fullmatch(word) is not None


def _otherwise_spelled(word: str, number: JsonNumber) -> Answer:
    """A word on a number that AWS may write in another way than it was written: its text is not known, its value is."""
    if not may_be_a_number(word):
        return Answer.NO_MATCH
    if "*" in word:
        return Answer.UNKNOWN
    if not is_number(word):
        return Answer.NO_MATCH
    if in_range(word) and not in_range(number.text):
        return Answer.UNKNOWN if abs(number.value) < 1 and not Decimal(word) else Answer.NO_MATCH
    return Answer.NO_MATCH if _compare_numbers(Operator.EQ, number, Number(word)) is Answer.NO_MATCH else Answer.UNKNOWN


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
