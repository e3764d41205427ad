"""The chain as a drawing: what is in it, where it stands, and the forms it is given out in."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from config_changes_alarm.assessment import Assessment, Hop
from config_changes_alarm.findings import FindingId, finding

from config_changes_alarm_cli.formats.diagram import Diagram, Strength, diagram
from config_changes_alarm_cli.formats.mermaid import as_mermaid
from config_changes_alarm_cli.formats.page import as_page
from config_changes_alarm_cli.formats.svg import STYLE, as_svg
from config_changes_alarm_cli.formats.tree import Weight
from tests.accounts import EVENTS, pattern_for
from tests.fake_account import FakeAccount, a_filter, a_monitored_account, an_alarm

from .accounts import (
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

HOSTILE = '<script>alert("1")</script> & "quoted" \'x\' ]]>'
ACCOUNTS = {
    "compliant": a_compliant_assessment(),
    "compliant-with-a-broken-path": compliant_with_a_broken_path(),
    "one-event-missed": one_event_missed(),
    "root-missed": root_missed(),
    "empty-account": assessed(FakeAccount()),
    "big-account": assessed(a_big_account()),
    "composite": a_composite_alarm(),
    "not-verified": not_verified(),
    "not-applicable": not_applicable(),
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
def test_links_lead_on(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    column = {node.id: node.column for node in drawn.nodes}
    assert all(column[link.source] < column[link.target] for link in drawn.links)


@BY_NAME
def test_every_break_stands_once_at_what_it_breaks(name: str, assessment: Assessment) -> None:
    nodes = diagram(assessment).nodes
    breaks = [broken for node in nodes for broken in node.breaks]
    assert len({(node.step, broken.words) for node in nodes for broken in node.breaks}) == len(breaks)
    drawn = {broken.reason.id for broken in breaks}
    assert drawn == {reason.id for chain in assessment.chains for reason in chain.reasons} | {
        reason.id for event in assessment.events for reason in event.reasons
    }
    assert all(node.step is None for node in nodes if any(broken.beyond for broken in node.breaks))


def _link(drawn: Diagram, source: str, target: str) -> Strength:
    names = {node.id: node.name for node in drawn.nodes}
    (found,) = [each for each in drawn.links if (names[each.source], names[each.target]) == (source, target)]
    return found.strength


def test_a_link_is_whole_only_for_what_is_proved_of_all_records() -> None:
    drawn = diagram(one_event_missed())
    assert _link(drawn, "StopConfigurationRecorder", "config-changes") is Strength.WHOLE
    assert _link(drawn, "config-changes", "security-notices") is Strength.WHOLE
    assert _link(drawn, "delivery", "config-changes") is Strength.BROKEN
    assert _link(drawn, "CloudTrail/logs", "delivery") is Strength.HOLDS
    assert Strength.WHOLE not in {link.strength for link in diagram(root_missed()).links}


def test_filters_that_together_match_every_record_are_whole() -> None:
    start = pattern_for(*EVENTS).removesuffix("}")
    root = f"{start} && $.userIdentity.type = Root }}"
    others = f"{start} && ($.userIdentity.type != Root || $.userIdentity.type NOT EXISTS) }}"
    halves = (a_filter(root, "root"), a_filter(others, "others"))
    found = assessed(a_monitored_account(filters=halves))
    assert found.compliance == "COMPLIANT"
    assert {link.strength for link in diagram(found).links} == {Strength.WHOLE}


def test_a_filter_that_lets_root_off_is_one_break_with_its_events_and_condition_in_words() -> None:
    (broken,) = [node for node in diagram(root_missed()).nodes if node.breaks]
    (told,) = broken.breaks
    assert told.events == EVENTS
    assert told.words == (
        "Metric filter config-calls misses the event: it sees all 4 events only when userIdentity.type is present but "
        'is not "Root"'
    )


@pytest.mark.parametrize("made", [not_verified, not_applicable])
def test_what_could_not_be_verified_has_a_mark_and_a_colour_of_its_own(made: Callable[[], Assessment]) -> None:
    svg, page = as_svg(evaluated(made())), _Page(as_page(evaluated(made())))
    assert 'class="node break unverified decisive"' in svg
    assert "NOT VERIFIED HERE" in svg
    for text in (svg, page.words):
        assert "✗" not in text
        assert "would go unnoticed" not in text
        assert "could not be verified" in text
    assert not [attributes for _, attributes in page.elements if "bad" in (attributes.get("class") or "").split()]


def test_what_does_not_matter_is_drawn_pale() -> None:
    drawn = diagram(compliant_with_a_broken_path())
    assert [node.weight for node in drawn.nodes if node.breaks] == [Weight.ASIDE]
    assert "decisive" not in as_svg(evaluated(compliant_with_a_broken_path())).partition("</style>")[2]


@BY_NAME
def test_every_event_can_be_followed(name: str, assessment: Assessment) -> None:
    drawn = diagram(assessment)
    for event in assessment.events:
        followed = [node for node in drawn.nodes if event.name in node.events]
        if event.covered:
            assert any(node.step is not None and node.step.hop is Hop.SUBSCRIPTION for node in followed)
        else:
            assert any(node.breaks for node in followed)


def test_a_composite_alarm_stands_after_its_child() -> None:
    drawn = diagram(ACCOUNTS["composite"])
    columns = {node.name: node.column for node in drawn.nodes if node.kind == "alarm"}
    assert columns["security"] == columns["config-changes"] + 1


# --------------------------------------------------------------------------- SVG and Mermaid


@BY_NAME
def test_the_pictures(name: str, assessment: Assessment) -> None:
    golden(f"svg/{name}.svg", as_svg(evaluated(assessment)))
    golden(f"mermaid/{name}.mmd", as_mermaid(evaluated(assessment)))
    golden(f"html/{name}.html", _without_style_and_script(as_page(evaluated(assessment))))


def _without_style_and_script(page: str) -> str:
    """What an account's page says: how it looks and moves is the same for all."""
    page = re.sub(r"<(style|script)>.*?</\1>", r"<\1></\1>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[^&]+", "sha256-", page)


