"""The chain as a Mermaid flowchart, for wikis and pull requests that draw it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config_changes_alarm.report import annotation

from ..evaluation import Evaluated
from .diagram import Node, Strength, diagram
from .marks import Mark
from .provenance import Provenance
from .tree import Weight

__all__ = ["as_mermaid"]

_ARROWS = {Strength.WHOLE: "==>", Strength.HOLDS: "-->", Strength.BROKEN: "-. ✗ .->", Strength.UNVERIFIED: "-. ? .->"}
_CLASSES = (
    ("broken", "fill:#a40e26, stroke:#a40e26, color:#ffffff, stroke-width:4px"),
    ("unverified", "fill:#7a4a00, stroke:#7a4a00, color:#ffffff, stroke-width:4px"),
    ("named", "stroke:#a40e26, stroke-width:2px, stroke-dasharray:4 3"),
    ("aside", "stroke-dasharray:4 3"),
)
"""How what is broken looks: what the verdict names stands out."""


def as_mermaid(evaluated: Evaluated) -> str:
    """The flowchart. A whole path is thick, a broken link dotted and crossed: colours only say what matters most."""
    return "\n".join(_lines(evaluated)) + "\n"


def _lines(evaluated: Evaluated) -> Iterator[str]:
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    drawn = diagram(assessment)
    yield "---"
    yield f'title: "{assessment.compliance}: account {assessment.account_id}, {assessment.region}, {known.minute}"'
    yield "---"
    for given in (known.control, f"version {known.version}", *map(str, known.parameters)):
        yield f"%% {_plain(given)}"
    yield "flowchart LR"
    yield f"  accTitle: {assessment.compliance}, account {assessment.account_id}"
    yield f"  accDescr: {_plain(' '.join((annotation(assessment), *known.notices)))}"
    for node in drawn.nodes:
        yield f"  {node.id}{_shaped(node)}"
    for link in drawn.links:
        yield f"  {link.source} {_ARROWS[link.strength]} {link.target}"
    for name, look in _CLASSES:
        meant = [node.id for node in drawn.nodes if _class(node) == name]
        if meant:
            yield f"  classDef {name} {look}"
            yield f"  class {','.join(meant)} {name}"


def _class(node: Node) -> str:
    if node.weight is Weight.DECISIVE:
        return "broken" if node.mark is Mark.BREAKS else "unverified"
    return "" if node.weight is None or node.holds else node.weight.name.lower()


def _shaped(node: Node) -> str:
    if node.holds:
        return f'["{node.mark.sign if node.proved else ""} {node.kind}<br>{_text(node.name)}"]'
    label = "<br>".join(_text(words) for broken in node.breaks for words in (broken.words, str(broken.reason.id)))
    return f'{{{{"{node.mark.sign} {label}"}}}}'


def _plain(text: str) -> str:
    """Without what Mermaid would read as more than text, where it knows no character codes."""
    return re.sub(r"[^\w .,/@+=-]+", " ", text)


def _text(text: str) -> str:
    """Everything that Mermaid or HTML would read as more than text becomes a character code."""
    plain = re.sub(r"\s+", " ", text)
    return re.sub(r"[^\w .,/@+=\-✓✗?]", lambda match: f"#{ord(match[0])};", plain)
