"""Why an alarm tells nobody: "it cannot be shown, because", the one way in which this package says no of an alarm."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import FindingId, Reason
from ..resources import Arn, CompositeAlarm, MalformedArn, MetricAlarm

__all__ = ["Silent", "facts_of", "silent", "topics"]


@dataclass(frozen=True, slots=True)
class Silent:
    """It cannot be shown, because."""

    reasons: tuple[Reason, ...]


def silent(
    id: FindingId,  # noqa: A002
    alarm: MetricAlarm | CompositeAlarm,
    detail: str = "",
    subject: str | None = None,
) -> Silent:
    """Because of the alarm, or of another `subject` that it leads to."""
    return Silent((Reason(id, subject or alarm.alarm_name, detail, facts_of(alarm)),))


def facts_of(alarm: MetricAlarm | CompositeAlarm) -> tuple[tuple[str, str], ...]:
    """What a remedy needs of an alarm.

    `alarm_name` is the metric alarm that a remedy may make anew. A composite alarm gives none: it is the metric alarm
    below it, whose name the path knows, that is given the action. `notifying_alarm_name` is the one that has it now.
    """
    facts = [("notifying_alarm_name", alarm.alarm_name), ("region", alarm.place.region)]
    if isinstance(alarm, MetricAlarm):
        facts.append(("alarm_name", alarm.alarm_name))
        if alarm.metric is not None:
            facts += [("metric_name", alarm.metric.metric_name), ("namespace", alarm.metric.namespace)]
    facts += [("topic_arn", arn) for arn in topics(alarm)[:1]]
    return tuple(facts)


def topics(alarm: MetricAlarm | CompositeAlarm) -> tuple[str, ...]:
    """The SNS topics among what entering ALARM acts on."""
    return tuple(arn for arn in alarm.alarm_actions if _is_topic(arn))


def _is_topic(arn: str) -> bool:
    try:
        return Arn.parse(arn).service == "sns"
    except MalformedArn:
        return False
