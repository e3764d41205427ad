"""The chain as SVG: alone as a picture that says whose account it is, or within the page, where nodes can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from config_changes_alarm.report import annotation

from ..evaluation import Evaluated
from .diagram import Diagram, Link, Node, Strength, diagram
from .identity import numbers_in_words
from .lettering import lines_of
from .marks import Mark, mark_of
from .placing import placed
from .provenance import Provenance
from .tree import Break, Weight

__all__ = ["ACROSS", "DOWN", "STYLE", "as_svg", "drawing", "label"]

STYLE = (files(__package__) / "diagram.css").read_text(encoding="utf-8")

_MARGIN = 14
_PADDING = 12
_NAME_AT = 32
_NAME, _WORDS = 13, 12
"""The sizes of the letters."""
_LINE, _APART = 16, 3
_MOST_LINES = {Weight.DECISIVE: 10, Weight.NAMED: 6, Weight.ASIDE: 6}


@dataclass(frozen=True, slots=True)
class Layout:
    """From left to right, or from top to bottom for a narrow screen. All in pixels; `width` is a node's."""

    name: str
    down: bool
    width: int
    between_columns: int
    between_rows: int
    headings: int
    """The height of the row with the columns' names."""


ACROSS = Layout("across", down=False, width=190, between_columns=32, between_rows=16, headings=34)
DOWN = Layout("down", down=True, width=292, between_columns=40, between_rows=16, headings=0)


@dataclass(frozen=True, slots=True)
class _Box:
    """A node with its text set, and where its upper left corner is."""

    node: Node
    name: tuple[str, ...]
    words: tuple[str, ...]
    more: str
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        return 30 + _LINE * (len(self.name) + len(self.words)) + (_APART + 14 if self.more else 0)


@dataclass(frozen=True, slots=True)
class _Placed:
    boxes: Mapping[str, _Box]
    width: float
    height: float


def as_svg(evaluated: Evaluated) -> str:
    """A picture on its own: verdict, account and date, no script, no request, light and dark by itself."""
    assessment = evaluated.assessment
    drawn = diagram(assessment)
    laid = _laid_out(drawn, ACROSS)
    head = list(_head(evaluated, laid.width))
    top = 22 + 20 * len(head)
    height = laid.height + top
    heading = f"{assessment.compliance}: account {assessment.account_id}, {assessment.region}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain alone" role="img" '
        f'viewBox="0 0 {laid.width:g} {height:g}" width="{laid.width:g}" height="{height:g}" '
        'aria-labelledby="title description">\n'
        f'<title id="title">{escape(heading)}</title>\n'
        f'<desc id="description">{escape(annotation(assessment))}</desc>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="ground" width="100%" height="100%"/>\n'
        + "\n".join(head)
        + f'\n<g transform="translate(0 {top})">\n'
        + "\n".join(_content(drawn, laid, ACROSS, choosable=False))
        + "\n</g>\n</svg>\n"
    )


def _head(evaluated: Evaluated, width: float) -> Iterator[str]:
    """The verdict, and what it rests on."""
    assessment, known, mark = evaluated.assessment, Provenance.of(evaluated), mark_of(evaluated)
    where = f"account {assessment.account_id}, {assessment.region}, {known.minute}"
    yield (
        f'<text class="verdict {mark.colour}" x="{_MARGIN}" y="30">{mark.sign} {assessment.compliance}'
        f'<tspan class="where" dx="14">{escape(where)}</tspan></text>'
    )
    numbers = numbers_in_words(assessment.control)
    about = f"{known.control}: {known.title}. {numbers or known.required_filter_pattern}"
    told = [("faint", about), ("told", annotation(assessment))]
    told += [("told open", f"! {notice}") for notice in known.notices]
    told += [("faint", f"config-changes-alarm {known.version}")]
    lines = [(kind, line) for kind, text in told for line in lines_of(text, width - 2 * _MARGIN, 13, 4)]
    for number, (kind, line) in enumerate(lines):
        yield f'<text class="{kind}" x="{_MARGIN}" y="{54 + 20 * number}">{escape(line)}</text>'


def drawing(drawn: Diagram, layout: Layout) -> str:
    """The drawing for the page, whose nodes are buttons that show their details."""
    laid = _laid_out(drawn, layout)
    return (
        f'<svg class="chain {layout.name}" role="group" aria-label="The chain, from trail to subscription" '
        f'viewBox="0 0 {laid.width:g} {laid.height:g}" width="{laid.width:g}" height="{laid.height:g}">\n'
        + "\n".join(_content(drawn, laid, layout, choosable=True))
        + "\n</svg>"
    )


# --------------------------------------------------------------------------- setting and placing


def _set(node: Node, layout: Layout) -> _Box:
    room = layout.width - _NAME_AT - 8
    named = f"{node.kind} {node.name}" if node.weight is Weight.DECISIVE and node.name else node.name
    name = tuple(lines_of(named, room, _NAME, 3)) if named else ()
    if node.holds:
        return _Box(node, name, (), "")
    first, *others = node.breaks
    words = lines_of(_predicate(node, first), layout.width - 2 * _PADDING, _WORDS, _MOST_LINES[first.weight])
    more = f" and {len(others)} more" if others else ""
    return _Box(node, name, tuple(words), f"{first.reason.id}{more}")


def _predicate(node: Node, broken: Break) -> str:
    """What is wrong, without the resource's name, which stands above it."""
    start = f"{node.kind} {node.name} "
    words = broken.words
    return words[len(start) :] if node.name and words.lower().startswith(start.lower()) else words


