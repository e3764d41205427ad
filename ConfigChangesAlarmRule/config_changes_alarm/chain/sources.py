"""From the trails to the log groups that they fill: where a required event is written, and what else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from ..account import (
    EventSelectorsOf,
    LogGroupOf,
    NotFound,
    Trails,
    TrailStatusOf,
    Unreadable,
)
from ..assessment import Chain, Hop
from ..findings import FindingId, Reason
from ..requirement import UnverifiableAccount
from ..resources import EventSelectors, LogGroup, LogGroupId, MetricFilter, Trail, TrailStatus
from ..trail import (
    Broken,
    Captures,
    Delivers,
    Hidden,
    Ignores,
    Unsure,
    captures,
    delivers,
    hidden_delivery,
    log_group_of,
    qualifies,
    selectors_reason,
)
from .context import Context, Source, Sources
from .metrics import filters_of, listing_filters_of
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
    groups = (log_group_of(trail) for trail in trails if qualifies(trail) is None)
    context = listing_filters_of(context, (group for group in groups if isinstance(group, LogGroupId)))
    followed = context.account.side_by_side(*(partial(_follow_trail, context, trail) for trail in trails))
    ends = tuple(end for of_trail in followed for end in of_trail)
    sources = tuple(end for end in ends if isinstance(end, Source))
    return _merged(sources, _partly_known(trails, sources)), tuple(end for end in ends if isinstance(end, Chain))


def _partly_known(trails: Sequence[Trail], sources: Sequence[Source]) -> frozenset[LogGroupId]:
    """The log groups that a trail fills whose selectors were not read, or are no good for the required events."""
    followed = {source.trail for source in sources}
    groups = (log_group_of(trail) for trail in trails if trail not in followed)
    return frozenset(group for group in groups if isinstance(group, LogGroupId))


def _merged(sources: Sequence[Source], partly_known: frozenset[LogGroupId]) -> Sources:
    """One source a log group: several trails may fill the same one."""
    by_group: dict[LogGroupId, list[Source]] = {}
    for source in sources:
        by_group.setdefault(source.log_group, []).append(source)
    return {
        log_group: replace(
            into[0],
            captured=frozenset[str]().union(*(source.captured for source in into)),
            selectors=() if log_group in partly_known else _each_once(into),
        )
        for log_group, into in by_group.items()
    }


def _each_once(sources: Sequence[Source]) -> tuple[EventSelectors, ...]:
    """The selectors of all trails: most have the same ones."""
    return tuple(dict.fromkeys(selectors for source in sources for selectors in source.selectors))


def _follow_trail(context: Context, trail: Trail) -> tuple[Source | Chain, ...]:
    """Where it leads, and why events that it does not record lead nowhere."""
    account = context.account
    chain = Chain(()).reaching(Hop.TRAIL, trail.name, arn=trail.trail_arn)
    if (reason := qualifies(trail)) is not None:
        return (chain.broken(reason),)
    log_group = log_group_of(trail)
    if isinstance(log_group, Reason):
        return (chain.broken(log_group),)
    if not _may_read(context, log_group):
        return _unverifiable(context, chain, trail, log_group)
    status, selectors, group, filters = account.side_by_side(
        partial(account.ask, TrailStatusOf(trail)),
        partial(account.ask, EventSelectorsOf(trail)),
        partial(account.ask, LogGroupOf(log_group)),
        partial(filters_of, context, log_group),
    )
    records = _recorded(context, trail, selectors)
    reasons = (*_failures(context, trail, status), *records.unread)
    if reasons:
        return (chain.broken(*reasons),)
    left_out = records.left_out(trail, chain, Ignores, Unsure)
    if not records.surely:
        return left_out
    return _log_group(chain, trail, log_group, group, filters, records), *left_out


def _log_group(
    chain: Chain,
    trail: Trail,
    log_group: LogGroupId,
    group: LogGroup | NotFound | Unreadable,
    filters: tuple[MetricFilter, ...] | NotFound | Unreadable,
    records: _Records,
) -> Source | Chain:
    """The log group that the trail fills, or why nothing is found there."""
    chain = chain.reaching(Hop.LOG_GROUP, log_group.name, arn=log_group.arn)
    facts = (("region", log_group.region), ("log_group_name", log_group.name))
    match group:
        case Unreadable():
            return chain.broken(unread(group))
        case NotFound():
            return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
        case LogGroup(log_group_class=None | "STANDARD"):
            pass
        case LogGroup(log_group_class="INFREQUENT_ACCESS" | "DELIVERY" as other):
            return chain.broken(Reason(FindingId.LOG_GROUP_CLASS, log_group.name, f"class {other}", facts))
        case LogGroup(log_group_class=other):
            return chain.broken(Reason(FindingId.LOG_GROUP_CLASS_UNVERIFIED, log_group.name, f"class {other}", facts))
    match filters:
        case Unreadable():
            return chain.broken(unread(filters))
        case NotFound():
            return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
        case _:
            return Source(chain, trail, log_group, records.surely, filters, records.selectors)


def _may_read(context: Context, log_group: LogGroupId) -> bool:
    own = log_group.account_id == context.account.account_id
    return own or context.requirement.log_group_account_role_name is not None


def _unverifiable(context: Context, chain: Chain, trail: Trail, log_group: LogGroupId) -> tuple[Chain, ...]:
    """A log group in another account that may not be read, and what of its trail is known to be broken all the same.

    Its selectors are asked for only where the verdict hangs on them.
    """
    account = context.account
    status = account.ask(TrailStatusOf(trail))
    if isinstance(status, TrailStatus) and isinstance(judged := _delivers(context, trail, status), Broken):
        return (chain.broken(*judged.reasons),)
    records = _Records()
    if context.requirement.unverifiable_account is UnverifiableAccount.NOT_APPLICABLE:
        records = _recorded(context, trail, account.ask(EventSelectorsOf(trail)))
    reason = Reason(
        FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        log_group.name,
        f"account {log_group.account_id}, trail {trail.name}",
        (("account_id", log_group.account_id), ("log_group_name", log_group.name)),
    )
    possible = frozenset(context.events) - records.never
    unverifiable = (replace(chain, maybe=possible).broken(reason),) if possible else ()
    return *unverifiable, *records.left_out(trail, chain, Ignores)


# --------------------------------------------------------------------------- the trail


def _delivers(context: Context, trail: Trail, status: TrailStatus) -> Delivers | Broken | Hidden:
    """The trail's delivery, as its owner is shown it: where there is a role for it, the reader asks the owner."""
    own = trail.belongs_to(context.account.account_id)
    seen_by_owner = own or context.requirement.log_group_account_role_name is not None
    return delivers(trail, status, context.now, seen_by_owner=seen_by_owner)


