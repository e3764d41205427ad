"""Does one matching event take an alarm to ALARM, from rest, and does the alarm return?

`fires` accepts only what CloudWatch's documented evaluation rules prove (CloudWatch user guide, "Alarm evaluation" and
"Configuring how CloudWatch alarms treat missing data"). With one data point v, nothing before or after it:

    M = 1 of N        treat missing data as missing or notBreaching: fires and returns
                      ignore: returns only if zeros follow, so only with default value 0
                      breaching: already in ALARM at rest
    M > 1             needs several events, or fires only after data has been missing for long: not accepted

and the statistic has to breach on v and not at rest, where there is no data, or 0 with a default value of 0.
"""

from __future__ import annotations

import json
import math
import operator
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeGuard

from ..findings import FindingId, Reason
from ..metric_filter import Publication
from ..resources import (
    AlarmHistoryItem,
    AlarmMuteRule,
    Arn,
    CompositeAlarm,
    EvaluationWindow,
    MalformedArn,
    MetricAlarm,
    MetricDataQuery,
    MetricStat,
)
from .metric_math import Formula, NotProvable, formula
from .series import Values

__all__ = ["Fires", "Notifies", "Silent", "fires", "last_action_failed", "muted", "notifies", "stuck"]

DAY = 86_400
DELIVERY_DELAY = 300
"""Seconds within which a data point is taken to arrive. The guide speaks of a slight delay, of about a minute."""


@dataclass(frozen=True, slots=True)
class Fires:
    """One isolated event gives one transition to ALARM, and the alarm returns."""


