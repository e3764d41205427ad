"""CloudWatch metric math, as far as it can be proved what one event does to it: the series that an alarm watches.

`Formula.outcomes` says what the result may be at one moment.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..resources import MetricDataQuery
from .expression import Definitions, Unknown
from .series import MetricReference, Series, Values, metric_ids, outcomes_of

__all__ = ["Formula", "NotProvable", "formula"]


@dataclass(frozen=True, slots=True)
class NotProvable:
    """What the formula does with one event is not known, because."""

    reason: str


@dataclass(frozen=True, slots=True)
class Formula:
    """What an alarm watches: one series made of the metrics with these ids; `words` are its expression.

    `period` is the expression's own, in seconds, if it has one.
    """

    series: Series
    metric_ids: tuple[str, ...]
    words: str
    period: int | None = None

    @property
    def is_metric(self) -> bool:
        """Whether it is one metric, unchanged."""
        return isinstance(self.series, MetricReference)

    def outcomes(self, values: Mapping[str, Values]) -> Values:
        """What the result may be when each metric, by id, has one of these values."""
        return outcomes_of(self.series, values)


def formula(queries: Sequence[MetricDataQuery]) -> Formula | NotProvable:
    """The series that an alarm on these `Metrics` watches: the one whose ReturnData is true."""
    returned = [query for query in queries if query.return_data]
    if len(returned) != 1:
        return NotProvable(f"{len(returned)} of its metrics have ReturnData true instead of one")
    try:
        series = Definitions(queries).series(returned[0].id)
    except Unknown as unknown:
        return NotProvable(str(unknown))
    query = returned[0]
    return Formula(series, tuple(sorted(metric_ids(series))), query.expression or query.id, query.period)
