"""Did the latest action of an alarm to a topic fail? History is only ever evidence against.

Source: CloudWatch API reference, DescribeAlarmHistory.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ..findings import FindingId, Reason
from ..resources import AlarmHistoryItem, Arn, CompositeAlarm, MetricAlarm
from .silence import facts_of

__all__ = ["last_action_failed"]

_LONGEST_ERROR = 300
"""Characters of AWS's error that are told: it may repeat whole policies."""


def last_action_failed(
    history: Sequence[AlarmHistoryItem], topic_arn: str, alarm: MetricAlarm | CompositeAlarm
) -> Reason | None:
    """The failure of the alarm's newest action that concerns the topic, if that failed."""
    named = re.compile(re.escape(topic_arn) + r"(?![\w-]|\.\w)")  # not another topic whose name begins alike
    concerning = [item for item in history if named.search(f"{item.history_summary} {item.history_data or ''}")]
    newest = max(concerning, key=lambda item: item.timestamp, default=None)
    if newest is None:
        return None
    data = _data(newest)
    if data.get("actionState") != "Failed" and not newest.history_summary.startswith("Failed"):
        return None
    told = data.get("error") or newest.history_summary.rpartition("Received error: ")[2]
    detail = (
        f"to topic {Arn.parse(topic_arn).resource}: {textwrap.shorten(str(told), _LONGEST_ERROR, placeholder=' ...')}"
    )
    facts = dict(facts_of(alarm)) | {"topic_arn": topic_arn}
    return Reason(FindingId.ALARM_ACTION_FAILED, alarm.alarm_name, detail, tuple(facts.items()))


def _data(item: AlarmHistoryItem) -> Mapping[str, Any]:
    """The item's own JSON; the summary is left where it has none."""
    try:
        data = json.loads(item.history_data or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
