"""Of the records that are missed, the one that an owner meant to leave out."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.control import RequiredEvent, record_model
from config_changes_alarm.filter_pattern import Answer, matches, parse
from config_changes_alarm.proof import Missed, covers, left_out

REQUIRED = "{ $.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder }"
MODEL = record_model(RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com"), False, "123456789012")
CONTROL = "$.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder"
ISSUER = "$.userIdentity.sessionContext.sessionIssuer.userName"


def member(record: dict[str, Any], path: str) -> Any:
    value: Any = record
    for name in path.removeprefix("$.").split("."):
        value = value[name]
    return value


@pytest.mark.parametrize(
    ("condition", "path", "excepted"),
    [
        (f'{ISSUER} != "deploy"', ISSUER, "deploy"),
        (f'({ISSUER} != "deploy") && ($.userIdentity.type != "Root")', ISSUER, "deploy"),
        ('$.userIdentity.userName != "ci"', "$.userIdentity.userName", "ci"),
        ('$.userAgent != "Terraform*"', "$.userAgent", "Terraform"),
        ('$.userIdentity.arn != "*:role/deploy"', "$.userIdentity.arn", ":role/deploy"),
        ('$.awsRegion != "eu-west-3"', "$.awsRegion", "eu-west-3"),
        (f'{ISSUER} NOT EXISTS || {ISSUER} != "deploy"', ISSUER, "deploy"),
    ],
)
def test_it_is_what_the_filter_excepts(condition: str, path: str, excepted: str) -> None:
    deployed = parse(f"{{ {CONTROL} && ({condition}) }}")
    found = left_out(parse(REQUIRED), (deployed,), MODEL)
    assert isinstance(found, Missed)
    assert excepted in member(found.record, path)
    assert matches(parse(REQUIRED), found.message) is Answer.MATCH
    assert matches(deployed, found.message) is Answer.NO_MATCH


@pytest.mark.parametrize(
    "deployed",
    [
        "{ $.eventName = PutDeliveryChannel }",
        "{ $.eventName != StopConfigurationRecorder }",
        f'{{ {CONTROL} && $.userIdentity.type = "Root" }}',
        f"{{ {CONTROL} }}",
        "DeleteDeliveryChannel",
    ],
)
def test_without_an_exception_there_is_none(deployed: str) -> None:
    found = left_out(parse(REQUIRED), (parse(deployed),), MODEL)
    assert found is None or matches(parse(deployed), found.message) is Answer.NO_MATCH
    if "!=" not in deployed:
        assert found is None


def test_what_another_filter_sees_is_not_left_out() -> None:
    """Then only records without the field are missed, and one of those is told."""
    deployed = (parse(f'{{ {CONTROL} && {ISSUER} != "deploy" }}'), parse(f'{{ {CONTROL} && {ISSUER} = "deploy" }}'))
    assert left_out(parse(REQUIRED), deployed, MODEL) is None
    missed = covers(parse(REQUIRED), deployed, MODEL)
    assert isinstance(missed, Missed)
    assert "sessionContext" not in missed.record["userIdentity"]
