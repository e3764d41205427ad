"""The message that CloudWatch publishes when an alarm goes to ALARM: what is known of it before it is sent.

    {"AlarmName": ..., "NewStateValue": "ALARM", "OldStateValue": "OK", ..., "Trigger": {"MetricName": ..., ...}}

Sources: CloudWatch user guide, "Notifying users on alarm changes", and messages that were captured of metric alarms.
`Trigger` tells the metric of a plain metric alarm. What it tells of metric math is not used, and a composite alarm's
message has other members.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import TypeAlias, Union

from ..resources import CompositeAlarm, MetricAlarm
from ..truth import Truth

__all__ = ["DEFAULT_MAXIMUM_MESSAGE_SIZE", "Member", "fits", "messages"]

Member: TypeAlias = Union[str, tuple[str, ...], "Mapping[str, Member]"]
"""A text, a list of texts, or members with what is known of each. What is not known is left out."""

_STATES_BEFORE = ("OK", "INSUFFICIENT_DATA")
"""Actions run when the state changes: a message that tells ALARM comes from one of the others."""


def messages(alarm: MetricAlarm | CompositeAlarm) -> tuple[Mapping[str, Member], ...]:
    """The messages of the transition to ALARM, one for each state that the alarm may come from."""
    told: dict[str, Member] = {
        "AlarmName": alarm.alarm_name,
        "AlarmArn": alarm.alarm_arn,
        "AWSAccountId": alarm.place.account_id,
        "NewStateValue": "ALARM",
        "AlarmActions": alarm.alarm_actions,
    }
    if alarm.alarm_description is not None:
        told["AlarmDescription"] = alarm.alarm_description
    if isinstance(alarm, MetricAlarm) and alarm.metric is not None:
        told["Trigger"] = {"MetricName": alarm.metric.metric_name, "Namespace": alarm.metric.namespace}
    return tuple({**told, "OldStateValue": state} for state in _STATES_BEFORE)


# --------------------------------------------------------------------------- how large it is

DEFAULT_MAXIMUM_MESSAGE_SIZE = 262_144
"""Bytes. What a topic takes unless it is told otherwise (SNS API reference, GetTopicAttributes)."""

_MEMBERS = 1_300
"""Bytes of all names of members, times, states, numbers and the Region's name, with a reserve of a third."""
_STATE_REASON = 1_023 + 200
"""Bytes: CloudWatch's limit of a state's reason, with what JSON adds to its signs."""
_ENVELOPE = 2_048
"""Bytes that SNS puts around a message for a queue: its ids, its signature and its links, with a reserve of a third."""


def fits(maximum_message_size: int | None, alarm: MetricAlarm | CompositeAlarm, enveloped: bool = False) -> Truth:
    """Whether a message of the alarm is within so many bytes; `enveloped` as SNS hands it to a queue.

    NO only where the names that the message repeats are already more. Of metric math and composite alarms it is not
    known what else their messages hold.
    """
    if maximum_message_size is None or maximum_message_size >= DEFAULT_MAXIMUM_MESSAGE_SIZE:
        return Truth.YES
    repeated = _repeated(alarm)
    if sum(len(text.encode()) for text in repeated) > maximum_message_size:
        return Truth.NO
    if not isinstance(alarm, MetricAlarm) or alarm.metric is None:
        return Truth.UNKNOWN
    most = _MEMBERS + _STATE_REASON + sum(map(_most_bytes, repeated))
    if enveloped:
        most = 2 * most + _ENVELOPE  # a JSON text within a JSON text: no byte of it becomes more than two
    return Truth.YES if most <= maximum_message_size else Truth.UNKNOWN


def _repeated(alarm: MetricAlarm | CompositeAlarm) -> tuple[str, ...]:
    """The alarm's own texts that its message repeats, each as often as it does."""
    texts = (alarm.alarm_name, alarm.alarm_arn, alarm.alarm_description or "", *alarm.alarm_actions)
    if isinstance(alarm, CompositeAlarm):
        return (*texts, alarm.alarm_rule)
    texts = (*texts, *alarm.ok_actions, *alarm.insufficient_data_actions)
    if alarm.metric is None:
        return texts
    dimensions = (text for dimension in alarm.metric.dimensions for text in dimension)
    return (*texts, alarm.metric.namespace, alarm.metric.metric_name, *dimensions)


_PLAIN = frozenset(string.ascii_letters + string.digits + " -_.,:;()[]{}#@*+!?|~^%$")


def _most_bytes(text: str) -> int:
    """However JSON is written: a sign may become an escape of six bytes, and one beyond the first plane two of them.

    With quotes, a comma and what an element of a list or a dimension has around it.
    """
    return 30 + sum(1 if char in _PLAIN else 6 if ord(char) < 0x10000 else 12 for char in text)
