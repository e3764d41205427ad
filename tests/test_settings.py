"""The settings that RDK reads and the ones that deployments are made from agree with the code."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from config_changes_alarm.requirement import PARAMETERS, Requirement

ROOT = Path(__file__).parents[1]


def test_parameters_json_and_rdk_config_json_agree() -> None:
    rdk = json.loads((ROOT / "ConfigChangesAlarmRule/parameters.json").read_text())["Parameters"]
    deployment = json.loads((ROOT / "rdk_config.json").read_text())
    given = {**json.loads(rdk["InputParameters"]), **json.loads(rdk["OptionalParameters"])}
    assert rdk["RuleName"] == deployment["RuleName"]
    assert rdk["SourceRuntime"].removesuffix("-lib") == deployment["Runtime"]
    assert rdk["SourceEvents"].split(",") == deployment["SourceEvents"]
    assert rdk["SourcePeriodic"] == deployment["SourcePeriodic"]
    assert given == deployment["Parameters"]


def test_the_settings_are_parameters_that_the_rule_takes_with_its_own_defaults() -> None:
    given = json.loads((ROOT / "rdk_config.json").read_text())["Parameters"]
    Requirement.parse(given)
    defaults = {parameter.name: parameter.default for parameter in PARAMETERS if parameter.default}
    # A single account's rule runs with the function's own role: a service-linked role cannot be assumed.
    assert given == {**defaults, "AssumeRoleMode": "false"}


def test_the_handler_is_where_the_settings_say() -> None:
    module, function = json.loads((ROOT / "rdk_config.json").read_text())["Handler"].split(".")
    assert callable(getattr(importlib.import_module(module), function))


def test_input_parameters_fit_into_what_aws_config_takes() -> None:
    given = json.loads((ROOT / "rdk_config.json").read_text())["Parameters"]
    assert len(json.dumps(given)) <= 1024
