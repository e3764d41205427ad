"""What does another filter on the same metric do to what a metric filter publishes?

Source: CloudWatch Logs API reference, MetricTransformation. Which events the other filter matches is not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..resources import Metric, MetricFilter, MetricTransformation
from .publication import Publication, literal

__all__ = ["Spoiled", "alongside", "only_zeros"]


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Another filter keeps alarms on the same metric on, or holds them down. `detail` says how."""

    detail: str


def only_zeros(metric: Metric, metric_filter: MetricFilter) -> bool:
    """Whether zeros are all that a filter can publish to the metric, whatever it matches.

    A zero raises no alarm that a zero leaves at rest. What it does to an average, and to the moment at which a period
    is judged, `alongside` keeps.
    """
    return all(literal(each) == 0 and each.default_value in (None, 0) for each in _onto(metric, metric_filter))


def alongside(publication: Publication, other: MetricFilter) -> Publication | Spoiled:
    """The publication as it stands when another filter may publish to the same metric as well.

    A filter that adds dimensions publishes to metrics of their own, but what it does with an event that lacks the
    field is not documented, so it is judged like one without.
    """
    for transformation in _onto(publication.metric, other):
        value = literal(transformation)
        if transformation.default_value not in (None, 0):
            return Spoiled(f"{other.filter_name} has default value {transformation.default_value:g}")
        if value is None or value < 0:
            return Spoiled(f"{other.filter_name} publishes {transformation.metric_value}")
        anyway = publication.default_value is not None and publication.log_group == other.log_group
        zeros = value == 0 or (transformation.default_value == 0 and not anyway)
        units = {transformation.unit or "None", publication.unit or "None"}
        publication = replace(
            publication,
            least_value=publication.least if value == 0 else min(value, publication.least),
            zeros_from_others=publication.zeros_from_others or zeros,
            several_units=publication.several_units or len(units) > 1,
        )
    return publication


def _onto(metric: Metric, metric_filter: MetricFilter) -> tuple[MetricTransformation, ...]:
    named = metric.namespace, metric.metric_name
    made = metric_filter.metric_transformations
    return tuple(each for each in made if (each.metric_namespace, each.metric_name) == named)
