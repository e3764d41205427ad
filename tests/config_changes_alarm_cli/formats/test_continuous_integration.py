"""Reports for a CI run: JUnit's XML, the annotations of GitHub Actions, and Markdown."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from markdown_it import MarkdownIt
from markdown_it.token import Token

from config_changes_alarm_cli.evaluation import Evaluated, NotEvaluated, Outcome
from config_changes_alarm_cli.exceptions import Register
from config_changes_alarm_cli.formats.rendering import Together, rendered, rendered_together
from config_changes_alarm_cli.formats.style import PLAIN
from tests.fake_account import (
    ACCOUNT,
    NOW,
    REGION,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_subscription,
    an_alarm,
)

from .accounts import a_compliant_assessment, assessed, evaluated, one_event_missed
from .golden import golden

OFF = "alarm-actions-disabled"
SILENCED = assessed(a_monitored_account(metric_alarms=(an_alarm(actions_enabled=False),)))
UNVERIFIED = assessed(a_monitored_account().refusing("sns:ListSubscriptionsByTopic"))
ROOT = assess(a_monitored_account().opened(), Requirement.parse({"Control": "root-usage"}), NOW)
ACCEPTED = Evaluated(
    "accepted",
    SILENCED,
    NOW,
    evaluated(SILENCED).recording,
    Register.parse([{"finding": OFF, "subject": "config-changes", "reason": "Moves", "expires": NOW.date()}]),
)
SHUT = NotEvaluated("shut", "222222222222", REGION, "sts:AssumeRole: AccessDenied", asked=("root-usage", "vpc-changes"))
OUTCOMES: list[Outcome] = [
    evaluated(a_compliant_assessment()),
    evaluated(ROOT, Control="root-usage"),
    evaluated(UNVERIFIED, "unverified", AllowRoutineMatches="true"),
    ACCEPTED,
    SHUT,
]


def together(name: str) -> str:
    return rendered_together(name, OUTCOMES, PLAIN, Together.CONTROLS_OF_ACCOUNTS)


@pytest.mark.parametrize("name", ["markdown", "junit", "github"])
def test_the_report_of_an_account_and_of_several(name: str) -> None:
    golden(f"{name}/one-event-missed.{name}", rendered(name, evaluated(one_event_missed())))
    several = together(name).replace(f"{SHUT.evaluated_at:%Y-%m-%dT%H:%M:%S}", "2026-11-24T12:00:00")
    golden(f"{name}/several.{name}", several)


# --------------------------------------------------------------------------- JUnit


def results(report: str) -> dict[str, list[str]]:
    """The results of each suite's cases."""
    root = ET.fromstring(report)
    names = ("failure", "error", "skipped")
    return {
        suite.get("name", ""): [
            next((name for name in names if case.find(name) is not None), "passed") for case in suite.iter("testcase")
        ]
        for suite in root.iter("testsuite")
    }


def test_a_control_is_a_case_of_its_account_s_suite() -> None:
    assert results(together("junit")) == {
        f"{ACCOUNT} {REGION} production": ["passed", "failure"],
        f"{ACCOUNT} {REGION} unverified": ["error"],
        f"{ACCOUNT} {REGION} accepted": ["skipped"],
        f"222222222222 {REGION} shut": ["error", "error"],
    }


def test_the_cases_are_counted() -> None:
    root = ET.fromstring(together("junit"))
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "1", "errors": "3", "skipped": "1"}
    assert [suite.get("tests") for suite in root.iter("testsuite")] == ["2", "1", "1", "2"]


def test_a_failed_case_says_what_is_broken_and_what_to_do() -> None:
    root = ET.fromstring(rendered("junit", evaluated(SILENCED)))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("type") == OFF
    assert "has its actions disabled" in failure.get("message", "")
    assert "aws cloudwatch enable-alarm-actions" in (failure.text or "")


# --------------------------------------------------------------------------- GitHub Actions


