"""From the log groups to the metrics: which metric filters could carry a required event, and what they publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..account import Unreadable
from ..assessment import Chain, Hop
from ..filter_pattern import Answer, Pattern, PatternSyntaxError, matches
from ..findings import FindingId, Reason
from ..metric_filter import Publishes, publishes
from ..proof import Covered, covers, never_matches
from ..resources import MetricFilter
from .alarms import follow_metric_alarm
from .aws_answers import MAX_TEST_MESSAGES, matched_by_aws
from .context import Context, Source, Sources, pattern_of
from .metrics import alarms_on, filters_on
from .reasons import filter_reason, no_metric_filter, unread
from .routine_traffic import routine_reasons
from .shared_metric import shared

__all__ = ["candidates_of", "follow_metric_filter", "unfiltered"]


def candidates_of(context: Context, source: Source) -> list[Chain]:
    """The filters of a log group that could carry at least one captured event."""
    candidates = []
    for metric_filter in source.metric_filters:
        step = source.chain.reaching(Hop.METRIC_FILTER, metric_filter.filter_name, **_settings(metric_filter))
        chain = replace(step, metric_filter=metric_filter)
        try:
            pattern = pattern_of(context, metric_filter)
        except PatternSyntaxError as error:
            reason = filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, error.message)
            candidates.append(replace(chain, maybe=source.captured).broken(reason))
            continue
        sure, maybe = _carried(context, pattern, source.captured)
        if sure or maybe:
            candidates.append(replace(chain, pattern=pattern, sure=sure, maybe=maybe))
    return candidates


def _settings(metric_filter: MetricFilter) -> dict[str, str]:
    """A metric filter's pattern, and what it publishes."""
    published = (
        f"{each.metric_value} to {each.metric_namespace}/{each.metric_name}"
        for each in metric_filter.metric_transformations
    )
    return {"pattern": metric_filter.filter_pattern, "publishes": ", ".join(published)}


def _carried(context: Context, pattern: Pattern, captured: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Which captured events the pattern always matches, and which it may match."""
    sure, maybe = set(), set()
    for name in captured:
        event = context.events[name]
        if isinstance(covers(event.narrowed, (pattern,), event.model, context.budget), Covered):
            sure.add(name)
        elif not never_matches(event.narrowed, pattern, event.model, context.budget):
            maybe.add(name)
    return frozenset(sure), frozenset(maybe)


def follow_metric_filter(context: Context, sources: Sources, chain: Chain) -> tuple[Chain, ...]:
    """The paths through a filter, one for each way that its alarms notify; or the one that breaks at it."""
    account = context.account
    metric_filter = chain.metric_filter
    assert metric_filter is not None
    if chain.pattern is None:
        return _tried(context, chain, metric_filter)
    reasons = routine_reasons(context, sources, metric_filter)
    published = publishes(metric_filter, account.account_id)
    if not isinstance(published, Publishes):
        reasons = (*reasons, *published.reasons)
    if reasons or not isinstance(published, Publishes):
        return (chain.broken(*reasons),)
    publication = published.publication
    place, metric = metric_filter.log_group.place, publication.metric
    alarms, sharing = account.side_by_side(
        partial(alarms_on, context, place, metric),
        partial(filters_on, context, place, metric),
    )
    together = shared(context, sources, metric_filter, publication, sharing)
    if isinstance(together, Reason):
        return (chain.broken(together),)
    if isinstance(alarms, Unreadable):
        return (chain.broken(unread(alarms)),)
    if not alarms:
        reason = Reason(FindingId.NO_ALARM, str(metric), "", tuple(metric_filter.names.items()))
        return (chain.broken(reason),)
    results = account.side_by_side(
        *(partial(follow_metric_alarm, context, sources, chain, together, alarm) for alarm in alarms)
    )
    return tuple(found for result in results for found in result)


def _tried(context: Context, chain: Chain, metric_filter: MetricFilter) -> tuple[Chain, ...]:
    """What AWS itself says of a pattern that cannot be read here: only ever evidence against it.

    No number of records that match is a proof. Records that do not match tell which events it misses, and a filter that
    matches none of them is unrelated and not named at all.
    """
    samples = [
        (name, message)
        for name in sorted(chain.maybe)
        for message in context.events[name].model.bases[: max(1, MAX_TEST_MESSAGES // len(chain.maybe))]
        if matches(context.events[name].narrowed, message) is Answer.MATCH
    ]
    if not samples:
        return (chain,)
    answer = matched_by_aws(context.account, metric_filter, [message for _, message in samples])
    if isinstance(answer, Unreadable):
        return (chain,)
    seen = {name for number, (name, _) in enumerate(samples) if number in answer}
    missed = next((name for number, (name, _) in enumerate(samples) if number not in answer and name in seen), None)
    if not seen:
        return ()
    if missed is None:
        detail = f"{chain.reasons[0].detail}; AWS matches {len(answer)} samples, which is no proof for all events"
        reason = filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, detail)
    else:
        detail = f"AWS itself does not match every {missed}"
        reason = filter_reason(FindingId.PATTERN_MISSES_EVENT, metric_filter, detail)
    return (replace(chain, maybe=frozenset(seen), reasons=(reason,)),)


def unfiltered(sources: Sources, chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The paths that end at a log group none of whose filters could carry an event."""
    filtered = {chain.metric_filter.log_group for chain in chains if chain.metric_filter}
    return tuple(
        source.chain.broken(no_metric_filter(source)) for source in sources.values() if source.log_group not in filtered
    )
