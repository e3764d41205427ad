"""The chain as a drawing: what is in it, where it stands, and the forms it is given out in."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from config_changes_alarm.assessment import Assessment, Hop
from config_changes_alarm.findings import FindingId, finding
from hypothesis import given
from hypothesis import strategies as st

from config_changes_alarm_cli.formats.diagram import Strength, _apart, diagram
from config_changes_alarm_cli.formats.mermaid import as_mermaid
from config_changes_alarm_cli.formats.page import as_page
from config_changes_alarm_cli.formats.svg import STYLE, as_svg
from tests.accounts import EVENTS
from tests.fake_account import NOW, FakeAccount, a_composite, a_filter, a_monitored_account, an_alarm

from .accounts import a_big_account, a_compliant_assessment, assessed, broken_by, one_event_missed
from .golden import golden

HOSTILE = '<script>alert("1")</script> & "quoted" \'x\' ]]>'
ACCOUNTS = {
    "compliant": a_compliant_assessment(),
    "one-event-missed": one_event_missed(),
    "empty-account": assessed(FakeAccount()),
    "big-account": assessed(a_big_account()),
    "composite": assessed(
        a_monitored_account(
            metric_alarms=(an_alarm(alarm_actions=()),), composite_alarms=(a_composite("ALARM(config-changes)"),)
        )
    ),
    "hostile-names": assessed(
        a_monitored_account(filters=(a_filter(name=HOSTILE),), metric_alarms=(an_alarm(HOSTILE, threshold=2.0),))
    ),
}
BY_NAME = pytest.mark.parametrize(("name", "assessment"), ACCOUNTS.items(), ids=list(ACCOUNTS))
OF_EVERY_KIND = pytest.mark.parametrize("kind", FindingId)


# --------------------------------------------------------------------------- the drawing


@BY_NAME
def test_every_resource_stands_once_and_every_path_can_be_followed(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    steps = [node.step for node in drawn.nodes if node.step is not None]
    assert len(steps) == len(set(steps))
    by_step = {node.step: node.id for node in drawn.nodes if node.step is not None}
    links = {(link.source, link.target) for link in drawn.links}
    for chain in assessment.chains:
        ids = [by_step[step] for step in chain.steps]
        assert links >= set(pairwise(ids))


@BY_NAME
def test_links_lead_on_and_nodes_keep_apart(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    column = {node.id: node.column for node in drawn.nodes}
    assert all(column[link.source] < column[link.target] for link in drawn.links)
    for number in range(drawn.columns):
        rows = sorted(node.row for node in drawn.nodes if node.column == number)
        assert all(lower - upper >= 0.999 for upper, lower in pairwise(rows))
        assert not rows or 0 <= rows[0] <= rows[-1] <= drawn.rows - 0.999


@BY_NAME
def test_a_whole_path_is_drawn_whole_and_a_broken_one_ends_in_its_break(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    nodes = {node.id: node for node in drawn.nodes}
    for link in drawn.links:
        assert (link.strength is Strength.BROKEN) == (nodes[link.target].reason is not None)
    whole = {step for chain in assessment.chains if chain.whole for step in chain.steps}
    assert {node.step for node in drawn.nodes if node.whole} == whole
    drawn_breaks = {finding(node.reason).summary for node in drawn.nodes if node.reason is not None}
    broken = {finding(reason).summary for chain in assessment.chains for reason in chain.reasons}
    told = {finding(reason).summary for event in assessment.events for reason in event.reasons}
    assert broken <= drawn_breaks <= broken | told


@BY_NAME
def test_every_event_can_be_followed(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    for event in assessment.events:
        followed = [node for node in drawn.nodes if event.name in node.events]
        if event.covered:
            assert any(node.step is not None and node.step.hop is Hop.SUBSCRIPTION for node in followed)
        else:
            assert any(node.reason is not None for node in followed)


@given(st.lists(st.floats(-50, 50, allow_nan=False)))
def test_what_is_kept_apart_keeps_its_order_and_stays_where_there_is_room(wanted: list[float]) -> None:
    placed = _apart(wanted)
    assert all(lower - upper >= 1 - 1e-9 for upper, lower in pairwise(placed))
    if all(lower - upper >= 1 for upper, lower in pairwise(wanted)):
        assert placed == pytest.approx(wanted)


def test_a_composite_alarm_stands_after_its_child() -> None:
    drawn = diagram(ACCOUNTS["composite"])
    columns = {node.name: node.column for node in drawn.nodes if node.kind == "alarm"}
    assert columns["security"] == columns["config-changes"] + 1


# --------------------------------------------------------------------------- SVG and Mermaid


@BY_NAME
def test_the_pictures(name: str, assessment: Assessment) -> None:
    golden(f"svg/{name}.svg", as_svg(assessment))
    golden(f"mermaid/{name}.mmd", as_mermaid(assessment))


@BY_NAME
def test_an_svg_is_well_formed_and_stands_alone(name: str, assessment: Assessment) -> None:
    svg = as_svg(assessment)
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in svg


@BY_NAME
def test_a_mermaid_text_holds_no_letters_that_it_would_read_as_more_than_text(
    name: str, assessment: Assessment
) -> None:
    for line in as_mermaid(assessment).splitlines():
        label = re.search(r'"(.*)"', line)
        if label is not None and line.startswith("  n"):
            assert not set(label[1].replace("<br>", "")) & set("\"'`<>(){}[]|&")


# --------------------------------------------------------------------------- the page


class _Page(HTMLParser):
    """Collects what the page holds, and checks that every element is closed."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words += data