def _failures(context: Context, trail: Trail, status: TrailStatus | NotFound | Unreadable) -> tuple[Reason, ...]:
    """Why the trail does not deliver, or is not known to."""
    if not isinstance(status, TrailStatus):
        return (_absent(status, trail),)
    match _delivers(context, trail, status):
        case Delivers():
            return ()
        case Hidden():
            return (hidden_delivery(trail),)
        case Broken(reasons):
            return reasons


@dataclass(frozen=True, slots=True)
class _Records:
    """What a trail's selectors make of the required events, by name; or why they could not be read."""

    verdicts: tuple[tuple[str, Captures | Ignores | Unsure], ...] = ()
    selectors: tuple[EventSelectors, ...] = ()
    unread: tuple[Reason, ...] = ()

    @property
    def surely(self) -> frozenset[str]:
        return frozenset(name for name, verdict in self.verdicts if isinstance(verdict, Captures))

    @property
    def never(self) -> frozenset[str]:
        return frozenset(name for name, verdict in self.verdicts if isinstance(verdict, Ignores))

    def left_out(self, trail: Trail, chain: Chain, *kinds: type[Ignores | Unsure]) -> tuple[Chain, ...]:
        """A path that ends at the trail for each cause why events are not recorded, or not known to be."""
        causes: dict[Ignores | Unsure, list[str]] = {}
        for name, verdict in self.verdicts:
            if not isinstance(verdict, Captures) and isinstance(verdict, kinds):
                causes.setdefault(verdict, []).append(name)
        left_out = [cause for cause in causes if isinstance(cause, Ignores)]
        return tuple(
            replace(chain, maybe=frozenset(names)).broken(
                selectors_reason(trail, self.selectors, cause, names, left_out)
            )
            for cause, names in causes.items()
        )


def _recorded(context: Context, trail: Trail, selectors: EventSelectors | NotFound | Unreadable) -> _Records:
    if not isinstance(selectors, EventSelectors):
        return _Records(unread=(_absent(selectors, trail),))
    verdicts = (
        (name, captures(trail, selectors, event.selected, event.never_from)) for name, event in context.events.items()
    )
    return _Records(tuple(verdicts), (selectors,))


def _absent(read: NotFound | Unreadable, trail: Trail) -> Reason:
    if isinstance(read, Unreadable):
        return unread(read)
    facts = (("region", trail.home_region), ("trail_arn", trail.trail_arn))
    return Reason(FindingId.TRAIL_NOT_LOGGING, trail.name, "it no longer exists in its home Region", facts)
