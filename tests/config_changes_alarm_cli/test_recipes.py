"""The recipes of the documentation are carried out: a CI run, pre-commit, and the configuration file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from config_changes_alarm_cli import main
from demo.embedded_aws import REGION, EmbeddedAws
from tests.accounts import an_account

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "continuous-integration.md").read_text(encoding="utf-8")
RECIPES: list[dict[Any, Any]] = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
NIGHTLY, PULL_REQUEST, PRE_COMMIT = RECIPES


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a repository with the control's pattern, and the command on the PATH as pip makes it."""
    script = tmp_path / "bin" / "config-changes-alarm"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m config_changes_alarm_cli "$@"\n')
    script.chmod(0o755)
    checkout = tmp_path / "checkout"
    (checkout / "monitoring").mkdir(parents=True)
    (checkout / "monitoring" / "config-changes.pattern").write_text(f"{DEFAULT_REQUIRED_FILTER_PATTERN}\n")
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'ConfigChangesAlarmRule'}:{ROOT}")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.chdir(checkout)
    return checkout


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    """Those of its one job that the runner's shell runs, without the installation."""
    (job,) = workflow["jobs"].values()
    return (step for step in job["steps"] if "run" in step and "pip install" not in step["run"])


def ran(workflow: dict[Any, Any]) -> tuple[int, str]:
    """As a runner does: a step that fails is the job's failure, and only what is always run follows it."""
    status, log = 0, ""
    for step in steps(workflow):
        if status and step.get("if") != "always()":
            continue
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        status, log = status or done.returncode, log + done.stdout + done.stderr
    return status, log


def test_a_workflow_asks_for_no_more_than_it_needs() -> None:
    for workflow in (NIGHTLY, PULL_REQUEST):
        assert set(workflow["permissions"]) <= {"contents", "id-token"}
        assert workflow["permissions"]["contents"] == "read"
        (job,) = workflow["jobs"].values()
        assert all(
            re.fullmatch(r"(actions|aws-actions)/[\w-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step
        )


@pytest.mark.parametrize("actions_enabled", [True, False])
def test_every_night(aws: EmbeddedAws, actions_enabled: bool, folder: Path) -> None:
    """Fourteen controls have no filter in the account, so that the run fails; AWS Config's own is told from them."""
    an_account(aws, alarm={"ActionsEnabled": actions_enabled})
    status, log = ran(NIGHTLY)
    assert status == 1
    annotated = [line for line in log.splitlines() if line.startswith("::error") and "aws-config-changes" in line]
    assert bool(annotated) is not actions_enabled
    assert "aws-config-changes" in (folder.parent / "summary").read_text(encoding="utf-8")
    kept = next(step for step in NIGHTLY["jobs"]["evaluate"]["steps"] if "upload-artifact" in step.get("uses", ""))
    for name in kept["with"]["path"].split():
        assert (folder / name).exists()


def test_a_pull_request_that_keeps_the_pattern_whole() -> None:
    status, log = ran(PULL_REQUEST)
    assert (status, log.splitlines()[0]) == (0, "covered")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("{ $.eventName = Put* }", "missed"), ("{ $.eventSource = config.amazonaws.com }", "too broad")],
)
def test_a_pull_request_that_breaks_the_pattern(text: str, verdict: str, folder: Path) -> None:
    (folder / "monitoring" / "config-changes.pattern").write_text(text)
    status, log = ran(PULL_REQUEST)
    assert (status, log.splitlines()[0]) == (1, verdict)


def test_a_pattern_that_is_gone_is_no_pattern(folder: Path) -> None:
    (folder / "monitoring" / "config-changes.pattern").write_text("")
    assert ran(PULL_REQUEST)[0] == 2


@pytest.mark.parametrize(("text", "status"), [(DEFAULT_REQUIRED_FILTER_PATTERN, 0), ("{ $.eventName = Put* }", 1)])
def test_before_a_commit(text: str, status: int, folder: Path) -> None:
    """pre-commit splits the entry as a shell does and adds the names of the files."""
    import shlex

    (repository,) = PRE_COMMIT["repos"]
    (hook,) = repository["hooks"]
    name = "monitoring/config-changes.pattern"
    assert re.search(hook["files"], name)
    (folder / name).write_text(text)
    done = subprocess.run([*shlex.split(hook["entry"]), name], capture_output=True, check=False)
    assert done.returncode == status


def test_the_configuration_file_of_the_page_is_one(
    aws: EmbeddedAws, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (folder / ".config-changes-alarm.toml").write_text(text.replace("eu-west-1", REGION), encoding="utf-8")
    keys = "aws_access_key_id=embedded\naws_secret_access_key=embedded\n"
    (folder / "aws").write_text("".join(f"[profile {name}]\n{keys}" for name in ("production", "staging")))
    an_account(aws)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", str(folder / "aws"))
        assert main(["evaluate"]) == 1
    lines = (folder / "verdicts.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    assert "aws-config-changes" in capsys.readouterr().out
    assert main(["explain-pattern", DEFAULT_REQUIRED_FILTER_PATTERN]) == 0
    assert main(["match", "x", "x"]) == 0
