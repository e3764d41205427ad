"""The program in a shell: pipes, full disks, closed streams, consoles that are not UTF-8. None of it is a verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from config_changes_alarm_cli import main

ROOT = Path(__file__).parents[2]
COMPLIANT = Path(__file__).parent / "recordings" / "compliant.json"
CIS = "{ $.eventSource = config.amazonaws.com && $.eventName = Put* }"
PROGRAM = f'"{sys.executable}" -m config_changes_alarm_cli'


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Runs it in bash, which ends with the program's own status although the program stands in a pipe."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'ConfigChangesAlarmRule'}:{ROOT}", **variables}
    command = ["bash", "-c", f"set -o pipefail; {script.format(program=PROGRAM)}"]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


def test_a_reader_who_has_seen_enough() -> None:
    done = shell(f"{{program}} replay {COMPLIANT} | true")
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk() -> None:
    done = shell(f"{{program}} replay {COMPLIANT} > /dev/full")
    assert done.returncode == 70
    assert done.stderr == b"config-changes-alarm: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize("command", [f"replay {COMPLIANT}", f"explain-pattern '{CIS}'", "match x x"])
def test_closed_standard_output(command: str) -> None:
    done = shell(f"{{program}} {command} >&-".replace(CIS, CIS.replace("{", "{{").replace("}", "}}")))
    assert done.returncode == 70
    assert done.stderr == b"config-changes-alarm: cannot write to standard output: it is closed\n"


def test_quiet_needs_no_standard_output() -> None:
    done = shell(f"{{program}} replay {COMPLIANT} --quiet >&- 2>&- <&-")
    assert done.returncode == 0


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full"])
def test_what_cannot_be_said_keeps_its_status(stream: str) -> None:
    assert shell(f"{{program}} replay nowhere {stream}").returncode == 2


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-16"])
def test_output_is_utf_8_whatever_the_console_is(encoding: str) -> None:
    done = shell(f"{{program}} replay {COMPLIANT}", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert "✓" in done.stdout.decode("utf-8")


def test_output_is_utf_8_in_an_old_locale() -> None:
    done = shell(f"{{program}} replay {COMPLIANT}", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert (done.returncode, "✓" in done.stdout.decode("utf-8")) == (0, True)


def test_input_is_utf_8_with_or_without_a_mark() -> None:
    for mark in ("", r"\xef\xbb\xbf"):
        script = f"printf '{mark}ä' | {{program}} match '\"ä\"' -"
        assert shell(script, PYTHONIOENCODING="cp1252").stdout == b"match\n"


def test_input_that_is_not_utf_8_is_one_sentence() -> None:
    done = shell(r"printf '\xe4' | {program} match x -")
    assert done.returncode == 2
    assert done.stderr.startswith(b"config-changes-alarm: standard input is not UTF-8: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("command", ["explain-pattern -", "match - message", "match x -", "replay -"])
@pytest.mark.parametrize("silence", ["false |", "echo |", ":|"])
def test_empty_input_is_no_answer(command: str, silence: str) -> None:
    done = shell(f"set +o pipefail; {silence} {{program}} {command}")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"config-changes-alarm: standard input is empty\n"


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    done = shell(r"""{program} explain-pattern "$(printf '[a="\xff"')" """)
    assert done.returncode == 2
    assert '[a="\N{REPLACEMENT CHARACTER}"' in done.stdout.decode()


@pytest.mark.parametrize(
    "command", ["replay $'no\\e[2Jwhere'", "evaluate --region $'\\e[2J'", "match $'{{\\e[2J' x", "evaluate $'\\e[2J'"]
)
def test_what_is_said_of_a_name_cannot_steer_the_terminal(command: str) -> None:
    done = shell(f"{{program}} {command}", AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none")
    assert done.returncode == 2
    assert b"\x1b" not in done.stdout + done.stderr


def test_without_a_home_directory() -> None:
    done = shell(f"env -u HOME {{program}} replay {COMPLIANT} --format json", HOME="/nowhere")
    assert done.returncode == 0
    assert json.loads(done.stdout)["compliance"] == "COMPLIANT"


def test_a_crash_is_no_verdict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("never thought of")

    monkeypatch.setattr(import_module("config_changes_alarm_cli.commands.replay"), "replayed", broken)
    assert main(["replay", str(COMPLIANT)]) == 70
    said = capsys.readouterr()
    assert said.out == ""
    assert "please report it" in said.err
    assert "RuntimeError: never thought of" in said.err


def test_a_package_that_is_missing_is_no_verdict() -> None:
    done = shell("{program} --version", PYTHONPATH=str(ROOT))
    assert done.returncode == 70
    assert done.stderr.startswith(b"config-changes-alarm: it is not installed as a whole: ")
