"""Did the latest action of an alarm to a topic fail? History is only ever evidence against.

Source: CloudWatch API reference, DescribeAlarmHistory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ..findings import FindingId, Reason
from ..resources import AlarmHistoryItem

__all__ = ["last_action_failed"]


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
