"""What do other filters on the same metric do to what a metric filter publishes?

Source: CloudWatch Logs API reference, MetricTransformation. Which events they match is not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self

from ..resources import LogGroupId, Metric, MetricFilter, MetricTransformation
from .publication import Publication, literal

__all__ = ["Noise", "SharedMetric", "Spoiled", "only_zeros"]


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Another filter keeps alarms on the same metric on, or holds them down. `detail` says how.

    `known` says that it does; otherwise it may, and nobody knows.
    """

    detail: str
    known: bool


@dataclass(frozen=True, slots=True)
class Noise:
    """What a filter may publish all day. `words` say it after the filter's name.

    It is `known` to, or it may and nobody knows. `recorded` says that a trail fills the filter's log group.
    """

    words: str
    known: bool = True
    recorded: bool = True


def only_zeros(metric: Metric, metric_filter: MetricFilter) -> bool:
    """Whether zeros are all that a filter can publish to the metric, whatever it matches.

    A zero raises no alarm that a zero leaves at rest. What it does to an average, and to the moment at which a period
    is judged, `SharedMetric` keeps.
    """
    return all(literal(each) == 0 and each.default_value in (None, 0) for each in _onto(metric, metric_filter))


@dataclass(frozen=True, slots=True)
class SharedMetric:
    """What all the filters that publish to one metric put there together.

    `least_value` is the least above zero, None where there is none; `zeros` says whether some filter counts nothing,
    `zeros_by_default` in which log groups filters publish a zero where nothing matches. `spoilers` are two filters that
    spoil the metric, with how, those that are known to do so first: one filter is never told about itself.

    A filter that adds dimensions publishes to metrics of their own, but what it does with an event that lacks the
    field is not documented, so it is judged like one without.
    """

    least_value: float | None
    zeros: bool
    zeros_by_default: frozenset[LogGroupId]
    units: frozenset[str]
    spoilers: tuple[tuple[MetricFilter, Spoiled], ...]

    @classmethod
    def of(cls, metric: Metric, filters: Iterable[MetricFilter], noise: Callable[[MetricFilter], Noise | None]) -> Self:
        """`noise` tells what a filter may publish all day, None if it is known to be quiet."""
        values: list[float] = []
        zeros_by_default: set[LogGroupId] = set()
        units: set[str] = set()
        spoilers: list[tuple[MetricFilter, Spoiled]] = []
        for each in filters:
            spoiled = _spoiled(metric, each, noise)
            if spoiled is not None:
                spoilers.append((each, spoiled))
                if sum(how.known for _, how in spoilers) > 1:
                    break
                continue
            for transformation in _onto(metric, each):
                values += [value for value in (literal(transformation),) if value is not None]
                units.add(transformation.unit or _NO_UNIT)
                if transformation.default_value == 0:
                    zeros_by_default.add(each.log_group)
        least = min((value for value in values if value > 0), default=None)
        return cls(least, 0 in values, frozenset(zeros_by_default), frozenset(units), _surest(spoilers))

    def around(self, publication: Publication, own: MetricFilter | None = None) -> Publication | Spoiled:
        """A publication as it stands among all of them, its `own` filter's or another's."""
        for spoiler, how in self.spoilers:
            if own is None or spoiler.identity != own.identity:
                return how
        anyway = frozenset({publication.log_group}) if publication.default_value is not None else frozenset()
        return replace(
            publication,
            least_value=min(publication.least, publication.least if self.least_value is None else self.least_value),
            zeros_from_others=self.zeros or bool(self.zeros_by_default - anyway),
            several_units=bool(self.units - {publication.unit or _NO_UNIT}),
        )


_NO_UNIT = "None"


def _surest(spoilers: Iterable[tuple[MetricFilter, Spoiled]]) -> tuple[tuple[MetricFilter, Spoiled], ...]:
    return tuple(sorted(spoilers, key=lambda each: not each[1].known)[:2])


def _spoiled(
    metric: Metric, metric_filter: MetricFilter, noise: Callable[[MetricFilter], Noise | None]
) -> Spoiled | None:
    """How a filter keeps alarms on a metric on, or holds them down, with its values or with its events."""
    if only_zeros(metric, metric_filter):
        return None
    name = metric_filter.filter_name
    heard = noise(metric_filter)
    recorded = heard is None or heard.recorded
    for transformation in _onto(metric, metric_filter):
        if transformation.default_value not in (None, 0):
            return Spoiled(f"{name} has default value {transformation.default_value:g}", recorded)
        value = literal(transformation)
        if value is None or value < 0:
            return Spoiled(f"{name} publishes {transformation.metric_value}", recorded and value is not None)
    return None if heard is None else Spoiled(f"{name} {heard.words}", heard.known)


def _onto(metric: Metric, metric_filter: MetricFilter) -> tuple[MetricTransformation, ...]:
    named = metric.namespace, metric.metric_name
    made = metric_filter.metric_transformations
    return tuple(each for each in made if (each.metric_namespace, each.metric_name) == named)
