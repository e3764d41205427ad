"""CloudWatch metric math, as far as it can be proved what one event does to it.

    formula    := sum (comparison sum)?
    sum        := product ('+' product | '-' constant)*
    product    := atom ('*' atom | '/' constant)*
    atom       := NUMBER | ID | '(' formula ')' | '[' formula (',' formula)* ']' | FUNCTION '(' arguments ')'
    comparison := '>' | '>='
    FUNCTION   := 'SUM' | 'MAX' | 'FILL' | 'IF' | 'CEIL' | 'FLOOR' | 'METRICS'

What parses is then reduced to operations that never fall when a metric rises: sums, multiples by a constant, the
largest of several, a filled gap, a threshold. `m1 - m2`, `<`, AVG, RATE, REPEAT and everything else are `NotProvable`.

`Formula.outcomes` says what the result may be at one moment. `None` stands for a moment without a data point. The
guide treats a missing value beside another as 0 in `m1 + m2`, shows dropped points elsewhere, and says nothing of
missing values in SUM and MAX: where it leaves room, every reading is possible.

Which metrics have a point decides whether the result has one, and its value only rises with theirs. So what holds
for a metric's least value, and for none, holds for all its values, and outcomes between the extremes are left out.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from ..resources import MetricDataQuery

__all__ = ["Formula", "NotProvable", "Values", "formula"]

Values = frozenset[float | None]
"""What a series may hold at one moment; None where it has no data point."""


@dataclass(frozen=True, slots=True)
class NotProvable:
    """What the formula does with one event is not known, because."""

    reason: str


class _Unknown(Exception):
    """Carries the reason of `NotProvable` out of the parser."""


# --------------------------------------------------------------------------- what is understood


@dataclass(frozen=True, slots=True)
class _Metric:
    id: str


@dataclass(frozen=True, slots=True)
class _Sum:
    """`left + right`: a missing value counts as 0."""

    terms: tuple[_Series, _Series]


@dataclass(frozen=True, slots=True)
class _Total:
    """SUM of an array."""

    of: tuple[_Series, ...]


@dataclass(frozen=True, slots=True)
class _Largest:
    """MAX of an array."""

    of: tuple[_Series, ...]


@dataclass(frozen=True, slots=True)
class _Whole:
    """CEIL or FLOOR."""

    series: _Series
    up: bool


@dataclass(frozen=True, slots=True)
class _Plus:
    series: _Series
    constant: float


@dataclass(frozen=True, slots=True)
class _Times:
    series: _Series
    factor: float
    divisor: float = 1.0


@dataclass(frozen=True, slots=True)
class _Filled:
    series: _Series
    filler: float


@dataclass(frozen=True, slots=True)
class _Step:
    """`high` where the series exceeds (`strict`) or reaches the limit, `low` below; `low` is never above `high`."""

    series: _Series
    strict: bool
    limit: float
    high: float = 1.0
    low: float = 0.0

    def at(self, value: float) -> float:
        passed = value > self.limit if self.strict else value >= self.limit
        return self.high if passed else self.low


_Series = _Metric | _Sum | _Total | _Largest | _Plus | _Times | _Whole | _Filled | _Step
_Value = float | _Series | tuple[_Series, ...]
"""A scalar, a time series, or an array of time series: the guide's S, TS and TS[]."""


@dataclass(frozen=True, slots=True)
class Formula:
    """What an alarm watches: one series made of the metrics with these ids; `words` are its expression.

    `period` is the expression's own, in seconds, if it has one.
    """

    series: _Series
    metric_ids: tuple[str, ...]
    words: str
    period: int | None = None

    @property
    def is_metric(self) -> bool:
        """Whether it is one metric, unchanged."""
        return isinstance(self.series, _Metric)

    def outcomes(self, values: Mapping[str, Values]) -> Values:
        """What the result may be when each metric, by id, has one of these values."""
        return _outcomes(self.series, values)


def formula(queries: Sequence[MetricDataQuery]) -> Formula | NotProvable:
    """The series that an alarm on these `Metrics` watches: the one whose ReturnData is true."""
    returned = [query for query in queries if query.return_data]
    if len(returned) != 1:
        return NotProvable(f"{len(returned)} of its metrics have ReturnData true instead of one")
    try:
        series = _Definitions(queries).series(returned[0].id)
    except _Unknown as unknown:
        return NotProvable(str(unknown))
    query = returned[0]
    return Formula(series, tuple(sorted(_metric_ids(series))), query.expression or query.id, query.period)