@BY_NAME
def test_an_svg_is_well_formed_and_stands_alone(name: str, assessment: Assessment) -> None:
    svg = as_svg(evaluated(assessment))
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in svg


@BY_NAME
def test_a_mermaid_text_holds_no_letters_that_it_would_read_as_more_than_text(
    name: str, assessment: Assessment
) -> None:
    for line in as_mermaid(evaluated(assessment)).splitlines():
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
    page = _Page(as_page(evaluated(assessment)))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    chosen = {attributes["data-node"] for _, attributes in page.elements if "data-node" in attributes}
    assert {f"detail-{node}" for node in chosen} <= set(ids)
    assert str(assessment.compliance) in page.words
    for event in assessment.events:
        assert event.name in page.words
    words = " ".join(page.words.split())
    for broken in (broken for node in diagram(assessment).nodes for broken in node.breaks):
        assert " ".join(broken.words.split()) in words
    assert not [attributes for _, attributes in page.elements if "hidden" in attributes and "id" in attributes]


@BY_NAME
def test_the_page_loads_nothing(name: str, assessment: Assessment) -> None:
    text = as_page(evaluated(assessment))
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
    page = _Page(as_page(evaluated(ACCOUNTS["hostile-names"])))
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert HOSTILE in page.words
    assert HOSTILE.replace("<", "&lt;")[:10] in as_svg(evaluated(ACCOUNTS["hostile-names"]))


@OF_EVERY_KIND
def test_every_finding_is_explained_with_what_to_type(kind: FindingId) -> None:
    assessment = broken_by(kind)
    words = " ".join(_Page(as_page(evaluated(assessment))).words.replace("\\\n", " ").split())
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
        ("text", "open-box"),
        ("open", "ground"),
        ("open", "box"),
        ("open", "open-box"),
        ("on", "bad"),
        ("on", "open"),
    ],
)
def test_text_stands_out_from_its_ground(theme: int, text: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    values = re.findall(rf"--{text}: (#\w{{6}})", STYLE)[theme], re.findall(rf"--{ground}: (#\w{{6}})", STYLE)[theme]
    darker, lighter = sorted(map(_luminance, values))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_events_are_those_of_the_control() -> None:
    buttons = [
        attributes.get("data-event") for tag, attributes in _Page(as_page(evaluated(ACCOUNTS["big-account"]))).elements
    ]
    assert [name for name in buttons if name] == [
        "PutDeliveryChannel",
        *(name for name in EVENTS if name != "PutDeliveryChannel"),
    ]
