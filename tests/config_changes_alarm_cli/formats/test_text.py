"""The text report: whole, as a person sees it, for every kind of account and of finding."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import annotation
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli.formats.text import Style, as_text, pasteable
from tests.fake_account import NOW, FakeAccount, a_composite, a_monitored_account, an_alarm

from .accounts import a_big_account, a_compliant_assessment, assessed, broken_by, one_event_missed
from .golden import golden

REPORTS = {
    "compliant": a_compliant_assessment(),
    "one-event-missed": one_event_missed(),
    "empty-account": assessed(FakeAccount()),
    "no-filter": assessed(a_monitored_account(filters=())),
    "big-account": assessed(a_big_account()),
    "composite": assessed(
        a_monitored_account(
            metric_alarms=(an_alarm(alarm_actions=()),), composite_alarms=(a_composite("ALARM(config-changes)"),)
        )
    ),
}
BY_NAME = pytest.mark.parametrize(("name", "assessment"), REPORTS.items(), ids=list(REPORTS))


@BY_NAME
def test_the_report_of_an_account(name: str, assessment: Assessment) -> None:
    golden(f"text/{name}.txt", as_text(assessment))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("organizations-changes", ["AcceptHandshake and 17 more  unnoticed: Log group"]),
        ("root-usage", ["use of the root user  unnoticed: Log group"]),
        ("cmk-disabled-or-deleted", ["DisableKey           unnoticed: Log group", "ScheduleKeyDeletion  likewise"]),
    ],
)
def test_many_events_that_fare_alike_are_one_row(name: str, rows: list[str]) -> None:
    found = assess(a_monitored_account(filters=()).opened(), Requirement.parse({"Control": name}), NOW)
    told = as_text(found).split("Would somebody be told?\n")[1].split("\n\n")[0]
    marked = [line.removeprefix("  ✗ ") for line in told.splitlines() if "✗" in line]
    assert len(marked) == len(rows)
    assert all(line.startswith(row) for line, row in zip(marked, rows, strict=True))


def test_the_reports_of_every_finding() -> None:
    reports = (as_text(broken_by(kind)) for kind in FindingId)
    golden("text/findings.txt", ("=" * 80 + "\n").join(reports))


def test_a_wide_terminal_without_unicode() -> None:
    golden("text/big-account-120-ascii.txt", as_text(REPORTS["big-account"], Style(width=120, unicode=False)))


@BY_NAME
@pytest.mark.parametrize("width", [60, 80])
def test_colours_change_nothing_but_the_colour(name: str, assessment: Assessment, width: int) -> None:
    coloured = as_text(assessment, Style(width, colour=True))
    assert "\033[32m" in coloured or "\033[31m" in coloured
    plain = coloured
    for code in ("0", "1", "2", "31", "32"):
        plain = plain.replace(f"\033[{code}m", "")
    assert plain == as_text(assessment, Style(width))


@BY_NAME
@pytest.mark.parametrize("width", [60, 80, 120])
def test_prose_and_trees_keep_to_the_width(name: str, assessment: Assessment, width: int) -> None:
    text = as_text(assessment, Style(width=width))
    prose = text.split("A CloudTrail record of")[0].split("What to do")[0]
    assert max(map(len, prose.splitlines())) <= width


@BY_NAME
def test_without_unicode_everything_is_ascii(name: str, assessment: Assessment) -> None:
    assert as_text(assessment, Style(unicode=False)).isascii()


@pytest.mark.parametrize("kind", FindingId)
def test_the_finding_stands_in_the_tree_and_its_remedy_below(kind: FindingId) -> None:
    text = " ".join(as_text(broken_by(kind), Style(width=10_000)).split())
    assert f"BROKEN [{kind}]" in text
    assert "What to do 1. " in text


@pytest.mark.parametrize("kind", FindingId)
def test_an_annotation_fits_into_what_aws_config_takes(kind: FindingId) -> None:
    assert len(annotation(broken_by(kind))) <= 256


def test_the_annotations_of_every_finding() -> None:
    golden("annotations.txt", "".join(f"{annotation(broken_by(kind))}\n" for kind in FindingId))


@pytest.mark.parametrize(
    "command",
    [
        "aws logs put-metric-filter --filter-name 'it'\"'\"'s mine' --filter-pattern '{ $.a = 1 && $.b = 2 }' --x y",
        "aws cloudwatch enable-alarm-actions --alarm-names config-changes",
    ],
)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_command_on_several_lines_is_the_same_command(command: str, width: int) -> None:
    lines = list(pasteable(command, width, "     "))
    assert all(line.endswith(" \\") for line in lines[:-1])
    script = "\n".join(lines).replace("aws ", "printf '%s\\0' ", 1)
    pasted = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True)
    assert pasted.stdout.split("\0")[:-1] == shlex.split(command)[1:]
