"""When a filter matches an event, in words."""

from __future__ import annotations

import pytest
from config_changes_alarm.control import RequiredEvent, record_model
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import only_when

REQUIRED = "{ $.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder }"


@pytest.mark.parametrize(
    ("deployed", "words"),
    [
        ('{ $.userIdentity.type != "Root" }', 'userIdentity.type is present but is not "Root"'),
        (
            '{ $.eventName = Stop* && $.userIdentity.arn != "*:role/Terraform*" && $.errorCode NOT EXISTS }',
            'userIdentity.arn is present but does not contain ":role/Terraform"',
        ),
        (
            '{ $.awsRegion = "us-east-1" || $.awsRegion = "eu*" }',
            'awsRegion is "us-east-1" or awsRegion starts with "eu"',
        ),
        (
            '{ $.eventName = "*Recorder" && ($.userAgent = "*.amazonaws.com" || $.userIdentity.userName NOT EXISTS) }',
            'userAgent ends with ".amazonaws.com" or userIdentity.userName is missing',
        ),
        (
            '{ ($.userAgent = "a" && $.userIdentity.type = "Root") || $.userAgent = "b" }',
            '(userAgent is "a" and userIdentity.type is "Root") or userAgent is "b"',
        ),
        ("{ $.additionalEventData.count >= 5 }", "additionalEventData.count is at least 5"),
        ("{ $.additionalEventData.kind != %^[ab]% }", "additionalEventData.kind is present but does not match %^[ab]%"),
        ('{ $.userAgent != "aws-cli*" }', 'userAgent is present but does not start with "aws-cli"'),
        ('{ $.userAgent != "*amazonaws.com" }', 'userAgent is present but does not end with "amazonaws.com"'),
        ("{ $.additionalEventData.count != 5 }", "additionalEventData.count is present but is not 5"),
        ('{ $.additionalEventData.x != "*" }', 'additionalEventData.x is present but is not "*"'),
        (
            '{ $.userAgent != "a*" || $.userAgent NOT EXISTS }',
            'userAgent is present but does not start with "a" or userAgent is missing',
        ),
        ('{ $.awsRegion != "eu-west-1" }', 'awsRegion is not "eu-west-1"'),
        ("{ $.userAgent = * }", "userAgent is present"),
        ("{ $.additionalEventData.x IS NULL }", "additionalEventData.x is null"),
        ("Terraform -Root", 'the event contains "Terraform" and the event does not contain "Root"'),
        ("{ $.eventName = StopConfigurationRecorder }", None),
        ("{ $.eventName = DeleteDeliveryChannel }", None),
    ],
)
def test_only_when(deployed: str, words: str | None) -> None:
    event = RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com")
    model = record_model(event, include_failed_calls=False, account_id="111122223333")
    assert only_when(parse(REQUIRED), [parse(deployed)], model) == words
