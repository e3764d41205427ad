"""`evaluate` and `replay` at a terminal, in a pipe, into files: what is printed where."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from config_changes_alarm import __version__
from config_changes_alarm.requirement import PARAMETERS

from config_changes_alarm_cli import main
from demo.embedded_aws import ACCOUNT_ID, EmbeddedAws
from tests.accounts import an_account

ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def _broken(aws: EmbeddedAws) -> None:
    an_account(aws, alarm={"ActionsEnabled": False})


@pytest.mark.usefixtures("_broken")
def test_a_terminal_shows_colours_and_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert main(["evaluate"]) == 1
    assert "\n\033[1;31mNON_COMPLIANT\033[0m  account" in out.getvalue()
    assert f"Reading {ACCOUNT_ID} in us-east-1: " in err.getvalue()
    erased = re.sub(r".*\033\[2K", "", err.getvalue(), flags=re.DOTALL)
    assert "Reading" not in erased


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv(name, value)
    assert main(["evaluate"]) == 1
    assert "\nNON_COMPLIANT  account" in out.getvalue()
    assert "\033" not in out.getvalue()


@pytest.mark.usefixtures("_broken")
def test_a_pipe_gets_plain_text_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["evaluate"]) == 1
    output = capsys.readouterr()
    assert output.err == ""
    assert "\033" not in output.out
    words = " ".join(output.out.split())
    assert "✗ BROKEN HERE Alarm config-changes has its actions disabled. The alarm changes state and" in words
    assert "aws cloudwatch enable-alarm-actions --region us-east-1" in output.out
    prose = output.out.split("What to do")[0]
    assert max(map(len, prose.splitlines())) <= 80


@pytest.mark.usefixtures("_broken")
def test_quiet_prints_nothing_and_still_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert main(["evaluate", "--quiet", "--format", "json", "--output", str(report)]) == 1
    assert capsys.readouterr() == ("", "")
    assert json.loads(report.read_text())["compliance"] == "NON_COMPLIANT"


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("text", "aws-config-changes: AWS Config configuration changes are monitored"),
        ("json", "{"),
        ("html", "<!doctype html>"),
        ("svg", "<svg xmlns"),
        ("mermaid", "---\ntitle"),
    ],
)
def test_every_format(capsys: pytest.CaptureFixture[str], name: str, start: str) -> None:
    assert main(["evaluate", "--format", name]) == 1
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.usefixtures("_broken")
def test_a_recording_is_evaluated_again_without_aws(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recording = tmp_path / "evaluation.json"
    assert main(["evaluate", "--parameter", "MaxRearmSeconds=3600", "--record", str(recording)]) == 1
    seen = capsys.readouterr().out
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert main(["replay", str(recording)]) == 1
    assert capsys.readouterr().out == seen
    assert recording.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("_broken")
def test_a_redacted_recording_names_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    recording = tmp_path / "evaluation.json"
    assert main(["evaluate", "--record", str(recording), "--redact"]) == 1
    assert ACCOUNT_ID not in recording.read_text()
    assert "security@example.com" not in recording.read_text()
    capsys.readouterr()
    assert main(["replay", str(recording), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["id"] == "alarm-actions-disabled"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "--redact"], "--redact is about a recording: give --record too"),
        (["replay", "nowhere.json"], "cannot read nowhere.json: No such file or directory"),
        (["replay", str(ROOT / "pyproject.toml")], "is no recording: not JSON"),
        (["match", "-", "-"], "only one of PATTERN and MESSAGE may be - for standard input"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert sentence in output.err
    assert output.err.count("\n") == 1


@pytest.mark.usefixtures("_broken")
@pytest.mark.parametrize("option", ["--output", "--record"])
def test_a_file_that_cannot_be_written_is_named(
    capsys: pytest.CaptureFixture[str], option: str, tmp_path: Path
) -> None:
    path = tmp_path / "missing" / "file"
    assert main(["evaluate", option, str(path)]) == 2
    assert capsys.readouterr().err == f"config-changes-alarm: cannot write {path}: No such file or directory\n"


def _process(*arguments: str, columns: str = "80") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": columns, "PYTHONPATH": str(ROOT / "ConfigChangesAlarmRule")}
    return subprocess.run(
        [sys.executable, "-m", "config_changes_alarm_cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_whoever_reads_may_have_seen_enough() -> None:
    """`config-changes-alarm ... | head -1` says nothing about a broken pipe."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "ConfigChangesAlarmRule")}
    script = f"{sys.executable} -m config_changes_alarm_cli explain-pattern '{{ $.a = 1 }}' | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert (done.stdout, done.stderr) == ("missed\n", "")


def test_an_interrupt_ends_it_at_once_although_aws_does_not_answer(tmp_path: Path) -> None:
    asked, ended = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.set()
            ended.wait(60)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    profile = "region=us-east-1\naws_access_key_id=embedded\naws_secret_access_key=embedded\n"
    (tmp_path / "config").write_text(f"[profile a]\n{profile}[profile b]\n{profile}")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
        environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT / "ConfigChangesAlarmRule")}
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "config_changes_alarm_cli",
                "evaluate",
                "--profile",
                "a",
                "--profile",
                "b",
            ],
            env={**environment, "AWS_CONFIG_FILE": str(tmp_path / "config")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert asked.wait(30)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=25) == (b"", b"")
        finally:
            process.kill()
            ended.set()
            server.shutdown()
    assert process.returncode == 130


def test_the_version_is_the_package_s() -> None:
    assert _process("--version").stdout == _process("-V").stdout == f"config-changes-alarm {__version__}\n"


def test_the_version_is_the_changelog_s() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__


def test_help_teaches_every_parameter() -> None:
    text = _process("evaluate", "--help").stdout
    for parameter in PARAMETERS:
        assert (parameter.name in text) != parameter.description.startswith("rdklib:")
    words = " ".join(text.split())
    assert "Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate, 3 NOT_APPLICABLE, 4 NON_" in words
    assert "examples:" in text
    assert max(map(len, text.splitlines())) <= 80