def _laid_out(drawn: Diagram, layout: Layout) -> _Placed:
    boxes = {node.id: _set(node, layout) for node in drawn.nodes}
    columns = [[node.id for node in drawn.nodes if node.column == column] for column in range(len(drawn.columns))]
    links = [(link.source, link.target) for link in drawn.links]
    first = {node.id for node in drawn.nodes if node.first}

    def extent(id_: str) -> float:
        return layout.width if layout.down else boxes[id_].height

    middles = placed(columns, links, first, extent, layout.between_rows)
    at: dict[str, _Box] = {}
    along = float(_MARGIN + layout.headings) if layout.down else float(_MARGIN)
    for column in columns:
        for id_ in column:
            box, across = boxes[id_], middles[id_] - extent(id_) / 2
            x, y = (_MARGIN + across, along) if layout.down else (along, _MARGIN + layout.headings + across)
            at[id_] = _Box(box.node, box.name, box.words, box.more, x, y)
        if layout.down:
            along += max((boxes[id_].height + layout.between_columns for id_ in column), default=0.0)
        else:
            along += layout.width + layout.between_columns
    right = max((box.x + layout.width for box in at.values()), default=0.0)
    if not layout.down:
        right = max(right, along - layout.between_columns)
    bottom = max((box.y + box.height for box in at.values()), default=0.0)
    return _Placed(at, right + _MARGIN, bottom + _MARGIN)


# --------------------------------------------------------------------------- drawing


def _content(drawn: Diagram, laid: _Placed, layout: Layout, choosable: bool) -> Iterator[str]:
    marker = f"arrow-{layout.name}"
    yield (
        f'<defs><marker id="{marker}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    if layout.headings:
        for number, column in enumerate(drawn.columns):
            x = _MARGIN + number * (layout.width + layout.between_columns)
            yield (
                f'<text class="heading {column.mark.colour}" x="{x:g}" y="24">{column.mark.sign} '
                f"<tspan>{escape(column.name)}</tspan></text>"
            )
    for link in sorted(drawn.links, key=lambda link: -list(Strength).index(link.strength)):
        yield _line(link, laid.boxes[link.source], laid.boxes[link.target], layout, marker)
    for node in drawn.nodes:
        yield _box(laid.boxes[node.id], layout, choosable)


def _line(link: Link, source: _Box, target: _Box, layout: Layout, marker: str) -> str:
    if layout.down:
        x1, y1, x2, y2 = source.x + layout.width / 2, source.y + source.height, target.x + layout.width / 2, target.y
        bend = (y2 - y1) / 2
        path = f"M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}"
    else:
        x1, y1 = source.x + layout.width, source.y + source.height / 2
        x2, y2 = target.x, target.y + target.height / 2
        bend = (x2 - x1) / 2
        path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    sign = ""
    if link.strength is Strength.BROKEN:
        sign = f'<path class="cross" d="M{x - 5:g} {y - 5:g}l10 10m0-10l-10 10"/>'
    elif link.strength is Strength.UNVERIFIED:
        sign = f'<text class="unknown" x="{x:g}" y="{y + 5:g}">?</text>'
    decisive = " decisive" if target.node.weight is Weight.DECISIVE and target.node.step is None else ""
    decisive += " first" if source.node.first and target.node.first else ""
    return (
        f'<g class="link {link.strength.value}{decisive}" data-events="{_events(link.events)}">'
        f'<path class="line" d="{path}" marker-end="url(#{marker})"/>{sign}</g>'
    )


def _box(box: _Box, layout: Layout, choosable: bool) -> str:
    node = box.node
    button = ""
    if choosable:
        button = f' role="button" tabindex="0" data-node="{node.id}" aria-label="{escape(label(node))}"'
    y = 20
    lines = [f'<text class="mark" x="{_PADDING}" y="{y + 3}">{node.mark.sign}</text>']
    lines.append(f'<text class="kind" x="{_NAME_AT}" y="{y}">{escape(_kind(node))}</text>')
    for line in box.name:
        y += _LINE
        lines.append(f'<text class="name" x="{_NAME_AT}" y="{y}">{escape(line)}</text>')
    y += _APART
    for line in box.words:
        y += _LINE
        lines.append(f'<text class="words" x="{_PADDING}" y="{y}">{escape(line)}</text>')
    if box.more:
        lines.append(f'<text class="id" x="{_PADDING}" y="{y + 15}">{escape(box.more)}</text>')
    return (
        f'<g class="node {_kinds(node)}" transform="translate({box.x:g} {box.y:g})" '
        f'data-events="{_events(node.events)}"{button}>'
        f"<title>{escape(label(node))}</title>"
        f'<rect width="{layout.width}" height="{box.height:g}" rx="{9 if node.holds else 4}"/>{"".join(lines)}</g>'
    )


def _kinds(node: Node) -> str:
    """The classes that the style knows: what is known of it, and what it means for the verdict."""
    if node.weight is None or node.holds:
        return "whole" if node.whole else "loose"
    known = "broken" if node.mark is Mark.BREAKS else "unverified"
    return f"break {known} {node.weight.name.lower()}"


def _kind(node: Node) -> str:
    if node.weight is Weight.DECISIVE:
        return "BROKEN HERE" if node.mark is Mark.BREAKS else "NOT VERIFIED HERE"
    return node.kind


def label(node: Node) -> str:
    """A node in words, for those who hear it and for a pointer that rests on it."""
    if not node.holds:
        state = "broken" if node.mark is Mark.BREAKS else "could not be verified"
        return f"{state}: {'; '.join(broken.words for broken in node.breaks)}"
    state = "on a whole path" if node.whole else "holds" if node.proved else "is where a path ends"
    return f"{node.kind} {node.name}, {state}"


def _events(events: frozenset[str]) -> str:
    return escape(" ".join(sorted(events)))
