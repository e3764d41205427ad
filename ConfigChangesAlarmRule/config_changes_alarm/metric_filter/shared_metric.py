"""What does another filter on the same metric do to what a metric filter publishes?

Source: CloudWatch Logs API reference, MetricTransformation. Which events the other filter matches is not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..resources import MetricFilter
from .publication import Publication, literal

__all__ = ["Spoiled", "alongside"]


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Another filter keeps alarms on the same metric on, or holds them down. `detail` says how."""

    detail: str


def alongside(publication: Publication, other: MetricFilter) -> Publication | Spoiled:
    """The publication as it stands when another filter may publish to the same metric as well.

    A filter that adds dimensions publishes to metrics of their own, but what it does with an event that lacks the
    field is not documented, so it is judged like one without.
    """
    for transformation in other.metric_transformations:
        if (transformation.metric_namespace, transformation.metric_name) != (
            publication.metric.namespace,
            publication.metric.metric_name,
        ):
            continue
        value = literal(transformation)
        if transformation.default_value not in (None, 0):
            return Spoiled(f"{other.filter_name} has default value {transformation.default_value:g}")
        if value is None or value < 0:
            return Spoiled(f"{other.filter_name} publishes {transformation.metric_value}")
        zeros = value == 0 or (transformation.default_value == 0 and publication.default_value is None)
        units = {transformation.unit or "None", publication.unit or "None"}
        publication = replace(
            publication,
            least_value=publication.least if value == 0 else min(value, publication.least),
            zeros_from_others=publication.zeros_from_others or zeros,
            several_units=publication.several_units or len(units) > 1,
        )
    return publication
