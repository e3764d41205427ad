"""What does an alarm compare with its threshold, on one matching event and at rest?

The alarm watches a statistic of the filter's metric, or a metric math expression over it and its companions. Which
values that may give is said here; whether they take the alarm to ALARM is not.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..findings import FindingId
from ..metric_filter import Publication
from ..resources import MetricAlarm, MetricDataQuery, MetricStat
from .series import Values, is_point
from .silence import Silent, silent

if TYPE_CHECKING:
    from .metric_math import Formula

__all__ = ["Signal", "signal_of"]


@dataclass(frozen=True, slots=True)
class Signal:
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

    @property
    def zeros_follow(self) -> bool:
        """Whether a 0 or more takes the place of an event's data point in the periods after it."""
        return self.zeros_return or None not in self.at_rest


def signal_of(alarm: MetricAlarm, publication: Publication, companions: Sequence[Publication]) -> Signal | Silent:
    """The signal, or why the alarm does not show what one event that publishes `publication` makes of it."""
    if alarm.has_evaluation_criteria:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "it evaluates a query")
    if alarm.threshold_metric_id is not None:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "its threshold is an anomaly detection band")
    if alarm.metric is not None and not alarm.metrics:
        if alarm.statistic is None or alarm.period is None:
            return silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no statistic or period")
        return _of_statistic(alarm, MetricStat(alarm.metric, alarm.period, alarm.statistic, alarm.unit), publication)
    if not alarm.metrics:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "it has no metric")
    from .metric_math import NotProvable, formula

    watched = formula(alarm.metrics)
    if isinstance(watched, NotProvable):
        return silent(FindingId.ALARM_UNPROVABLE, alarm, watched.reason)
    return _of_formula(alarm, watched, publication, companions)


def _of_query(
    alarm: MetricAlarm, query: MetricDataQuery, stat: MetricStat, publication: Publication
) -> Signal | Silent:
    if query.account_id not in (None, alarm.place.account_id):
        return silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, f"a metric of account {query.account_id}")
    return _of_statistic(alarm, stat, publication)


def _of_statistic(alarm: MetricAlarm, stat: MetricStat, publication: Publication) -> Signal | Silent:
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
            return silent(FindingId.ALARM_UNPROVABLE, alarm, f"statistic {stat.stat}")
    if stat.stat.startswith("p") and alarm.evaluate_low_sample_count_percentile == "ignore":
        return silent(FindingId.ALARM_NEVER_FIRES, alarm, "percentiles of few samples are ignored")
    signal = Signal(stat.stat, stat.period, frozenset(on_event), at_rest)
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
        return silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    if stat.unit is not None and stat.unit != (publication.unit or "None"):
        detail = f"unit {stat.unit}, the filter publishes {publication.unit or 'None'}"
        return silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    if stat.unit is None and publication.several_units:
        detail = "filters publish its metric with different units, and it names none"
        return silent(FindingId.ALARM_UNPROVABLE, alarm, detail)
    return None


def _of_formula(
    alarm: MetricAlarm, watched: Formula, publication: Publication, companions: Sequence[Publication]
) -> Signal | Silent:
    """A metric math expression over the metric and its companions, which may have events at any time as well."""
    known = {companion.metric: companion for companion in (*companions, publication)}
    signals: dict[str, Signal] = {}
    ours: set[str] = set()
    for query in (query for query in alarm.metrics if query.id in watched.metric_ids):
        stat = query.metric_stat
        if stat is None:
            return silent(FindingId.ALARM_UNPROVABLE, alarm, f"its metric {query.id} has no statistic")
        if stat.metric not in known and len(watched.metric_ids) > 1:
            return silent(FindingId.ALARM_UNPROVABLE, alarm, f"its expression also watches {stat.metric}")
        signal = _of_query(alarm, query, stat, known.get(stat.metric, publication))
        if isinstance(signal, Silent):
            return signal
        signals[query.id] = signal
        ours |= {query.id} if stat.metric == publication.metric else set()
    if not ours:
        detail = f"its expression {watched.words} does not watch {publication.metric}"
        return silent(FindingId.ALARM_ON_ANOTHER_METRIC, alarm, detail)
    periods = {signal.period for signal in signals.values()} | ({watched.period} - {None})
    if len(periods) != 1:
        return silent(FindingId.ALARM_UNPROVABLE, alarm, "its expression mixes periods")
    if watched.is_metric:
        return next(iter(signals.values()))
    resting = {name: signal.at_rest - {math.inf} for name, signal in signals.items()}
    least = {name: Values({min(filter(is_point, signal.on_event))}) for name, signal in signals.items()}
    active = {name: least[name] if name in ours else values | least[name] for name, values in resting.items()}
    after = watched.outcomes(resting | dict.fromkeys(ours, Values({0.0})))
    before = watched.outcomes(active | dict.fromkeys(ours, Values({None})))
    return Signal(
        words=watched.words,
        period=signals[min(ours)].period,
        on_event=watched.outcomes(active),
        at_rest=watched.outcomes(resting),
        zeros_return=publication.default_value is not None and None not in after,
        zeros_first=publication.zeros_from_others or before != {None},
        expression=True,
    )
