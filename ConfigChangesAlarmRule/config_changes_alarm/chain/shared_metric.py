"""What the other filters that publish to a metric add to it, and which of them spoil it."""

from __future__ import annotations

from collections.abc import Sequence

from ..account import MetricFiltersOn, Unreadable
from ..findings import FindingId, Reason
from ..metric_filter import Publication, Publishes, Spoiled, alongside, only_zeros, publishes
from ..resources import Metric, MetricAlarm, MetricFilter
from .context import Context, Sources
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
    own = metric_filter.log_group, metric_filter.filter_name
    others = tuple(each for each in sharing if (each.log_group, each.filter_name) != own)
    together = _together(context, sources, publication, others)
    if isinstance(together, Spoiled):
        return filter_reason(FindingId.METRIC_SPOILED, metric_filter, together.detail)
    return together


def _together(
    context: Context, sources: Sources, publication: Publication, others: Sequence[MetricFilter]
) -> Publication | Spoiled:
    """The publication among those of other filters, or the first that spoils it with its values or with its events."""
    for other in others:
        together = alongside(publication, other)
        if isinstance(together, Spoiled):
            return together
        publication = together
        if not only_zeros(publication.metric, other) and (heard := noise(context, sources, other)) is not None:
            return Spoiled(f"{other.filter_name} {heard}")
    return publication


def companions(
    context: Context, sources: Sources, publication: Publication, alarm: MetricAlarm
) -> tuple[Publication, ...] | Unreadable:
    """What is known of the other metrics of a metric math alarm: those that only quiet metric filters publish."""
    found: list[Publication] = []
    for metric in dict.fromkeys(query.metric_stat.metric for query in alarm.metrics if query.metric_stat):
        if metric == publication.metric:
            continue
        filters = context.account.ask(MetricFiltersOn(alarm.place, metric.namespace, metric.metric_name))
        if isinstance(filters, Unreadable):
            return filters
        if filters and (companion := _quiet(context, sources, metric, filters)) is not None:
            found.append(companion)
    return tuple(found)


def _quiet(context: Context, sources: Sources, metric: Metric, filters: tuple[MetricFilter, ...]) -> Publication | None:
    """What filters publish to a metric, if all of them are known to publish seldom and no other values."""
    counting = next((each for each in filters if not only_zeros(metric, each)), filters[0])
    published = publishes(counting, context.account.account_id)
    if not isinstance(published, Publishes) or published.publication.metric != metric:
        return None
    together = _together(context, sources, published.publication, filters)
    return None if isinstance(together, Spoiled) else together
