"""What does a metric filter publish for one matching event?

Sources: CloudWatch Logs API reference (MetricTransformation, PutMetricFilter) and user guide, "Creating metrics from
log events using filters". Whether the pattern matches is not judged here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ..findings import FindingId, Reason
from ..resources import LogGroupId, Metric, MetricFilter, MetricTransformation
from ..truth import Truth

__all__ = ["Publication", "Publishes", "PublishesNothing", "literal", "publishes"]

_LEAST, _GREATEST = 2.0**-360, 2.0**360
"""CloudWatch rejects values that are smaller or greater (API reference, MetricDatum)."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One data point a matching event: `value`, above zero. `default_value` is None, or 0 for quiet minutes.

    `log_group` is where the events are written, None if that is not known: a default value comes only in minutes in
    which something is written there.

    What other filters add to the same metric: the `least_value` above zero that any of them publishes, whether
    `zeros_from_others` are mixed in at times that are not known, and whether with `several_units`.
    """

    metric: Metric
    value: float
    default_value: float | None = None
    unit: str | None = None
    log_group: LogGroupId | None = None
    least_value: float | None = None
    zeros_from_others: bool = False
    several_units: bool = False

    @property
    def least(self) -> float:
        """The least value above zero on the metric."""
        return self.value if self.least_value is None else self.least_value

    @property
    def zeros_possible(self) -> bool:
        return self.default_value is not None or self.zeros_from_others


@dataclass(frozen=True, slots=True)
class Publishes:
    """Every matching event publishes this."""

    publication: Publication


@dataclass(frozen=True, slots=True)
class PublishesNothing:
    """It cannot be shown that it does, because."""

    reasons: tuple[Reason, ...]


def publishes(metric_filter: MetricFilter, account_id: str) -> Publishes | PublishesNothing:
    """Whether every event of `account_id` that the pattern matches publishes one known value above zero."""

    def broken(id: FindingId, detail: str) -> PublishesNothing:  # noqa: A002
        return PublishesNothing((Reason(id, metric_filter.filter_name, detail, tuple(metric_filter.names.items())),))

    if len(metric_filter.metric_transformations) != 1:
        count = len(metric_filter.metric_transformations)
        return broken(FindingId.METRIC_VALUE_UNVERIFIED, f"it has {count} metric transformations instead of one")
    transformation = metric_filter.metric_transformations[0]
    if metric_filter.apply_on_transformed_logs:
        return broken(FindingId.FILTER_ON_TRANSFORMED_LOGS, "")
    criteria = metric_filter.field_selection_criteria
    if criteria is not None:
        from .selection_criteria import admits

        match admits(criteria, {account_id, metric_filter.log_group.account_id}):
            case Truth.NO:
                return broken(FindingId.FILTER_SELECTION_CRITERIA, criteria)
            case Truth.UNKNOWN:
                return broken(FindingId.FILTER_SELECTION_UNVERIFIED, criteria)
            case Truth.YES:
                pass
    if transformation.dimensions or metric_filter.emit_system_field_dimensions:
        names = [name for name, _ in transformation.dimensions] + list(metric_filter.emit_system_field_dimensions)
        return broken(FindingId.METRIC_DIMENSIONS, ", ".join(names))
    value = literal(transformation)
    if value is None:
        return broken(FindingId.METRIC_VALUE_UNVERIFIED, f"its metric value is {transformation.metric_value}")
    if not _LEAST <= value <= _GREATEST:
        return broken(FindingId.METRIC_VALUE, f"its metric value is {transformation.metric_value}")
    if transformation.default_value not in (None, 0):
        return broken(FindingId.METRIC_DEFAULT_VALUE, f"its default value is {transformation.default_value:g}")
    metric = Metric(transformation.metric_namespace, transformation.metric_name)
    return Publishes(
        Publication(metric, value, transformation.default_value, transformation.unit, metric_filter.log_group)
    )


def literal(transformation: MetricTransformation) -> float | None:
    """The metric value when it is a plain number; a `$.field` value may be anything."""
    if not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", transformation.metric_value, re.ASCII):
        return None
    value = float(transformation.metric_value)
    return value if math.isfinite(value) else None
