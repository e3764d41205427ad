"""Which log group the runbook takes, and what it says of a trail that feeds none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto.cloudtrail.responses import CloudTrailResponse
from moto.logs.responses import LogsResponse

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from tests.accounts import LOG_GROUP, READ_ONLY, advanced, an_account
from tests.rule_cases import COMPLIANT

from .conftest import Calls
from .repairing import ENDPOINT, WHOLE, evaluate, everything, made, nothing_behind_the_trail, repair

Change = Callable[[dict[str, Any]], None]


def answering(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, change: Change) -> None:
    """Makes one operation answer what the embedded AWS cannot hold."""
    original = getattr(owner, name)

    def changed(self: Any) -> str:
        answer = json.loads(original(self))
        change(answer)
        return json.dumps(answer)

    monkeypatch.setattr(owner, name, changed)


def trail(**members: Any) -> Change:
    return lambda answer: answer["trailList"][0].update(members)


def group_of(account_id: str, name: str = LOG_GROUP) -> str:
    return f"arn:aws:logs:{REGION}:{account_id}:log-group:{name}:*"


def delivered(ago: timedelta) -> Change:
    time = (datetime.now(UTC) - ago).timestamp()
    return lambda answer: answer.update(LatestCloudWatchLogsDeliveryTime=time)


def log_class(name: str) -> Change:
    return lambda answer: answer["logGroups"][0].update(logGroupClass=name)


DESCRIBE, STATUS = (CloudTrailResponse, "describe_trails"), (CloudTrailResponse, "get_trail_status")
SELECTORS, GROUPS = (CloudTrailResponse, "get_event_selectors"), (LogsResponse, "describe_log_groups")

REFUSED: dict[str, tuple[tuple[type, str], Change, str]] = {
    "log group of another account": (
        DESCRIBE,
        trail(CloudWatchLogsLogGroupArn=group_of("210987654321")),
        "delivers to a log group of account 210987654321: run this runbook there",
    ),
    "log group that is gone": (
        DESCRIBE,
        trail(CloudWatchLogsLogGroupArn=group_of(ACCOUNT_ID, "CloudTrail/log")),
        "delivers to log group CloudTrail/log, which does not exist",
    ),
    "ARN of no log group": (DESCRIBE, trail(CloudWatchLogsLogGroupArn="none"), "delivers to no log group"),
    "log group of another class": (
        GROUPS,
        log_class("INFREQUENT_ACCESS"),
        f"delivers to log group {LOG_GROUP} of class INFREQUENT_ACCESS",
    ),
    "last delivery two days ago": (
        STATUS,
        delivered(timedelta(days=2)),
        "has delivered nothing to its log group since ",
    ),
    "data events only": (
        SELECTORS,
        lambda answer: answer.update(EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": False}]),
        "does not record a change of AWS Config",
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_trail_that_does_not_qualify(
    words: str, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, change, message = REFUSED[words]
    nothing_behind_the_trail(aws)
    before = everything()
    answering(monkeypatch, *operation, change)
    execution = repair()
    assert list(execution.failures) == ["FindLogGroup"]
    assert f"trail everything {message}" in execution.failure
    monkeypatch.undo()
    assert everything() == before


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        (STATUS, delivered(timedelta(hours=1))),
        (GROUPS, log_class("STANDARD")),
        (SELECTORS, lambda answer: answer.update(EventSelectors=[{"ReadWriteType": "WriteOnly"}])),
        (SELECTORS, lambda answer: answer.update(EventSelectors=[], AdvancedEventSelectors=[])),
    ],
    ids=["delivered lately", "standard class", "write events only", "no selectors"],
)
def test_a_trail_that_qualifies(
    operation: tuple[type, str], change: Change, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_behind_the_trail(aws)
    answering(monkeypatch, *operation, change)
    assert repair().status == "Success"


@pytest.mark.parametrize(
    ("selectors", "captures"),
    [
        (advanced("readOnly", Equals=["false"]), True),
        (advanced("readOnly", Equals=["true"]), False),
        (advanced("eventSource", StartsWith=["config."]), True),
        (advanced("eventSource", EndsWith=[".config"]), False),
        (advanced("eventSource", NotStartsWith=["kms"]), True),
        (advanced("eventSource", NotEquals=["config.amazonaws.com"]), False),
        (advanced("eventName", Equals=["StopConfigurationRecorder"]), False),
    ],
    ids=str,
)
def test_advanced_selectors(
    selectors: list[dict[str, Any]], captures: bool, aws: EmbeddedAws, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_behind_the_trail(aws)
    answering(
        monkeypatch, *SELECTORS, lambda answer: answer.update(EventSelectors=[], AdvancedEventSelectors=selectors)
    )
    assert (repair().status == "Success") is captures


def test_the_trail_that_qualifies_is_taken_among_several(aws: EmbeddedAws, calls: Calls) -> None:
    nothing_behind_the_trail(aws)
    cloudtrail = boto3.client("cloudtrail")
    cloudtrail.create_trail(Name="a-local-one", S3BucketName="trail-records")
    cloudtrail.create_trail(Name="blind", S3BucketName="trail-records", IsMultiRegionTrail=True)
    cloudtrail.put_event_selectors(TrailName="blind", EventSelectors=READ_ONLY)  # type: ignore[arg-type]
    before = everything()
    assert repair().status == "Success"
    assert made(before, everything()) == WHOLE


def test_the_chain_is_made_in_the_region_that_the_trail_delivers_to(aws: EmbeddedAws, calls: Calls) -> None:
    home = "eu-west-1"
    an_account(aws, trail=False, patterns=(), has_alarm=False, topic=False)
    boto3.client("logs", region_name=home).create_log_group(logGroupName=LOG_GROUP)
    boto3.client("s3").create_bucket(Bucket="trail-records")
    role = boto3.client("iam").create_role(RoleName="trail", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    cloudtrail = boto3.client("cloudtrail", region_name=home)
    cloudtrail.create_trail(
        Name="everything",
        S3BucketName="trail-records",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{home}:{ACCOUNT_ID}:log-group:{LOG_GROUP}:*",
        CloudWatchLogsRoleArn=role,
    )
    cloudtrail.start_logging(Name="everything")
    here, there = everything(), everything(home)
    assert repair().status == "Success"
    assert everything() == here
    assert made(there, everything(home)) == WHOLE
    aws.confirm(ENDPOINT)
    assert evaluate(aws)[0] == COMPLIANT
