"""The break that the verdict names: one, at its hop, first in the picture and stronger than all others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from config_changes_alarm.findings import FindingId

from config_changes_alarm_cli.formats.diagram import diagram
from config_changes_alarm_cli.formats.marks import Mark
from config_changes_alarm_cli.formats.svg import STYLE, as_svg
from config_changes_alarm_cli.formats.tree import Weight
from documentation.finding_examples import EXAMPLES
from tests.test_findings import assessed as example_assessed

from .accounts import BROKEN_AT, broken_by, evaluated


@pytest.mark.parametrize("name", list(BROKEN_AT))
def test_the_decisive_break_comes_first_and_the_others_are_pale(name: str) -> None:
    made, hop = BROKEN_AT[name]
    drawn = diagram(made())
    breaks = [node for node in drawn.nodes if not node.holds]
    assert [node.weight for node in breaks].count(Weight.DECISIVE) == 1
    assert breaks[0].weight is Weight.DECISIVE
    assert drawn.columns[breaks[0].column].mark is Mark.BREAKS
    assert [column.mark for column in drawn.columns][: hop - 1] == [Mark.HOLDS] * (hop - 1)
    classes = re.findall(r'<g class="node break ([^"]*)"', as_svg(evaluated(made())))
    assert classes[0] == "broken decisive"
    assert all(each.endswith((" aside", " named")) for each in classes[1:])


@pytest.mark.parametrize("kind", FindingId)
def test_of_every_finding_there_is_one_decisive_break_at_its_hop_and_it_is_the_first_marked(kind: FindingId) -> None:
    """The account of each finding's example in the documentation."""
    found = example_assessed(EXAMPLES[kind].before)
    drawn = diagram(found)
    breaks = [node for node in drawn.nodes if not node.holds]
    assert [node.weight for node in breaks].count(Weight.DECISIVE) == 1
    decisive, mark = breaks[0], Mark.BREAKS if found.disproved else Mark.UNVERIFIED
    assert (decisive.weight, decisive.mark, decisive.breaks[0].reason.id) == (Weight.DECISIVE, mark, kind)
    before, after = drawn.columns[: decisive.column], drawn.columns[decisive.column + 1 :]
    assert {column.mark for column in before} <= {Mark.HOLDS}
    assert drawn.columns[decisive.column].mark is mark
    assert {column.mark for column in after} <= {Mark.BEYOND}


def test_what_says_the_same_is_one_break_whatever_facts_its_remedy_has() -> None:
    found = broken_by(FindingId.METRIC_VALUE)
    events = tuple(
        replace(event, reasons=tuple(replace(reason, facts=reason.facts[:3]) for reason in event.reasons))
        for event in found.events
    )
    breaks = [broken for node in diagram(replace(found, events=events)).nodes for broken in node.breaks]
    assert [broken.weight for broken in breaks] == [Weight.DECISIVE]


def test_a_failed_notification_is_told_of_the_alarm_and_a_queue_of_the_subscription() -> None:
    for kind, hop in (
        (FindingId.ALARM_ACTION_FAILED, "alarm"),
        (FindingId.QUEUE_MISSING, "subscription"),
        (FindingId.COMPOSITE_HELD, "composite alarm"),
    ):
        drawn = diagram(example_assessed(EXAMPLES[kind].before))
        (decisive,) = [node for node in drawn.nodes if node.weight is Weight.DECISIVE]
        assert drawn.columns[decisive.column].name == hop


def test_only_the_decisive_break_is_filled_with_its_colour() -> None:
    filled = re.findall(r"\.node\.(\S*) rect { fill: var\(--(bad|open)\)", STYLE)
    assert filled == [("decisive.broken", "bad"), ("decisive.unverified", "open")]
    widths = dict(re.findall(r"\.node\.(whole|decisive|break) rect {[^}]*stroke-width: ([\d.]+)", STYLE))
    assert max(widths, key=lambda each: float(widths[each])) == "decisive"