@BY_NAME
def test_the_page_is_whole_without_its_script(name: str, assessment: Assessment) -> None:
    page = _Page(as_page(assessment, NOW))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    chosen = {attributes["data-node"] for _, attributes in page.elements if "data-node" in attributes}
    assert {f"detail-{node}" for node in chosen} <= set(ids)
    assert str(assessment.compliance) in page.words
    for event in assessment.events:
        assert event.name in page.words
    for reason in assessment.reasons:
        assert finding(reason).summary in page.words
    assert not [attributes for _, attributes in page.elements if "hidden" in attributes and "id" in attributes]


@BY_NAME
def test_the_page_loads_nothing(name: str, assessment: Assessment) -> None:
    text = as_page(assessment, NOW)
    assert not re.search(r"https?:", text)
    page = _Page(text)
    assert not [tag for tag, _ in page.elements if tag in ("link", "img", "iframe", "object", "embed", "base")]
    assert not [attributes for _, attributes in page.elements if "src" in attributes or "style" in attributes]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    (policy,) = (attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes and attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_names_from_the_account_stay_text() -> None:
    page = _Page(as_page(ACCOUNTS["hostile-names"], NOW))
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert HOSTILE in page.words
    assert HOSTILE.replace("<", "&lt;")[:10] in as_svg(ACCOUNTS["hostile-names"])


@OF_EVERY_KIND
def test_every_finding_is_explained_with_what_to_type(kind: FindingId) -> None:
    assessment = broken_by(kind)
    words = " ".join(_Page(as_page(assessment, NOW)).words.replace("\\\n", " ").split())
    told = finding(assessment.reasons[0])
    assert f"{told.step}." in words
    assert " ".join(told.remedy.partition("  # ")[0].split()) in words


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("text", "ground"),
        ("faint", "ground"),
        ("text", "box"),
        ("faint", "box"),
        ("good", "ground"),
        ("bad", "ground"),
        ("good", "good-box"),
        ("faint", "good-box"),
        ("bad", "bad-box"),
        ("text", "bad-box"),
    ],
)
def test_text_stands_out_from_its_ground(theme: int, text: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    values = re.findall(rf"--{text}: (#\w{{6}})", STYLE)[theme], re.findall(rf"--{ground}: (#\w{{6}})", STYLE)[theme]
    darker, lighter = sorted(map(_luminance, values))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_events_are_those_of_the_control() -> None:
    buttons = [
        attributes.get("data-event") for tag, attributes in _Page(as_page(ACCOUNTS["big-account"], NOW)).elements
    ]
    assert [name for name in buttons if name] == list(EVENTS)
