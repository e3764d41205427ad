"""What only the full listing of alarms shows: metric math, queries, composites, and what an owner probably meant.

The listing is expensive, and read only before an account would be NON_COMPLIANT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..account import AlarmsIn, Unreadable
from ..alarm import AlarmGraph, Fires, ListedAlarms, Propagates, carriers, propagates
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..metric_filter import Publication, Publishes, publishes
from ..resources import CompositeAlarm, MetricAlarm, MetricFilter
from .alarms import fires_for, follow_actions, follow_metric_alarm, reaching_alarm
from .context import Context, Sources
from .intended_alarms import meant_for
from .metrics import filters_on
from .reasons import unread
from .shared_metric import shared

__all__ = ["with_listed_alarms"]


def with_listed_alarms(context: Context, sources: Sources, chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The paths, and those by way of alarms that only the full listing shows.

    These are metric math, queries, composite and log alarms, and the alarm that watches nearly the right metric.
    A path that ended without an alarm makes way for those that name one.
    """
    account = context.account
    found: list[Chain] = []
    replaced: set[int] = set()
    filters = {
        chain.metric_filter.identity: chain
        for chain in chains
        if chain.metric_filter is not None and chain.pattern is not None and not chain.whole
    }
    for chain in filters.values():
        metric_filter = chain.metric_filter
        assert metric_filter is not None
        published = publishes(metric_filter, account.account_id)
        if not isinstance(published, Publishes) or chain.depth < Hop.METRIC_FILTER:
            continue
        start = replace(chain, steps=tuple(step for step in chain.steps if step.hop <= Hop.METRIC_FILTER), reasons=())
        if chain.depth is Hop.METRIC_FILTER and any(
            reason.id not in (FindingId.NO_ALARM, FindingId.CANNOT_READ) for reason in chain.reasons
        ):
            continue
        metric, place = published.publication.metric, metric_filter.log_group.place
        sharing = filters_on(context, place, metric)
        publication = shared(context, sources, metric_filter, published.publication, sharing)
        if isinstance(publication, Reason):
            continue
        listing = account.ask(AlarmsIn(place))
        if isinstance(listing, Unreadable):
            found.append(start.broken(unread(listing)))
            continue
        alarms = context.memory.once(("listed alarms", place), partial(ListedAlarms.of, listing))
        through = _follow_listing(context, sources, start, metric_filter, publication, alarms)
        if any(reason.id is FindingId.NO_ALARM for reason in chain.reasons):
            watching = [path for path in through if not _elsewhere(path)]
            queried = [] if watching else _queried(start, metric_filter, publication, alarms)
            through += queried
            if watching or queried:
                replaced.add(id(chain))
        found += through
    return (*(chain for chain in chains if id(chain) not in replaced), *found)


def _elsewhere(path: Chain) -> bool:
    """Whether its alarm watches another metric, so that it is still true that none watches this one."""
    return any(reason.id is FindingId.ALARM_ON_ANOTHER_METRIC for reason in path.reasons)


def _queried(start: Chain, metric_filter: MetricFilter, publication: Publication, alarms: ListedAlarms) -> list[Chain]:
    """The log alarms over the filter's log group: they may tell somebody, by a query that is not judged."""
    detail = f"it is a log alarm, which queries log group {metric_filter.log_group.name} and not {publication.metric}"
    return [
        start.reaching(Hop.ALARM, alarm.alarm_name, arn=alarm.alarm_arn).broken(
            Reason(
                FindingId.ALARM_UNPROVABLE,
                alarm.alarm_name,
                detail,
                tuple(metric_filter.names.items()),
            )
        )
        for alarm in alarms.querying(metric_filter.log_group)
    ]


def _follow_listing(
    context: Context,
    sources: Sources,
    start: Chain,
    metric_filter: MetricFilter,
    publication: Publication,
    alarms: ListedAlarms,
) -> list[Chain]:
    found: list[Chain] = []
    for alarm in alarms.near(publication.metric, metric_filter.filter_name):
        if alarm.metric != publication.metric:
            paths = follow_metric_alarm(context, sources, start, publication, alarm)
            meant = meant_for(context, sources, metric_filter, publication.metric, alarm)
            found += [path for path in paths if meant or not _elsewhere(path)]
        if alarm.metric not in (publication.metric, None):
            continue
        fired = fires_for(context, sources, publication, alarm)
        if not isinstance(fired, Fires):
            continue
        for way in carriers(alarm, alarms.graph):
            found += _follow_composites(context, start, alarm, way, alarms.graph, fired.returns_after)
    return found


def _follow_composites(
    context: Context,
    start: Chain,
    child: MetricAlarm,
    way: tuple[CompositeAlarm, ...],
    graph: AlarmGraph,
    returns_after: int,
) -> tuple[Chain, ...]:
    chain = reaching_alarm(start, child)
    for composite in way:
        chain = chain.reaching(Hop.ALARM, composite.alarm_name, arn=composite.alarm_arn, condition=composite.alarm_rule)
    outcome = propagates(child, way, graph, context.now, returns_after)
    if not isinstance(outcome, Propagates):
        return (chain.broken(*outcome.reasons),)
    return follow_actions(context, chain, way[-1])
