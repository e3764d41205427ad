"""Templates, packs, settings, documentation and code say the same, and AWS takes them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from config_changes_alarm.control import DEFAULT_CONTROL
from config_changes_alarm.requirement import PARAMETERS, InvalidParameters, Requirement

from deploy.conformance_pack import ENTRY
from deploy.limits import TEMPLATE_BYTES, size_of
from deploy.organization import MEMBER_ROLE
from deploy.rule_parameters import FREQUENCIES, RESOURCE_TYPES
from deploy.settings import INPUT_PARAMETERS_LIMIT
from deploy.templates import templates

ROOT = Path(__file__).parents[2]
WITH_A_ROLE = ("single-account", "organization", "member-role", "log-group-reader-role", "function-role")
STACKS = (*WITH_A_ROLE, "alarms")
PACKS = ("config-changes-alarm", "config-changes-alarm-with-remediation", ENTRY[1])

SECTIONS = ("cis-monitoring", "cis-monitoring-organization")
"""The packs of all controls."""

PACK_BODY_LIMIT, PACK_PARAMETERS_LIMIT = 51_200, 60
STACK_BODY_LIMIT, STACK_PARAMETERS_LIMIT = 51_200, 200
DESCRIPTION_LIMIT = 256
CONFIGURABLE_RESOURCES = {"AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration"}
"""AWS Config developer guide, "Custom conformance packs" and "Service limits"; CloudFormation quotas."""


class Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions as their long forms."""


def _function(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _function)


