"""Was an alarm on another metric meant for a filter's own? Otherwise it is none of the control's business.

That two metrics have the same name says little: many are called `EventCount`. Somebody who meant the alarm for the
control has called it so, and no other filter publishes what it watches.
"""

from __future__ import annotations

import re

from ..resources import Metric, MetricAlarm, MetricFilter
from .context import Context, Sources

__all__ = ["meant_for"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_GENERAL = frozenset(
    (
        *("alarm", "alarms", "alert", "alerts", "api", "aws", "call", "calls", "change", "changed", "changes"),
        *("cis", "cloudtrail", "cloudwatch", "control", "count", "counter", "counts", "event", "events"),
        *("filter", "filters", "for", "group", "log", "logs", "metric", "metrics", "monitor", "monitoring"),
        *("number", "of", "rule", "security", "the", "total", "value"),
    )
)
"""Words that names of alarms and metrics have, whatever they are for."""


def meant_for(
    context: Context, sources: Sources, metric_filter: MetricFilter, metric: Metric, alarm: MetricAlarm
) -> bool:
    """Whether the alarm, which watches something else, was meant for the metric that the filter publishes."""
    watched = [alarm.metric, *(query.metric_stat.metric for query in alarm.metrics if query.metric_stat)]
    metrics = [each for each in watched if each is not None]
    if any(_name(each) == _name(metric) for each in metrics):
        return True
    if any(_published(sources, each) for each in metrics):
        return False
    control = context.requirement.control
    ours = _words(metric_filter.filter_name, metric.metric_name, "" if control is None else control.id)
    return bool(ours & _words(alarm.alarm_name, *(each.metric_name for each in metrics)))


def _name(metric: Metric) -> tuple[str, str]:
    return metric.namespace, metric.metric_name


def _published(sources: Sources, metric: Metric) -> bool:
    """Whether some filter of a trail's log group publishes it."""
    return any(each.publishes_to(*_name(metric)) for source in sources.values() for each in source.metric_filters)


def _words(*names: str) -> frozenset[str]:
    found = (word.lower() for name in names for word in _WORD.findall(name))
    return frozenset(word for word in found if len(word) > 1) - _GENERAL
