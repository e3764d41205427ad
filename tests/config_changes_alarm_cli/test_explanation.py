"""`explain-pattern` as a person reads it."""

from __future__ import annotations

import re

import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from config_changes_alarm_cli.explanation import explain
from config_changes_alarm_cli.formats.pattern import explanation_as_text
from config_changes_alarm_cli.formats.style import Style

PATTERNS = (
    (
        DEFAULT_REQUIRED_FILTER_PATTERN,
        """\
covered
  ✓ StopConfigurationRecorder, DeleteDeliveryChannel, PutDeliveryChannel,
    PutConfigurationRecorder: always
""",
    ),
    (
        '{ $.eventSource = config.amazonaws.com && $.eventName = *DeliveryChannel && $.awsRegion = "eu-west-1" }',
        """\
missed
  ✗ StopConfigurationRecorder, PutConfigurationRecorder: never
  ✗ DeleteDeliveryChannel, PutDeliveryChannel: only when awsRegion is
    "eu-west-1"

This record would go unnoticed:
{
  "eventVersion": "1.11",
""",
    ),
    (
        "{ $.eventName == Put }",
        """\
invalid

the operator is '=', not '==', at character 15
  { $.eventName == Put }
                ^^
""",
    ),
)


@pytest.mark.parametrize(("pattern", "beginning"), PATTERNS, ids=["covered", "missed", "invalid"])
def test_an_explanation(pattern: str, beginning: str) -> None:
    assert explanation_as_text(explain((pattern,), Requirement.parse())).startswith(beginning)


def test_what_is_undecided_is_not_crossed() -> None:
    doubtful = "{ $.eventSource = config.amazonaws.com && $.sourceIPAddress != a-b }"
    text = explanation_as_text(explain((doubtful,), Requirement.parse()))
    assert text.startswith("undecided\n  ? StopConfigurationRecorder, ")
    assert "✗" not in text


def test_routine_events_are_named_with_what_they_do() -> None:
    text = explanation_as_text(explain(("{ $.eventSource = config.amazonaws.com }",), Requirement.parse()))
    assert "It also matches routine events, which keep an alarm in ALARM" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in PATTERNS])
def test_colours_and_plain_letters(pattern: str) -> None:
    explained = explain((pattern,), Requirement.parse())
    assert explanation_as_text(explained, Style(unicode=False)).isascii()
    coloured = explanation_as_text(explained, Style(colour=True))
    assert re.sub(r"\033\[[\d;]*m", "", coloured) == explanation_as_text(explained)