def loaded(path: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((ROOT / path).read_text(), Loader)
    return content


def stack(name: str) -> dict[str, Any]:
    return loaded(f"deploy/{name}.yaml")


def pack(name: str) -> dict[str, Any]:
    return loaded(f"conformance-pack/{name}.yaml")


def rule_of(template: Mapping[str, Any]) -> Mapping[str, Any]:
    (rule,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::Config::ConfigRule")
    properties: Mapping[str, Any] = rule["Properties"]
    return properties


@pytest.mark.parametrize("name", templates(), ids=str)
def test_a_file_is_what_the_code_makes_of_it(name: str) -> None:
    assert (ROOT / name).read_text() == templates()[name], "run `make templates`"


# --------------------------------------------------------------------------- parameters

OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "deploy/single-account.yaml": {"AssumeRoleMode": "false"},
    "deploy/organization.yaml": {"ExecutionRoleName": MEMBER_ROLE},
    **{f"conformance-pack/{name}.yaml": {"AssumeRoleMode": "false"} for name in PACKS},
    "rdk_config.json": {"AssumeRoleMode": "false", "Control": DEFAULT_CONTROL},
    "ConfigChangesAlarmRule/parameters.json": {"AssumeRoleMode": "false", "Control": DEFAULT_CONTROL},
}
"""Where the way of deploying demands another default than the code's: in one account the function's own role.

What people edit says which control is proved. A template leaves it out, so that RequiredFilterPattern may be given.
"""


def declared(path: str) -> Mapping[str, Any]:
    """The rule's parameters and their defaults, as that file declares them; empty ones may be left out in JSON."""
    if path == "rdk_config.json":
        given: dict[str, Any] = json.loads((ROOT / path).read_text())["Parameters"]
        return {parameter.name: given.get(parameter.name, "") for parameter in PARAMETERS} | given
    if path.endswith("parameters.json"):
        rdk = json.loads((ROOT / path).read_text())["Parameters"]
        given = {**json.loads(rdk["InputParameters"]), **json.loads(rdk["OptionalParameters"])}
        return {parameter.name: given.get(parameter.name, "") for parameter in PARAMETERS} | given
    parameters = loaded(path)["Parameters"]
    return {name: each.get("Default") for name, each in parameters.items() if name in passed_on(path)}


def passed_on(path: str) -> set[str]:
    """The parameters that a template hands to the rule."""
    template = loaded(path)
    if "organization" not in path:
        return set(rule_of(template)["InputParameters"])
    body = yaml.safe_load(template["Resources"]["OrganizationPack"]["Properties"]["TemplateBody"])
    return set(rule_of(body)["InputParameters"])


@pytest.mark.parametrize("path", OTHERWISE)
def test_names_and_defaults_are_those_of_the_code(path: str) -> None:
    expected = {parameter.name: parameter.default for parameter in PARAMETERS}
    assert declared(path) == {**expected, **OTHERWISE[path]}


@pytest.mark.parametrize("path", [path for path in OTHERWISE if path.endswith(".yaml")])
def test_allowed_values_and_descriptions_are_those_of_the_code(path: str) -> None:
    parameters = loaded(path)["Parameters"]
    for parameter in PARAMETERS:
        allowed = [*parameter.allowed_values, *([] if parameter.default or not parameter.allowed_values else [""])]
        assert parameters[parameter.name].get("AllowedValues", []) == allowed
        assert parameters[parameter.name]["Description"] == parameter.description


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_the_allowed_values_are_all_that_the_code_takes(parameter: Any) -> None:
    for value in parameter.allowed_values:
        Requirement.parse({parameter.name: value})
    if parameter.allowed_values:
        with pytest.raises(InvalidParameters):
            Requirement.parse({parameter.name: "COMPLIANT"})


@pytest.mark.parametrize("path", OTHERWISE)
def test_every_parameter_is_handed_to_the_rule(path: str) -> None:
    assert set(declared(path)) == {parameter.name for parameter in PARAMETERS}


def test_the_settings_of_rdk_trigger_as_the_stacks_do() -> None:
    rdk = json.loads((ROOT / "ConfigChangesAlarmRule/parameters.json").read_text())["Parameters"]
    settings = json.loads((ROOT / "rdk_config.json").read_text())
    frequency = stack("single-account")["Parameters"]["MaximumExecutionFrequency"]
    assert rdk["SourceEvents"].split(",") == settings["SourceEvents"] == list(RESOURCE_TYPES)
    assert rdk["SourcePeriodic"] == settings["SourcePeriodic"] == frequency["Default"]
    assert rdk["RuleName"] == settings["RuleName"]
    assert rdk["SourceRuntime"] == f"{settings['Runtime']}-lib"
    assert rdk["Description"] == descriptions(rule_of(stack("single-account")))[-1]
    assert frequency["AllowedValues"] == list(FREQUENCIES)


@pytest.mark.parametrize("template", [stack("single-account"), *map(pack, PACKS)])
def test_the_rule_is_triggered_periodically_and_by_changes(template: Mapping[str, Any]) -> None:
    rule = rule_of(template)
    *changes, periodic = rule["Source"]["SourceDetails"]
    assert [(each["Fn::If"][0], each["Fn::If"][1]["MessageType"]) for each in changes] == [
        ("TriggeredByChanges", "ConfigurationItemChangeNotification"),
        ("TriggeredByChanges", "OversizedConfigurationItemChangeNotification"),
    ]
    assert periodic["MaximumExecutionFrequency"] == {"Ref": "MaximumExecutionFrequency"}
    condition, scope, otherwise = rule["Scope"]["Fn::If"]
    assert (condition, otherwise) == ("TriggeredByChanges", {"Ref": "AWS::NoValue"})
    assert scope == {"ComplianceResourceTypes": list(RESOURCE_TYPES)}
    assert template["Parameters"]["ChangeTriggers"]["Default"] == "true"


def test_the_settings_of_rdk_and_the_stack_have_the_same_defaults() -> None:
    settings = json.loads((ROOT / "rdk_config.json").read_text())
    parameters = stack("single-account")["Parameters"]
    for key in ("Runtime", "Architecture", "AlarmTopicArn", "FailureDestinationArn"):
        assert parameters[key]["Default"] == settings[key]
    schema = json.loads((ROOT / "deploy/rdk_config.schema.json").read_text())["properties"]
    for key in ("Runtime", "Architecture"):
        assert schema[key]["enum"] == parameters[key]["AllowedValues"]
    assert settings["Runtime"] == sorted(schema["Runtime"]["enum"])[-1]


# --------------------------------------------------------------------------- limits


@pytest.mark.parametrize("name", [*PACKS, *SECTIONS])
def test_a_pack_is_within_the_limits_of_aws_config(name: str) -> None:
    template, body = pack(name), (ROOT / f"conformance-pack/{name}.yaml").read_text()
    within_a_packs_limits(template, body)


def test_the_pack_inside_the_organization_s_stack_is_too() -> None:
    body = stack("organization")["Resources"]["OrganizationPack"]["Properties"]["TemplateBody"]
    within_a_packs_limits(yaml.safe_load(body), body)
    assert rule_of(yaml.safe_load(body)) == rule_of(pack("config-changes-alarm"))


def within_a_packs_limits(template: Mapping[str, Any], body: str) -> None:
    assert len(body.encode()) <= PACK_BODY_LIMIT
    assert len(template["Parameters"]) <= PACK_PARAMETERS_LIMIT
    assert set(template) == {"Parameters", "Conditions", "Resources"}
    assert {each["Type"] for each in template["Resources"].values()} <= CONFIGURABLE_RESOURCES
    assert not {"Fn::Sub", "Fn::GetAtt", "Fn::FindInMap", "Fn::ImportValue"} & functions(template)
    assert pseudo_parameters(template) <= {"AWS::NoValue"}
    for rule in (each["Properties"] for each in template["Resources"].values() if "Source" in each["Properties"]):
        assert all(len(each) <= DESCRIPTION_LIMIT for each in descriptions(rule))


def descriptions(rule: Mapping[str, Any]) -> list[str]:
    """Of a rule, whatever its conditions; last the one of AWS Config's control."""
    value = rule["Description"]
    if isinstance(value, str):
        return [value]
    condition, then, otherwise = value["Fn::If"]
    assert condition.removeprefix("Given") in ("Control", "RequiredFilterPattern")
    return [then, *descriptions({"Description": otherwise})]


@pytest.mark.parametrize("template", [stack("single-account"), *map(pack, PACKS)])
def test_a_rule_of_another_control_does_not_speak_of_aws_config(template: Mapping[str, Any]) -> None:
    *others, default = descriptions(rule_of(template))
    assert len(others) == 2
    assert not any("AWS Config" in each for each in others)
    assert "AWS Config" in default


def functions(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return {name for name in value if name.startswith("Fn::")}.union(*map(functions, value.values()))
    return set().union(*map(functions, value)) if isinstance(value, list) else set()


def pseudo_parameters(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        own = {value["Ref"]} if str(value.get("Ref", "")).startswith("AWS::") else set()
        return own.union(*map(pseudo_parameters, value.values()))
    return set().union(*map(pseudo_parameters, value)) if isinstance(value, list) else set()


def test_how_full_a_file_is_is_said_in_bytes() -> None:
    assert size_of("deploy/a.yaml", "é" * 12_800, TEMPLATE_BYTES) == "deploy/a.yaml  25,600 of 51,200 bytes (50%)"


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_within_the_limits_of_cloudformation(name: str) -> None:
    assert len((ROOT / f"deploy/{name}.yaml").read_bytes()) <= STACK_BODY_LIMIT
    assert len(stack(name).get("Parameters", {})) <= STACK_PARAMETERS_LIMIT


@pytest.mark.parametrize("path", [path for path in OTHERWISE if path.endswith(".yaml")])
def test_no_parameter_alone_is_longer_than_what_aws_config_takes(path: str) -> None:
    for name, each in loaded(path)["Parameters"].items():
        if name in passed_on(path) and "AllowedValues" not in each:
            assert len(json.dumps({name: "x" * each["MaxLength"]})) <= INPUT_PARAMETERS_LIMIT + 1


@pytest.mark.parametrize("path", OTHERWISE)
def test_the_defaults_leave_room_in_what_aws_config_takes_as_input_parameters(path: str) -> None:
    given = {name: value for name, value in declared(path).items() if value}
    assert len(json.dumps(given)) <= INPUT_PARAMETERS_LIMIT - 400


def test_cfn_lint_finds_nothing() -> None:
    paths = [f"deploy/{name}.yaml" for name in STACKS] + [
        f"conformance-pack/{name}.yaml" for name in (*PACKS, *SECTIONS)
    ]
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--", *paths]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


# --------------------------------------------------------------------------- who may do what


def test_the_entry_replaces_the_one_that_a_person_has_to_attest() -> None:
    """AWS's packs for CIS AWS Foundations v1.3 and v1.4, level 2, as aws-config-rules publishes them."""
    theirs = yaml.safe_load(
        """
        Parameters: {AccessKeysRotatedParamMaxAccessKeyAge: {Default: '90', Type: String}}
        Resources:
          AlarmAwsConfigChange:
            Properties:
              ConfigRuleName: alarm-aws-config-change
              Source: {Owner: AWS, SourceIdentifier: AWS_CONFIG_PROCESS_CHECK}
            Type: AWS::Config::ConfigRule
        Conditions: {accessKeysRotatedParamMaxAccessKeyAge: {}}
        """
    )
    ours = pack(ENTRY[1])
    assert set(ours["Resources"]) == set(theirs["Resources"])
    (entry,) = ours["Resources"].values()
    assert entry["Properties"]["ConfigRuleName"] == "alarm-aws-config-change"
    for section in ("Parameters", "Conditions"):
        assert not set(ours[section]) & set(theirs[section])