@dataclass(frozen=True, slots=True)
class Notifies:
    """Entering ALARM publishes to these topics."""

    topic_arns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """It cannot be shown, because."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Signal:
    """What an alarm compares with its threshold: every value it may have, None for no data.

    `on_event` in a period with a matching event or more; `at_rest` in one without. `period` is seconds. `mixed_in`
    names the lesser values of the metric that an average or a percentile may fall to. `zeros_return` says that a 0 is
    sure to follow, `zeros_first` that one may be there before the event's data point arrives. The values of an
    `expression` are its extremes, some of which may never occur.
    """

    words: str
    period: int
    on_event: Values
    at_rest: Values
    mixed_in: str = "default value 0 of other log events"
    zeros_return: bool = False
    zeros_first: bool = False
    expression: bool = False


def _silent(id: FindingId, alarm: MetricAlarm | CompositeAlarm, detail: str = "") -> Silent:  # noqa: A002
    facts = [("alarm_name", alarm.alarm_name), ("region", alarm.place.region)]
    if isinstance(alarm, MetricAlarm) and alarm.metric is not None:
        facts += [("metric_name", alarm.metric.metric_name), ("namespace", alarm.metric.namespace)]
    topics = [arn for arn in alarm.alarm_actions if _is_topic(arn)]
    facts += [("topic_arn", arn) for arn in topics[:1]]
    return Silent((Reason(id, alarm.alarm_name, detail, tuple(facts)),))


def fires(
    alarm: MetricAlarm,
    publication: Publication,
    max_rearm_seconds: int,
    now: datetime,
    companions: Sequence[Publication] = (),
) -> Fires | Silent:
    """Whether one event that publishes `publication` takes the alarm to ALARM, idle time does not, and it re-arms.

    `companions` are the other metrics that a metric math expression may add: their filters publish at rest as little.
    """
    signal = _signal(alarm, publication, companions)
    if isinstance(signal, Silent):
        return signal
    for judge in (_health, _threshold, _evaluation, _lateness):
        if (broken := judge(alarm, signal)) is not None:
            return broken
    stays = signal.period * (alarm.evaluation_periods or 1)
    if (stays >= DAY and max_rearm_seconds <= DAY) or stays > max_rearm_seconds:
        detail = f"it stays in ALARM for {stays} s after one event, which hides later ones"
        return _silent(FindingId.ALARM_DOES_NOT_REARM, alarm, detail)
    if stays > DAY:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "a multi-day alarm is evaluated hourly")
    return stuck(alarm, max_rearm_seconds, now) or _warming_up(alarm, now) or Fires()


# --------------------------------------------------------------------------- what it watches


def _signal(alarm: MetricAlarm, publication: Publication, companions: Sequence[Publication]) -> _Signal | Silent:
    if alarm.has_evaluation_criteria:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it evaluates a query")
    if alarm.threshold_metric_id is not None:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "its threshold is an anomaly detection band")
    if alarm.metric is not None and not alarm.metrics:
        if alarm.statistic is None or alarm.period is None:
            return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no statistic or period")
        return _of_statistic(alarm, MetricStat(alarm.metric, alarm.period, alarm.statistic, alarm.unit), publication)
    if not alarm.metrics:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no metric")
    watched = formula(alarm.metrics)
    if isinstance(watched, NotProvable):
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, watched.reason)
    return _of_formula(alarm, watched, publication, companions)


def _of_query(
    alarm: MetricAlarm, query: MetricDataQuery, stat: MetricStat, publication: Publication
) -> _Signal | Silent:
    if query.account_id not in (None, alarm.place.account_id):
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, f"a metric of account {query.account_id}")
    return _of_statistic(alarm, stat, publication)


def _of_statistic(alarm: MetricAlarm, stat: MetricStat, publication: Publication) -> _Signal | Silent:
    """A statistic of the metric. Zeros, and lesser values of other filters, may lie in any period beside an event."""
    if (other := _identity(alarm, stat, publication)) is not None:
        return other
    zeros = publication.zeros_possible
    value, lowest = publication.value, 0.0 if zeros else publication.least
    at_rest: Values = frozenset((None, 0.0)) if zeros else frozenset((None,))
    on_event: set[float | None] = {value}
    match stat.stat:
        case "Sum":
            on_event = {value, math.inf}
        case "SampleCount":
            on_event = {1.0, math.inf}
            at_rest = frozenset((None, 1.0, math.inf)) if zeros else at_rest
        case "Maximum":
            pass
        case percentile if re.fullmatch(r"p100(\.0+)?", percentile):
            pass
        case "Average":
            on_event = {value, lowest or sys.float_info.min}
        case "Minimum":
            on_event = {value, lowest}
        case _ if re.fullmatch(r"p\d{1,2}(\.\d+)?", stat.stat):
            on_event = {value, lowest}
        case _:
            return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"statistic {stat.stat}")
    if stat.stat.startswith("p") and alarm.evaluate_low_sample_count_percentile == "ignore":
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, "percentiles of few samples are ignored")
    signal = _Signal(stat.stat, stat.period, frozenset(on_event), at_rest)
    if not zeros:
        signal = replace(signal, mixed_in=f"value {publication.least:g} of another filter")
    return replace(
        signal, zeros_return=publication.default_value is not None, zeros_first=publication.zeros_from_others
    )


def _identity(alarm: MetricAlarm, stat: MetricStat, publication: Publication) -> Silent | None:
    if stat.metric != publication.metric:
        detail = f"{stat.metric}, the filter publishes {publication.metric}"
        if (stat.metric.namespace, stat.metric.metric_name) == (
            publication.metric.namespace,
            publication.metric.metric_name,
        ):
            detail = "it watches dimensions that the filter does not publish"
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    if stat.unit is not None and stat.unit != (publication.unit or "None"):
        detail = f"unit {stat.unit}, the filter publishes {publication.unit or 'None'}"
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    if stat.unit is None and publication.several_units:
        detail = "filters publish its metric with different units, and it names none"
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


def _of_formula(
    alarm: MetricAlarm, watched: Formula, publication: Publication, companions: Sequence[Publication]
) -> _Signal | Silent:
    """A metric math expression over the metric and its companions, which may have events at any time as well."""
    known = {companion.metric: companion for companion in (*companions, publication)}
    signals: dict[str, _Signal] = {}
    ours: set[str] = set()
    for query in (query for query in alarm.metrics if query.id in watched.metric_ids):
        stat = query.metric_stat
        if stat is None:
            return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"its metric {query.id} has no statistic")
        if stat.metric not in known and len(watched.metric_ids) > 1:
            return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"its expression also watches {stat.metric}")
        signal = _of_query(alarm, query, stat, known.get(stat.metric, publication))
        if isinstance(signal, Silent):
            return signal
        signals[query.id] = signal
        ours |= {query.id} if stat.metric == publication.metric else set()
    if not ours:
        detail = f"its expression {watched.words} does not watch {publication.metric}"
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    periods = {signal.period for signal in signals.values()} | ({watched.period} - {None})
    if len(periods) != 1:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "its expression mixes periods")
    if watched.is_metric:
        return next(iter(signals.values()))
    resting = {name: signal.at_rest - {math.inf} for name, signal in signals.items()}
    least = {name: Values({min(filter(_present, signal.on_event))}) for name, signal in signals.items()}
    active = {name: least[name] if name in ours else values | least[name] for name, values in resting.items()}
    after = watched.outcomes(resting | dict.fromkeys(ours, Values({0.0})))
    before = watched.outcomes(active | dict.fromkeys(ours, Values({None})))
    return _Signal(
        words=watched.words,
        period=signals[min(ours)].period,
        on_event=watched.outcomes(active),
        at_rest=watched.outcomes(resting),
        zeros_return=publication.default_value is not None and None not in after,
        zeros_first=publication.zeros_from_others or before != {None},
        expression=True,
    )


def _present(value: float | None) -> TypeGuard[float]:
    return value is not None


# --------------------------------------------------------------------------- how it evaluates


def _health(alarm: MetricAlarm, signal: _Signal) -> Silent | None:
    if alarm.evaluation_state in ("EVALUATION_ERROR", "EVALUATION_FAILURE"):
        return _silent(FindingId.ALARM_EVALUATION_ERROR, alarm, alarm.evaluation_state)
    if alarm.evaluation_state == "IN_WARM_UP":
        return _silent(FindingId.ALARM_WARMING_UP, alarm, "CloudWatch does not evaluate it yet")
    if alarm.evaluation_state is not None:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"evaluation state {alarm.evaluation_state}")
    if alarm.evaluation_window is not EvaluationWindow.SLIDING:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "a wall-clock window may miss late data")
    if alarm.evaluation_interval is not None and alarm.evaluation_interval > signal.period:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"it is evaluated every {alarm.evaluation_interval} s only")
    if signal.period < 60 or signal.period % 60:
        detail = f"period {signal.period} s on a metric with one point a minute"
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_SIGNS = {
    "GreaterThanOrEqualToThreshold": ">=",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
_DOWNWARD = ("LessThanThreshold", "LessThanOrEqualToThreshold")


def _threshold(alarm: MetricAlarm, signal: _Signal) -> Silent | None:
    """Every value on an event breaches, and none at rest does."""
    if alarm.threshold is None or alarm.comparison_operator not in _BREACHES:
        detail = (
            f"it compares with {alarm.comparison_operator}" if alarm.threshold is not None else "it has no threshold"
        )
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    breaches = _BREACHES[alarm.comparison_operator]
    words = f"{signal.words} {_SIGNS[alarm.comparison_operator]} {alarm.threshold:g}"
    if alarm.comparison_operator in _DOWNWARD:
        return _downward(alarm, signal, words)
    resting = [value is not None and breaches(value, alarm.threshold) for value in signal.at_rest]
    if signal.expression and any(resting) and not all(resting):
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may hold without an event")
    if any(resting):
        return _silent(FindingId.ALARM_ALWAYS_ON, alarm, f"{words} holds without an event as well")
    failing = [value for value in signal.on_event if value is None or not breaches(value, alarm.threshold)]
    if not failing:
        return None
    if signal.expression and (None in failing or len(failing) < len(signal.on_event)):
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may not hold for one event")
    if signal.expression:
        detail = f"{words} does not hold for one event"
    elif len(failing) < len(signal.on_event) and math.inf not in signal.on_event:
        detail = f"{signal.words} falls with the {signal.mixed_in}"
    else:
        detail = f"{words} needs several events within {signal.period} s"
    return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)


def _downward(alarm: MetricAlarm, signal: _Signal, words: str) -> Silent:
    """An alarm on low values: at best one event raises it and more events bring it back."""
    assert alarm.threshold is not None
    assert alarm.comparison_operator is not None
    breaches = _BREACHES[alarm.comparison_operator]
    low = [breaches(value, alarm.threshold) for value in filter(_present, signal.at_rest)]
    lowered = [breaches(value, alarm.threshold) for value in filter(_present, signal.on_event)]
    if not signal.expression and any(low):
        return _silent(FindingId.ALARM_ALWAYS_ON, alarm, f"{words} holds without an event as well")
    if not signal.expression and not any(lowered):
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, f"{words} does not hold for an event")
    return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"{words} may fail when there are more events")


def _evaluation(alarm: MetricAlarm, signal: _Signal) -> Silent | None:
    periods = alarm.evaluation_periods
    if periods is None or periods < 1:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no evaluation periods")
    needed = alarm.datapoints_to_alarm or periods
    treat = alarm.treat_missing_data or "missing"
    if treat == "breaching":
        return _silent(FindingId.ALARM_ALWAYS_ON, alarm, "it treats missing data as breaching")
    if treat not in ("missing", "notBreaching", "ignore"):
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"it treats missing data as {treat}")
    if needed != 1:
        detail = f"{needed} of {periods} periods of {signal.period} s must breach, one event breaches one"
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
    if treat == "ignore" and not signal.zeros_return:
        return _silent(FindingId.ALARM_DOES_NOT_REARM, alarm, "it ignores missing data and so keeps its state")
    if treat == "ignore" and periods > 1:
        detail = f"whether it returns when it ignores missing data in {periods} periods is not documented"
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


def _lateness(alarm: MetricAlarm, signal: _Signal) -> Silent | None:
    """A 0 that is judged before the event's data point has arrived must not take its place for good.

    Plain data arrives in order, and a period without data is passed over. But FILL fills the newest minute, "which
    never has data", arithmetic counts it as 0, and other filters publish without regard to this one (user guide, FILL).
    """
    window = signal.period * (alarm.evaluation_periods or 1)
    if not signal.zeros_first or window >= DELIVERY_DELAY:
        return None
    detail = f"within its {window} s a 0 may be judged before the event's data point arrives"
    return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)


def stuck(alarm: MetricAlarm | CompositeAlarm, max_rearm_seconds: int, now: datetime) -> Silent | None:
    """What CloudWatch itself shows: in ALARM for longer than an alarm may take to return."""
    since = alarm.state_transitioned_timestamp
    if alarm.state_value != "ALARM" or since is None or now - since <= timedelta(seconds=max_rearm_seconds):
        return None
    return _silent(FindingId.ALARM_ALWAYS_ON, alarm, f"in ALARM since {since:%Y-%m-%d %H:%M} UTC")


def _warming_up(alarm: MetricAlarm, now: datetime) -> Silent | None:
    if not alarm.warm_up_minutes:
        return None
    updated = alarm.configuration_updated_timestamp
    if updated is None or now - updated < timedelta(minutes=alarm.warm_up_minutes):
        return _silent(FindingId.ALARM_WARMING_UP, alarm, f"for {alarm.warm_up_minutes} minutes after each update")
    return None


# --------------------------------------------------------------------------- actions


def _is_topic(arn: str) -> bool:
    try:
        return Arn.parse(arn).service == "sns"
    except MalformedArn:
        return False


def notifies(alarm: MetricAlarm | CompositeAlarm) -> Notifies | Silent:
    """The topics in the alarm's own Region that entering ALARM publishes to."""
    if not alarm.actions_enabled:
        return _silent(FindingId.ALARM_ACTIONS_DISABLED, alarm)
    topics = tuple(dict.fromkeys(arn for arn in alarm.alarm_actions if _is_topic(arn)))
    near = tuple(arn for arn in topics if Arn.parse(arn).region == alarm.place.region)
    if near:
        return Notifies(near)
    if topics:
        return _silent(FindingId.TOPIC_IN_ANOTHER_REGION, alarm, topics[0])
    others = sorted({arn.split(":")[2] for arn in alarm.alarm_actions if arn.count(":") >= 2})
    detail = f"its alarm actions go to {', '.join(others)}" if others else "it has no alarm actions"
    if not others and isinstance(alarm, MetricAlarm) and (alarm.ok_actions or alarm.insufficient_data_actions):
        detail = "it has actions only for other states than ALARM"
    return _silent(FindingId.ALARM_NO_TOPIC, alarm, detail)


