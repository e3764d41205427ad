"""What is asked about a log group's filters and about a metric: question by question, or from listings of the Region.

AWS answers so many questions a second. Where there are more of them than pass at once, one listing answers them all.
The listings grow with whatever else is in the Region, so an account with few questions never waits for them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Self, TypeVar

from ..account import AlarmsIn, AlarmsOn, MetricFiltersIn, MetricFiltersOf, MetricFiltersOn, NotFound, Unreadable
from ..assessment import Chain
from ..resources import LogGroupId, Metric, MetricAlarm, MetricFilter, Place
from .context import Context

K = TypeVar("K")
V = TypeVar("V")

__all__ = ["alarms_on", "filters_of", "filters_on", "listing_filters_of", "listing_metrics_of"]

MOST_FILTERS_ASKED, MOST_ALARMS_ASKED = 8, 32
"""Questions about filters and about alarms that are put one by one in a Region: a second's and four seconds' worth.

Alarms are listed later, for a Region may have thousands, a hundred a page.
"""


def listing_filters_of(context: Context, log_groups: Iterable[LogGroupId]) -> Context:
    """The context in which the filters of these log groups are asked for: listed where they are many."""
    return _listing(context, Counter(log_group.place for log_group in set(log_groups)))


def listing_metrics_of(context: Context, candidates: Iterable[Chain]) -> Context:
    """The context in which the metrics of these filters are asked about: from listings where they are many."""
    filters = (candidate.metric_filter for candidate in candidates if candidate.metric_filter is not None)
    metrics = {
        (each.log_group.place, made.metric_namespace, made.metric_name)
        for each in filters
        for made in each.metric_transformations
    }
    asked = Counter(place for place, _, _ in metrics)
    context = _listing(context, asked)
    many = {place for place, count in asked.items() if count > MOST_ALARMS_ASKED}
    return replace(context, alarms_listed=context.alarms_listed | many)


def _listing(context: Context, asked: Mapping[Place, int]) -> Context:
    many = {place for place, count in asked.items() if count > MOST_FILTERS_ASKED}
    return replace(context, filters_listed=context.filters_listed | many)


def filters_of(context: Context, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
    """The metric filters of a log group; none where it does not exist, if they were listed."""
    filters = _filters_in(context, log_group.place)
    return context.account.ask(MetricFiltersOf(log_group)) if filters is None else filters.of_group(log_group)


def filters_on(context: Context, place: Place, metric: Metric) -> tuple[MetricFilter, ...] | Unreadable:
    """The metric filters of every log group that publish to a metric of that name."""
    filters = _filters_in(context, place)
    if filters is None:
        return context.account.ask(MetricFiltersOn(place, metric.namespace, metric.metric_name))
    return filters.on_metric(metric)


def alarms_on(context: Context, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
    """The plain metric alarms on exactly this metric."""
    alarms = _alarms_in(context, place)
    return context.account.ask(AlarmsOn(place, metric)) if alarms is None else alarms.get(metric, ())


@dataclass(frozen=True, slots=True)
class _ListedFilters:
    """All metric filters of a place, by log group and by metric."""

    by_group: Mapping[LogGroupId, tuple[MetricFilter, ...]]
    by_metric: Mapping[tuple[str, str], tuple[MetricFilter, ...]]

    @classmethod
    def of(cls, filters: tuple[MetricFilter, ...]) -> Self:
        by_group, by_metric = defaultdict(list), defaultdict(list)
        for each in filters:
            by_group[each.log_group].append(each)
            for named in dict.fromkeys(
                (made.metric_namespace, made.metric_name) for made in each.metric_transformations
            ):
                by_metric[named].append(each)
        return cls(_frozen(by_group), _frozen(by_metric))

    def of_group(self, log_group: LogGroupId) -> tuple[MetricFilter, ...]:
        return self.by_group.get(log_group, ())

    def on_metric(self, metric: Metric) -> tuple[MetricFilter, ...]:
        return self.by_metric.get((metric.namespace, metric.metric_name), ())


def _filters_in(context: Context, place: Place) -> _ListedFilters | None:
    """None where they are not listed, or may not be."""
    if place not in context.filters_listed:
        return None
    filters = context.account.ask(MetricFiltersIn(place))
    if isinstance(filters, Unreadable):
        return None
    return context.memory.once(("listed filters", place), partial(_ListedFilters.of, filters))


def _alarms_in(context: Context, place: Place) -> Mapping[Metric, tuple[MetricAlarm, ...]] | None:
    """None where they are not listed, or may not be."""
    if place not in context.alarms_listed:
        return None
    listing = context.account.ask(AlarmsIn(place))
    if isinstance(listing, Unreadable):
        return None
    return context.memory.once(("alarms by metric", place), partial(_by_metric, listing.metric_alarms))


def _by_metric(alarms: Iterable[MetricAlarm]) -> Mapping[Metric, tuple[MetricAlarm, ...]]:
    found: defaultdict[Metric, list[MetricAlarm]] = defaultdict(list)
    for alarm in alarms:
        if alarm.metric is not None:
            found[alarm.metric].append(alarm)
    return _frozen(found)


def _frozen(lists: Mapping[K, list[V]]) -> Mapping[K, tuple[V, ...]]:
    return {key: tuple(values) for key, values in lists.items()}
