"""The latest action to a topic is evidence against it, and only the action to that topic."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from config_changes_alarm.alarm import last_action_failed
from config_changes_alarm.findings import finding
from config_changes_alarm.resources import AlarmHistoryItem, CompositeAlarm, MetricAlarm

TOPIC = "arn:aws:sns:us-east-1:111122223333:security-notices"
ALARM = MetricAlarm("config-changes", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:config-changes")
START = datetime(2026, 9, 1, tzinfo=UTC)


def failed(topic: str, minute: int = 0, error: str = "not authorized") -> AlarmHistoryItem:
    data = {"actionState": "Failed", "notificationResource": topic, "error": error}
    summary = f"Failed to execute action {topic}. Received error: {error}"
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
    assert (last_action_failed(history, TOPIC, ALARM) is not None) is against


@pytest.mark.parametrize("data", ["cut off", "[]", '"text"', "{}", None])
def test_data_that_says_nothing_leaves_the_summary(data: str | None) -> None:
    history = [AlarmHistoryItem(START, f"Failed to execute action {TOPIC}. Received error: Not found", data)]
    reason = last_action_failed(history, TOPIC, ALARM)
    assert reason is not None
    assert reason.detail == "to topic security-notices: Not found"


def test_the_alarm_and_the_topic_are_named_and_the_error_is_not_cut_within_a_word() -> None:
    error = "CloudWatch Alarms does not have authorization to access the SNS topic encryption key. " * 5
    reason = last_action_failed([failed(TOPIC, error=error)], TOPIC, ALARM)
    assert reason is not None
    told = finding(reason).summary
    assert told.startswith("Alarm config-changes failed to reach its topic last time: to topic security-notices: Cloud")
    assert told.endswith(" ...")
    assert set(told.removesuffix(" ...").split(": ", 2)[2].split()) <= set(error.split())


def test_only_a_new_notification_clears_it() -> None:
    """A composite alarm put into ALARM by hand need not return: its child takes it there and back."""
    reason = last_action_failed([failed(TOPIC)], TOPIC, ALARM)
    assert reason is not None
    assert finding(reason).step == "Repair the topic, then send a test with aws cloudwatch set-alarm-state"
    test = "aws cloudwatch set-alarm-state --region us-east-1 --alarm-name config-changes --state-value ALARM "
    assert finding(reason).remedy.startswith(test)
    composite = CompositeAlarm(
        "security", ALARM.alarm_arn.replace("config-changes", "security"), "ALARM(config-changes)"
    )
    above = last_action_failed([failed(TOPIC)], TOPIC, composite)
    assert above is not None
    assert (above.subject, "alarm_name" in dict(above.facts)) == ("security", False)
