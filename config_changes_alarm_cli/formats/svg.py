"""The chain as SVG: alone as a picture, or within the page, where its nodes can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from .diagram import Diagram, Link, Node, Strength, diagram

__all__ = ["STYLE", "Layout", "as_svg", "drawing"]

STYLE = (files(__package__) / "diagram.css").read_text(encoding="utf-8")

_WIDTH, _HEIGHT = 192, 46
_MARGIN = 14
_NAME_LIMIT = 24
_NAME_WIDTH = 154
_SQUEEZED = 21
"""Names of so many letters may be too wide in some fonts, so they are set to the width that there is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """From left to right, or from top to bottom for a narrow screen. Distances are between nodes, in pixels."""

    name: str
    down: bool
    between_columns: int
    between_rows: int

    def corner(self, node: Node) -> tuple[float, float]:
        """The upper left corner of a node."""
        along, across = node.column, node.row
        if self.down:
            return _MARGIN + across * (_WIDTH + self.between_rows), _MARGIN + along * (_HEIGHT + self.between_columns)
        return _MARGIN + along * (_WIDTH + self.between_columns), _MARGIN + across * (_HEIGHT + self.between_rows)

    def size(self, drawn: Diagram) -> tuple[float, float]:
        wide = drawn.rows if self.down else drawn.columns
        high = drawn.columns if self.down else drawn.rows
        gap_wide, gap_high = (
            (self.between_rows, self.between_columns) if self.down else (self.between_columns, self.between_rows)
        )
        return (
            2 * _MARGIN + wide * _WIDTH + (wide - 1) * gap_wide,
            2 * _MARGIN + high * _HEIGHT + (high - 1) * gap_high,
        )


ACROSS = Layout("across", down=False, between_columns=34, between_rows=16)
DOWN = Layout("down", down=True, between_columns=38, between_rows=14)


def as_svg(assessment: Assessment) -> str:
    """A picture on its own: no script, no request, light and dark by itself."""
    drawn = diagram(assessment)
    width, height = ACROSS.size(drawn)
    heading = f"{assessment.compliance}: account {assessment.account_id}, {assessment.region}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain alone" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" aria-labelledby="title description">\n'
        f'<title id="title">{escape(heading)}</title>\n'
        f'<desc id="description">{escape(annotation(assessment))}</desc>\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="ground" width="100%" height="100%"/>\n'
        + "\n".join(_content(drawn, ACROSS, choosable=False))
        + "\n</svg>\n"
    )


def drawing(drawn: Diagram, layout: Layout) -> str:
    """The drawing for the page, whose nodes are buttons that show their details."""
    width, height = layout.size(drawn)
    return (
        f'<svg class="chain {layout.name}" role="group" aria-label="The chain, from trail to subscription" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">\n'
        + "\n".join(_content(drawn, layout, choosable=True))
        + "\n</svg>"
    )


def _content(drawn: Diagram, layout: Layout, choosable: bool) -> Iterator[str]:
    marker = f"arrow-{layout.name}"
    yield (
        f'<defs><marker id="{marker}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    nodes = {node.id: node for node in drawn.nodes}
    for link in sorted(drawn.links, key=lambda link: link.strength is Strength.WHOLE):
        yield _line(link, nodes[link.source], nodes[link.target], layout, marker)
    for node in drawn.nodes:
        yield _box(node, layout, choosable)


def _line(link: Link, source: Node, target: Node, layout: Layout, marker: str) -> str:
    (x1, y1), (x2, y2) = layout.corner(source), layout.corner(target)
    if layout.down:
        x1, y1, x2 = x1 + _WIDTH / 2, y1 + _HEIGHT, x2 + _WIDTH / 2
        bend = (y2 - y1) / 2
        path = f"M{x1:g} {y1:g}C{x1:g} {y1 + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}"
    else:
        x1, y1, y2 = x1 + _WIDTH, y1 + _HEIGHT / 2, y2 + _HEIGHT / 2
        bend = (x2 - x1) / 2
        path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    cross = ""
    if link.strength is Strength.BROKEN:
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        cross = f'<path class="cross" d="M{x - 5:g} {y - 5:g}l10 10m0-10l-10 10"/>'
    return (
        f'<g class="link {link.strength.value}" data-events="{_events(link.events)}">'
        f'<path class="line" d="{path}" marker-end="url(#{marker})"/>{cross}</g>'
    )


def _box(node: Node, layout: Layout, choosable: bool) -> str:
    x, y = layout.corner(node)
    kinds = "break" if node.reason is not None else "whole" if node.whole else "loose"
    button = ""
    if choosable:
        button = f' role="button" tabindex="0" data-node="{node.id}" aria-label="{escape(_label(node))}"'
    mark = "✗" if node.reason is not None else "✓" if node.sound else "·"
    name = _elided(node.name)
    fitted = f' textLength="{_NAME_WIDTH}" lengthAdjust="spacingAndGlyphs"' if len(name) >= _SQUEEZED else ""
    corner = 4 if node.reason is not None else 9
    return (
        f'<g class="node {kinds}" transform="translate({x:g} {y:g})" data-events="{_events(node.events)}"{button}>'
        f"<title>{escape(_label(node))}</title>"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="{corner}"/>'
        f'<text class="mark" x="12" y="29">{mark}</text>'
        f'<text class="kind" x="31" y="18">{escape(node.kind)}</text>'
        f'<text class="name" x="31" y="35"{fitted}>{escape(name)}</text></g>'
    )


def _label(node: Node) -> str:
    if node.reason is not None:
        return f"{node.kind}: {finding(node.reason).summary}"
    state = "on a whole path" if node.whole else "holds" if node.sound else "is where a path breaks"
    return f"{node.kind} {node.name}, {state}"


def _events(events: frozenset[str]) -> str:
    return escape(" ".join(sorted(events)))


def _elided(name: str) -> str:
    """A name that a person still recognises: a long one keeps its beginning and its end."""
    if len(name) <= _NAME_LIMIT:
        return name
    head = (_NAME_LIMIT - 1) // 2
    return f"{name[:head]}…{name[-(_NAME_LIMIT - 1 - head) :]}"
