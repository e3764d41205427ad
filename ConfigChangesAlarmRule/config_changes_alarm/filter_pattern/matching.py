"""What a filter pattern answers for a message: the reference semantics, to be read beside AWS's documentation.

The answers follow the CloudWatch Logs guide (FilterAndPatternSyntax, "Filter pattern syntax for metric filters, JSON")
and, where it is silent, published answers of TestMetricFilter. Where neither says anything the answer is UNKNOWN,
a value of its own that And and Or carry along in Kleene's three-valued logic.

    value is ...     = word             != word      < 1 ...     IS NULL   NOT EXISTS
    missing          no                 no           no          no        yes
    null             no (1)             unknown      no          yes       no
    true, false      no (1)             unknown      no (1)      no        no
    object, array    no (* unknown)     no           no          no        no
    string           its text           the reverse  no          no        no
    number           its JSON text (2)  the reverse  compared    no        no

1: unknown where the word, expression or number would fit the value as JSON writes it. 2: so for expressions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias, assert_never

from .regular_expression import search
from .syntax import (
    And,
    AnyElement,
    AnyField,
    AnyFields,
    Comparison,
    Condition,
    Constant,
    Field,
    FieldCondition,
    Index,
    Is,
    JsonPattern,
    Name,
    NotExists,
    Number,
    Operator,
    Or,
    Pattern,
    Regex,
    Selector,
    SpaceDelimitedPattern,
    Step,
    Term,
    TermPattern,
    Text,
)

__all__ = ["MISSING", "Answer", "JsonNumber", "JsonValue", "Leaf", "Missing", "evaluate", "judge", "matches", "read"]


class Answer(Enum):
    """Whether the service matches: yes, no, or not documented."""

    MATCH = "match"
    NO_MATCH = "no match"
    UNKNOWN = "unknown"

    def __invert__(self) -> Answer:
        return _REVERSE[self]


_REVERSE = {Answer.MATCH: Answer.NO_MATCH, Answer.NO_MATCH: Answer.MATCH, Answer.UNKNOWN: Answer.UNKNOWN}


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
Leaf: TypeAlias = Comparison | Is | NotExists


def _of(truth: bool) -> Answer:
    return Answer.MATCH if truth else Answer.NO_MATCH


# --------------------------------------------------------------------------- messages and patterns


class _DuplicateKey(Exception):
    """An object names a key twice: which of them the service reads is not documented."""


def _object(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _DuplicateKey
    return result


def _refuse(constant: str) -> JsonValue:
    raise ValueError(f"{constant} is not JSON")


def read(message: str) -> JsonValue:
    """A message as JSON that keeps the text of its numbers. Raises ValueError or RecursionError."""
    parsed: JsonValue = json.loads(
        message, parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=_refuse, object_pairs_hook=_object
    )
    return parsed


def matches(pattern: Pattern, message: str) -> Answer:
    """Whether the pattern matches a log event with this text."""
    match pattern:
        case JsonPattern():
            try:
                record = read(message)
            except (_DuplicateKey, RecursionError):
                return Answer.UNKNOWN
            except ValueError:
                return Answer.NO_MATCH
            return _evaluate_record(pattern.condition, record)
        case TermPattern():
            return _matches_terms(pattern, message)
        case SpaceDelimitedPattern():
            return _matches_fields(pattern, message)
        case _:
            assert_never(pattern)


def _evaluate_record(condition: Condition, record: JsonValue) -> Answer:
    """A JSON pattern matches objects only. Nesting beyond what Python can follow is not decided."""
    if not isinstance(record, dict):
        return Answer.NO_MATCH
    try:
        return evaluate(condition, record)
    except RecursionError:
        return Answer.UNKNOWN


def evaluate(condition: Condition, record: JsonValue) -> Answer:
    """Kleene's three-valued truth of a condition on a record."""
    match condition:
        case And():
            return all_of(evaluate(term, record) for term in condition.terms)
        case Or():
            return any_of(evaluate(term, record) for term in condition.terms)
        case _:
            return _leaf(condition, record)


