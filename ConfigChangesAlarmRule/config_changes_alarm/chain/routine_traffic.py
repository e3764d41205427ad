"""Does a metric filter see routine traffic? Its alarm would then stay in ALARM, and actions run on changes only."""

from __future__ import annotations

from ..account import Unreadable
from ..control import routine_matches
from ..filter_pattern import Pattern, PatternSyntaxError, parse
from ..findings import FindingId, Reason
from ..resources import MetricFilter
from .aws_answers import matched_by_aws
from .context import Context, Sources
from .reasons import filter_reason

__all__ = ["noisy", "routine_events_of", "routine_reasons"]


def routine_events_of(
    context: Context, sources: Sources, metric_filter: MetricFilter, pattern: Pattern
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The routine events that a filter sees: what no trail puts into its log group is no matter."""
    source = sources.get(metric_filter.log_group)
    account_id, region = context.account.account_id, context.account.region
    if source is None:
        return routine_matches(pattern, account_id, region)
    return routine_matches(pattern, account_id, region, source.may_hold)


def routine_reasons(
    context: Context, sources: Sources, metric_filter: MetricFilter, pattern: Pattern
) -> tuple[Reason, ...]:
    """Why a filter does not count, if it sees routine events. AWS settles those whose match nothing documents."""
    if context.requirement.allow_routine_matches:
        return ()
    matched, doubtful = routine_events_of(context, sources, metric_filter, pattern)
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


def noisy(context: Context, sources: Sources, metric_filter: MetricFilter) -> bool:
    """Whether a filter may match routine events."""
    if context.requirement.allow_routine_matches:
        return False
    try:
        return any(routine_events_of(context, sources, metric_filter, parse(metric_filter.filter_pattern)))
    except PatternSyntaxError:
        return True
