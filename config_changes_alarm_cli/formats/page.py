"""The report as one page that needs nothing else: it can be mailed, archived, printed and opened without a network.

What the verdict names comes first, with the next step; then the chain as a picture, and everything else. All of it is
in the page without the script too; the script only shows details where they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import CATALOGUE, finding
from config_changes_alarm.report import annotation
from markupsafe import Markup

from ..evaluation import Evaluated
from .diagram import Diagram, Node, diagram
from .identity import numbers_in_words
from .marks import Mark, mark_of
from .pages import SCRIPT, page
from .provenance import Provenance
from .svg import ACROSS, DOWN, drawing
from .tree import HOP_NAMES, Branch, Break, Weight, first_break, forest, proved
from .words import answer, fates, remedies

__all__ = ["as_page"]

_FACTS = {"arn": "ARN", "condition": "fires when", "pattern": "pattern", "publishes": "publishes"}


def as_page(evaluated: Evaluated) -> str:
    """The page. It has everything that is known of the evaluation."""
    assessment = evaluated.assessment
    drawn = diagram(assessment)
    events = [event.name for event in assessment.events]
    nodes = [_Detail.of(node, events) for node in drawn.nodes]

    def proved_of(branch: Branch) -> str:
        return proved(branch, events)

    mending = remedies(assessment)
    return page(
        "page.html",
        SCRIPT,
        assessment=assessment,
        answer=answer(evaluated),
        mark=mark_of(evaluated),
        known=Provenance.of(evaluated),
        annotation=annotation(assessment),
        numbers=numbers_in_words(assessment.control),
        first=_first(assessment, drawn),
        legend=list(_legend(drawn, any(event.excused for event in assessment.events))),
        breaks=any(not node.holds for node in drawn.nodes),
        across=Markup(drawing(drawn, ACROSS)),
        down=Markup(drawing(drawn, DOWN)),
        nodes=nodes,
        fates=fates(evaluated),
        more_remedies=mending[1:],
        planted=forest(assessment),
        hop_names=HOP_NAMES,
        proved=proved_of,
        mark_of_break=_mark_in_list,
        records=[
            (event.name, json.dumps(json.loads(event.counterexample), indent=2))
            for event in assessment.events
            if event.counterexample
        ],
    )


@dataclass(frozen=True, slots=True)
class _First:
    """The break that the verdict names, with the next step."""

    hop: str
    broken: Break
    mark: Mark
    why: str
    step: str
    commands: str
    node: str


def _first(assessment: Assessment, drawn: Diagram) -> _First | None:
    first = first_break(assessment)
    node = next((node for node in drawn.nodes if node.weight is Weight.DECISIVE), None)
    if first is None or node is None:
        return None
    told, broken = finding(first.reason), node.breaks[0]
    why = CATALOGUE[told.id].why
    return _First(HOP_NAMES[first.hop], broken, _mark(broken), why, told.step, told.remedy, node.id)


@dataclass(frozen=True, slots=True)
class _BreakDetail:
    words: str
    mark: Mark
    id: str
    why: str
    step: str
    commands: str

    @classmethod
    def of(cls, broken: Break) -> _BreakDetail:
        told = finding(broken.reason)
        return cls(broken.words, _mark(broken), str(told.id), CATALOGUE[told.id].why, told.step, told.remedy)


@dataclass(frozen=True, slots=True)
class _Detail:
    """What is shown of a node when it is chosen."""

    id: str
    kind: str
    name: str
    mark: Mark
    whole: bool
    holds: bool
    decisive: bool
    breaks: tuple[_BreakDetail, ...]
    facts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, node: Node, events: list[str]) -> _Detail:
        return cls(
            node.id, node.kind, node.name, node.mark, node.whole, node.holds, node.weight is Weight.DECISIVE,
            tuple(map(_BreakDetail.of, node.breaks)), tuple(_facts(node, events)),
        )  # fmt: skip


def _facts(node: Node, events: list[str]) -> Iterator[tuple[str, str]]:
    if node.step is None:
        return
    if node.proved:
        yield "proved", node.proved
    yield "events", ", ".join(name for name in events if name in node.events) or "none"
    yield from ((_FACTS.get(name, name), value) for name, value in node.step.facts)


def _mark(broken: Break) -> Mark:
    return Mark.BREAKS if broken.disproves else Mark.UNVERIFIED


def _mark_in_list(broken: Break) -> Mark:
    """What does not matter to the verdict is not crossed."""
    return Mark.BEYOND if broken.weight is Weight.ASIDE else _mark(broken)


@dataclass(frozen=True, slots=True)
class _Legend:
    drawing: Markup
    words: str


_CROSS = '<path class="cross" d="M20 2l10 10m0-10l-10 10"/>'
_UNKNOWN = '<text class="unknown" x="25" y="12">?</text>'


def _legend(drawn: Diagram, excepted: bool) -> Iterator[_Legend]:
    """Of the kinds of link that are drawn, what each means."""
    shown = {link.strength.value for link in drawn.links}
    for name, words, sign in (
        ("whole", "proved for every record that is not excepted" if excepted else "proved for every record", ""),
        ("holds", "holds, as far as it leads", ""),
        ("broken", "not for every record, or to nothing", _CROSS),
        ("unverified", "could not be verified", _UNKNOWN),
    ):
        if name in shown:
            line = f'<g class="link {name}"><path class="line" d="M2 7H48"/>{sign}</g>'
            yield _Legend(Markup(f'<svg class="chain" width="50" height="14" aria-hidden="true">{line}</svg>'), words)
