"""From the trails to the log groups that they fill: where a required event is written, and what else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..account import (
    EventSelectorsOf,
    LogGroupOf,
    MetricFiltersOf,
    NotFound,
    Trails,
    TrailStatusOf,
    Unreadable,
)
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..resources import EventSelectors, LogGroup, LogGroupId, Trail, TrailStatus
from ..trail import Captures, Delivers, captures, delivers, log_group_of, qualifies
from .context import Context, Source, Sources
from .reasons import unread

__all__ = ["find_sources"]


def find_sources(context: Context) -> tuple[Sources, tuple[Chain, ...]]:
    """The log groups that working trails fill; and the paths that break before a log group or at it."""
    trails = context.account.ask(Trails())
    if isinstance(trails, Unreadable):
        return {}, (Chain((), (unread(trails),)),)
    if not trails:
        facts = (("region", context.account.region),)
        return {}, (Chain((), (Reason(FindingId.NO_TRAIL, context.account.region, facts=facts),)),)
    ends = context.account.side_by_side(*(partial(_follow_trail, context, trail) for trail in trails))
    sources = tuple(end for end in ends if isinstance(end, Source))
    return _merged(sources, _partly_known(trails, sources)), tuple(end for end in ends if isinstance(end, Chain))


def _partly_known(trails: Sequence[Trail], sources: Sequence[Source]) -> frozenset[LogGroupId]:
    """The log groups that a trail fills whose selectors were not read, or are no good for the required events."""
    followed = {source.trail for source in sources}
    groups = (log_group_of(trail) for trail in trails if trail not in followed)
    return frozenset(group for group in groups if isinstance(group, LogGroupId))


def _merged(sources: Sequence[Source], partly_known: frozenset[LogGroupId]) -> Sources:
    """One source a log group: several trails may fill the same one."""
    by_group: dict[LogGroupId, Source] = {}
    for source in sources:
        known = by_group.get(source.log_group)
        if known is not None:
            captured, selectors = known.captured | source.captured, known.selectors + source.selectors
            source = replace(known, captured=captured, selectors=selectors)
        by_group[source.log_group] = source
    return {
        log_group: replace(source, selectors=()) if log_group in partly_known else source
        for log_group, source in by_group.items()
    }


def _follow_trail(context: Context, trail: Trail) -> Source | Chain:
    account = context.account
    chain = Chain(()).reaching(Hop.TRAIL, trail.name, arn=trail.trail_arn)
    if (reason := qualifies(trail)) is not None:
        return chain.broken(reason)
    log_group = log_group_of(trail)
    if isinstance(log_group, Reason):
        return chain.broken(log_group)
    if not _may_read(context, log_group):
        return _unverifiable(context, chain, trail, log_group)
    status, selectors, group, filters = account.side_by_side(
        partial(account.ask, TrailStatusOf(trail)),
        partial(account.ask, EventSelectorsOf(trail)),
        partial(account.ask, LogGroupOf(log_group)),
        partial(account.ask, MetricFiltersOf(log_group)),
    )
    reasons, captured = _judged_trail(context, trail, status, selectors)
    if reasons:
        return chain.broken(*reasons)
    chain = chain.reaching(Hop.LOG_GROUP, log_group.name, arn=log_group.arn)
    facts = (("region", log_group.region), ("log_group_name", log_group.name))
    match group:
        case Unreadable():
            return chain.broken(unread(group))
        case NotFound():
            return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
        case LogGroup(log_group_class=None | "STANDARD"):
            pass
        case LogGroup(log_group_class=other):
            return chain.broken(Reason(FindingId.LOG_GROUP_CLASS, log_group.name, f"class {other}", facts))
    match filters:
        case Unreadable():
            return chain.broken(unread(filters))
        case NotFound():
            return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
        case _:
            assert isinstance(selectors, EventSelectors)
            return Source(chain, trail, log_group, captured, filters, (selectors,))


def _may_read(context: Context, log_group: LogGroupId) -> bool:
    own = log_group.account_id == context.account.account_id
    return own or context.requirement.log_group_account_role_name is not None


def _unverifiable(context: Context, chain: Chain, trail: Trail, log_group: LogGroupId) -> Chain:
    """A log group in another account that may not be read. A trail that is known to be stopped stays broken."""
    status = context.account.ask(TrailStatusOf(trail))
    if isinstance(status, TrailStatus):
        judged = delivers(trail, status, context.now)
        if not isinstance(judged, Delivers):
            return chain.broken(*judged.reasons)
    reason = Reason(
        FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        log_group.name,
        f"account {log_group.account_id}, trail {trail.name}",
        (("account_id", log_group.account_id), ("log_group_name", log_group.name)),
    )
    return chain.broken(reason)


def _judged_trail(
    context: Context,
    trail: Trail,
    status: TrailStatus | NotFound | Unreadable,
    selectors: EventSelectors | NotFound | Unreadable,
) -> tuple[tuple[Reason, ...], frozenset[str]]:
    """What breaks the trail; and the names of the required events that it captures."""
    reasons: list[Reason] = []
    if isinstance(status, TrailStatus):
        judged = delivers(trail, status, context.now)
        if not isinstance(judged, Delivers):
            reasons += judged.reasons
    else:
        reasons.append(_absent(status, trail))
    if not isinstance(selectors, EventSelectors):
        return (*reasons, _absent(selectors, trail)), frozenset()
    captured: set[str] = set()
    missed: list[Reason] = []
    for name, event in context.events.items():
        verdict = captures(trail, selectors, event.selected)
        if isinstance(verdict, Captures):
            captured.add(name)
        else:
            missed.append(verdict.reason)
    if not captured:
        reasons += missed[:1]
    return tuple(reasons), frozenset(captured)


def _absent(read: NotFound | Unreadable, trail: Trail) -> Reason:
    if isinstance(read, Unreadable):
        return unread(read)
    facts = (("region", trail.home_region), ("trail_arn", trail.trail_arn))
    return Reason(FindingId.TRAIL_NOT_LOGGING, trail.name, "it no longer exists in its home Region", facts)
