"""Reads a metric math expression as a series.

    formula    := sum (comparison sum)?
    sum        := product ('+' product | '-' constant)*
    product    := atom ('*' atom | '/' constant)*
    atom       := NUMBER | ID | '(' formula ')' | '[' formula (',' formula)* ']' | FUNCTION '(' arguments ')'
    comparison := '>' | '>='
    FUNCTION   := 'SUM' | 'MAX' | 'FILL' | 'IF' | 'CEIL' | 'FLOOR' | 'METRICS'

What parses is reduced to operations that never fall when a metric rises. `m1 - m2`, `<`, AVG, RATE, REPEAT and
everything else are `Unknown`.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..resources import MetricDataQuery
from .series import Filled, Largest, MetricReference, Plus, Series, Step, Sum, Times, Total, Whole

__all__ = ["Definitions", "Unknown"]

Value = float | Series | tuple[Series, ...]
"""A scalar, a time series, or an array of time series: the guide's S, TS and TS[]."""


class Unknown(Exception):
    """What an expression stands for is not known; the text says why."""


_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>>=|<=|==|!=|&&|\|\||[-+*/^<>()\[\],]))",
    re.ASCII,
)
_QUERY = re.compile(r"\s*SELECT\b", re.IGNORECASE)
_DEEPEST = 40
_MOST_REFERENCES = 500


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise Unknown(f"its expression has {text[at]!r} at column {at + 1}")
        found.append(match[0].strip())
        at = match.end()
    return found


class Definitions:
    """The queries of one alarm by id; resolves references between expressions. Raises `Unknown`."""

    def __init__(self, queries: Sequence[MetricDataQuery]) -> None:
        self.queries = {query.id: query for query in queries}
        if len(self.queries) != len(queries):
            raise Unknown("two of its metrics have the same id")
        self.open: list[str] = []
        self.references = 0

    def series(self, id: str) -> Series:  # noqa: A002
        query = self.queries.get(id)
        if query is None:
            raise Unknown(f"its expression refers to {id}, which is not defined")
        self.references += 1
        if self.references > _MOST_REFERENCES:
            raise Unknown("its expressions refer to each other too often")
        if query.expression is None:
            return MetricReference(id)
        if id in self.open:
            raise Unknown(f"its expression {id} refers to itself")
        self.open.append(id)
        value = _Parser(query.expression, self).value()
        self.open.pop()
        if isinstance(value, (float, tuple)):
            raise Unknown(f"its expression {query.expression} is not one time series")
        return value

    def metrics(self, containing: str) -> tuple[Series, ...]:
        """`METRICS()`: the metrics, without the expressions, whose id contains a text."""
        ids = [query.id for query in self.queries.values() if query.expression is None and containing in query.id]
        if not ids:
            raise Unknown(f"METRICS({containing!r}) names no metric")
        return tuple(map(MetricReference, ids))