def _metric_ids(series: _Series) -> set[str]:
    match series:
        case _Metric():
            return {series.id}
        case _Sum(several) | _Total(several) | _Largest(several):
            return set().union(*(_metric_ids(each) for each in several))
        case _Plus() | _Times() | _Whole() | _Filled() | _Step():
            return _metric_ids(series.series)
        case _:
            assert_never(series)


# --------------------------------------------------------------------------- outcomes


def _outcomes(series: _Series, values: Mapping[str, Values]) -> Values:
    match series:
        case _Metric():
            return values[series.id]
        case _Sum():
            return _combined(operator.add, series.terms, values, beside_missing=_as_zero)
        case _Total():
            return _combined(operator.add, series.of, values, beside_missing=_not_known)
        case _Largest():
            return _combined(max, series.of, values, beside_missing=_not_known)
        case _Plus():
            return _each(series.series, values, lambda value: value + series.constant, missing=series.constant)
        case _Times():
            return _each(series.series, values, lambda value: value * series.factor / series.divisor, missing=0.0)
        case _Whole():
            return _each(series.series, values, math.ceil if series.up else math.floor, missing=0.0)
        case _Filled():
            return _extremes(series.filler if value is None else value for value in _outcomes(series.series, values))
        case _Step():
            return _each(series.series, values, series.at, missing=series.at(0.0))
        case _:
            assert_never(series)


def _each(series: _Series, values: Mapping[str, Values], to: Callable[[float], float], missing: float) -> Values:
    """Every outcome through `to`; a missing one stays missing or counts as 0, which gives `missing`.

    What a number beyond every float becomes is not documented, and it is none that an alarm can be shown to reach.
    """
    found: set[float | None] = set()
    for value in _outcomes(series, values):
        result = None if value is None else float(to(value))
        found |= (
            {None, missing} if value is None else {result if result is not None and math.isfinite(result) else None}
        )
    return _extremes(found)


def _combined(
    by: Callable[[float, float], float],
    several: Sequence[_Series],
    values: Mapping[str, Values],
    beside_missing: Callable[[float], Values],
) -> Values:
    """Several series one after the other; where all are missing, the result is missing or 0."""
    outcomes = [_outcomes(each, values) for each in several]
    found = outcomes[0]
    for each in outcomes[1:]:
        found = _extremes(
            outcome for left in found for right in each for outcome in _pair(by, left, right, beside_missing)
        )
    return _extremes({*found, 0.0}) if all(None in each for each in outcomes) else found


def _pair(
    by: Callable[[float, float], float],
    left: float | None,
    right: float | None,
    beside_missing: Callable[[float], Values],
) -> Values:
    if left is None and right is None:
        return Values({None})
    if left is None or right is None:
        present = left if right is None else right
        assert present is not None
        return beside_missing(present)
    result = by(left, right)
    return Values({result if math.isfinite(result) else None})


def _as_zero(present: float) -> Values:
    return Values({present})


def _not_known(present: float) -> Values:
    return Values({None, present, max(present, 0.0)})


def _extremes(values: Iterable[float | None]) -> Values:
    """The least and the greatest, and None if it is one of them: no operation needs more, and work stays small."""
    several = set(values)
    present = {value for value in several if value is not None}
    return Values({*({min(present), max(present)} if present else ()), *(several & {None})})


# --------------------------------------------------------------------------- parsing

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
            raise _Unknown(f"its expression has {text[at]!r} at column {at + 1}")
        found.append(match[0].strip())
        at = match.end()
    return found


class _Definitions:
    """The queries of one alarm by id; resolves references between expressions."""

    def __init__(self, queries: Sequence[MetricDataQuery]) -> None:
        self.queries = {query.id: query for query in queries}
        if len(self.queries) != len(queries):
            raise _Unknown("two of its metrics have the same id")
        self.open: list[str] = []
        self.references = 0

    def series(self, id: str) -> _Series:  # noqa: A002
        query = self.queries.get(id)
        if query is None:
            raise _Unknown(f"its expression refers to {id}, which is not defined")
        self.references += 1
        if self.references > _MOST_REFERENCES:
            raise _Unknown("its expressions refer to each other too often")
        if query.expression is None:
            return _Metric(id)
        if id in self.open:
            raise _Unknown(f"its expression {id} refers to itself")
        self.open.append(id)
        value = _Parser(query.expression, self).value()
        self.open.pop()
        if isinstance(value, (float, tuple)):
            raise _Unknown(f"its expression {query.expression} is not one time series")
        return value

    def metrics(self, containing: str) -> tuple[_Series, ...]:
        """`METRICS()`: the metrics, without the expressions, whose id contains a text."""
        ids = [query.id for query in self.queries.values() if query.expression is None and containing in query.id]
        if not ids:
            raise _Unknown(f"METRICS({containing!r}) names no metric")
        return tuple(map(_Metric, ids))


