"""What happens all day in an account, as CloudTrail records it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.control import routine_matches
from config_changes_alarm.control.routine_events import routine_events
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from ..filter_pattern.vectors import vectors

ACCOUNT, REGION = "123456789012", "eu-west-1"
RECORDS: list[dict[str, Any]] = [
    json.loads(message.text) for event in routine_events(ACCOUNT, REGION) for message in event.messages
]
MATCHES_EVERYTHING = "unauthorized API calls, the text whose || matches everything"


@pytest.mark.parametrize(
    "condition",
    [
        '$.errorCode = "*"',
        '$.errorCode = "AccessDenied*"',
        '$.errorCode = "*UnauthorizedOperation"',
        '$.errorCode = "NoSuch*"',
        '$.errorCode = "Throttling*"',
        '$.errorCode = "Client.*"',
        '$.errorCode = "*NotFound*"',
        '$.errorMessage = "*"',
        '$.errorCode = "*" && $.readOnly IS FALSE',
        '$.errorCode = "*" && $.eventSource = config.amazonaws.com',
        '$.tlsDetails.tlsVersion = "TLSv1.*"',
        '$.tlsDetails.tlsVersion = "TLSv1.2"',
        '$.tlsDetails.cipherSuite = "*"',
        "$.tlsDetails NOT EXISTS",
        "$.requestID NOT EXISTS",
        '$.eventType != "AwsApiCall"',
        '$.eventType = "AwsServiceEvent"',
        '$.eventType = "AwsConsoleSignIn"',
        "$.eventSource = signin.amazonaws.com",
        '$.additionalEventData.MFAUsed = "Yes"',
        "$.userIdentity.type NOT EXISTS",
        "$.userIdentity.invokedBy = *",
        "$.userIdentity.invokedBy = config.amazonaws.com",
        '$.userIdentity.type = "WebIdentityUser"',
        '$.userIdentity.type = "AWSAccount"',
        '$.userIdentity.userName = "*"',
        '$.userIdentity.arn = "*AWSServiceRoleFor*"',
        "$.sessionCredentialFromConsole = *",
        '$.userAgent = "Mozilla*"',
        '$.userAgent = "Boto3*"',
        "$.vpcEndpointId = *",
        "$.sharedEventID = *",
        "$.apiVersion = *",
        '$.resources[0].type = "AWS::KMS::Key"',
        "$.responseElements.credentials.accessKeyId = *",
        "$.requestParameters.maxResults = 100",
        "$.readOnly IS FALSE",
    ],
)
def test_every_common_kind_of_record_is_in_the_list(condition: str) -> None:
    control = DEFAULT_REQUIRED_FILTER_PATTERN.strip("{} ")
    matched, _ = routine_matches(parse(f"{{ ({control}) || ({condition}) }}"), ACCOUNT, REGION)
    assert matched


@pytest.mark.parametrize("row", vectors("monitoring_controls"), ids=lambda row: row["control"])
def test_no_control_s_own_filter_is_noise_to_the_control(row: dict[str, Any]) -> None:
    pattern = parse(row["pattern"])
    control = row["control"]
    required = parse(
        next(each["pattern"] for each in vectors("monitoring_controls") if control.startswith(each["control"]))
    )
    matched, doubtful = routine_matches(pattern, ACCOUNT, REGION, asked_for=[required])
    assert (bool(matched), doubtful) == (control == MATCHES_EVERYTHING, ())


@pytest.mark.parametrize("row", vectors("monitoring_controls"), ids=lambda row: row["control"])
def test_only_failed_calls_are_routine_among_what_controls_ask_for(row: dict[str, Any]) -> None:
    """Filters on one metric may serve several controls; denied calls happen all day, everything else is rare."""
    matched, doubtful = routine_matches(parse(row["pattern"]), ACCOUNT, REGION)
    assert (bool(matched), doubtful) == ("unauthorized" in row["control"], ())


def test_what_the_control_asks_for_is_no_noise_but_what_goes_beyond_it_is() -> None:
    denied = parse("{ $.errorCode = AccessDenied* }")
    assert routine_matches(denied, ACCOUNT, REGION)[0]
    assert routine_matches(denied, ACCOUNT, REGION, asked_for=[denied]) == ((), ())
    failed = parse('{ $.errorCode = "*" }')
    beyond, _ = routine_matches(failed, ACCOUNT, REGION, asked_for=[denied])
    assert beyond
    assert all("AccessDenied" not in name for name in beyond)


def test_the_list_stays_bounded() -> None:
    """Every filter that might carry a required event is tried on each."""
    assert len(RECORDS) <= 350


def test_records_are_as_cloudtrail_writes_them() -> None:
    for record in RECORDS:
        assert record.keys() >= {"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion"}
        assert record.keys() >= {"sourceIPAddress", "userAgent", "eventID", "eventType", "recipientAccountId"}
        assert ("requestID" in record) is (record["eventType"] == "AwsApiCall")
        assert ("errorCode" in record) is ("errorMessage" in record)
        assert not (record["userIdentity"].get("type") == "AWSService" and "tlsDetails" in record)
