"""What is assumed of a required event's records, held against captured records and against the API's own models."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from config_changes_alarm.control import RequiredEvent, control, record_model
from config_changes_alarm.filter_pattern import Answer, Index, Name, matches, parse
from config_changes_alarm.filter_pattern.json_value import JsonNumber, read
from config_changes_alarm.proof import Domain, Kind, RecordModel, Undecided, covers

from .vectors import records

CATEGORY_SINCE = (1, 7)
"""`eventCategory` is there since this version (CloudTrail record contents): every record of today has it."""


def found(record: Any, path: tuple[Any, ...]) -> tuple[Kind, Any]:
    for step in path:
        if isinstance(step, Name) and isinstance(record, dict) and step.key in record:
            record = record[step.key]
        elif isinstance(step, Index) and isinstance(record, list) and step.number < len(record):
            record = record[step.number]
        else:
            return Kind.MISSING, None
    kinds: dict[type, Kind] = {str: Kind.STRING, bool: Kind.BOOLEAN, JsonNumber: Kind.NUMBER, dict: Kind.OBJECT}
    return (Kind.NULL if record is None else kinds.get(type(record), Kind.ARRAY)), record


def admitted(domain: Domain, kind: Kind, value: Any) -> bool:
    if kind not in domain.kinds:
        return False
    return domain.admits(value) if kind is Kind.STRING else kind is not Kind.BOOLEAN or value in domain.booleans


def outside(record: dict[str, Any], model: RecordModel) -> list[str]:
    """What of the record the model does not admit."""
    message = json.dumps(record, separators=(",", ":"))
    parsed = read(message)
    paths = [
        "".join(map(str, path)) for path, domain in model.domains.items() if not admitted(domain, *found(parsed, path))
    ]
    return paths + [fragment for fragment in model.fragments if fragment not in message]


def model_of(record: dict[str, Any]) -> RecordModel:
    event = RequiredEvent(record["eventName"], record["eventSource"])
    account = record.get("recipientAccountId", "111122223333")
    return record_model(event, include_failed_calls=True, account_id=account)


CONFIG = "config.amazonaws.com"
CALLS = {each.name: each for each in (*control("CloudWatch.9").events, *control("CloudWatch.9").more_events)}
WHOLE = [row for row in records() if "eventVersion" in row["record"]]
TODAY = [row for row in WHOLE if tuple(map(int, row["record"]["eventVersion"].split("."))) >= CATEGORY_SINCE]


@pytest.mark.parametrize("row", TODAY, ids=lambda row: f"{row['record']['eventName']} {row['source'][-40:]}")
def test_a_captured_record_is_one_of_the_model(row: dict[str, Any]) -> None:
    assert outside(row["record"], model_of(row["record"])) == []
    if "errorCode" not in row["record"]:
        event = RequiredEvent(row["record"]["eventName"], row["record"]["eventSource"])
        strict = record_model(event, include_failed_calls=False, account_id=row["record"]["recipientAccountId"])
        assert outside(row["record"], strict) == []


@pytest.mark.parametrize("row", [row for row in WHOLE if row not in TODAY], ids=lambda row: row["record"]["eventName"])
def test_a_record_of_an_old_version_lacks_the_category_alone(row: dict[str, Any]) -> None:
    assert outside(row["record"], model_of(row["record"])) == [".eventCategory"]


def test_cloudtrail_writes_numbers_with_exponents() -> None:
    """From invictus-ir/aws_dataset: such a number has a value, and a text that nobody knows."""
    message = '{"requestParameters":{"StartTimeRange":{"FromTime":1.688560107857E9,"ToTime":1.688992107857E9}}}'
    field = "$.requestParameters.StartTimeRange.ToTime"
    assert matches(parse(f"{{ {field} > 1e9 && {field} < 1e10 }}"), message) is Answer.MATCH
    assert matches(parse(f'{{ {field} = "1688992107.857" }}'), message) is Answer.UNKNOWN
    required, deployed = (
        parse(f"{{ {field} > 1688992107 && {field} < 1688992108 }}"),
        parse(f"{{ {field} = 1688992107* }}"),
    )
    assert isinstance(covers(required, [deployed]), Undecided)


def test_the_records_are_of_every_kind() -> None:
    kinds = {row["record"].get("eventType") for row in TODAY}
    assert kinds == {"AwsApiCall", "AwsServiceEvent", "AwsConsoleSignIn"}
    assert any("requestID" not in row["record"] for row in TODAY)
    assert any("errorCode" in row["record"] for row in TODAY)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("failed", [False, True], ids=["successful", "failed too"])
def test_the_records_that_are_made_up_are_of_the_model(name: str, failed: bool) -> None:
    model = record_model(RequiredEvent(name, CONFIG), failed, "111122223333")
    assert [outside(json.loads(base), model) for base in model.bases] == [[]] * len(model.bases)


# --------------------------------------------------------------------------- the API's own models

OPERATIONS = botocore.session.Session().get_service_model("config")


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_returns_something_has_an_object_as_its_response(name: str) -> None:
    output = OPERATIONS.operation_model(name).output_shape
    response = record_model(RequiredEvent(name, CONFIG), False, "111122223333").domains[(Name("responseElements"),)]
    assert (Kind.OBJECT in response.kinds) is bool(output and output.members)
    assert CALLS[name].returns is bool(output and output.members)
    assert Kind.NULL in response.kinds


@pytest.mark.parametrize(
    ("name", "content", "shape"),
    [
        *((name, call.request, OPERATIONS.operation_model(name).input_shape) for name, call in CALLS.items()),
        *(
            (name, call.response, OPERATIONS.operation_model(name).output_shape)
            for name, call in CALLS.items()
            if call.returns
        ),
    ],
)
def test_what_a_call_is_said_to_send_and_return_has_the_names_of_its_shapes(
    name: str, content: Any, shape: Any
) -> None:
    known = {member[0].lower() + member[1:]: each for member, each in shape.members.items()}
    assert set(content) <= set(known)
    for member, value in content.items():
        if isinstance(value, dict):
            inner = {each[0].lower() + each[1:] for each in known[member].members}
            assert set(value) <= inner
