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
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .findings import FindingId, Reason
from .metric_filter import Publication
from .resources import (
    AlarmHistoryItem,
    AlarmMuteRule,
    Arn,
    CompositeAlarm,
    EvaluationWindow,
    MalformedArn,
    Metric,
    MetricAlarm,
)

__all__ = ["Fires", "Notifies", "Silent", "fires", "last_action_failed", "muted", "notifies", "stuck"]

DAY = 86_400


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
class _Input:
    """What an alarm watches: the metric, statistic, period in seconds and unit."""

    metric: Metric
    statistic: str
    period: int
    unit: str | None


def _silent(id: FindingId, alarm: MetricAlarm | CompositeAlarm, detail: str = "") -> Silent:  # noqa: A002
    facts = [("alarm_name", alarm.alarm_name), ("region", alarm.place.region)]
    if isinstance(alarm, MetricAlarm) and alarm.metric is not None:
        facts += [("metric_name", alarm.metric.metric_name), ("namespace", alarm.metric.namespace)]
    topics = [arn for arn in alarm.alarm_actions if _is_topic(arn)]
    facts += [("topic_arn", arn) for arn in topics[:1]]
    return Silent((Reason(id, alarm.alarm_name, detail, tuple(facts)),))


def fires(alarm: MetricAlarm, publication: Publication, max_rearm_seconds: int, now: datetime) -> Fires | Silent:
    """Whether one event that publishes `publication` takes the alarm to ALARM, idle time does not, and it re-arms."""
    watched = _input(alarm)
    if isinstance(watched, Silent):
        return watched
    for judge in (_identity, _health, _at_rest_and_on_event, _evaluation):
        if (broken := judge(alarm, watched, publication)) is not None:
            return broken
    stays = watched.period * (alarm.evaluation_periods or 1)
    if (stays >= DAY and max_rearm_seconds <= DAY) or stays > max_rearm_seconds:
        detail = f"it stays in ALARM for {stays} s after one event, which hides later ones"
        return _silent(FindingId.ALARM_DOES_NOT_REARM, alarm, detail)
    if stays > DAY:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "a multi-day alarm is evaluated hourly")
    return stuck(alarm, max_rearm_seconds, now) or _warming_up(alarm, now) or Fires()


def _input(alarm: MetricAlarm) -> _Input | Silent:
    if alarm.has_evaluation_criteria:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it evaluates a query")
    if alarm.threshold_metric_id is not None:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "its threshold is an anomaly detection band")
    if alarm.metric is not None and not alarm.metrics:
        if alarm.statistic is None or alarm.period is None:
            return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no statistic or period")
        return _Input(alarm.metric, alarm.statistic, alarm.period, alarm.unit)
    returned = [query for query in alarm.metrics if query.return_data]
    if len(returned) != 1 or returned[0].metric_stat is None or returned[0].expression is not None:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "it evaluates a metric expression")
    query = returned[0]
    assert query.metric_stat is not None
    if query.account_id not in (None, alarm.place.account_id):
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, f"a metric of account {query.account_id}")
    stat = query.metric_stat
    return _Input(stat.metric, stat.stat, stat.period, stat.unit)


def _identity(alarm: MetricAlarm, watched: _Input, publication: Publication) -> Silent | None:
    if watched.metric != publication.metric:
        detail = f"{watched.metric}, the filter publishes {publication.metric}"
        if (watched.metric.namespace, watched.metric.metric_name) == (
            publication.metric.namespace,
            publication.metric.metric_name,
        ):
            detail = "it watches dimensions that the filter does not publish"
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    if watched.unit is not None and watched.unit != (publication.unit or "None"):
        detail = f"unit {watched.unit}, the filter publishes {publication.unit or 'None'}"
        return _silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    return None


def _health(alarm: MetricAlarm, watched: _Input, _: Publication) -> Silent | None:
    if alarm.evaluation_state in ("EVALUATION_ERROR", "EVALUATION_FAILURE"):
        return _silent(FindingId.ALARM_EVALUATION_ERROR, alarm, alarm.evaluation_state)
    if alarm.evaluation_state not in (None, "PARTIAL_DATA"):
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"evaluation state {alarm.evaluation_state}")
    if alarm.evaluation_window is not EvaluationWindow.SLIDING:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, "a wall-clock window may miss late data")
    if alarm.evaluation_interval is not None and alarm.evaluation_interval > watched.period:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"it is evaluated every {alarm.evaluation_interval} s only")
    if watched.period < 60 or watched.period % 60:
        detail = f"period {watched.period} s on a metric with one point a minute"
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


_BREACHES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
}
_SIGNS = {"GreaterThanOrEqualToThreshold": ">=", "GreaterThanThreshold": ">"}


def _at_rest_and_on_event(alarm: MetricAlarm, watched: _Input, publication: Publication) -> Silent | None:
    """The statistic breaches in a period with one event, whatever zeros are in it, and not in one without."""
    if alarm.threshold is None or alarm.comparison_operator not in _BREACHES:
        detail = f"it compares with {alarm.comparison_operator}"
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
    breaches = _BREACHES[alarm.comparison_operator]
    words = f"{watched.statistic} {_SIGNS[alarm.comparison_operator]} {alarm.threshold:g}"
    zeros = publication.default_value is not None
    if breaches(0.0, alarm.threshold):
        return _silent(FindingId.ALARM_ALWAYS_ON, alarm, f"{words} holds for 0 as well")
    statistic = watched.statistic
    if statistic == "SampleCount":
        if zeros:
            return _silent(FindingId.ALARM_ALWAYS_ON, alarm, "SampleCount counts the default value 0 as well")
        value = 1.0
    elif statistic in ("Sum", "Maximum", "p100"):
        value = publication.value
    elif statistic in ("Average", "Minimum") or re.fullmatch(r"p\d{1,2}(\.\d+)?", statistic):
        if zeros and not (statistic == "Average" and words.startswith("Average > 0")):
            detail = f"{statistic} falls with the default value 0 of other log events"
            return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
        if zeros and alarm.threshold != 0:
            return _silent(FindingId.ALARM_NEVER_FIRES, alarm, f"{words} fails when quiet minutes add zeros")
        value = publication.value
    else:
        return _silent(FindingId.ALARM_UNPROVABLE, alarm, f"statistic {statistic}")
    if statistic.startswith("p") and alarm.evaluate_low_sample_count_percentile == "ignore":
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, "percentiles of few samples are ignored")
    if not breaches(value, alarm.threshold):
        detail = f"{words} needs several events within {watched.period} s"
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
    return None


def _evaluation(alarm: MetricAlarm, watched: _Input, publication: Publication) -> Silent | None:
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
        detail = f"{needed} of {periods} periods of {watched.period} s must breach, one event breaches one"
        return _silent(FindingId.ALARM_NEVER_FIRES, alarm, detail)
    if treat == "ignore" and (publication.default_value is None or periods > 1):
        return _silent(FindingId.ALARM_DOES_NOT_REARM, alarm, "it ignores missing data and so keeps its state")
    return None


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
    concerning = [
        item for item in history if topic_arn in item.history_summary or topic_arn in (item.history_data or "")
    ]
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
