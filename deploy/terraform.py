"""The Terraform module's variables, from the parameters of the stack that it wraps: `deploy/terraform/variables.tf`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["OF_THE_PACKAGES", "variable_name", "variables"]

OF_THE_PACKAGES = ("CodeBucket", "CodeKey", "LayerKey")
"""Parameters that the module fills in by itself: it uploads the packages."""


def variable_name(parameter: str) -> str:
    """As Terraform writes names."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameter).lower()


def variables(parameters: Mapping[str, Mapping[str, Any]], header: str) -> str:
    """The file, formatted as `terraform fmt` does. What a value may be is CloudFormation's to check, in its words."""
    taken = {name: each for name, each in parameters.items() if name not in OF_THE_PACKAGES}
    width = max(map(len, taken))
    lines = [f"# {header}", ""]
    for name, parameter in taken.items():
        lines += [*_variable(name, parameter), ""]
    lines += ["locals {", "  parameters = {"]
    lines += [f"    {name.ljust(width)} = var.{variable_name(name)}" for name in taken]
    return "\n".join([*lines, "  }", "}", ""])


def _variable(name: str, parameter: Mapping[str, Any]) -> Iterator[str]:
    yield f'variable "{variable_name(name)}" {{'
    yield f"  description = {_text(parameter['Description'])}"
    yield f"  type        = {'number' if parameter['Type'] == 'Number' else 'string'}"
    default = parameter["Default"]
    yield f"  default     = {default if parameter['Type'] == 'Number' else _text(default)}"
    yield "}"


def _text(text: str) -> str:
    """A string of HCL: as JSON, and without its own interpolation."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