class _Parser:
    """One expression. Each method is a production of the grammar and returns what it stands for."""

    def __init__(self, text: str, definitions: Definitions) -> None:
        if _QUERY.match(text):
            raise Unknown("it evaluates a Metrics Insights query")
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.definitions = definitions

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.token
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise self.unknown()

    def unknown(self) -> Unknown:
        return Unknown(f"its expression {self.text} is not one whose result is known")

    def value(self) -> Value:
        value = self.formula()
        if self.token:
            raise self.unknown()
        return value

    def formula(self) -> Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.unknown()
        left = self.sum()
        if self.token in (">", ">="):
            strict = self.take() == ">"
            limit = self.sum()
            if isinstance(left, (float, tuple)) or not isinstance(limit, float):
                raise self.unknown()
            left = Step(left, strict, limit)
        self.depth -= 1
        return left

    def sum(self) -> Value:
        left = self.product()
        while self.token in ("+", "-"):
            if self.take() == "+":
                left = self.added(left, self.product())
                continue
            subtracted = self.product()
            if not isinstance(subtracted, float):
                raise self.unknown()
            left = self.added(left, -subtracted)
        return left

    def added(self, left: Value, right: Value) -> Value:
        if isinstance(left, float) and isinstance(right, float):
            return self.scalar(left + right)
        if isinstance(left, float):
            left, right = right, left
        if isinstance(left, tuple):
            if not isinstance(right, float):
                raise self.unknown()
            return tuple(Plus(series, right) for series in left)
        if isinstance(right, tuple):
            raise self.unknown()
        assert not isinstance(left, float)
        return Plus(left, right) if isinstance(right, float) else Sum((left, right))

    def product(self) -> Value:
        left = self.atom()
        while self.token in ("*", "/"):
            if self.take() == "*":
                left = self.multiplied(left, self.atom())
                continue
            divisor = self.atom()
            if not isinstance(divisor, float) or divisor <= 0:
                raise self.unknown()
            left = self.divided(left, divisor)
        return left

    def multiplied(self, left: Value, right: Value) -> Value:
        if isinstance(left, float) and isinstance(right, float):
            return self.scalar(left * right)
        if isinstance(left, float):
            left, right = right, left
        if not isinstance(right, float) or right < 0:
            raise self.unknown()
        if isinstance(left, tuple):
            return tuple(Times(series, right) for series in left)
        assert not isinstance(left, float)
        return Times(left, right)

    def divided(self, left: Value, divisor: float) -> Value:
        if isinstance(left, float):
            return self.scalar(left / divisor)
        if isinstance(left, tuple):
            return tuple(Times(series, 1.0, divisor) for series in left)
        return Times(left, 1.0, divisor)

    def scalar(self, value: float) -> float:
        if not math.isfinite(value):
            raise self.unknown()
        return value

    def atom(self) -> Value:
        token = self.take()
        if token == "(":
            value = self.formula()
            self.expect(")")
            return value
        if token == "[":
            return self.array()
        if re.match(r"[.\d]", token):
            return self.scalar(float(token))
        if re.match(r"[a-z]", token):
            return self.definitions.series(token)
        if re.match(r"[A-Z]", token):
            return self.call(token)
        raise self.unknown()

    def array(self) -> tuple[Series, ...]:
        found: list[Series] = []
        while True:
            value = self.formula()
            if isinstance(value, float):
                raise self.unknown()
            found += value if isinstance(value, tuple) else [value]
            if self.token != ",":
                break
            self.take()
        self.expect("]")
        return tuple(found)

    def call(self, name: str) -> Value:
        self.expect("(")
        match name:
            case "METRICS":
                value: Value = self.metrics()
            case "SUM" | "MAX":
                several = self.formula()
                if not isinstance(several, tuple):
                    raise self.unknown()  # of one series they are a scalar over the whole evaluation range
                value = Total(several) if name == "SUM" else Largest(several)
            case "FILL":
                value = self.filled()
            case "CEIL" | "FLOOR":
                value = self.whole(up=name == "CEIL")
            case "IF":
                value = self.condition()
            case _:
                raise Unknown(f"its expression uses {name}")
        self.expect(")")
        return value

    def metrics(self) -> tuple[Series, ...]:
        quoted = self.take() if self.token != ")" else '""'
        if quoted[0] not in "\"'":
            raise self.unknown()
        return self.definitions.metrics(quoted[1:-1])

    def filled(self) -> Value:
        series = self.formula()
        self.expect(",")
        if self.token in ("REPEAT", "LINEAR"):
            raise Unknown(f"FILL with {self.token} keeps earlier values")
        filler = self.formula()
        if isinstance(series, float) or not isinstance(filler, float):
            raise self.unknown()
        return tuple(Filled(each, filler) for each in series) if isinstance(series, tuple) else Filled(series, filler)

    def whole(self, *, up: bool) -> Value:
        series = self.formula()
        if isinstance(series, float):
            raise self.unknown()
        return tuple(Whole(each, up) for each in series) if isinstance(series, tuple) else Whole(series, up)

    def condition(self) -> Value:
        """`IF(series > limit, high, low)`; without `low`, or with a series for it, it is not understood."""
        step = self.formula()
        self.expect(",")
        high = self.formula()
        self.expect(",")
        low = self.formula()
        if not isinstance(step, Step) or (step.high, step.low) != (1.0, 0.0):
            raise self.unknown()
        if not isinstance(high, float) or not isinstance(low, float) or high < low:
            raise self.unknown()
        return Step(step.series, step.strict, step.limit, high, low)