def all_of(answers: Iterable[Answer]) -> Answer:
    result = Answer.MATCH
    for answer in answers:
        if answer is Answer.NO_MATCH:
            return answer
        if answer is Answer.UNKNOWN:
            result = answer
    return result


def any_of(answers: Iterable[Answer]) -> Answer:
    return ~all_of(~answer for answer in answers)


# --------------------------------------------------------------------------- selectors


def _leaf(leaf: Leaf, record: JsonValue) -> Answer:
    steps = leaf.selector.steps
    wild = next((index for index, step in enumerate(steps) if isinstance(step, (AnyField, AnyElement))), None)
    if wild is None:
        return judge(leaf, select(steps, record))
    return _any_leaf(leaf, select(steps[:wild], record), steps[wild], steps[wild + 1 :])


def select(steps: Sequence[Step], value: JsonValue | Missing) -> JsonValue | Missing:
    """What a selector without wildcards finds."""
    for step in steps:
        if isinstance(step, Name) and isinstance(value, dict):
            value = value.get(step.key, MISSING)
        elif isinstance(step, Index) and isinstance(value, list):
            value = value[step.number] if step.number < len(value) else MISSING
        else:
            return MISSING
    return value


def _any_leaf(leaf: Leaf, parent: JsonValue | Missing, wildcard: Step, rest: Sequence[Step]) -> Answer:
    """`[*]` and `.*` hold when one element does. `!=`, NOT EXISTS, and the wrong kind of parent are not documented."""
    children: list[JsonValue] = []
    if isinstance(parent, list):
        children = parent
    elif isinstance(parent, dict):
        children = list(parent.values())
    fits = isinstance(parent, list) if isinstance(wildcard, AnyElement) else isinstance(parent, dict)
    answers = [judge(leaf, select(rest, child)) for child in children]
    if isinstance(leaf, NotExists) or (isinstance(leaf, Comparison) and leaf.operator is Operator.NE):
        return Answer.UNKNOWN if children or isinstance(leaf, NotExists) else Answer.NO_MATCH
    result = any_of(answers)
    if result is Answer.MATCH and not fits:
        return Answer.UNKNOWN
    if result is Answer.NO_MATCH and any(_deeper(leaf, rest, child) for child in children):
        return Answer.UNKNOWN
    return result


def _deeper(leaf: Leaf, rest: Sequence[Step], value: JsonValue) -> bool:
    """Whether a wildcard that reached below one level might match: not documented."""
    below = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return any(judge(leaf, select(rest, child)) is not Answer.NO_MATCH or _deeper(leaf, rest, child) for child in below)


# --------------------------------------------------------------------------- one condition on one value


def judge(leaf: Leaf, value: JsonValue | Missing) -> Answer:
    """The truth of one condition on what its selector found."""
    match leaf:
        case NotExists():
            return _of(value is MISSING)
        case Is():
            return _is(leaf.constant, value)
        case Comparison():
            if value is MISSING:
                return Answer.NO_MATCH
            return _compare(leaf.operator, leaf.operand, value)
        case _:
            assert_never(leaf)


def _is(constant: Constant, value: JsonValue | Missing) -> Answer:
    if constant is Constant.NULL:
        return _of(value is None)
    if isinstance(value, bool):
        return _of(value is (constant is Constant.TRUE))
    if isinstance(value, str) and value.lower() == constant.value.lower():
        return Answer.UNKNOWN
    return Answer.NO_MATCH


def _compare(operator: Operator, operand: Text | Number | Regex, value: JsonValue) -> Answer:
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


def _matches_anything(operand: Text | Number | Regex) -> bool:
    return isinstance(operand, Text) and set(operand.value) == {"*"}


_ORDER: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.LT: lambda a, b: a < b,
    Operator.LE: lambda a, b: a <= b,
    Operator.GT: lambda a, b: a > b,
    Operator.GE: lambda a, b: a >= b,
}


