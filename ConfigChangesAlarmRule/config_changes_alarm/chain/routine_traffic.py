"""Does a metric filter see routine traffic? Its alarm would then stay in ALARM, and actions run on changes only."""

from __future__ import annotations

from ..account import Trails, Unreadable
from ..control import routine_matches
from ..filter_pattern import PatternSyntaxError, parse
from ..findings import FindingId, Reason
from ..resources import LogGroupId, MetricFilter
from ..trail import log_group_of
from .aws_answers import matched_by_aws
from .context import Context, RoutineMatches, Sources
from .reasons import filter_reason

__all__ = ["noise", "routine_reasons"]


def _routine_events_of(context: Context, sources: Sources, metric_filter: MetricFilter) -> RoutineMatches:
    """The routine events that a filter sees: what no trail puts into its log group is no matter.

    Raises `PatternSyntaxError`.
    """
    key = (metric_filter.log_group, metric_filter.filter_pattern)
    known = context.routine.get(key)
    if known is None:
        source, account = sources.get(metric_filter.log_group), context.account
        may_occur = (lambda _: True) if source is None else source.may_hold
        pattern = parse(metric_filter.filter_pattern)
        known = context.routine[key] = routine_matches(pattern, account.account_id, account.region, may_occur)
    return known


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
            return (filter_reason(context, FindingId.PATTERN_UNDECIDED, metric_filter, detail),)
        matched = tuple(doubtful[number][0] for number in sorted(answer))
    if not matched:
        return ()
    detail = f"such as {matched[0]}"
    return (filter_reason(context, FindingId.PATTERN_MATCHES_ROUTINE, metric_filter, detail),)


def noise(context: Context, sources: Sources, metric_filter: MetricFilter) -> str | None:
    """What a filter may publish all day, in words; None if it is known to be quiet.

    Its pattern tells only where CloudTrail writes: nobody knows what anything else logs, so not even a narrow pattern
    is known to be quiet there, nor is that one of the routine matches that a rule's parameter may allow.
    """
    if not _a_trails(context, metric_filter.log_group):
        return f"counts what is logged in {metric_filter.log_group.name}, which no trail is known to fill"
    if context.requirement.allow_routine_matches:
        return None
    try:
        matched, doubtful = _routine_events_of(context, sources, metric_filter)
    except PatternSyntaxError:
        return "matches events that cannot be told"
    named = [*matched, *(name for name, _ in doubtful)]
    return f"matches {named[0]}" if named else None


def _a_trails(context: Context, log_group: LogGroupId) -> bool:
    """Whether it is the log group of a trail. A trail that does not work at present writes nothing else there."""
    trails = context.account.ask(Trails())
    return not isinstance(trails, Unreadable) and any(log_group_of(trail) == log_group for trail in trails)
