"""Where reports go: several from one run, standard output, files that are tried before anything is read."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from config_changes_alarm_cli import main
from demo.embedded_aws import EmbeddedAws
from tests.accounts import an_account
from tests.rule_calls import recorded

RECORDINGS = Path(__file__).parent / "recordings"
COMPLIANT, NOT_VERIFIED, FAILED = (str(RECORDINGS / f"{name}.json") for name in ("compliant", "broken", "failed"))


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


# --------------------------------------------------------------------------- several from one run


def test_one_run_gives_several_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page, found = tmp_path / "chain.html", tmp_path / "report.json"
    arguments = ["-f", "text", "--format", f"html={page}", "--format", f"json={found}"]
    assert main(["replay", COMPLIANT, *arguments]) == 0
    assert "\nCOMPLIANT  account" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(found.read_text(encoding="utf-8"))["compliance"] == "COMPLIANT"


def test_what_goes_into_files_is_not_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["replay", COMPLIANT, "--format", f"json={tmp_path / 'report.json'}"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_format_without_a_file_goes_where_output_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    svg, text = tmp_path / "chain.svg", tmp_path / "report.txt"
    assert main(["replay", COMPLIANT, "-f", f"svg={svg}", "-f", "text", "-o", str(text)]) == 0
    assert svg.read_text(encoding="utf-8").startswith("<svg")
    assert "\nCOMPLIANT  account" in text.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [["-o", "-"], ["-f", "text=-"], ["-f", "text", "-o", "-"], []])
def test_a_dash_is_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", COMPLIANT, *arguments]) == 0
    assert "\nCOMPLIANT  account" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(Path(COMPLIANT).read_text(encoding="utf-8")))
    assert main(["replay", "-"]) == 0
    assert "\nCOMPLIANT  account" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-f", "text", "-f", "json"], "2 formats go to standard output"),
        (["-f", "json=x", "-f", "csv=x"], "2 formats go to "),
        (["-f", "json=x", "-f", "csv=./folder/../x"], "2 formats go to "),
        (["-f", "json", "-f", "csv=x", "-o", "x"], "2 formats go to "),
        (["-f", "json=x", "-o", "y"], "--output is for a --format that names no file"),
        (["-f", "json="], "'json=' names no file"),
        (["-f", "pdf=x"], "'pdf' is not one of text, json"),
        (["-o", "x", "-o", "y"], "--output is given 2 times"),
    ],
)
def test_reports_that_would_be_lost_are_refused(
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", COMPLIANT, *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_verbose_says_what_was_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "chain.html"
    assert main(["replay", COMPLIANT, "-v", "-f", f"html={page}"]) == 0
    assert capsys.readouterr() == ("", f"config-changes-alarm: wrote {page}\n")


# --------------------------------------------------------------------------- before anything is read


@pytest.fixture
def _monitored(aws: EmbeddedAws) -> None:
    an_account(aws)


@pytest.mark.usefixtures("_monitored")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--output", "missing/report.txt"], "cannot write missing/report.txt: No such file or directory"),
        (["--format", "json=missing/x.json"], "cannot write missing/x.json: No such file or directory"),
        (["--record", "missing/x.json"], "cannot write missing/x.json: No such file or directory"),
        (["--output", "folder"], "cannot write folder: Is a directory"),
        (["--record", "x", "--output", "./x"], "--record and a report both go to x: give each its own"),
        (["--control", "all", "--record", "file"], "cannot make the directory file: File exists"),
        (["--control", "all", "--format", "html=file"], "cannot make the directory file: File exists"),
    ],
    ids=lambda each: " ".join(each[-2:]) if isinstance(each, list) else "",
)
def test_what_cannot_be_written_costs_no_call(
    arguments: list[str],
    why: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("what was there")
    with recorded() as calls:
        assert main(["evaluate", *arguments]) == 2
    assert capsys.readouterr().err == f"config-changes-alarm: {why}\n"
    assert calls.made == []
    assert (tmp_path / "file").read_text() == "what was there"


def test_trying_a_file_leaves_nothing_behind_and_takes_nothing_away(tmp_path: Path) -> None:
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    old.write_text("the last report")
    assert main(["replay", FAILED, "-f", f"text={new}", "-f", f"json={old}"]) == 2
    assert not new.exists()
    assert old.read_text() == "the last report"


def test_a_device_stays_a_device(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["replay", COMPLIANT, "--output", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()
    pipe = tmp_path / "pipe"
    import os

    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert main(["replay", COMPLIANT, "--format", f"csv={pipe}"]) == 0
        assert os.read(reader, 7) == b"account"
    finally:
        os.close(reader)


# --------------------------------------------------------------------------- several accounts and controls


@pytest.mark.usefixtures("_monitored")
def test_a_name_with_an_ending_is_one_file_another_a_directory(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    controls = ["--control", "aws-config-changes", "--control", "root-usage"]
    table, folder, pages = tmp_path / "controls.csv", tmp_path / "reports", tmp_path / "pages"
    formats = ["-f", f"csv={table}", "-f", f"json={folder}", "-f", f"html={pages}"]
    assert main(["evaluate", *controls, *formats]) == 1
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3
    assert {path.suffix for path in folder.iterdir()} == {".json"}
    assert len(list(folder.iterdir())) == 2
    assert {path.suffix for path in pages.iterdir()} == {".html"}
    assert capsys.readouterr().out == ""


# --------------------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("recording", "status", "neutral"), [(COMPLIANT, 0, 0), (NOT_VERIFIED, 4, 0), (FAILED, 2, 2), ("nowhere", 2, 2)]
)
def test_a_neutral_exit_is_for_verdicts_only(recording: str, status: int, neutral: int) -> None:
    assert main(["replay", recording, "-q"]) == status
    assert main(["replay", recording, "-q", "--exit-zero"]) == neutral


# --------------------------------------------------------------------------- colours

COLOURS = [
    # option, NO_COLOR, FORCE_COLOR, TERM, terminal, coloured
    ("auto", "", "", "xterm", True, True),
    ("auto", "", "", "xterm", False, False),
    ("auto", "", "", "dumb", True, False),
    ("auto", "1", "", "xterm", True, False),
    ("auto", "", "1", "xterm", False, True),
    ("auto", "1", "1", "xterm", True, False),
    ("always", "1", "", "dumb", False, True),
    ("never", "", "1", "xterm", True, False),
]


@pytest.mark.parametrize(("option", "no_color", "force_color", "term", "terminal", "coloured"), COLOURS)
def test_colours(
    option: str,
    no_color: str,
    force_color: str,
    term: str,
    terminal: bool,
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("NO_COLOR", no_color), ("FORCE_COLOR", force_color), ("TERM", term)):
        monkeypatch.setenv(name, value)
    out = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["replay", COMPLIANT, "--color", option]) == 0
    assert ("\033[" in out.getvalue()) is coloured


def test_a_file_has_no_colours(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    assert main(["replay", COMPLIANT, "--color", "always", "-o", str(path)]) == 0
    assert "\033" not in path.read_text(encoding="utf-8")
