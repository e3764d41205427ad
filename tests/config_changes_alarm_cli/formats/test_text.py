"""The text report: whole, as a person sees it, for every kind of account and of finding."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest
from config_changes_alarm.assessment import Assessment, Hop
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import CATALOGUE, FindingId
from config_changes_alarm.report import annotation
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import Metric

from config_changes_alarm_cli.formats.shell import pasteable
from config_changes_alarm_cli.formats.style import Style
from config_changes_alarm_cli.formats.text import as_text
from documentation.finding_examples import EXAMPLES
from tests.accounts import EVENTS, pattern_for
from tests.fake_account import NOW, FakeAccount, a_filter, a_monitored_account, an_alarm
from tests.test_findings import assessed as example_assessed

from .accounts import (
    BROKEN_AT,
    a_big_account,
    a_compliant_assessment,
    a_composite_alarm,
    assessed,
    broken_by,
    compliant_with_a_broken_path,
    evaluated,
    not_applicable,
    not_verified,
    one_event_missed,
    root_missed,
)
from .golden import golden

REPORTS = {
    "compliant": a_compliant_assessment(),
    "compliant-with-a-broken-path": compliant_with_a_broken_path(),
    "one-event-missed": one_event_missed(),
    "root-missed": root_missed(),
    "empty-account": assessed(FakeAccount()),
    "no-filter": assessed(a_monitored_account(filters=())),
    "big-account": assessed(a_big_account()),
    "composite": a_composite_alarm(),
    "not-verified": not_verified(),
    "not-applicable": not_applicable(),
}
BY_NAME = pytest.mark.parametrize(("name", "assessment"), REPORTS.items(), ids=list(REPORTS))
SCREEN = 24


@BY_NAME
def test_the_report_of_an_account(name: str, assessment: Assessment) -> None:
    golden(f"text/{name}.txt", as_text(evaluated(assessment)))


def test_the_reports_of_every_finding() -> None:
    reports = (as_text(evaluated(broken_by(kind))) for kind in FindingId)
    golden("text/findings.txt", ("=" * 80 + "\n").join(reports))


def test_a_wide_terminal_without_unicode() -> None:
    style = Style(width=120, unicode=False)
    golden("text/big-account-120-ascii.txt", as_text(evaluated(REPORTS["big-account"]), style))


def test_what_was_relaxed_stands_at_the_beginning_and_beside_the_verdict() -> None:
    text = as_text(evaluated(a_compliant_assessment(), AllowRoutineMatches="true", MaxRearmSeconds="90000"))
    golden("text/relaxed.txt", text)
    assert "! Relaxed by AllowRoutineMatches=true: a metric filter counts although" in text
    assert "! 2 relaxed parameters: see the beginning" in _last_screen(text)


# --------------------------------------------------------------------------- the answer first


def _last_screen(text: str) -> str:
    return " ".join("\n".join(text.splitlines()[-SCREEN:]).split())


@pytest.mark.parametrize("kind", FindingId)
def test_verdict_and_next_step_are_on_the_last_screen(kind: FindingId) -> None:
    shown = _last_screen(as_text(evaluated(broken_by(kind))))
    assert "NON_COMPLIANT account 123456789012" in shown
    assert f"What to do 1. {CATALOGUE[kind].step}." in shown


@pytest.mark.parametrize("kind", FindingId)
def test_in_a_terminal_all_of_what_to_do_stands_above_the_prompt(kind: FindingId) -> None:
    """The account of each finding's example; a long command takes several rows."""
    text = as_text(evaluated(example_assessed(EXAMPLES[kind].before)))
    last = text.partition("What to do\n")[2]
    assert sum(max(1, -(-len(line) // 80)) for line in last.splitlines()) < SCREEN


def test_however_long_the_commands_are_the_verdict_ends_with_the_next_step() -> None:
    """Two causes, each with commands of its own."""
    delivery = an_alarm("delivery", metric=Metric("CIS", "Delivery"), actions_enabled=False)
    filters = (a_filter(pattern_for(*EVENTS[:2])), a_filter(pattern_for(EVENTS[2]), "delivery", metric_name="Delivery"))
    text = as_text(evaluated(assessed(a_monitored_account(filters=filters, metric_alarms=(an_alarm(), delivery)))))
    assert "\n  2. " in text.partition("What to do")[2]
    verdict = " ".join(text.rpartition("\n\n")[2].split())
    assert verdict.startswith("NON_COMPLIANT account 123456789012, us-east-1, aws-config-changes trail ✓ > ")
    assert verdict.endswith(f" {CATALOGUE[FindingId.ALARM_ACTIONS_DISABLED].step}.")


@pytest.mark.parametrize("name", list(BROKEN_AT))
def test_the_decisive_break_is_the_first_that_is_marked(name: str) -> None:
    made, hop = BROKEN_AT[name]
    text = as_text(evaluated(made()), Style(width=1000))
    marked = [line for line in text.splitlines() if "✗" in line]
    assert "✗ BROKEN HERE" in marked[0]
    assert text.count("BROKEN HERE") == 1
    (hops,) = [line for line in marked if " > " in line]
    assert [each.rpartition(" ")[2] for each in hops.strip().split(" > ")] == [
        "✓" if each < hop else "✗" if each is hop else "·" for each in Hop
    ]


def test_what_does_not_matter_is_not_called_broken() -> None:
    text = as_text(evaluated(compliant_with_a_broken_path()))
    assert "· Alarm spare has its actions disabled [alarm-actions-disabled]" in text
    assert "BROKEN" not in text
    assert "✗" not in text


@pytest.mark.parametrize("assessment", [not_verified(), not_applicable()], ids=["not verified", "not applicable"])
def test_what_could_not_be_verified_is_neither_crossed_nor_called_unnoticed(assessment: Assessment) -> None:
    text = as_text(evaluated(assessment), Style(verbose=True, colour=True))
    assert "? \033" not in text
    assert "NOT VERIFIED HERE" in text
    assert "could not be verified" in text
    for word in ("✗", "BROKEN", "would go unnoticed", "\033[31m", "eventVersion"):
        assert word not in text


def test_events_with_one_cause_are_one_sentence() -> None:
    text = " ".join(as_text(evaluated(root_missed())).split())
    names = f"{', '.join(EVENTS[:-1])} and {EVENTS[-1]}"
    cause = "Metric filter config-calls misses the event: it sees all 4 events only when userIdentity.type is present"
    assert f"✗ {names} would go unnoticed: {cause}" in text
    assert text.count("pattern-misses-event") == 1


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("organizations-changes", "AcceptHandshake and 17 more would go unnoticed: Log group"),
        ("root-usage", "use of the root user would go unnoticed: Log group"),
        ("cmk-disabled-or-deleted", "DisableKey and ScheduleKeyDeletion would go unnoticed: Log group"),
    ],
)
def test_many_events_that_fare_alike_are_one_row(name: str, row: str) -> None:
    found = assess(a_monitored_account(filters=()).opened(), Requirement.parse({"Control": name}), NOW)
    told = as_text(evaluated(found, Control=name), Style(width=200)).split("Would somebody be told?\n")[1]
    (marked,) = [line for line in told.split("\n\n")[0].splitlines() if "✗" in line]
    assert marked.startswith(f"  ✗ {row}")


def test_a_record_is_shown_only_where_more_is_asked_for() -> None:
    one = evaluated(one_event_missed())
    assert "eventVersion" not in as_text(one)
    assert '"eventName": "PutDeliveryChannel"' in as_text(one, Style(verbose=True))
    end = as_text(one).partition("Would somebody be told?")[2]
    assert as_text(one, Style(verbose=True)).endswith(f"Would somebody be told?{end}")


def test_what_is_said_of_a_step_is_proved_of_that_step() -> None:
    """The child of a composite alarm is judged without its actions; a filter or a trail is no alarm."""
    lines = as_text(evaluated(a_composite_alarm()), Style(width=200)).splitlines()
    (metric_filter,) = [line for line in lines if "✓ metric filter" in line]
    assert metric_filter.endswith(": matches all 4 events, publishes a value above zero for each match")
    alarms = [line.partition(": ")[2] for line in lines if "✓ alarm" in line]
    assert alarms == [
        "one event takes it to ALARM and it returns to OK",
        "one event takes it to ALARM and it returns to OK, its actions run",
    ]


# --------------------------------------------------------------------------- how it is printed


@BY_NAME
@pytest.mark.parametrize("width", [60, 80])
def test_colours_change_nothing_but_the_colour(name: str, assessment: Assessment, width: int) -> None:
    coloured = as_text(evaluated(assessment), Style(width, colour=True))
    assert re.search(r"\033\[1;3[123]m", coloured)
    plain = re.sub(r"\033\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == as_text(evaluated(assessment), Style(width)).splitlines()


@BY_NAME
@pytest.mark.parametrize("width", [60, 80, 120])
def test_prose_and_trees_keep_to_the_width(name: str, assessment: Assessment, width: int) -> None:
    before, _, rest = as_text(evaluated(assessment), Style(width=width)).partition("What to do")
    verdict = rest.rpartition("\n\n")[2]
    assert max(map(len, [*before.splitlines(), *verdict.splitlines()])) <= width


def test_a_long_name_is_whole() -> None:
    name = "config-" + "very-" * 30 + "long"
    text = as_text(evaluated(assessed(a_monitored_account(filters=(a_filter(name=name),)))))
    assert name in re.sub(r"[\s│]+", "", text)


@BY_NAME
def test_without_unicode_everything_is_ascii(name: str, assessment: Assessment) -> None:
    assert as_text(evaluated(assessment), Style(unicode=False)).isascii()


@pytest.mark.parametrize("kind", FindingId)
def test_the_finding_stands_in_the_tree_and_its_remedy_below(kind: FindingId) -> None:
    text = " ".join(as_text(evaluated(broken_by(kind)), Style(width=10_000)).split())
    assert f"[{kind}] Would somebody be told?" in text
    assert "What to do 1. " in text


@pytest.mark.parametrize("kind", FindingId)
def test_an_annotation_fits_into_what_aws_config_takes(kind: FindingId) -> None:
    assert len(annotation(broken_by(kind))) <= 256


def test_the_annotations_of_every_finding() -> None:
    golden("annotations.txt", "".join(f"{annotation(broken_by(kind))}\n" for kind in FindingId))


COMMANDS = [
    "aws logs put-metric-filter --filter-name 'it'\"'\"'s mine' --filter-pattern '{ $.a = 1 && $.b = 2 }' --x y",
    "aws cloudwatch enable-alarm-actions --alarm-names config-changes",
]


def _arguments(script: str) -> list[list[str]]:
    """Of every command that a shell runs, its arguments."""
    traced = "aws() { printf '%s\\0' \"$@\"; printf '\\n'; }\n" + script
    ran = subprocess.run(["bash", "-c", traced], check=True, capture_output=True, text=True)
    return [line.split("\0")[:-1] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_command_on_several_lines_is_the_same_command(command: str, width: int) -> None:
    lines = list(pasteable(command, width, "     "))
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert _arguments("\n".join(lines)) == [shlex.split(command)[1:]]


def test_two_commands_stay_two_commands() -> None:
    pasted = "\n".join(pasteable("\n".join(COMMANDS), 80, "     "))
    assert _arguments(pasted) == [shlex.split(command)[1:] for command in COMMANDS]


def test_a_comment_goes_before_its_own_command() -> None:
    assert list(pasteable("aws a\naws b  # mind this", 80, "")) == ["aws a", "# mind this", "aws b"]
