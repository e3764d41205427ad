"""The document is valid, is what its sources make, and the fault planted in it is the fault that is named."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from remediation.bare import bare
from remediation.build import compact, document, document_name, files
from remediation.document import MAXIMUM_BYTES, problems

ROOT = Path(__file__).parents[2]
TEMPLATE_BYTES = 51_200
"""What CloudFormation takes of a template that is sent as text; a document may have 64 KB."""

CONTROL = """\
{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)
||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"""
"""As the control's remediation text has it, on one line."""


def test_the_document_has_no_problem() -> None:
    assert problems(document()) == ()
    assert problems(compact(document())) == ()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_made_file_is_what_its_sources_make(path: Path) -> None:
    assert path.read_text() == files()[path], "run `make runbook`"


def test_the_default_pattern_is_the_control_s_text() -> None:
    assert CONTROL.replace("\n", "") == DEFAULT_REQUIRED_FILTER_PATTERN


def test_the_published_forms_are_one_document() -> None:
    folder = ROOT / "remediation"
    as_yaml = yaml.safe_load((folder / "ConfigChangesAlarmRule-Remediation.yaml").read_text())
    resources = load_template((folder / "stack.yaml").read_text())["Resources"]
    assert as_yaml == document()
    assert resources["Runbook"]["Properties"]["Content"] == compact(as_yaml)


def test_a_script_in_the_document_is_the_file_that_is_checked() -> None:
    scripts = {step["name"]: step["inputs"]["Script"] for step in document()["mainSteps"] if "Script" in step["inputs"]}
    texts = {path.read_text() for path in (ROOT / "remediation/scripts").glob("[a-z]*.py")}
    assert set(scripts.values()) == texts


def test_the_sizes_stay_within_what_aws_takes() -> None:
    assert len(json.dumps(document()).encode()) <= MAXIMUM_BYTES
    assert len((ROOT / "remediation/stack.yaml").read_bytes()) <= TEMPLATE_BYTES


def test_every_string_parameter_says_what_it_takes_and_what_it_is_for() -> None:
    for name, parameter in document()["parameters"].items():
        assert parameter["type"] == "String", name
        assert ("allowedPattern" in parameter) != ("allowedValues" in parameter), name
        required = "default" not in parameter
        assert parameter["description"].startswith("(Required) " if required else "(Optional) "), name
    assert [name for name, each in document()["parameters"].items() if "default" not in each] == [
        "AutomationAssumeRole",
        "AccountId",
    ]


