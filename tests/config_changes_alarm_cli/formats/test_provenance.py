"""What a report rests on: when, which version, what was required, which parameters differ, and what they weaken."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from config_changes_alarm import __version__
from config_changes_alarm.chain import assess
from config_changes_alarm.control import control
from config_changes_alarm.requirement import PARAMETERS, Requirement

from config_changes_alarm_cli.evaluation import Evaluated
from config_changes_alarm_cli.formats.provenance import Provenance
from config_changes_alarm_cli.formats.rendering import rendered
from tests.fake_account import NOW, a_monitored_account

from .accounts import evaluated

OWN_PATTERN = '{ $.eventName = "StopConfigurationRecorder" }'
TOPIC = "arn:aws:sns:eu-west-1:123456789012:security"


def asked(**parameters: str) -> Evaluated:
    """A monitored account, evaluated with these parameters of the rule."""
    assessment = assess(a_monitored_account().opened(), Requirement.parse(parameters), NOW)
    return evaluated(assessment, **parameters)


def differing(**parameters: str) -> list[str]:
    return [str(each) for each in Provenance.of(asked(**parameters)).parameters]


# --------------------------------------------------------------------------- what differs from the defaults


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {parameter.name: parameter.default for parameter in PARAMETERS},
        {"AllowRoutineMatches": "FALSE", "MaxRearmSeconds": " 86400 "},
        {"Control": "CloudWatch.9"},
        {"RequiredFilterPattern": control("aws-config-changes").filter_pattern},
        {"IncludeFailedCalls": "false"},
    ],
    ids=["none", "each default", "spelt otherwise", "the default control", "its published text", "as it asks"],
)
def test_a_default_does_not_differ_however_it_is_given(parameters: dict[str, str]) -> None:
    assert differing(**parameters) == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"Control": "root-usage"},
        {"RequiredFilterPattern": OWN_PATTERN},
        {"AdditionalEventNames": "DeleteConfigurationRecorder"},
        {"IncludeFailedCalls": "true"},
        {"TopicArns": TOPIC},
        {"LogGroupAccountRoleName": "reader"},
        {"UnverifiableAccount": "NOT_APPLICABLE"},
        {"AllowRoutineMatches": "true"},
        {"MaxRearmSeconds": "3600"},
        {"ExecutionRoleName": "evaluator"},
        {"ExecutionRoleRegion": "eu-west-1"},
        {"AssumeRoleMode": "false"},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_whatever_asks_for_something_else_is_named(parameters: dict[str, str]) -> None:
    assert differing(**parameters) == [f"{name}={value}" for name, value in parameters.items()]


def test_they_are_named_in_the_order_of_the_rule_s_parameters() -> None:
    given = differing(MaxRearmSeconds="3600", Control="root-usage")
    assert given == ["Control=root-usage", "MaxRearmSeconds=3600"]


def test_the_pattern_is_the_one_that_was_required_with_what_parameters_add() -> None:
    assert Provenance.of(asked()).required_filter_pattern.startswith("{ $.eventSource = ")
    more = Provenance.of(asked(AdditionalEventNames="DeleteConfigurationRecorder"))
    assert "DeleteConfigurationRecorder" in more.required_filter_pattern
    assert Provenance.of(asked(RequiredFilterPattern=OWN_PATTERN)).required_filter_pattern == OWN_PATTERN


def test_the_control_is_named_by_its_id_and_title() -> None:
    root = Provenance.of(asked(Control="CIS-5.0/4.3"))
    assert (root.control, root.title) == ("root-usage", "Usage of the 'root' account is monitored")
    assert "CIS AWS Foundations v5.0.0/4.3" in root.requirements
    own = Provenance.of(asked(RequiredFilterPattern=OWN_PATTERN))
    assert (own.control, own.requirements) == ("custom", ())


# --------------------------------------------------------------------------- what was relaxed


@pytest.mark.parametrize(
    ("parameters", "lets_pass"),
    [
        ({"AllowRoutineMatches": "true"}, "it matches routine events too"),
        ({"MaxRearmSeconds": "604800"}, "in ALARM for 604800 seconds"),
        ({"UnverifiableAccount": "NOT_APPLICABLE"}, "NOT_APPLICABLE instead of NON_COMPLIANT"),
        ({"RequiredFilterPattern": OWN_PATTERN}, "only events that this pattern matches"),
        ({"Control": "unauthorized-api-calls", "IncludeFailedCalls": "false"}, "calls that failed need not be told"),
    ],
    ids=lambda value: next(reversed(value)) if isinstance(value, dict) else "",
)
def test_what_weakens_the_proof_says_what_it_lets_pass(parameters: dict[str, str], lets_pass: str) -> None:
    (relaxed,) = Provenance.of(asked(**parameters)).relaxed
    assert relaxed.name == next(reversed(parameters))
    assert lets_pass in relaxed.lets_pass


@pytest.mark.parametrize(
    "parameters",
    [
        {"MaxRearmSeconds": "60"},
        {"TopicArns": TOPIC},
        {"AdditionalEventNames": "DeleteConfigurationRecorder"},
        {"IncludeFailedCalls": "true"},
        {"LogGroupAccountRoleName": "reader"},
        {"Control": "root-usage"},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_what_asks_for_more_weakens_nothing(parameters: dict[str, str]) -> None:
    known = Provenance.of(asked(**parameters))
    assert len(known.parameters) == 1
    assert known.relaxed == ()


# --------------------------------------------------------------------------- in every format for programs

RELAXED = {"AllowRoutineMatches": "true", "MaxRearmSeconds": "3600"}


def test_json_has_all_of_it() -> None:
    told = json.loads(rendered("json", asked(**RELAXED)))
    assert (told["evaluated_at"], told["version"]) == (f"{NOW:%Y-%m-%dT%H:%M:%SZ}", __version__)
    assert (told["control"], told["title"]) == ("aws-config-changes", control("aws-config-changes").title)
    assert "StopConfigurationRecorder" in told["required_filter_pattern"]
    assert told["parameters"] == RELAXED
    assert [each["parameter"] for each in told["relaxed"]] == ["AllowRoutineMatches"]


def test_json_has_the_chain() -> None:
    told = json.loads(rendered("json", asked()))
    (path,) = told["chain"]
    assert path["whole"] is True
    assert path["always"] == list(told["events"])
    assert path["sometimes"] == path["reasons"] == []
    hops = ["trail", "log group", "metric filter", "alarm", "topic", "subscription"]
    assert [step["hop"] for step in path["steps"]] == hops
    assert path["steps"][2]["settings"]["pattern"].startswith("{ ($.eventSource = config.amazonaws.com)")


def test_json_says_where_and_why_a_path_breaks() -> None:
    account = a_monitored_account(subscribed=())
    told = json.loads(rendered("json", evaluated(assess(account.opened(), Requirement.parse(), NOW))))
    (path,) = told["chain"]
    assert path["whole"] is False
    assert path["steps"][-1]["hop"] == "topic"
    assert [each["id"] for each in path["reasons"]] == ["no-subscription"]


def _security_hub() -> dict[str, Any]:
    (found,) = json.loads(rendered("asff", asked(**RELAXED)))
    fields = found["ProductFields"]
    return {name.removeprefix("config-changes-alarm/"): value for name, value in fields.items()}


def test_security_hub_s_finding_names_it() -> None:
    fields = _security_hub()
    assert (fields["version"], fields["control"]) == (__version__, "aws-config-changes")
    assert "StopConfigurationRecorder" in fields["required-filter-pattern"]
    assert {name: fields[f"parameter/{name}"] for name in RELAXED} == RELAXED
    assert "it matches routine events too" in fields["relaxed/AllowRoutineMatches"]
    assert "relaxed/MaxRearmSeconds" not in fields


def test_ocsf_names_it() -> None:
    (found,) = json.loads(rendered("ocsf", asked(**RELAXED)))
    assert found["time"] == int(NOW.timestamp() * 1000)
    assert found["metadata"]["product"]["version"] == __version__
    assert found["unmapped"]["control_id"] == "aws-config-changes"
    assert "StopConfigurationRecorder" in found["unmapped"]["required_filter_pattern"]
    assert found["unmapped"]["parameters"] == RELAXED
    assert list(found["unmapped"]["relaxed"]) == ["AllowRoutineMatches"]


def test_csv_names_it() -> None:
    (row,) = csv.DictReader(io.StringIO(rendered("csv", asked(**RELAXED))))
    assert (row["evaluated_at"], row["version"]) == (f"{NOW:%Y-%m-%dT%H:%M:%SZ}", __version__)
    assert row["parameters"] == "AllowRoutineMatches=true, MaxRearmSeconds=3600"
    assert row["relaxed"].startswith("AllowRoutineMatches=true: a metric filter counts although")
    assert "StopConfigurationRecorder" in row["required_filter_pattern"]
