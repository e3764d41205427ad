"""The page about deploying names what there is: files, targets, parameters."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
    assert named <= set(pack("config-changes-alarm")["Parameters"])
    Requirement.parse({"AssumeRoleMode": "true", "ExecutionRoleName": "ConfigChangesAlarmRule-Member"})


def test_the_remediation_is_given_parameters_that_the_runbook_takes() -> None:
    runbook = document()["parameters"]
    stack = loaded("deploy/single-account.yaml")
    given = stack["Resources"]["Remediation"]["Properties"]["Parameters"]
    assert set(given) <= set(runbook)
    assert {name for name, each in runbook.items() if "default" not in each} <= set(given)
