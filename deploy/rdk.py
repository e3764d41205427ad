"""RDK at work: on a copy of the rule's folder, and with its success believed only when its stack is there.

The copy has exactly the package's files, because RDK packs whatever lies in a rule's folder, and leaves its zip there.
RDK ends with status 0 when a stack has failed, so the stack is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .deployment import Deployment, DeploymentFailed
from .function import BUSY, settled
from .package import ROOT, RULE
from .settings import Settings
from .stack import first_failure, remove_rolled_back, stack_status, wait_for_stack

__all__ = ["rdk_command", "run_rdk", "stage"]

RDK = (str(ROOT / "build/tools/bin/python"), "-P", str(ROOT / "deploy/rdk_program.py"))
"""Without the program's folder on the path, in which a module has RDK's name."""
_ATTEMPTS, _PAUSE_SECONDS = 3, 5.0
_PASSING = (
    (BUSY, "Lambda was still busy with the change before"),
    ("_IN_PROGRESS state and can not be updated", "CloudFormation was still busy with the change before"),
    ("Throttling", "AWS throttled the calls"),
)
"""What RDK's output shows of a cause that passes, and its name."""


def rdk_command(target: Deployment, command: str, *arguments: str) -> list[str]:
    """RDK's command line."""
    return ["rdk", "--region", target.region, command, target.settings.rule_name, *arguments]


def stage(settings: Settings, folder: Path) -> None:
    """The rule's folder for RDK: the package's files, with the settings in parameters.json."""
    with zipfile.ZipFile(RULE) as package:
        package.extractall(folder / settings.rule_name)
    parameters = folder / settings.rule_name / "parameters.json"
    content = json.loads(parameters.read_text())
    staged = _with_settings(content, settings)
    if staged != content:  # the default settings leave the file as it is, to the byte
        parameters.write_text(json.dumps(staged, indent=2) + "\n")


def _with_settings(content: Any, settings: Settings) -> Any:
    own = {**content["Parameters"]}
    given = json.loads(settings.input_parameters)
    if {**json.loads(own["InputParameters"]), **json.loads(own["OptionalParameters"])} != given:
        own |= {"InputParameters": "{}", "OptionalParameters": json.dumps(given)}
    own |= {
        "SourceRuntime": f"{settings.runtime}-lib",
        "SourceEvents": ",".join(settings.source_events) or "NONE",  # RDK's word for no change triggers
        "SourcePeriodic": settings.source_periodic,
    }
    tags = [{"Key": key, "Value": value} for key, value in settings.tags]
    return {**content, "Parameters": own, "Tags": json.dumps(tags)}


def run_rdk(target: Deployment, command: Sequence[str]) -> None:
    """On the copy, to the end; again when what it met is known to pass. Raises `DeploymentFailed`.

    RDK changes the stack and right after it the function's code, which Lambda refuses while the stack's change is
    under way. RDK takes any refusal for a missing stack and ends with a message about one that exists already.
    """
    name = target.settings.rule_name
    for attempt in range(_ATTEMPTS):
        wait_for_stack(target, name)
        settled(target)
        remove_rolled_back(target, name)
        status, said = _run(target, command)
        wait_for_stack(target, name)
        passing = next((cause for sign, cause in _PASSING if sign in said), None)
        if passing is None:
            break
        if attempt + 1 < _ATTEMPTS:
            print(f"[{target.region}] {passing}: waiting, then once more", flush=True)
            time.sleep(_PAUSE_SECONDS)
    found = stack_status(target, name)
    removed = "undeploy" in command
    whole = found is None if removed else found in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    if status or passing or not whole:
        cause = f": {passing}, {_ATTEMPTS} times" if passing else f", and {first_failure(target, name)}"
        raise DeploymentFailed(f"rdk ended with status {status}{cause}")


def _run(target: Deployment, command: Sequence[str]) -> tuple[int, str]:
    """RDK's status, and what it said; it is shown while it is said."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        stage(target.settings, Path(folder))
        # RDK's zip has the same name in every run of a Region: two runs at a time would take each other's
        environment = {**os.environ, "TMPDIR": folder, "PYTHONPATH": "", "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [*RDK, target.account_id, *command[1:]],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line)
    return process.returncode, "".join(lines)
