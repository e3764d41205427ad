"""What the steps of the walk are given: whom they ask, the events they look for, and where trails write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeAlias

from ..account import Account, Memory
from ..assessment import Chain
from ..control import RequiredEvent, never_from, required_records, selected_members
from ..filter_pattern import JsonPattern, Pattern, parse
from ..proof import Budget, RecordModel
from ..requirement import Requirement
from ..resources import EventSelectors, LogGroupId, MetricFilter, Place, Trail
from ..trail import may_capture

__all__ = ["Context", "FollowedEvent", "Source", "Sources", "pattern_of"]


@dataclass(frozen=True, slots=True)
class FollowedEvent:
    """A required event with all that the hops ask about it.

    `narrowed` is the required pattern for this event alone, `model` what is known of the records that it matches, and
    `selected` what a trail's selectors may test of them.
    """

    event: RequiredEvent
    narrowed: Pattern
    model: RecordModel
    selected: Mapping[str, Any]

    @classmethod
    def of(cls, event: RequiredEvent, requirement: Requirement, account: Account) -> Self:
        failed_calls = requirement.include_failed_calls
        records = required_records(requirement.pattern, event, failed_calls, account.account_id, account.region)
        selected = selected_members(event, records.pattern)
        return cls(event, records.pattern, records.model, selected)

    def never_from(self, source: str) -> bool:
        """Whether none of its records has that source."""
        return never_from(self.event, self.narrowed, source)


@dataclass(frozen=True, slots=True)
class Context:
    """One evaluation: the account, what is required of it, and the time that counts as now. `events` are by name.

    `excused` are patterns of records that may go unnoticed on purpose, by a name that people know: nobody needs to be
    told of them, and whatever else the events are is still proved.

    `budget` is what all the proofs about its filters may cost, `memory` what was found out once, however many paths
    ask. Of the places in `filters_listed` and `alarms_listed` all metric filters and all alarms are read together.
    """

    account: Account
    requirement: Requirement
    now: datetime
    events: Mapping[str, FollowedEvent]
    budget: Budget = field(default_factory=Budget)
    memory: Memory = field(default_factory=Memory)
    filters_listed: frozenset[Place] = frozenset()
    alarms_listed: frozenset[Place] = frozenset()
    excused: Mapping[str, JsonPattern] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account, requirement: Requirement, now: datetime) -> Self:
        events = {event.name: FollowedEvent.of(event, requirement, account) for event in requirement.events}
        return cls(account, requirement, now, events)


def pattern_of(context: Context, metric_filter: MetricFilter) -> Pattern:
    """A filter's pattern, parsed once. Raises `PatternSyntaxError`."""
    source = metric_filter.filter_pattern
    return context.memory.once(("pattern", source), lambda: parse(source))


@dataclass(frozen=True, slots=True)
class Source:
    """A log group that a working trail fills with the named events, and its metric filters.

    `selectors` are those of every trail that fills it, none where they were not all read.
    """

    chain: Chain
    trail: Trail
    log_group: LogGroupId
    captured: frozenset[str]
    metric_filters: tuple[MetricFilter, ...]
    selectors: tuple[EventSelectors, ...]

    def may_hold(self, record: Mapping[str, Any]) -> bool:
        """Whether it cannot be ruled out that a trail puts the record into the log group."""
        return not self.selectors or any(may_capture(each, record) for each in self.selectors)


Sources: TypeAlias = Mapping[LogGroupId, Source]
"""Every log group that a working trail fills. Of any other it is not known what is written there."""
