"""rdk_config.json is checked before anything is deployed, and every mistake is named."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from deploy.settings import InvalidSettings, Settings

ROOT = Path(__file__).parents[2]
AS_SHIPPED: dict[str, Any] = json.loads((ROOT / "rdk_config.json").read_text())


def settings_with(folder: Path, **keys: Any) -> Path:
    path = folder / "rdk_config.json"
    path.write_text(json.dumps({**AS_SHIPPED, **keys}))
    return path


def test_the_shipped_settings_are_valid() -> None:
    settings = Settings.load()
    assert settings.rule_name == "ConfigChangesAlarmRule"
    assert json.loads(settings.input_parameters) == AS_SHIPPED["Parameters"]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"Tymeout": 3}, "unknown key 'Tymeout', it takes RuleName, Regions, Runtime, Architecture, Handler, "),
        ({"TimeoutSeconds": 1}, "TimeoutSeconds is 1, expected a whole number from 30 to 900"),
        ({"TimeoutSeconds": "120"}, "TimeoutSeconds is '120', expected a whole number"),
        ({"Runtime": "python3.8"}, "Runtime is 'python3.8', expected one of python3.11, python3.12, python3.13"),
        ({"RuleName": "Other"}, "RuleName is 'Other', expected 'ConfigChangesAlarmRule'"),
        ({"Regions": ["Ireland"]}, "Regions.0: 'Ireland' does not match"),
        ({"Regions": "eu-west-1"}, "Regions is 'eu-west-1', expected a list"),
        ({"SourceEvents": ["AWS::Logs::LogGroup"]}, "SourceEvents.0 is 'AWS::Logs::LogGroup', expected one of AWS::Cl"),
        ({"Layers": ["boto3"]}, "Layers.0: 'boto3' does not match"),
        ({"Tags": {"aws:owner": "me"}}, "Tags: 'aws:owner' does not match"),
        ({"Parameters": {"MaxRearmSeconds": 60}}, "Parameters.MaxRearmSeconds is 60, expected a string"),
        ({"Parameters": {"MaxRearm": "60"}}, "Parameters: unknown parameter 'MaxRearm' (value '60'): the rule takes "),
        ({"Parameters": {"IncludeFailedCalls": "maybe"}}, "parameter IncludeFailedCalls is 'maybe', expected true or "),
        (
            {"Parameters": {"TopicArns": ",".join(f"arn:aws:sns:eu-west-1:123456789012:topic-{n}" for n in range(30))}},
            "characters as JSON, AWS Config takes 1024",
        ),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_mistake_is_named_with_what_is_accepted(tmp_path: Path, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidSettings) as raised:
        Settings.load(settings_with(tmp_path, **keys))
    assert says in str(raised.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rdk_config.json"
    path.write_text(json.dumps({"RuleName": "Other", "Colour": "red"}))
    with pytest.raises(InvalidSettings) as raised:
        Settings.load(path)
    said = str(raised.value)
    for key in ("Colour", "RuleName", "Runtime", "Handler", "TimeoutSeconds", "MemoryMB", "SourceEvents", "Parameters"):
        assert f"{key}" in said
    assert said.count("is missing: it is required") == 7


def test_what_is_no_json_is_said(tmp_path: Path) -> None:
    path = tmp_path / "rdk_config.json"
    path.write_text("{")
    with pytest.raises(InvalidSettings, match=r"^rdk_config\.json: Expecting property name"):
        Settings.load(path)


def test_empty_parameters_are_left_out_of_what_aws_config_gets(tmp_path: Path) -> None:
    path = settings_with(tmp_path, Parameters={"TopicArns": "", "MaxRearmSeconds": "600"})
    assert Settings.load(path).input_parameters == '{"MaxRearmSeconds": "600"}'


def test_the_handler_is_where_the_settings_say() -> None:
    module, function = Settings.load().handler.split(".")
    assert callable(getattr(importlib.import_module(module), function))
