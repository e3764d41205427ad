"""What is deployed: rdk_config.json, checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from config_changes_alarm.requirement import InvalidParameters, Requirement
from jsonschema import Draft202012Validator, ValidationError

__all__ = ["ARCHITECTURES", "INPUT_PARAMETERS_LIMIT", "RUNTIMES", "SETTINGS", "InvalidSettings", "Settings"]

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "rdk_config.json"
_SCHEMA = Path(__file__).parent / "rdk_config.schema.json"

RUNTIMES = ("python3.11", "python3.12", "python3.13")
"""Those that the code, RDK and Lambda share; the newest is the default."""

ARCHITECTURES = ("x86_64", "arm64")
"""What Lambda has; no library of the layer is built for one of them."""

INPUT_PARAMETERS_LIMIT = 1024
"""Characters of a rule's parameters as JSON (AWS Config API, ConfigRule.InputParameters)."""


class InvalidSettings(Exception):
    """The settings cannot be deployed; one line for each mistake: where, what is there, what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of rdk_config.json. `regions` empty: the Region of the AWS settings in use.

    `remediation` are parameters of remediation/stack.yaml; empty: the runbook is not deployed.
    """

    rule_name: str
    regions: tuple[str, ...]
    runtime: str
    architecture: str
    handler: str
    timeout_seconds: int
    memory_mb: int
    layers: tuple[str, ...]
    role_name: str
    source_events: tuple[str, ...]
    source_periodic: str
    parameters: tuple[tuple[str, str], ...]
    alarm_topic_arn: str
    failure_destination_arn: str
    remediation: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]

    @property
    def input_parameters(self) -> str:
        """As AWS Config takes them: JSON, without those that are empty."""
        return json.dumps({name: value for name, value in self.parameters if value})

    @classmethod
    def load(cls, path: Path = SETTINGS) -> Self:
        """Reads and checks the file. Raises `InvalidSettings`."""
        try:
            content = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise InvalidSettings(f"{path.name}: {error}") from None
        problems = [f"{path.name}: {problem}" for problem in _problems(content)]
        if problems:
            raise InvalidSettings("\n".join(problems))
        return cls(
            rule_name=content["RuleName"],
            regions=tuple(content.get("Regions", ())),
            runtime=content["Runtime"],
            architecture=content.get("Architecture", ARCHITECTURES[0]),
            handler=content["Handler"],
            timeout_seconds=content["TimeoutSeconds"],
            memory_mb=content["MemoryMB"],
            layers=tuple(content.get("Layers", ())),
            role_name=content.get("RoleName", ""),
            source_events=tuple(content["SourceEvents"]),
            source_periodic=content["SourcePeriodic"],
            parameters=tuple(content["Parameters"].items()),
            alarm_topic_arn=content.get("AlarmTopicArn", ""),
            failure_destination_arn=content.get("FailureDestinationArn", ""),
            remediation=tuple(content.get("Remediation", {}).items()),
            tags=tuple(content.get("Tags", {}).items()),
        )


def _problems(content: object) -> Iterator[str]:
    schema = json.loads(_SCHEMA.read_text())
    errors = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: error.json_path)
    for error in errors:
        yield from _explained(error)
    if errors or not isinstance(content, dict):
        return
    parameters: Mapping[str, str] = content["Parameters"]
    try:
        Requirement.parse(parameters)
    except InvalidParameters as error:
        yield f"Parameters: {error}"
    length = len(json.dumps({name: value for name, value in parameters.items() if value}))
    if length > INPUT_PARAMETERS_LIMIT:
        yield f"Parameters has {length} characters as JSON, AWS Config takes {INPUT_PARAMETERS_LIMIT}"


def _explained(error: ValidationError) -> Iterator[str]:
    """The validator's finding with the key it is about and what that key takes."""
    where = ".".join(str(part) for part in error.absolute_path)
    taken: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    match error.validator:
        case "additionalProperties" if taken is False:
            known = schema["properties"]
            for name in sorted(instance.keys() - known):
                yield f"unknown key {name!r}, it takes {', '.join(name for name in known if name != '$schema')}"
        case "required":
            yield f"{error.message.split(chr(39))[1]} is missing: it is required"
        case "enum":
            yield f"{where} is {instance!r}, expected one of {', '.join(taken)}"
        case "const":
            yield f"{where} is {instance!r}, expected {taken!r}"
        case "minimum" | "maximum":
            bounds = f"{schema['minimum']} to {schema['maximum']}"
            yield f"{where} is {instance!r}, expected a whole number from {bounds}"
        case "type":
            yield f"{where or 'the file'} is {instance!r}, expected {_named(taken)}"
        case _:
            yield f"{where}: {error.message}"


def _named(json_type: str) -> str:
    names = {"integer": "a whole number", "array": "a list", "object": "an object", "string": "a string"}
    return names[json_type]
