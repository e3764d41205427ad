"""The index: a page that leads to the pages of many accounts and controls, what needs attention first."""

from __future__ import annotations

import re
from html import unescape

from config_changes_alarm_cli.evaluation import NotEvaluated, Outcome
from config_changes_alarm_cli.formats.index import as_index
from tests.fake_account import NOW

from .accounts import (
    BROKEN_AT,
    a_compliant_assessment,
    evaluated,
    not_applicable,
    not_verified,
    one_event_missed,
    root_missed,
)
from .golden import golden

OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    (evaluated(a_compliant_assessment(), "production"), "production.html"),
    (evaluated(not_applicable(), "member"), "member.html"),
    (evaluated(not_verified(), "denied"), "denied.html"),
    (evaluated(one_event_missed(), "staging"), "staging.html"),
    (evaluated(root_missed(), "<b>root & co</b>"), "a name.html"),
    (NotEvaluated("shut", "444455556666", "eu-west-1", "sts:AssumeRole: AccessDenied", evaluated_at=NOW), ""),
)


def _rows(page: str) -> list[list[str]]:
    """The words of every cell."""
    rows = re.findall(r"<tr>\n(<td.*?)</tr>", page, re.DOTALL)
    return [
        [" ".join(unescape(re.sub(r"<[^>]*>", " ", cell)).split()) for cell in re.findall(r"(?s)<td.*?</td>", row)]
        for row in rows
    ]


def test_what_needs_attention_comes_first_with_region_control_and_first_break() -> None:
    page = as_index(OUTCOMES)
    rows = _rows(page)
    assert [row[0] for row in rows] == [
        "! could not be evaluated",
        "✗ NON_COMPLIANT",
        "✗ NON_COMPLIANT",
        "? NON_COMPLIANT, could not be verified",
        "– NOT_APPLICABLE",
        "✓ COMPLIANT",
    ]
    assert rows[0][1:] == ["444455556666 shut", "eu-west-1", "aws-config-changes", "sts:AssumeRole: AccessDenied"]
    assert rows[1][2:4] == ["us-east-1", "aws-config-changes"]
    assert rows[1][4].startswith("metric filter: Metric filter delivery misses the event: it sees PutDeliveryChannel")
    assert rows[1][4].endswith("pattern-misses-event")
    assert rows[-1][4] == ""
    assert re.findall(r'<li class="\w+">(.*)</li>', page) == [
        "! 1 could not be evaluated",
        "✗ 2 NON_COMPLIANT",
        "? 1 NON_COMPLIANT, could not be verified",
        "– 1 NOT_APPLICABLE",
        "✓ 1 COMPLIANT",
    ]


def test_each_name_leads_to_its_page_and_what_has_none_leads_nowhere() -> None:
    links = re.findall(r'href="([^"]*)"', as_index(OUTCOMES))
    assert links == ["staging.html", "a%20name.html", "denied.html", "member.html", "production.html"]


def test_what_was_relaxed_is_told_of_each() -> None:
    relaxed = evaluated(a_compliant_assessment(), AllowRoutineMatches="true")
    ((*_, first),) = _rows(as_index(((relaxed, "page.html"),)))
    assert first.startswith("! Relaxed by AllowRoutineMatches=true: ")


def test_it_makes_no_requests_and_names_stay_text() -> None:
    page = as_index(OUTCOMES)
    assert not re.search(r"https?:|<script|<b>", page)
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)
    assert "script-src" not in page
    assert "&lt;b&gt;root &amp; co&lt;/b&gt;" in page


def test_the_hop_is_that_of_the_verdict() -> None:
    for made, hop in BROKEN_AT.values():
        ((_, _, _, _, first),) = _rows(as_index(((evaluated(made()), "page.html"),)))
        assert first.startswith(f"{hop.name.lower().replace('_', ' ')}: ")


def test_the_index_of_pages() -> None:
    page = as_index(OUTCOMES)
    page = re.sub(r"(?s)<style>.*?</style>", "<style></style>", page)
    golden("html/index.html", re.sub(r"sha256-[^&]+", "sha256-", page))
