"""From a metric to the topics: does an alarm fire for one event, is it heard, and whom does it notify?"""

from __future__ import annotations

from functools import partial

from ..account import ActionHistoryOf, MuteRulesOf, Unreadable
from ..alarm import Fires, Notifies, Silent, fires, last_action_failed, muted, notifies
from ..assessment import Chain, Hop
from ..metric_filter import Publication
from ..resources import CompositeAlarm, MetricAlarm
from .context import Context, Sources
from .reasons import unread
from .shared_metric import companions
from .topic import follow_topics

__all__ = ["fires_for", "follow_actions", "follow_metric_alarm", "reaching_alarm"]


def follow_metric_alarm(
    context: Context, sources: Sources, chain: Chain, publication: Publication, alarm: MetricAlarm
) -> tuple[Chain, ...]:
    """The paths through an alarm, one for each topic that it notifies; or the one that breaks at it."""
    chain = reaching_alarm(chain, alarm)
    fired = fires_for(context, sources, publication, alarm)
    if not isinstance(fired, Fires):
        return (chain.broken(*fired.reasons),)
    return follow_actions(context, chain, alarm)


def reaching_alarm(chain: Chain, alarm: MetricAlarm) -> Chain:
    """The path with a metric alarm as its next step."""
    return chain.reaching(Hop.ALARM, alarm.alarm_name, arn=alarm.alarm_arn, condition=_condition(alarm))


def _condition(alarm: MetricAlarm) -> str:
    """What takes a metric alarm to ALARM, in CloudWatch's own words."""
    if alarm.metric is None:
        return "; ".join(
            f"{query.id} = {query.expression or (query.metric_stat and query.metric_stat.metric)}"
            for query in alarm.metrics
        )
    points = alarm.datapoints_to_alarm or alarm.evaluation_periods
    return (
        f"{alarm.statistic} of {alarm.metric} is {alarm.comparison_operator} {alarm.threshold} over {alarm.period} s, "
        f"{points} of {alarm.evaluation_periods}, missing data {alarm.treat_missing_data or 'missing'}"
    )


def fires_for(context: Context, sources: Sources, publication: Publication, alarm: MetricAlarm) -> Fires | Silent:
    """Whether one event that is published so takes the alarm to ALARM, with what its other metrics do."""
    others = companions(context, sources, publication, alarm)
    if isinstance(others, Unreadable):
        return Silent((unread(others),))
    return fires(alarm, publication, context.requirement.max_rearm_seconds, context.now, others)


def follow_actions(context: Context, chain: Chain, alarm: MetricAlarm | CompositeAlarm) -> tuple[Chain, ...]:
    """The paths from an alarm that has fired; history is only ever evidence against them."""
    account = context.account
    notified = notifies(alarm)
    if not isinstance(notified, Notifies):
        return (chain.broken(*notified.reasons),)
    paths: tuple[Chain, ...]
    mutes, history, paths = account.side_by_side(
        partial(account.ask, MuteRulesOf(alarm.place, alarm.alarm_name)),
        partial(account.ask, ActionHistoryOf(alarm.place, alarm.alarm_name, alarm.alarm_type)),
        partial(follow_topics, context, chain, alarm, notified.topic_arns),
    )
    if isinstance(mutes, Unreadable):
        return (chain.broken(unread(mutes)),)
    if (reason := muted(mutes, alarm.alarm_name)) is not None:
        return (chain.broken(reason),)
    if isinstance(history, Unreadable):
        return paths
    return tuple(
        path.broken(failure)
        if path.whole and (failure := last_action_failed(history, arn, alarm)) is not None
        else path
        for arn, path in zip(notified.topic_arns, paths, strict=True)
    )
