"""Why an alarm tells nobody: "it cannot be shown, because", the one way in which this package says no of an alarm."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import FindingId, Reason
from ..resources import Arn, CompositeAlarm, MalformedArn, MetricAlarm

__all__ = ["Silent", "silent", "topics"]


@dataclass(frozen=True, slots=True)
class Silent:
    """It cannot be shown, because."""

    reasons: tuple[Reason, ...]


def silent(id: FindingId, alarm: MetricAlarm | CompositeAlarm, detail: str = "") -> Silent:  # noqa: A002
    """Because of the alarm, which is what the remedy puts right."""
    facts = [("alarm_name", alarm.alarm_name), ("region", alarm.place.region)]
    if isinstance(alarm, MetricAlarm) and alarm.metric is not None:
        facts += [("metric_name", alarm.metric.metric_name), ("namespace", alarm.metric.namespace)]
    facts += [("topic_arn", arn) for arn in topics(alarm)[:1]]
    return Silent((Reason(id, alarm.alarm_name, detail, tuple(facts)),))


def topics(alarm: MetricAlarm | CompositeAlarm) -> tuple[str, ...]:
    """The SNS topics among what entering ALARM acts on."""
    return tuple(arn for arn in alarm.alarm_actions if _is_topic(arn))


def _is_topic(arn: str) -> bool:
    try:
        return Arn.parse(arn).service == "sns"
    except MalformedArn:
        return False
