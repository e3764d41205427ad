"""Which filter patterns are meant for a control, and which match its events along with everything else."""

from __future__ import annotations

import pytest
from config_changes_alarm.control import concerns, control, meant_for_another, required_events, required_records
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import Budget
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

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


# --------------------------------------------------------------------------- another control of the catalogue

IAM, ORGANIZATIONS = (control(name).filter_pattern for name in ("iam-policy-changes", "organizations-changes"))
WITHOUT_ONE = IAM.replace("($.eventName=PutRolePolicy)||", "")
BOTH = f"{{ ({IAM.strip('{} ')}) || $.eventName = AttachPolicy || $.eventName = MoveAccount }}"


@pytest.mark.parametrize(
    ("pattern", "judged", "another"),
    [
        (IAM, "organizations-changes", True),
        (WITHOUT_ONE, "organizations-changes", True),
        ("{ $.eventName = CreatePolicy || $.eventName = PutRolePolicy }", "organizations-changes", True),
        (BOTH, "organizations-changes", False),
        (ORGANIZATIONS, "organizations-changes", False),
        ("{ $.eventSource = organizations* && $.eventName = CreatePolicy }", "organizations-changes", False),
        (IAM, "iam-policy-changes", False),
        (WITHOUT_ONE, "iam-policy-changes", False),
        (NO_MFA, "unauthorized-api-calls", True),
        (NO_MFA, "console-authentication-failures", True),
        (NO_MFA, "sign-in-without-mfa", False),
        (DENIED, "unauthorized-api-calls", False),
        ('{ $.eventName = ConsoleLogin && $.errorMessage = "Failed*" }', "console-authentication-failures", False),
        ("{ $.eventName = StopConfigurationRecorder }", "aws-config-changes", False),
    ],
)
def test_a_filter_for_another_control_is_none_of_this_one_s(pattern: str, judged: str, another: bool) -> None:
    asked = Requirement.parse({"Control": judged})
    records = [required_records(asked.pattern, each, asked.include_failed_calls, ACCOUNT) for each in asked.events]
    events = {each.pattern: each.model for each in records}
    assert meant_for_another(parse(pattern), asked.control, events, Budget()) is another
