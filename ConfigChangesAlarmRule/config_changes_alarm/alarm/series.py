"""The series that metric math makes of an alarm's metrics, and what they may be at one moment.

Only operations that never fall when a metric rises: sums, multiples by a constant, the largest of several, a filled
gap, a threshold. How an expression is read as one of them is not known here.

`None` stands for a moment without a data point. The guide treats a missing value beside another as 0 in `m1 + m2`,
shows dropped points elsewhere, and says nothing of missing values in SUM and MAX: where it leaves room, every reading
is possible.

Which metrics have a point decides whether the result has one, and its value only rises with theirs. So what holds
for a metric's least value, and for none, holds for all its values, and outcomes between the extremes are left out.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard, assert_never

__all__ = [
    "Filled",
    "Largest",
    "MetricReference",
    "Plus",
    "Series",
    "Step",
    "Sum",
    "Times",
    "Total",
    "Values",
    "Whole",
    "is_point",
    "metric_ids",
    "outcomes_of",
]

Values = frozenset[float | None]
"""What a series may hold at one moment; None where it has no data point."""


def is_point(value: float | None) -> TypeGuard[float]:
    """Whether there is a data point."""
    return value is not None


@dataclass(frozen=True, slots=True)
class MetricReference:
    """`m1`: one of the alarm's metrics, unchanged, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Sum:
    """`left + right`: a missing value counts as 0."""

    terms: tuple[Series, Series]


@dataclass(frozen=True, slots=True)
class Total:
    """SUM of an array."""

    of: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Largest:
    """MAX of an array."""

    of: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """CEIL or FLOOR."""

    series: Series
    up: bool


@dataclass(frozen=True, slots=True)
class Plus:
    """A constant more in every point."""

    series: Series
    constant: float


@dataclass(frozen=True, slots=True)
class Times:
    """A multiple and a fraction of every point; neither number is below 0, nor `divisor` 0."""

    series: Series
    factor: float
    divisor: float = 1.0


@dataclass(frozen=True, slots=True)
class Filled:
    """FILL: the filler where there is no point."""

    series: Series
    filler: float


@dataclass(frozen=True, slots=True)
class Step:
    """`high` where the series exceeds (`strict`) or reaches the limit, `low` below; `low` is never above `high`."""

    series: Series
    strict: bool
    limit: float
    high: float = 1.0
    low: float = 0.0

    def at(self, value: float) -> float:
        passed = value > self.limit if self.strict else value >= self.limit
        return self.high if passed else self.low


Series = MetricReference | Sum | Total | Largest | Plus | Times | Whole | Filled | Step
"""One time series."""


def metric_ids(series: Series) -> set[str]:
    """The metrics that the series is made of."""
    match series:
        case MetricReference():
            return {series.id}
        case Sum(several) | Total(several) | Largest(several):
            return set().union(*(metric_ids(each) for each in several))
        case Plus() | Times() | Whole() | Filled() | Step():
            return metric_ids(series.series)
        case _:
            assert_never(series)


def outcomes_of(series: Series, values: Mapping[str, Values]) -> Values:
    """What the series may be when each metric, by id, has one of these values."""
    match series:
        case MetricReference():
            return values[series.id]
        case Sum():
            return _combined(operator.add, series.terms, values, beside_missing=_as_zero)
        case Total():
            return _combined(operator.add, series.of, values, beside_missing=_not_known)
        case Largest():
            return _combined(max, series.of, values, beside_missing=_not_known)
        case Plus():
            return _each(series.series, values, lambda value: value + series.constant, missing=series.constant)
        case Times():
            return _each(series.series, values, lambda value: value * series.factor / series.divisor, missing=0.0)
        case Whole():
            return _each(series.series, values, math.ceil if series.up else math.floor, missing=0.0)
        case Filled():
            return _extremes(series.filler if value is None else value for value in outcomes_of(series.series, values))
        case Step():
            return _each(series.series, values, series.at, missing=series.at(0.0))
        case _:
            assert_never(series)


def _each(series: Series, values: Mapping[str, Values], to: Callable[[float], float], missing: float) -> Values:
    """Every outcome through `to`; a missing one stays missing or counts as 0, which gives `missing`.

    What a number beyond every float becomes is not documented, and it is none that an alarm can be shown to reach.
    """
    found: set[float | None] = set()
    for value in outcomes_of(series, values):
        result = None if value is None else float(to(value))
        found |= (
            {None, missing} if value is None else {result if result is not None and math.isfinite(result) else None}
        )
    return _extremes(found)


def _combined(
    by: Callable[[float, float], float],
    several: Sequence[Series],
    values: Mapping[str, Values],
    beside_missing: Callable[[float], Values],
) -> Values:
    """Several series one after the other; where all are missing, the result is missing or 0."""
    outcomes = [outcomes_of(each, values) for each in several]
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
