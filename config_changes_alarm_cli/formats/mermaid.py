"""The chain as a Mermaid flowchart, for wikis and pull requests that draw it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.report import annotation

from .diagram import Node, Strength, diagram

__all__ = ["as_mermaid"]

_ARROWS = {Strength.WHOLE: "==>", Strength.HOLDS: "-->", Strength.BROKEN: "-. ✗ .->"}


def as_mermaid(assessment: Assessment) -> str:
    """The flowchart. A whole path is thick, a broken link dotted and crossed: colours are not needed."""
    return "\n".join(_lines(assessment)) + "\n"


def _lines(assessment: Assessment) -> Iterator[str]:
    drawn = diagram(assessment)
    yield "---"
    yield f'title: "{assessment.compliance}: account {assessment.account_id}, {assessment.region}"'
    yield "---"
    yield "flowchart LR"
    yield f"  accTitle: {assessment.compliance}, account {assessment.account_id}"
    words = re.sub(r"[^\w .,/@+=-]+", " ", annotation(assessment))
    yield f"  accDescr: {words}"
    for node in drawn.nodes:
        yield f"  {node.id}{_shaped(node)}"
    for link in drawn.links:
        yield f"  {link.source} {_ARROWS[link.strength]} {link.target}"
    yield "  classDef break stroke-dasharray: 4 3, stroke: #b3261e, stroke-width: 2px"
    breaks = [node.id for node in drawn.nodes if node.reason is not None]
    if breaks:
        yield f"  class {','.join(breaks)} break"


def _shaped(node: Node) -> str:
    if node.reason is not None:
        return f'{{{{"✗ {_text(node.name)}"}}}}'
    mark = "✓ " if node.sound else ""
    return f'["{mark}{node.kind}<br>{_text(node.name)}"]'


def _text(text: str) -> str:
    """Everything that Mermaid or HTML would read as more than text becomes a character code."""
    plain = re.sub(r"\s+", " ", text)
    return re.sub(r"[^\w .,/@+=\-✓✗]", lambda match: f"#{ord(match[0])};", plain)
