"""Does a metric filter see routine traffic? Its alarm would then stay in ALARM, and actions run on changes only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from ..account import Account, Trails, Unreadable
from ..control import routine_matches
from ..filter_pattern import Pattern, PatternSyntaxError
from ..findings import FindingId, Reason
from ..metric_filter import Noise
from ..resources import LogGroupId, MetricFilter, Trail
from ..trail import log_group_of
from .aws_answers import matched_by_aws
from .context import Context, Sources, pattern_of
from .reasons import filter_reason

__all__ = ["noise", "routine_reasons"]


RoutineMatches: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]
"""Names of routine events that a filter matches; name and message of those of which it is not known."""


def _routine_events_of(context: Context, sources: Sources, metric_filter: MetricFilter) -> RoutineMatches:
    """The routine events that a filter sees, of every account that its log group gets them from, found out once.

    What no trail puts into the log group is no matter, nor is what the control asks for. Raises `PatternSyntaxError`.
    """
    pattern = pattern_of(context, metric_filter)
    key = ("routine events of", metric_filter.log_group, metric_filter.filter_pattern)
    return context.memory.once(key, lambda: _tried(context, sources, metric_filter, pattern))


def _tried(context: Context, sources: Sources, metric_filter: MetricFilter, pattern: Pattern) -> RoutineMatches:
    source = sources.get(metric_filter.log_group)
    account = context.account
    matched: dict[str, None] = {}
    doubtful: list[tuple[str, str]] = []
    for account_id in (account.account_id, *_members(context, metric_filter)):
        told = "" if account_id == account.account_id else f" of account {account_id}"
        sure, unsure = routine_matches(
            pattern,
            account_id,
            account.region,
            (lambda _: True) if source is None else source.may_hold,
            context.requirement.asked_for,
        )
        matched |= dict.fromkeys(f"{name}{told}" for name in sure)
        doubtful += [(f"{name}{told}", message) for name, message in unsure]
    return tuple(matched), tuple(doubtful)


_ANOTHER_MEMBER = "210987654321"
"""Stands for the members of an organization that nobody names."""


def _members(context: Context, metric_filter: MetricFilter) -> tuple[str, ...]:
    """Other accounts whose events an organization's trail puts into the log group: its owner, those that the pattern
    names, and one that it does not.
    """
    group = metric_filter.log_group
    if not any(trail.is_organization_trail for trail in _trails_into(context, group)):
        return ()
    named = re.findall(r"(?<!\d)\d{12}(?!\d)", metric_filter.filter_pattern)
    others = dict.fromkeys((group.account_id, _ANOTHER_MEMBER, *named[:_MOST_NAMED]))
    return tuple(account_id for account_id in others if account_id != context.account.account_id)


_MOST_NAMED = 3
"""Of the accounts that a pattern names so many are tried: each costs as much as the account itself."""


def routine_reasons(context: Context, sources: Sources, metric_filter: MetricFilter) -> tuple[Reason, ...]:
    """Why a filter does not count, if it sees routine events. AWS settles those whose match nothing documents.

    Raises `PatternSyntaxError`.
    """
    if context.requirement.allow_routine_matches:
        return ()
    matched, doubtful = _routine_events_of(context, sources, metric_filter)
    if not matched and doubtful:
        answer = matched_by_aws(context.account, metric_filter, [message for _, message in doubtful])
        if isinstance(answer, Unreadable):
            detail = f"AWS does not document whether it matches {doubtful[0][0]}, and {answer.operation} was refused"
            return (filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, detail),)
        matched = tuple(doubtful[number][0] for number in sorted(answer))
    if not matched:
        return ()
    detail = f"such as {matched[0]}"
    return (filter_reason(FindingId.PATTERN_MATCHES_ROUTINE, metric_filter, detail),)


def noise(context: Context, sources: Sources, metric_filter: MetricFilter) -> Noise | None:
    """What a filter may publish all day; None if it is known to be quiet.

    Its pattern tells only where CloudTrail writes: nobody knows what anything else logs, so not even a narrow pattern
    is known to be quiet there, nor is that one of the routine matches that a rule's parameter may allow.
    """
    if not _trails_into(context, metric_filter.log_group):
        words = f"counts what is logged in {metric_filter.log_group.name}, which no trail is known to fill"
        return Noise(words, known=False, recorded=False)
    if context.requirement.allow_routine_matches:
        return None
    try:
        matched, doubtful = _routine_events_of(context, sources, metric_filter)
    except PatternSyntaxError:
        return Noise("matches events that cannot be told", known=False)
    if matched:
        return Noise(f"matches {matched[0]}")
    return Noise(f"may match {doubtful[0][0]}", known=False) if doubtful else None


def _trails_into(context: Context, log_group: LogGroupId) -> tuple[Trail, ...]:
    """The trails that fill a log group. One that does not work at present writes nothing else there."""
    return context.memory.once("trails by log group", lambda: _by_log_group(context.account)).get(log_group, ())


def _by_log_group(account: Account) -> Mapping[LogGroupId | Reason, tuple[Trail, ...]]:
    trails = account.ask(Trails())
    found: dict[LogGroupId | Reason, tuple[Trail, ...]] = {}
    for trail in () if isinstance(trails, Unreadable) else trails:
        log_group = log_group_of(trail)
        found[log_group] = (*found.get(log_group, ()), trail)
    return found
