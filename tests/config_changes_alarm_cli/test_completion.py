"""Completion, asked as a shell asks: commands, options, their values, and files where files are meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config_changes_alarm_cli import main

ROOT = Path(__file__).parents[2]


def completed(words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the program proposes for the last of the words, each with its kind."""
    monkeypatch.setenv("_CONFIG_CHANGES_ALARM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"config-changes-alarm {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" "))))
    assert main([]) == 0
    return set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        ("expl", {"plain,explain-pattern"}),
        ("evaluate --org", {"plain,--organization"}),
        ("evaluate --control root", {"plain,root-usage"}),
        ("evaluate --control al", {"plain,all"}),
        ("evaluate --format ht", {"plain,html"}),
        ("evaluate --parameter Max", {"plain,MaxRearmSeconds="}),
        ("evaluate --color a", {"plain,auto", "plain,always"}),
        ("evaluate --output ch", {"file,ch"}),
        ("evaluate --record ch", {"file,ch"}),
        ("evaluate --config ch", {"file,ch"}),
        ("evaluate --exceptions ch", {"file,ch"}),
        ("replay ch", {"file,ch"}),
        ("completion f", {"plain,fish"}),
    ],
)
def test_what_may_come_next(
    words: str, proposed: set[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert completed(words, capsys, monkeypatch) == proposed


def test_profiles_are_those_of_the_aws_configuration(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[profile production]\n[profile sandbox]\n[profile prod-eu]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    proposed = completed("evaluate --profile prod", capsys, monkeypatch)
    assert proposed == {"plain,production", "plain,prod-eu"}
    (tmp_path / "config").write_text("[profile")
    assert completed("evaluate --profile prod", capsys, monkeypatch) == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script_that_asks_the_program(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert f"_CONFIG_CHANGES_ALARM_COMPLETE={shell}_complete" in capsys.readouterr().out


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The folder of a console script, as pip makes it."""
    script = tmp_path / "bin" / "config-changes-alarm"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m config_changes_alarm_cli "$@"\n')
    script.chmod(0o755)
    return script.parent


@pytest.mark.parametrize(
    ("words", "proposed"),
    [("evaluate --reg", "--region"), ("evaluate --output rep", "report.html"), ("repl", "replay")],
)
def test_bash_completes(words: str, proposed: str, program: Path, tmp_path: Path) -> None:
    """In a real bash, which completes files itself where the script says that one is meant."""
    (tmp_path / "report.html").touch()
    *before, last = f"config-changes-alarm {words}".split()
    script = f"""
        eval "$(config-changes-alarm completion bash)"
        compopt() {{ [ "$2" != default ] || COMPREPLY=($(compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}")); }}
        COMP_WORDS=({" ".join([*before, last])}) COMP_CWORD={len(before)}
        _config_changes_alarm_completion config-changes-alarm
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    path = f"{program}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": f"{ROOT / 'ConfigChangesAlarmRule'}:{ROOT}"}
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == ([proposed], "")