def test_the_page_has_every_parameter_with_its_default() -> None:
    table = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`|(.*?)) \|", (ROOT / "docs/remediation.md").read_text(), re.MULTILINE)
    shown = {name: literal or words for name, literal, words in table}
    words = {None: "required", "": "none"}
    declared = {name: each.get("default") for name, each in document()["parameters"].items()}
    assert shown == {name: words.get(default, default) for name, default in declared.items()}


# --------------------------------------------------------------------------- planted faults


def step(faulty: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in faulty["mainSteps"] if each["name"] == name)
    return found


def into(name: str, /, **members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda faulty: step(faulty, name).update(members)


def into_inputs(name: str, /, **members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda faulty: step(faulty, name)["inputs"].update(members)


def script(name: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def plant(faulty: dict[str, Any]) -> None:
        inputs = step(faulty, name)["inputs"]
        assert old in inputs["Script"]
        inputs["Script"] = inputs["Script"].replace(old, new)

    return plant


def parameter(name: str, /, **members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda faulty: faulty["parameters"].setdefault(name, {"type": "String", "description": "x"}).update(members)


BRANCH = {"Choices": [{"NextStep": "Nowhere", "Variable": "{{ ReadVerdict.Compliance }}", "StringEquals": "x"}]}
FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "unknown action": (
        into("PrepareTopic", action="aws:executeScripts"),
        "$.mainSteps[6].action: 'aws:executeScripts' is not one of",
    ),
    "unknown step key": (into("PrepareTopic", onError="Abort"), "('onError' was unexpected)"),
    "unknown runtime": (into_inputs("Compare", Runtime="python3.7"), "'python3.7' is not one of"),
    "no handler": (into_inputs("Compare", Handler="comparison"), "step Compare has no handler comparison"),
    "wrong onFailure": (into("Compare", onFailure="Retry"), "'Retry' does not match"),
    "unknown branch operation": (
        into_inputs("ChooseByChain", Choices=[{"NextStep": "Reevaluate", "Variable": "x", "Equals": "y"}]),
        "'Equals' was unexpected",
    ),
    "missing branch target": (
        into_inputs("ChooseByVerdict", **BRANCH),
        "step ChooseByVerdict goes on to Nowhere, which is no step",
    ),
    "missing default": (into_inputs("ChooseByChain", Default="Nowhere"), "step ChooseByChain goes on to Nowhere"),
    "missing next step": (into("Compare", nextStep="Nowhere"), "step Compare goes on to Nowhere, which is no step"),
    "missing step on failure": (into("Compare", onFailure="step:Nowhere"), "step Compare goes on to Nowhere"),
    "a step backwards": (into("Compare", nextStep="ReadVerdict"), "step Compare goes back to ReadVerdict"),
    "a step nothing leads to": (into("PrepareTopic", nextStep="PutMetricAlarm"), "no step goes on to PutMetricFilter"),
    "an end in the middle": (into("PrepareTopic", isEnd=True), "no step goes on to PutMetricFilter"),
    "the same name twice": (into("PutMetricFilter", name="PutMetricAlarm"), "two steps have the name PutMetricAlarm"),
    "undeclared parameter": (
        into_inputs("ReadVerdict", InputPayload={"AccountId": "{{ Account }}", "ConfigRuleName": "x"}),
        "step ReadVerdict refers to Account, a parameter that is not declared",
    ),
    "unused parameter": (parameter("Unused", allowedPattern="^x$"), "parameter Unused is not used"),
    "undefined output": (
        into_inputs("PutMetricAlarm", InputPayload={"State": "{{ Compare.States }}"}),
        "step PutMetricAlarm refers to Compare.States, a output that no earlier step has",
    ),
    "output of a later step": (
        into_inputs("PrepareTopic", InputPayload={"State": "{{ ReadBack.Created }}"}),
        "step PrepareTopic refers to ReadBack.Created, a output that no earlier step has",
    ),
    "unused output": (
        lambda faulty: faulty["outputs"].remove("ReadBack.Found"),
        "output ReadBack.Found is not used",
    ),
    "undefined document output": (
        lambda faulty: faulty["outputs"].append("ReadBack.Lost"),
        "the document's outputs name ReadBack.Lost, which is no step's output",
    ),
    "output the script never returns": (
        script("ReadBack", '"Created"', '"Made"'),
        "the script of step ReadBack never returns Created",
    ),
    "input the script is not given": (
        into_inputs("PrepareTopic", InputPayload={"State": "{{ Compare.State }}"}),
        "the script of step PrepareTopic reads AllowKeyPolicyChange, which it is not given",
    ),
    "parameter in a script": (
        script("ReadVerdict", 'events["AccountId"]', '"{{ AccountId }}"'),
        "the script of step ReadVerdict has {{ in it",
    ),
    "script that is no Python": (script("ReadVerdict", "import boto3", "import"), "step ReadVerdict is not Python"),
    "parameter that takes any string": (
        parameter("AccountId", allowedPattern=None),
        "$.parameters.AccountId.allowedPattern",
    ),
    "pattern that is not anchored": (parameter("AccountId", allowedPattern=r"\d{12}"), "does not match '^"),
    "default that is not allowed": (
        parameter("SubscriptionProtocol", default="fax"),
        "parameter SubscriptionProtocol: its default is none of its allowedValues",
    ),
    "default that does not match": (
        parameter("Name", default="{}"),
        "parameter Name: its default does not match its allowedPattern",
    ),
    "unknown service": (into_inputs("Reevaluate", Service="configs"), "step Reevaluate: AWS has no service configs"),
    "unknown operation": (into_inputs("Reevaluate", Api="StartEvaluation"), "config has no operation StartEvaluation"),
    "unknown member": (into_inputs("Reevaluate", RuleNames=[]), "StartConfigRulesEvaluation takes no RuleNames"),
    "older schema": (lambda faulty: faulty.update(schemaVersion="2.2"), "$.schemaVersion: '0.3' was expected"),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_planted_fault_is_named(words: str) -> None:
    plant, message = FAULTS[words]
    faulty = copy.deepcopy(document())
    plant(faulty)
    found = problems(faulty)
    assert any(message in problem for problem in found), found


def test_a_string_parameter_without_a_pattern_is_named() -> None:
    faulty = copy.deepcopy(document())
    del faulty["parameters"]["AccountId"]["allowedPattern"]
    assert problems(faulty) == ("parameter AccountId takes any string: give it an allowedPattern or allowedValues",)


def test_a_document_that_is_too_large_is_named() -> None:
    faulty = copy.deepcopy(document())
    faulty["description"] = "x" * MAXIMUM_BYTES
    (found,) = problems(faulty)
    assert found.endswith(f"more than {MAXIMUM_BYTES}")


# --------------------------------------------------------------------------- what deploys it


class Template(yaml.SafeLoader):
    """Reads a CloudFormation template's short forms as its long ones."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Template.add_multi_constructor("!", _intrinsic)


def load_template(text: str) -> Any:
    return yaml.load(text, Template)


def test_the_remediation_is_manual_pinned_and_names_parameters_that_the_runbook_takes() -> None:
    remediation = load_template((ROOT / "remediation/stack.yaml").read_text())["Resources"]["Remediation"]["Properties"]
    declared = document()["parameters"]
    assert remediation["TargetType"] == "SSM_DOCUMENT"
    assert remediation["TargetVersion"] == "1"
    assert remediation["Automatic"] in (False, {"Ref": "Automatic"})
    assert remediation["Parameters"].keys() <= declared.keys()
    assert remediation["Parameters"]["AccountId"] == {"ResourceValue": {"Value": "RESOURCE_ID"}}
    assert {name for name, each in declared.items() if "default" not in each} <= remediation["Parameters"].keys()
    assert len(declared) <= 25


OF_THE_CONFIGURATION = ("Automatic", "WithConfiguration", "RemediationRoleName")


@pytest.mark.parametrize("path", sorted((ROOT / "remediation/scripts").glob("*.py")), ids=lambda path: path.stem)
def test_what_lies_in_the_template_does_what_the_script_does(path: Path) -> None:
    """The same statements, by the parser of this Python, with nothing that has no effect."""
    assert ast.dump(ast.parse(bare(path.read_text()))) == ast.dump(effective(ast.parse(path.read_text())))


def effective(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            kept = [each for each in node.body[ast.get_docstring(node) is not None :] if not only_for_types(each)]
            node.body = [assigned(each) for each in kept] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return tree


def only_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "typing"


def assigned(statement: ast.stmt) -> ast.stmt:
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return ast.Assign([statement.target], statement.value)
    return statement


def test_the_stacks_parameters_are_the_runbooks() -> None:
    template = load_template((ROOT / "remediation/stack.yaml").read_text())
    declared = document()["parameters"]
    assert template["Parameters"]["Automatic"]["Default"] == "false"
    assert template["Resources"]["Runbook"]["Properties"]["Name"] == document_name()
    for name, parameter in template["Parameters"].items():
        if name not in OF_THE_CONFIGURATION:
            assert parameter.get("Default") == declared[name].get("default"), name
            assert parameter.get("AllowedPattern") == declared[name].get("allowedPattern"), name
            assert parameter.get("AllowedValues") == declared[name].get("allowedValues"), name


def test_every_parameter_of_the_runbook_can_be_given_to_the_stack() -> None:
    """A message that advises another value has to be one that can be followed."""
    template = load_template((ROOT / "remediation/stack.yaml").read_text())
    given = set(template["Resources"]["Remediation"]["Properties"]["Parameters"])
    assert given == set(document()["parameters"])
    assert set(document()["parameters"]) - set(template["Parameters"]) == {"AutomationAssumeRole", "AccountId"}


def test_the_settings_of_rdk_take_the_stack_s_parameters_and_name_the_role_of_its_template() -> None:
    schema = json.loads((ROOT / "deploy/rdk_config.schema.json").read_text())["properties"]["Remediation"]["properties"]
    template = load_template((ROOT / "remediation/stack.yaml").read_text())
    assert set(schema) == set(template["Parameters"]) - {"ConfigRuleName", "WithConfiguration"}
    role = load_template((ROOT / "remediation/automation-role.yaml").read_text())["Parameters"]["RoleName"]["Default"]
    settings = json.loads((ROOT / "rdk_config.json").read_text())["Remediation"]
    assert settings == {"RemediationRoleName": role}
    assert template["Parameters"]["RemediationRoleName"]["Default"] == role
