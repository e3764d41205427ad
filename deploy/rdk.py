"""RDK at work: on a copy of the rule's folder, and with its success believed only when its stack is there.

The copy has exactly the package's files, because RDK packs whatever lies in a rule's folder, and leaves its zip there.
RDK ends with status 0 when a stack has failed, so the stack is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .deployment import Deployment, DeploymentFailed
from .package import ROOT, RULE
from .settings import Settings
from .stack import first_failure, remove_rolled_back, stack_status

__all__ = ["rdk_command", "run_rdk", "stage"]

RDK = ROOT / "build" / "tools" / "bin" / "rdk"
_RUNBOOK = "remediation/ConfigChangesAlarmRule-Remediation.json"


def rdk_command(target: Deployment, command: str, *arguments: str) -> list[str]:
    """RDK's command line."""
    return [RDK.name, "--region", target.region, command, target.settings.rule_name, *arguments]


def stage(settings: Settings, folder: Path) -> None:
    """The rule's folder for RDK: the package's files, with the settings in parameters.json."""
    with zipfile.ZipFile(RULE) as package:
        package.extractall(folder / settings.rule_name)
    parameters = folder / settings.rule_name / "parameters.json"
    content = json.loads(parameters.read_text())
    staged = _with_settings(content, settings)
    if staged != content:  # the default settings leave the file as it is, to the byte
        parameters.write_text(json.dumps(staged, indent=2) + "\n")
    runbook = folder / _RUNBOOK
    runbook.parent.mkdir()
    shutil.copy(ROOT / _RUNBOOK, runbook)


def _with_settings(content: Any, settings: Settings) -> Any:
    own = {**content["Parameters"]}
    given = json.loads(settings.input_parameters)
    if {**json.loads(own["InputParameters"]), **json.loads(own["OptionalParameters"])} != given:
        own |= {"InputParameters": "{}", "OptionalParameters": json.dumps(given)}
    own |= {
        "SourceRuntime": f"{settings.runtime}-lib",
        "SourceEvents": ",".join(settings.source_events),
        "SourcePeriodic": settings.source_periodic,
    }
    tags = [{"Key": key, "Value": value} for key, value in settings.tags]
    return {**content, "Parameters": own, "Tags": json.dumps(tags)}


def run_rdk(target: Deployment, command: Sequence[str]) -> None:
    """On the copy, to the end. Raises `DeploymentFailed`."""
    remove_rolled_back(target, target.settings.rule_name)
    with tempfile.TemporaryDirectory() as folder:
        stage(target.settings, Path(folder))
        # RDK's zip has the same name in every run of a Region: two runs at a time would take each other's
        environment = {**os.environ, "TMPDIR": folder, "PYTHONPATH": ""}
        done = subprocess.run([str(RDK), *command[1:]], cwd=folder, env=environment)
    name = target.settings.rule_name
    status = stack_status(target, name)
    removed = "undeploy" in command
    if done.returncode or (status is not None if removed else status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        raise DeploymentFailed(f"rdk ended with status {done.returncode}, and {first_failure(target, name)}")
