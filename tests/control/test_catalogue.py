"""The catalogue of controls: what is in it, by which names a control is found, and what is recognised as one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from config_changes_alarm.control import (
    DEFAULT_CONTROL,
    Control,
    PublishedPattern,
    Role,
    UnknownControl,
    Verdict,
    control,
    control_ids,
    controls,
    record_model,
    required_events,
)
from config_changes_alarm.control.required_events import events_of
from config_changes_alarm.filter_pattern import JsonPattern, PatternSyntaxError, parse
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, InvalidParameters, Requirement
from jsonschema import Draft202012Validator

from .test_record_model import outside

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/controls.schema.json").read_text())
CATALOGUE = ROOT / "ConfigChangesAlarmRule/config_changes_alarm/control/catalogue.json"
ALL = controls()
PUBLISHED = [(each, published) for each in ALL for published in each.published]
VERSIONS = ("1.2", "1.3", "1.4", "1.5", "2.0", "3.0", "4.0", "4.0.1", "5.0", "6.0", "7.0")


def ids(case: Control | PublishedPattern) -> str:
    return case.id if isinstance(case, Control) else f"{case.role} {case.versions[-1]}"


def test_the_file_is_what_its_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(CATALOGUE.read_text()))) == []


def test_no_two_controls_share_a_name() -> None:
    names = [
        name
        for each in ALL
        for name in (each.id, each.pack_entry, *each.requirements, *([each.security_hub] if each.security_hub else []))
    ]
    assert len(names) == len({name.lower() for name in names})
    assert len(ALL) == len(control_ids()) == 15


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_the_benchmark_numbers_its_section_without_a_gap(version: str) -> None:
    chapter = {"1.2": 3, "6.0": 5, "7.0": 5}.get(version, 4)
    count = 14 if version == "1.2" else 15
    numbers = [each.numbers[version] for each in ALL if version in each.numbers]
    assert numbers == [f"{chapter}.{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_a_control_is_found_by_all_its_names_in_any_case(case: Control) -> None:
    for name in (case.id, case.pack_entry, case.security_hub or case.id, case.requirements[-1]):
        assert control(name).id == control(f" {name.upper()} ").id == case.id


@pytest.mark.parametrize("name", ["", "4.9", "CIS-5.0", "CIS-5.0/4.16", "CIS-1.2/3.15", "CloudWatch.15", "config", "*"])
def test_what_is_no_control_is_answered_with_those_that_there_are(name: str) -> None:
    with pytest.raises(UnknownControl, match=r"CIS-5\.0/4\.9.*CloudWatch\.9.*alarm-aws-config-change.*root-usage"):
        control(name)


# --------------------------------------------------------------------------- what a control means


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_its_events_are_those_that_its_pattern_asks_for(case: Control) -> None:
    proved = [(each.name, each.source) for each in required_events(parse(case.pattern)) if each.named]
    assert proved == [(each.name, each.source) for each in events_of(case) if each.named]
    assert [each.named for each in events_of(case)] == [True] * len(proved) or [False]


@pytest.mark.parametrize("case", ALL, ids=ids)
@pytest.mark.parametrize("region", ["aws", "aws-us-gov", "aws-cn"])
def test_the_records_that_are_made_up_are_of_the_model(case: Control, region: str) -> None:
    for event in events_of(case):
        model = record_model(event, case.failed_calls, "123456789012", region)
        assert [outside(json.loads(base), model) for base in model.bases] == [[]] * len(model.bases)


def test_a_version_of_the_benchmark_asks_for_what_it_had() -> None:
    added = "ModifySecurityGroupRules"
    names = {version: control(f"CIS-{version}/{number}").event_names for version, number in _numbers("CloudWatch.10")}
    assert [version for version in VERSIONS if added in names[version]] == ["5.0", "6.0", "7.0"]
    assert added in control("CloudWatch.10").event_names


def _numbers(name: str) -> list[tuple[str, str]]:
    return list(control(name).numbers.items())


def test_a_retired_call_is_not_required() -> None:
    assert not [name for name in control("vpc-changes").event_names if "ClassicLink" in name]
    assert "EnableVpcClassicLink" in control("vpc-changes").filter_pattern


# --------------------------------------------------------------------------- the rule's parameters


def test_the_default_is_the_pattern_that_it_always_was() -> None:
    assert DEFAULT_REQUIRED_FILTER_PATTERN == (
        "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
        "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)"
        "||($.eventName=PutConfigurationRecorder)) }"
    )
    by_default, by_name = Requirement.parse(), Requirement.parse({"Control": DEFAULT_CONTROL})
    assert by_default == by_name == Requirement.parse({"RequiredFilterPattern": DEFAULT_REQUIRED_FILTER_PATTERN})
    assert by_default.pattern == parse(DEFAULT_REQUIRED_FILTER_PATTERN)
    assert not by_default.include_failed_calls


@pytest.mark.parametrize(("case", "published"), PUBLISHED, ids=ids)
def test_a_published_text_is_its_control_as_the_last_version_with_that_text_has_it(
    case: Control, published: PublishedPattern
) -> None:
    if published.verdict is Verdict.INVALID:
        with pytest.raises(PatternSyntaxError):
            parse(published.pattern)
        return
    found = Requirement.parse({"RequiredFilterPattern": f"  {published.pattern.replace(' || ', '||')} "})
    assert found.control_id == case.id
    assert found.include_failed_calls is case.failed_calls
    newest = [version for version in case.numbers if version in published.versions][-1:]
    asked = control(f"CIS-{newest[0]}/{case.numbers[newest[0]]}") if newest else case
    assert {event.name for event in found.events} == {event.name for event in events_of(asked)}


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventName = StopConfigurationRecorder }",
        "{ $.eventSource = config.amazonaws.com }",
        DEFAULT_REQUIRED_FILTER_PATTERN.replace("($.eventName=PutDeliveryChannel)||", ""),
        DEFAULT_REQUIRED_FILTER_PATTERN.replace("Put", "PUT"),
        '{ $.userIdentity.type = "Root" }',
    ],
)
def test_what_nobody_published_is_custom(pattern: str) -> None:
    found = Requirement.parse({"RequiredFilterPattern": pattern})
    assert (found.control, found.control_id, found.pattern) == (None, "custom", parse(pattern))
    assert not found.include_failed_calls


@pytest.mark.parametrize(
    ("parameters", "included"),
    [
        ({"Control": "unauthorized-api-calls"}, True),
        ({"Control": "root-usage", "IncludeFailedCalls": "false"}, False),
        ({"Control": "nacl-changes"}, False),
        ({"Control": "nacl-changes", "IncludeFailedCalls": "true"}, True),
    ],
)
def test_failed_calls_are_included_as_the_control_asks_unless_the_rule_says(
    parameters: dict[str, str], included: bool
) -> None:
    assert Requirement.parse(parameters).include_failed_calls is included


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (
            {"Control": "nacl-changes", "RequiredFilterPattern": "{ $.a = b }"},
            "parameters Control and RequiredFilterPattern are both given, expected one of the two",
        ),
        ({"Control": "CIS-5.0/9.9"}, "parameter Control is 'CIS-5.0/9.9', expected a control by its number such as"),
        ({"Control": "root-usage", "AdditionalEventNames": "StopLogging"}, "expected none with Control root-usage"),
        ({"Control": "CloudWatch.6", "AdditionalEventNames": "CheckMfa"}, "AdditionalEventNames"),
    ],
)
def test_parameters_that_contradict_each_other_are_named(parameters: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidParameters) as refused:
        Requirement.parse(parameters)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("parameters", "source"),
    [
        ({}, "config.amazonaws.com"),
        ({"Control": "cloudtrail-changes"}, "cloudtrail.amazonaws.com"),
        ({"Control": "security-group-changes"}, "ec2.amazonaws.com"),
        ({"RequiredFilterPattern": "{ $.eventName = StopLogging }"}, "config.amazonaws.com"),
    ],
)
def test_additional_events_are_calls_of_the_control_s_service(parameters: dict[str, str], source: str) -> None:
    plain, more = (
        Requirement.parse({**parameters, **added}) for added in ({}, {"AdditionalEventNames": "PutSomething"})
    )
    assert [event.name for event in more.events] == [*(event.name for event in plain.events), "PutSomething"]
    assert more.events[-1].source == source
    assert len(required_events(more.pattern)) == len(more.events)


def test_no_two_controls_propose_the_same_names() -> None:
    custom = ("{ $.eventName = a }", "{ $.eventName = b }")
    requirements = [
        *(Requirement.parse({"Control": each.id}) for each in ALL),
        *(Requirement.parse({"RequiredFilterPattern": pattern}) for pattern in custom),
    ]
    names = {(each.alarm_name, each.metric_name) for each in requirements}
    assert len({alarm for alarm, _ in names}) == len({metric for _, metric in names}) == len(requirements)
    assert (Requirement.parse().alarm_name, Requirement.parse().metric_name) == (
        "config-changes-alarm",
        "ConfigChangesAlarm",
    )


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_the_text_that_is_proposed_fits_into_a_filter_and_is_published(case: Control) -> None:
    assert len(case.filter_pattern) <= 1024
    assert isinstance(parse(case.filter_pattern), JsonPattern)
    assert case.filter_pattern in [each.pattern for each in case.published if each.role is Role.REQUIRED]