class _Parser:
    """One expression. Each method is a production of the grammar above and returns what it stands for."""

    def __init__(self, text: str, definitions: _Definitions) -> None:
        if _QUERY.match(text):
            raise _Unknown("it evaluates a Metrics Insights query")
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

    def unknown(self) -> _Unknown:
        return _Unknown(f"its expression {self.text} is not one whose result is known")

    def value(self) -> _Value:
        value = self.formula()
        if self.token:
            raise self.unknown()
        return value

    def formula(self) -> _Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.unknown()
        left = self.sum()
        if self.token in (">", ">="):
            strict = self.take() == ">"
            limit = self.sum()
            if isinstance(left, (float, tuple)) or not isinstance(limit, float):
                raise self.unknown()
            left = _Step(left, strict, limit)
        self.depth -= 1
        return left

    def sum(self) -> _Value:
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

    def added(self, left: _Value, right: _Value) -> _Value:
        if isinstance(left, float) and isinstance(right, float):
            return self.scalar(left + right)
        if isinstance(left, float):
            left, right = right, left
        if isinstance(left, tuple):
            if not isinstance(right, float):
                raise self.unknown()
            return tuple(_Plus(series, right) for series in left)
        if isinstance(right, tuple):
            raise self.unknown()
        assert not isinstance(left, float)
        return _Plus(left, right) if isinstance(right, float) else _Sum((left, right))

    def product(self) -> _Value:
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

    def multiplied(self, left: _Value, right: _Value) -> _Value:
        if isinstance(left, float) and isinstance(right, float):
            return self.scalar(left * right)
        if isinstance(left, float):
            left, right = right, left
        if not isinstance(right, float) or right < 0:
            raise self.unknown()
        if isinstance(left, tuple):
            return tuple(_Times(series, right) for series in left)
        assert not isinstance(left, float)
        return _Times(left, right)

    def divided(self, left: _Value, divisor: float) -> _Value:
        if isinstance(left, float):
            return self.scalar(left / divisor)
        if isinstance(left, tuple):
            return tuple(_Times(series, 1.0, divisor) for series in left)
        return _Times(left, 1.0, divisor)

    def scalar(self, value: float) -> float:
        if not math.isfinite(value):
            raise self.unknown()
        return value

    def atom(self) -> _Value:
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

    def array(self) -> tuple[_Series, ...]:
        found: list[_Series] = []
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

    def call(self, name: str) -> _Value:
        self.expect("(")
        match name:
            case "METRICS":
                value: _Value = self.metrics()
            case "SUM" | "MAX":
                several = self.formula()
                if not isinstance(several, tuple):
                    raise self.unknown()  # of one series they are a scalar over the whole evaluation range
                value = _Total(several) if name == "SUM" else _Largest(several)
            case "FILL":
                value = self.filled()
            case "CEIL" | "FLOOR":
                value = self.whole(up=name == "CEIL")
            case "IF":
                value = self.condition()
            case _:
                raise _Unknown(f"its expression uses {name}")
        self.expect(")")
        return value

    def metrics(self) -> tuple[_Series, ...]:
        quoted = self.take() if self.token != ")" else '""'
        if quoted[0] not in "\"'":
            raise self.unknown()
        return self.definitions.metrics(quoted[1:-1])

    def filled(self) -> _Value:
        series = self.formula()
        self.expect(",")
        if self.token in ("REPEAT", "LINEAR"):
            raise _Unknown(f"FILL with {self.token} keeps earlier values")
        filler = self.formula()
        if isinstance(series, float) or not isinstance(filler, float):
            raise self.unknown()
        return tuple(_Filled(each, filler) for each in series) if isinstance(series, tuple) else _Filled(series, filler)

    def whole(self, *, up: bool) -> _Value:
        series = self.formula()
        if isinstance(series, float):
            raise self.unknown()
        return tuple(_Whole(each, up) for each in series) if isinstance(series, tuple) else _Whole(series, up)

    def condition(self) -> _Value:
        """`IF(series > limit, high, low)`; without `low`, or with a series for it, it is not understood."""
        step = self.formula()
        self.expect(",")
        high = self.formula()
        self.expect(",")
        low = self.formula()
        if not isinstance(step, _Step) or (step.high, step.low) != (1.0, 0.0):
            raise self.unknown()
        if not isinstance(high, float) or not isinstance(low, float) or high < low:
            raise self.unknown()
        return _Step(step.series, step.strict, step.limit, high, low)
