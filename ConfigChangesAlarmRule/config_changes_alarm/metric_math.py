"""The value of a CloudWatch metric math expression, for the part of the language that can be proved.

    expression = comparison (("AND" | "&&" | "OR" | "||") comparison)*
    comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?
    sum        = product (("+" | "-") product)*
    product    = unary (("*" | "/") unary)*
    unary      = "-"? primary
    primary    = number | id | "(" expression ")" | "[" expression ("," expression)* "]" | function "(" arguments ")"

A value is a number, or None where there is no data (CloudWatch user guide, "Using math expressions with CloudWatch
metrics"). Arithmetic with a missing value is missing. What a sum or a maximum over several series yields where only
some have data is not documented: `NotProvable`. So is every other function (ANOMALY_DETECTION_BAND, SEARCH, RATE ...).
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, assert_never

__all__ = ["Expression", "NotProvable", "Value", "evaluate", "names", "parse"]

Value: TypeAlias = float | None

MAX_LENGTH = 2048
"""Characters in an expression of an alarm (MetricDataQuery, Expression)."""
MAX_DEPTH = 50


class NotProvable(Exception):
    """An expression outside the part of the language that is understood; the message says what."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Reference:
    """The id of another element of the alarm's `Metrics`."""

    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands, or one for a minus sign."""

    symbol: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Several series: `[a, b]`."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllMetrics:
    """`METRICS()`, or `METRICS("part of the id")`."""

    part: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name in capitals."""

    name: str
    arguments: tuple[Expression, ...]


Expression: TypeAlias = Constant | Reference | Operation | Series | AllMetrics | Call

# --------------------------------------------------------------------------- parsing

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_]\w*)|(?P<text>"[^"]*"|'[^']*')"""
    r"|(?P<symbol><=|>=|==|!=|&&|\|\||[-+*/()\[\],<>]))",
    re.ASCII,
)
_JUNCTIONS = {"AND": "&&", "&&": "&&", "OR": "||", "||": "||"}
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_FUNCTIONS: Mapping[str, range] = {
    "FILL": range(2, 3),
    "SUM": range(1, 2),
    "MAX": range(1, 2),
    "MIN": range(1, 2),
    "IF": range(2, 4),
    "ABS": range(1, 2),
    "CEIL": range(1, 2),
    "FLOOR": range(1, 2),
}
"""The functions that are understood, with the number of their arguments."""


def parse(source: str) -> Expression:
    """The expression's tree. Raises `NotProvable`."""
    if len(source) > MAX_LENGTH:
        raise NotProvable("an expression of more than 2,048 characters")
    parser = _Parser(source)
    found = parser.expression()
    parser.expect("")
    return found


