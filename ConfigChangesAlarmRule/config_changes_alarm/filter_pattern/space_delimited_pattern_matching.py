"""Space-delimited patterns on messages: field by field."""

from __future__ import annotations

import re

from .answer import Answer, all_of, any_of, certain
from .comparison import compare
from .json_value import JsonNumber
from .syntax import AnyFields, Field, FieldCondition, Number, Operator, SpaceDelimitedPattern

__all__ = ["matches_fields"]

_FIELD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')


def matches_fields(pattern: SpaceDelimitedPattern, message: str) -> Answer:
    """`...` stands for any number of fields, and the last field takes what is left of a longer message."""
    values = ["".join(found.groups("")) for found in _FIELD.finditer(message)]
    gap = next((index for index, each in enumerate(pattern.fields) if isinstance(each, AnyFields)), None)
    if gap is None:
        if len(pattern.fields) > len(values):
            return Answer.NO_MATCH
        return all_of(_field(each, value) for each, value in zip(pattern.fields, values, strict=False))
    before, after = pattern.fields[:gap], pattern.fields[gap + 1 :]
    if any(isinstance(each, AnyFields) for each in after):
        return Answer.UNKNOWN
    if len(before) + len(after) > len(values):
        return Answer.NO_MATCH
    tail = values[len(values) - len(after) :]
    pairs = [*zip(before, values, strict=False), *zip(after, tail, strict=True)]
    return all_of(_field(each, value) for each, value in pairs)


def _field(field: Field | AnyFields, value: str) -> Answer:
    if isinstance(field, AnyFields) or not field.alternatives:
        return Answer.MATCH
    return any_of(all_of(_field_condition(each, value) for each in terms) for terms in field.alternatives)


def _field_condition(condition: FieldCondition, value: str) -> Answer:
    number = re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII)
    if isinstance(condition.operand, Number):
        if number is None:
            return certain(condition.operator is Operator.NE)
        return compare(condition.operator, condition.operand, JsonNumber(value))
    return compare(condition.operator, condition.operand, value)