def _ordered(operator: Operator, operand: Text | Number | Regex, value: JsonValue) -> Answer:
    if not isinstance(operand, Number):
        return Answer.UNKNOWN
    match value:
        case JsonNumber():
            if not _exact(operand.text, value):
                return Answer.UNKNOWN
            return _of(_ORDER[operator](value.value, Decimal(operand.text)))
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


def _equals(operand: Text | Number | Regex, value: JsonValue) -> Answer:
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


def _string_equals(operand: Text | Number | Regex, value: str) -> Answer:
    match operand:
        case Text():
            return like(operand.value, value)
        case Number():
            return Answer.UNKNOWN if _same_number(value, operand) else Answer.NO_MATCH
        case Regex():
            return _of(search(operand.source, value))
        case _:
            assert_never(operand)


def _number_equals(operand: Text | Number | Regex, value: JsonNumber) -> Answer:
    match operand:
        case Number():
            if value.text == operand.text:
                return Answer.MATCH
            return _of(value.value == Decimal(operand.text)) if _exact(operand.text, value) else Answer.UNKNOWN
        case Text():
            if set(operand.value) == {"*"}:
                return Answer.MATCH if operand.value == "*" else Answer.UNKNOWN
            if not _one_spelling(value):
                numeric = re.fullmatch(r"[0-9eE.+*-]*", operand.value)
                return Answer.UNKNOWN if numeric else Answer.NO_MATCH
            answer = like(operand.value, value.text)
            return answer if _of(_glob(operand.value, value.text)) is answer else Answer.UNKNOWN
        case Regex():
            return _written(value.text, operand) if _one_spelling(value) else Answer.UNKNOWN
        case _:
            assert_never(operand)


def _one_spelling(number: JsonNumber) -> bool:
    """Whether a serializer that reads the number as an integer or a double surely writes it as it was written."""
    if not number.plain or len(number.text) > 16:
        return False
    return "." not in number.text or Decimal("0.001") <= abs(number.value) < 10_000_000 or number.value == 0


def _written(text: str, operand: Text | Number | Regex) -> Answer:
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
        return _of(core in text)
    if trailing:
        return _of(text.startswith(core))
    if not leading:
        return _of(text == core)
    if not text.endswith(core):
        return Answer.NO_MATCH
    return Answer.MATCH if text.find(core) == len(text) - len(core) else Answer.UNKNOWN


# --------------------------------------------------------------------------- term patterns


def _matches_terms(pattern: TermPattern, message: str) -> Answer:
    """All required, no excluded. `?` terms count only alone: mixed with others they are ignored."""
    if pattern.optional and not pattern.required and not pattern.excluded:
        return any_of(_contains(term, message) for term in pattern.optional)
    found = [_contains(term, message) for term in pattern.required]
    return all_of(found + [~_contains(term, message) for term in pattern.excluded])


def _contains(term: Term, message: str) -> Answer:
    """A term is found anywhere, inside words too; a phrase of white space alone matches everything."""
    if isinstance(term.content, Regex):
        return _of(search(term.content.source, message))
    if not term.content.documented:
        return Answer.UNKNOWN
    return _of(not term.content.value.strip() or term.content.value in message)


# --------------------------------------------------------------------------- space-delimited patterns


_FIELD = re.compile(r'\[([^\]]*)\]|"([^"]*)"|(\S+)')


def _matches_fields(pattern: SpaceDelimitedPattern, message: str) -> Answer:
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
            return _of(condition.operator is Operator.NE)
        return _compare(condition.operator, condition.operand, JsonNumber(value))
    return _compare(condition.operator, condition.operand, value)


def selectors_of(condition: Condition) -> tuple[Selector, ...]:
    """Every selector that a condition tests, each once."""
    if isinstance(condition, (And, Or)):
        return tuple(dict.fromkeys(found for term in condition.terms for found in selectors_of(term)))
    return (condition.selector,)