class _Parser:
    def __init__(self, source: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position = 0
        source = source.rstrip()
        while position < len(source):
            token = _TOKEN.match(source, position)
            if token is None:
                raise NotProvable(f"{source[position:].strip()[:10]!r} in its expression")
            assert token.lastgroup is not None
            self.tokens.append((token.lastgroup, token[token.lastgroup]))
            position = token.end()
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self, *symbols: str) -> str | None:
        if self.token[1] in symbols and self.token[0] in ("symbol", "word"):
            self.position += 1
            return self.tokens[self.position - 1][1]
        return None

    def expect(self, symbol: str) -> None:
        if symbol == "" and self.token[0] == "end":
            return
        if symbol == "" or self.take(symbol) is None:
            self.fail()

    def fail(self) -> NoReturn:
        raise NotProvable(f"{self.token[1] or 'the end'!r} in its expression")

    def expression(self) -> Expression:
        """expression = comparison (("AND" | "&&" | "OR" | "||") comparison)*; mixtures need parentheses here."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotProvable("an expression nested too deeply")
        left = self.comparison()
        before: str | None = None
        while (word := self.take(*_JUNCTIONS)) is not None:
            symbol = _JUNCTIONS[word]
            if before not in (None, symbol):
                raise NotProvable("AND beside OR without parentheses in its expression")
            before = symbol
            left = Operation(symbol, (left, self.comparison()))
        self.depth -= 1
        return left

    def comparison(self) -> Expression:
        """comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)?"""
        left = self.sum()
        symbol = self.take(*_COMPARISONS)
        return left if symbol is None else Operation(symbol, (left, self.sum()))

    def sum(self) -> Expression:
        """sum = product (("+" | "-") product)*"""
        left = self.product()
        while (symbol := self.take("+", "-")) is not None:
            left = Operation(symbol, (left, self.product()))
        return left

    def product(self) -> Expression:
        """product = unary (("*" | "/") unary)*"""
        left = self.unary()
        while (symbol := self.take("*", "/")) is not None:
            left = Operation(symbol, (left, self.unary()))
        return left

    def unary(self) -> Expression:
        """unary = "-"? primary"""
        if self.take("-") is not None:
            return Operation("-", (self.primary(),))
        return self.primary()

    def primary(self) -> Expression:
        """primary = number | id | "(" expression ")" | "[" expressions "]" | function "(" arguments ")" """
        kind, text = self.token
        if kind == "number":
            self.position += 1
            return Constant(float(text))
        if self.take("(") is not None:
            inner = self.expression()
            self.expect(")")
            return inner
        if self.take("[") is not None:
            return Series(self.expressions("]"))
        if kind != "word" or text in _JUNCTIONS:
            self.fail()
        self.position += 1
        return self.call(text.upper()) if self.take("(") is not None else Reference(text)

    def call(self, name: str) -> Expression:
        if name == "METRICS":
            if self.token[0] == "text":
                part = self.token[1][1:-1]
                self.position += 1
                self.expect(")")
                return AllMetrics(part)
            self.expect(")")
            return AllMetrics()
        arguments = () if self.take(")") is not None else self.expressions(")")
        if name not in _FUNCTIONS or len(arguments) not in _FUNCTIONS[name]:
            raise NotProvable(f"the function {name} in its expression")
        return Call(name, arguments)

    def expressions(self, end: str) -> tuple[Expression, ...]:
        found = [self.expression()]
        while self.take(",") is not None:
            found.append(self.expression())
        self.expect(end)
        return tuple(found)


def names(expression: Expression) -> frozenset[str]:
    """The ids that an expression mentions; `METRICS()` mentions none by name."""
    match expression:
        case Reference(id):
            return frozenset((id,))
        case Operation(_, parts) | Series(parts) | Call(_, parts):
            return frozenset(name for part in parts for name in names(part)) - {"REPEAT", "LINEAR"}
        case Constant() | AllMetrics():
            return frozenset()
        case _:
            assert_never(expression)


# --------------------------------------------------------------------------- evaluation

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "&&": lambda one, other: bool(one) and bool(other),
    "||": lambda one, other: bool(one) or bool(other),
}
_AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = {"SUM": sum, "MAX": max, "MIN": min}
_SINGLE: Mapping[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}


def evaluate(expression: Expression, values: Mapping[str, Value], metrics: Mapping[str, Value]) -> Value:
    """The expression's value where `values` are those of all ids and `metrics` those of METRICS().

    Raises `NotProvable` for what is not documented.
    """
    found = _evaluate(expression, values, metrics)
    if isinstance(found, tuple):
        raise NotProvable("an expression that yields several series")
    return found


def _evaluate(
    expression: Expression, values: Mapping[str, Value], metrics: Mapping[str, Value]
) -> Value | tuple[Value, ...]:
    match expression:
        case Constant(value):
            return value
        case Reference(id):
            if id not in values:
                raise NotProvable(f"{id!r} in its expression")
            return values[id]
        case AllMetrics(part):
            return tuple(value for name, value in metrics.items() if part in name)
        case Series(elements):
            return tuple(evaluate(element, values, metrics) for element in elements)
        case Operation(symbol, operands):
            return _operate(symbol, [evaluate(operand, values, metrics) for operand in operands])
        case Call(name, arguments):
            return _call(name, arguments, values, metrics)
        case _:
            assert_never(expression)


def _operate(symbol: str, operands: Sequence[Value]) -> Value:
    present = [operand for operand in operands if operand is not None]
    if len(present) < len(operands):
        if symbol in _ARITHMETIC and symbol in "+-*/":
            return None
        raise NotProvable(f"{symbol} with missing data in its expression")
    if len(present) == 1:
        return -present[0]
    if symbol == "/" and present[1] == 0:
        raise NotProvable("a division by zero in its expression")
    result = float(_ARITHMETIC[symbol](present[0], present[1]))
    if math.isnan(result):
        raise NotProvable("an expression without a certain value")
    return result


def _call(
    name: str, arguments: Sequence[Expression], values: Mapping[str, Value], metrics: Mapping[str, Value]
) -> Value | tuple[Value, ...]:
    if name == "FILL":
        filling = arguments[1]
        if not isinstance(filling, Constant):
            raise NotProvable("FILL with anything but a number in its expression")
        series = _evaluate(arguments[0], values, metrics)
        if isinstance(series, tuple):
            return tuple(filling.value if value is None else value for value in series)
        return filling.value if series is None else series
    if name in _AGGREGATES:
        series = _evaluate(arguments[0], values, metrics)
        elements = series if isinstance(series, tuple) else (series,)
        present = [value for value in elements if value is not None]
        if not present:
            return None
        if len(present) < len(elements):
            raise NotProvable(f"{name} over series of which some have no data")
        return float(_AGGREGATES[name](present))
    if name == "IF":
        condition = evaluate(arguments[0], values, metrics)
        if condition is None:
            raise NotProvable("IF with missing data in its expression")
        if condition:
            return evaluate(arguments[1], values, metrics)
        return evaluate(arguments[2], values, metrics) if len(arguments) == 3 else None
    value = evaluate(arguments[0], values, metrics)
    if value is None or math.isinf(value):
        return value
    return float(_SINGLE[name](value))
