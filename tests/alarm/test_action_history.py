"""The latest action to a topic is evidence against it, and only the action to that topic."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from config_changes_alarm.alarm import last_action_failed
from config_changes_alarm.resources import AlarmHistoryItem

TOPIC = "arn:aws:sns:us-east-1:111122223333:config-changes"
START = datetime(2026, 9, 1, tzinfo=UTC)


def failed(topic: str, minute: int = 0) -> AlarmHistoryItem:
    data = {"actionState": "Failed", "notificationResource": topic, "error": "not authorized"}
    summary = f"Failed to execute action {topic}. Received error: not authorized"
    return AlarmHistoryItem(START + timedelta(minutes=minute), summary, json.dumps(data))


def succeeded(topic: str, minute: int = 0) -> AlarmHistoryItem:
    data = {"actionState": "Succeeded", "notificationResource": topic}
    return AlarmHistoryItem(
        START + timedelta(minutes=minute), f"Successfully executed action {topic}", json.dumps(data)
    )


@pytest.mark.parametrize(
    ("words", "history", "against"),
    [
        ("no history", [], False),
        ("failed", [failed(TOPIC)], True),
        ("succeeded", [succeeded(TOPIC)], False),
        ("failed, then succeeded", [failed(TOPIC, 1), succeeded(TOPIC, 2)], False),
        ("succeeded, then failed", [failed(TOPIC, 2), succeeded(TOPIC, 1)], True),
        ("failed for a topic whose name begins alike", [failed(f"{TOPIC}-2", 2), succeeded(TOPIC, 1)], False),
        ("failed for the FIFO topic of the name", [failed(f"{TOPIC}.fifo", 2)], False),
        (
            "failed, and later succeeded for a topic whose name begins alike",
            [failed(TOPIC), succeeded(f"{TOPIC}2", 2)],
            True,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_last_action_failed(words: str, history: list[AlarmHistoryItem], against: bool) -> None:
    assert (last_action_failed(history, TOPIC) is not None) is against


def test_data_that_is_not_json_leaves_the_summary() -> None:
    history = [AlarmHistoryItem(START, f"Failed to execute action {TOPIC}", "cut off")]
    assert last_action_failed(history, TOPIC) is not None
