"""Which filter patterns are meant for a control, and which match its events along with everything else."""

from __future__ import annotations

import pytest
from config_changes_alarm.control import concerns, required_events, required_records
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import Budget
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

ACCOUNT = "123456789012"
CONFIG = DEFAULT_REQUIRED_FILTER_PATTERN
ROOT = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
DENIED = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
NO_MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'
NETWORK = "{ ($.eventName = CreateRoute) || ($.eventName = DeleteRoute) }"


def meant(pattern: str, required: str) -> bool:
    asked = parse(required)
    records = [required_records(asked, each, True, ACCOUNT) for each in required_events(asked)]
    return concerns(parse(pattern), asked, {each.pattern: each.model for each in records}, Budget())


@pytest.mark.parametrize(
    ("pattern", "required"),
    [
        (CONFIG, CONFIG),
        ("{ $.eventName = StopConfigurationRecorder }", CONFIG),
        ("{ $.eventName = Stop* }", CONFIG),
        ("{ $.eventName = %DeliveryChannel% }", CONFIG),
        ("{ $.eventSource = config.amazonaws.com }", CONFIG),
        ("{ $.eventSource = config* && $.eventName != Describe* }", CONFIG),
        ("{ $.eventName = ConsoleLogin || $.eventName = PutDeliveryChannel }", CONFIG),
        ('{ $.eventSource = config.amazonaws.com && $.userIdentity.arn = "*deploy*" }', CONFIG),
        ("{ $.* = PutDeliveryChannel }", CONFIG),
        ("StopConfigurationRecorder", CONFIG),
        ("?StopConfigurationRecorder ?DeleteDeliveryChannel", CONFIG),
        ('"\\"eventSource\\":\\"config.amazonaws.com\\""', CONFIG),
        (ROOT, ROOT),
        ("{ $.userIdentity.type = Root }", ROOT),
        (DENIED, DENIED),
        ('{ $.errorCode = "*UnauthorizedOperation" }', DENIED),
        (NO_MFA, NO_MFA),
        ("{ $.eventName = ConsoleLogin }", NO_MFA),
        (NETWORK, NETWORK),
    ],
)
def test_a_pattern_that_tests_what_the_control_asks_for_is_meant_for_it(pattern: str, required: str) -> None:
    assert meant(pattern, required)


@pytest.mark.parametrize(
    ("pattern", "required"),
    [
        ("", CONFIG),
        ("{ $.eventName = * }", CONFIG),
        ('{ $.eventSource = "*.amazonaws.com" }', CONFIG),
        ("{ $.eventName != AssumeRole }", CONFIG),
        ("{ $.readOnly IS FALSE }", CONFIG),
        ("{ $.errorCode NOT EXISTS }", CONFIG),
        ("{ $.awsRegion != us-east-1 }", CONFIG),
        ('{ $.userIdentity.arn = "*deploy*" }', CONFIG),
        ("{ $.eventName = ConsoleLogin }", CONFIG),
        ("-ERROR", CONFIG),
        ("eventName", CONFIG),
        (ROOT, CONFIG),
        (DENIED, CONFIG),
        (NO_MFA, CONFIG),
        (NETWORK, CONFIG),
        (CONFIG, NETWORK),
        (ROOT, NETWORK),
        ("", ROOT),
        ("{ $.eventType != AwsServiceEvent }", ROOT),
    ],
)
def test_a_pattern_that_matches_its_events_like_any_other_is_not(pattern: str, required: str) -> None:
    assert not meant(pattern, required)