def muted(rules: Sequence[AlarmMuteRule], alarm_name: str) -> Reason | None:
    """A mute rule that is active now; or a scheduled one that is not known to leave most of the time unmuted."""
    for rule in rules:
        facts = (("alarm_name", alarm_name), ("mute_rule_name", rule.name))
        if rule.status == "ACTIVE":
            return Reason(FindingId.ALARM_MUTED, alarm_name, f"mute rule {rule.name} is active", facts)
        if rule.status == "SCHEDULED" and not _mostly_unmuted(rule):
            return Reason(FindingId.ALARM_MUTED, alarm_name, f"mute rule {rule.name} mutes most of the time", facts)
    return None


def _mostly_unmuted(rule: AlarmMuteRule) -> bool:
    """A single window, or one that recurs at most daily for at most half a day."""
    expression = rule.expression or ""
    if expression.startswith("at("):
        return True
    fields = expression.removeprefix("cron(").rstrip(")").split()
    daily = len(fields) >= 5 and fields[0].isdigit() and fields[1].isdigit()
    duration = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", rule.duration or "")
    if not daily or duration is None:
        return False
    return int(duration[1] or 0) * 3600 + int(duration[2] or 0) * 60 <= DAY // 2


def last_action_failed(history: Sequence[AlarmHistoryItem], topic_arn: str) -> Reason | None:
    """Whether the newest action that concerns the topic failed. History is only ever evidence against."""
    named = re.compile(re.escape(topic_arn) + r"(?![\w-]|\.\w)")  # not another topic whose name begins alike
    concerning = [item for item in history if named.search(f"{item.history_summary} {item.history_data or ''}")]
    newest = max(concerning, key=lambda item: item.timestamp, default=None)
    if newest is None or not _failed(newest):
        return None
    name = topic_arn.rsplit(":", 1)[-1]
    return Reason(FindingId.ALARM_ACTION_FAILED, name, newest.history_summary[:80], (("topic_arn", topic_arn),))


def _failed(item: AlarmHistoryItem) -> bool:
    try:
        state = json.loads(item.history_data or "{}").get("actionState")
    except (ValueError, AttributeError):
        state = None
    return state == "Failed" or item.history_summary.startswith("Failed")
