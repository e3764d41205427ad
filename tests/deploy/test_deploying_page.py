"""The page about deploying names what there is: files, targets, parameters."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from config_changes_alarm.requirement import Requirement

from remediation.build import document

from .test_templates import PACKS, STACKS, loaded, pack

ROOT = Path(__file__).parents[2]
DEPLOYING = (ROOT / "docs/deploying.md").read_text()


def test_every_file_that_is_named_is_there() -> None:
    named = set(
        re.findall(r"(?:deploy|remediation|conformance-pack|requirements)/[\w.-]+\.(?:yaml|txt|json)", DEPLOYING)
    )
    assert {f"deploy/{name}.yaml" for name in STACKS} <= named
    assert all(f"`{name}.yaml`" in DEPLOYING for name in PACKS)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", DEPLOYING, re.MULTILINE))
    assert {"package", "deploy", "undeploy", "upload", "test-lambda"} <= named <= targets


def test_every_key_of_the_settings_is_explained() -> None:
    schema = json.loads((ROOT / "deploy/rdk_config.schema.json").read_text())
    for key in set(schema["properties"]) - {"$schema", "RuleName"}:
        assert f"`{key}`" in DEPLOYING


def test_every_parameter_of_the_stack_that_is_not_the_rule_s_is_explained() -> None:
    own = set(loaded("deploy/single-account.yaml")["Parameters"]) - {"RuleName", "CodeBucket", "CodeKey", "LayerKey"}
    for name in own - set(loaded("conformance-pack/config-changes-alarm.yaml")["Parameters"]):
        assert f"`{name}`" in DEPLOYING, name


def test_the_parameters_of_the_commands_are_those_of_the_packs() -> None:
    named = set(re.findall(r"ParameterName=(\w+)", DEPLOYING))
    assert named <= {*pack("config-changes-alarm")["Parameters"], *pack("cis-monitoring")["Parameters"]}
    Requirement.parse({"AssumeRoleMode": "true", "ExecutionRoleName": "ConfigChangesAlarmRule-Member"})


def test_the_remediation_is_given_parameters_that_the_runbook_takes() -> None:
    runbook = document()["parameters"]
    stack = loaded("deploy/single-account.yaml")
    given = stack["Resources"]["Remediation"]["Properties"]["Parameters"]
    assert set(given) <= set(runbook)
    assert {name for name, each in runbook.items() if "default" not in each} <= set(given)


def commands() -> list[list[str]]:
    """Every `aws` command of the pages about deploying, in words; what a shell does is left as it is."""
    found = []
    for page in ("docs/deploying.md", "docs/remediation.md"):
        for block in re.findall(r"^```\w*\n(.*?)^```\n", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                for command in re.findall(r"(?:^|\$\()\s*(aws .*?)(?:\)|\||$)", line.strip()):
                    found.append(shlex.split(command.split(" --query ")[0]))
    return found


SHORTHANDS = {("cloudformation", "deploy"), ("s3", "mb")}
"""Commands of the CLI that are no operation of the service; the stacks' tests run the first."""


@pytest.mark.parametrize("command", commands(), ids=lambda words: " ".join(words[1:3]))
def test_every_command_is_one_that_the_service_has_with_options_that_it_takes(command: list[str]) -> None:
    _, service, operation, *rest = command
    options = {word.removeprefix("--").removeprefix("no-") for word in rest if word.startswith("--")}
    if (service, operation) in SHORTHANDS:
        assert options <= {"stack-name", "template-file", "capabilities", "parameter-overrides"}
        return
    model = botocore.session.get_session().get_service_model("config" if service == "configservice" else service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    taken = {xform_name(name, "-") for name in (shape.members if shape else ())}
    assert options <= taken | {"output"}, options - taken


def test_there_is_a_command_for_everything_that_the_page_promises() -> None:
    named = {(words[1], words[2]) for words in commands()}
    assert {
        ("organizations", "enable-aws-service-access"),
        ("organizations", "register-delegated-administrator"),
        ("cloudformation", "create-stack-set"),
        ("cloudformation", "create-stack-instances"),
        ("cloudformation", "delete-stack-set"),
        ("configservice", "delete-conformance-pack"),
        ("configservice", "get-compliance-details-by-config-rule"),
        ("configservice", "delete-remediation-exceptions"),
    } <= named


def test_every_template_that_a_command_names_can_be_given_the_parameters_it_names() -> None:
    for words in commands():
        text = " ".join(words)
        if template := re.search(r"(?:--template-file |file://)((?:deploy|remediation)/[\w-]+\.yaml)", text):
            given = set(re.findall(r"ParameterKey=(\w+)", text))
            if "--parameter-overrides" in words:
                given |= set(re.findall(r"(?<= )(\w+)=", text.split("--parameter-overrides")[1])) - {"BUCKET"}
            assert given <= set(loaded(template[1])["Parameters"]), text
