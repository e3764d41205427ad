"""Makes the runbook, and what deploys it, from their sources: `make runbook`.

From `runbook.yaml`, the scripts and the rule's catalogue of controls:

- `ConfigChangesAlarmRule-Remediation.yaml`, the document;
- `stack.yaml`, a CloudFormation template with the document and the rule's remediation configuration.

A document that has a problem is not written.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml
from config_changes_alarm.control import controls

from .bare import bare
from .document import MAXIMUM_BYTES, problems

__all__ = ["files", "main"]

HERE = Path(__file__).parent
NAME = "ConfigChangesAlarmRule-Remediation"
TEMPLATE_BYTES = 51_200
"""What CloudFormation takes of a template that is sent as text."""

OR_EVENT = {"~": ") || ($.eventName = ", "^": ")||($.eventName="}
"""What stands for the next event of a pattern, in its two spellings: a document has a limit."""

_MADE = "# Made by `make runbook` from the sources in remediation/. Do not edit.\n"


def document_text() -> str:
    """The document as YAML, with every script as it stands in its file."""
    lines = []
    for line in (HERE / "runbook.yaml").read_text().splitlines():
        indent, key, value = line[: len(line) - len(line.lstrip())], *line.strip().partition(": ")[::2]
        if key == "Script":
            script = (HERE / "scripts" / value).read_text()
            lines += [f"{indent}Script: |", textwrap.indent(script.rstrip("\n"), indent + "  ")]
        elif value == "CHAPTERS":
            lines.append(f"{indent}{key}: {json.dumps(chapters())}")
        elif value == "CONTROLS":
            lines += [f"{indent}{key}:", *(f"{indent}  - {json.dumps(row)}" for row in control_rows())]
        elif not line.startswith("#"):
            lines.append(line)
    return _MADE + "\n".join(lines) + "\n"


def chapters() -> dict[str, str]:
    """The chapter that holds the controls, by version of the benchmark."""
    return {version: number.split(".")[0] for control in controls() for version, number in control.numbers.items()}


def control_rows() -> list[list[str]]:
    """What the runbook has to know of each control, in the order of the benchmark.

    Its id, Security Hub's, its entry in AWS's packs, its numbers, whose events they are, what happens, and the text
    that a metric filter should have, in the short form of `OR_EVENT`.
    """
    return [
        [
            control.id,
            control.security_hub or "",
            control.pack_entry,
            " ".join(dict.fromkeys(control.numbers.values())),
            control.source or "",
            control.words,
            functools.reduce(
                lambda text, short: text.replace(OR_EVENT[short], short), OR_EVENT, control.filter_pattern
            ),
        ]
        for control in controls()
    ]


def document() -> dict[str, Any]:
    """The document as a value."""
    loaded: dict[str, Any] = yaml.safe_load(document_text())
    return loaded


def compact(document: dict[str, Any]) -> dict[str, Any]:
    """The same document without what only people read.

    It lies inside a template, for which CloudFormation takes no more than 51,200 bytes.
    """
    steps = []
    for step in document["mainSteps"]:
        inputs = {name: bare(value) if name == "Script" else value for name, value in step["inputs"].items()}
        steps.append({**{name: value for name, value in step.items() if name != "description"}, "inputs": inputs})
    parameters = {
        name: {**parameter, "description": parameter["description"].removeprefix("(Optional) ").split(". ")[0]}
        for name, parameter in document["parameters"].items()
    }
    description = document["description"].splitlines()[1]
    return {**document, "description": description, "parameters": parameters, "mainSteps": steps}


def document_name() -> str:
    """The name that the template gives the document: of its own for every content."""
    content = json.dumps(compact(document()), sort_keys=True)
    return f"{NAME}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def stack_text() -> str:
    """The template, with the document in it on one line: indented, its scripts would be a third longer."""
    content = json.dumps(compact(document()), separators=(",", ": "))
    template = (HERE / "stack.source.yaml").read_text().replace("DOCUMENT_NAME", document_name())
    return _MADE + template.replace("DOCUMENT_CONTENT", content)


def files() -> dict[Path, str]:
    """What is made, by the file it belongs into."""
    return {
        HERE / f"{NAME}.yaml": document_text(),
        HERE / "stack.yaml": stack_text(),
    }


def main() -> int:
    """0 when everything is written; 1 with the problems of the document."""
    found = problems(document())
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        return 1
    print(document_name())
    for path, text in files().items():
        path.write_text(text)
        limit = TEMPLATE_BYTES if path.name == "stack.yaml" else MAXIMUM_BYTES
        size = len(text.encode())
        print(f"{path.relative_to(HERE.parent)}  {size:,} of {limit:,} bytes ({size / limit:.0%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
