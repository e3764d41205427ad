"""What the other filters that publish to a metric add to it, and which of them spoil it."""

from __future__ import annotations

from functools import partial

from ..account import Unreadable
from ..findings import FindingId, Reason
from ..metric_filter import Publication, Publishes, SharedMetric, Spoiled, only_zeros, publishes
from ..resources import Metric, MetricAlarm, MetricFilter, Place
from .context import Context, Sources
from .metrics import filters_on
from .reasons import filter_reason, unread
from .routine_traffic import noise

__all__ = ["companions", "shared"]


def shared(
    context: Context,
    sources: Sources,
    metric_filter: MetricFilter,
    publication: Publication,
    sharing: tuple[MetricFilter, ...] | Unreadable,
) -> Publication | Reason:
    """The publication among those of the other filters that publish to the same metric; or which one spoils it."""
    if isinstance(sharing, Unreadable):
        return unread(sharing)
    place, metric = metric_filter.log_group.place, publication.metric
    together = _together(context, sources, place, metric, sharing).around(publication, metric_filter)
    if isinstance(together, Spoiled):
        kind = FindingId.METRIC_SPOILED if together.known else FindingId.METRIC_SHARING_UNVERIFIED
        return filter_reason(kind, metric_filter, together.detail)
    return together


def _together(
    context: Context, sources: Sources, place: Place, metric: Metric, filters: tuple[MetricFilter, ...]
) -> SharedMetric:
    """What the filters of a metric make of it, found out once however many of them are followed."""
    heard = partial(noise, context, sources)
    return context.memory.once(("shared", place, metric), lambda: SharedMetric.of(metric, filters, heard))


def companions(
    context: Context, sources: Sources, publication: Publication, alarm: MetricAlarm
) -> tuple[Publication, ...] | Unreadable:
    """What is known of the other metrics of a metric math alarm: those that only quiet metric filters publish."""
    found: list[Publication] = []
    for metric in dict.fromkeys(query.metric_stat.metric for query in alarm.metrics if query.metric_stat):
        if metric == publication.metric:
            continue
        filters = filters_on(context, alarm.place, metric)
        if isinstance(filters, Unreadable):
            return filters
        if filters and (companion := _quiet(context, sources, alarm.place, metric, filters)) is not None:
            found.append(companion)
    return tuple(found)


def _quiet(
    context: Context, sources: Sources, place: Place, metric: Metric, filters: tuple[MetricFilter, ...]
) -> Publication | None:
    """What filters publish to a metric, if all of them are known to publish seldom and no other values."""
    counting = next((each for each in filters if not only_zeros(metric, each)), filters[0])
    published = publishes(counting, context.account.account_id)
    if not isinstance(published, Publishes) or published.publication.metric != metric:
        return None
    together = _together(context, sources, place, metric, filters).around(published.publication)
    return None if isinstance(together, Spoiled) else together
