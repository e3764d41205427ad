"""What the other filters that publish to a metric add to it, and which of them spoil it."""

from __future__ import annotations

from ..account import MetricFiltersOn, Unreadable
from ..filter_pattern import PatternSyntaxError, parse
from ..findings import FindingId, Reason
from ..metric_filter import Publication, Publishes, Spoiled, alongside, publishes
from ..resources import Metric, MetricAlarm, MetricFilter
from .context import Context, Sources
from .reasons import filter_reason, unread
from .routine_traffic import noisy, routine_events_of

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
    for other in sharing:
        if (other.log_group, other.filter_name) == (metric_filter.log_group, metric_filter.filter_name):
            continue
        together = alongside(publication, other)
        if isinstance(together, Spoiled):
            return filter_reason(context, FindingId.METRIC_SPOILED, metric_filter, together.detail)
        publication = together
        try:
            matched, doubtful = routine_events_of(context, sources, other, parse(other.filter_pattern))
        except PatternSyntaxError:
            matched, doubtful = (), (("events that cannot be told", ""),)
        if (matched or doubtful) and not context.requirement.allow_routine_matches:
            named = matched[0] if matched else doubtful[0][0]
            detail = f"{other.filter_name} matches {named}"
            return filter_reason(context, FindingId.METRIC_SPOILED, metric_filter, detail)
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
    published = publishes(filters[0], context.account.account_id)
    if not isinstance(published, Publishes) or published.publication.metric != metric:
        return None
    publication: Publication | Spoiled = published.publication
    for metric_filter in filters:
        if isinstance(publication, Spoiled) or noisy(context, sources, metric_filter):
            return None
        publication = alongside(publication, metric_filter)
    return None if isinstance(publication, Spoiled) else publication