def annotated(report: str) -> list[tuple[str, str]]:
    """The level and title of each annotation."""
    found = re.findall(r"^::(\w+) title=([^:,]*)::", report, re.MULTILINE)
    return [(level, title.replace("%3A", ":").replace("%2C", ",")) for level, title in found]


def test_what_is_wrong_is_annotated_as_loudly_as_it_is_known() -> None:
    whose = f"{ACCOUNT} {REGION}"
    assert annotated(together("github")) == [
        ("error", f"NON_COMPLIANT: {whose}, root-usage"),
        ("warning", f"NON_COMPLIANT, could not be verified: {whose}, aws-config-changes"),
        ("notice", f"{whose}, aws-config-changes"),
        ("notice", f"NON_COMPLIANT, accepted: {whose}, aws-config-changes"),
        ("notice", f"{whose}, aws-config-changes"),
        ("error", f"222222222222 {REGION} shut, root-usage, vpc-changes"),
    ]


def test_each_annotation_is_one_line_and_no_name_ends_it() -> None:
    account = a_monitored_account(metric_alarms=(an_alarm("x::error title=a,b::COMPLIANT%0A", actions_enabled=False),))
    (line,) = rendered("github", evaluated(assessed(account))).splitlines()
    level, rest = line.removeprefix("::").split(" title=", 1)
    title, text = rest.split("::", 1)
    assert (level, title.count(":")) == ("error", 0)
    assert "x::error title=a,b::COMPLIANT%250A" in text


# --------------------------------------------------------------------------- Markdown


def tokens(report: str) -> list[Token]:
    parsed = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(report)
    return [each for token in parsed for each in (token, *(token.children or ()))]


MARKUP = "<img src=x onerror=alert(1)> [a](https://example.com) ![b](x) `c` **d** _e_ ~~f~~ | g | h\\"


def with_markup() -> list[Assessment]:
    account = a_monitored_account(
        filters=(a_filter(name=MARKUP),),
        metric_alarms=(an_alarm(MARKUP, actions_enabled=False),),
        subscribed=(a_subscription(endpoint=f"{MARKUP}@example.com"),),
    )
    return [assessed(account), assessed(FakeAccount()), assessed(a_monitored_account(filters=(a_filter(name=MARKUP),)))]


def kinds(report: str) -> set[str]:
    return {token.type for token in tokens(report)}


@pytest.mark.parametrize("assessment", with_markup(), ids=["broken", "empty", "whole"])
def test_no_name_is_markup(assessment: Assessment) -> None:
    for report in (
        rendered("markdown", evaluated(assessment, MARKUP)),
        rendered_together("markdown", [evaluated(assessment, MARKUP), NotEvaluated(MARKUP, "", "", MARKUP)], PLAIN),
    ):
        assert kinds(report).isdisjoint({"html_block", "html_inline", "link_open", "image", "strong_open", "em_open"})


def test_a_table_has_as_many_cells_in_each_row() -> None:
    report = rendered_together("markdown", [evaluated(each, MARKUP) for each in with_markup()], PLAIN)
    parsed = tokens(report)
    rows = sum(token.type == "tr_open" for token in parsed)
    cells = sum(token.type in ("td_open", "th_open") for token in parsed)
    assert (rows, cells) == (4, 32)


def test_the_commands_stand_in_a_block_that_no_name_ends() -> None:
    name = "a\n```\n# COMPLIANT ``` b"
    account = a_monitored_account(metric_alarms=(an_alarm(name, actions_enabled=False),))
    parsed: list[Any] = tokens(rendered("markdown", evaluated(assessed(account))))
    headings = [parsed[at + 1].content for at, token in enumerate(parsed) if token.type == "heading_open"]
    assert not any(heading.startswith("COMPLIANT") for heading in headings)
    assert [token.info for token in parsed if token.type == "fence"] == ["mermaid", "sh", "json"]
