"""The formats by name. Each is made only when it is asked for, so that a text report costs nothing of a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from config_changes_alarm.report import as_json

from ..evaluation import Evaluated, Outcome
from .summary import as_json_summary, as_table
from .text import PLAIN, Style, as_text

__all__ = ["SEVERAL", "SINGLE", "rendered", "rendered_together"]

SINGLE: Mapping[str, str] = {
    "text": "txt",
    "json": "json",
    "html": "html",
    "svg": "svg",
    "mermaid": "mmd",
    "asff": "json",
    "ocsf": "json",
}
"""The formats of one account's report, and how the names of such files end."""

SEVERAL = ("text", "json", "asff", "ocsf")
"""The formats that hold several accounts."""


def rendered(format_name: str, evaluated: Evaluated, style: Style = PLAIN) -> str:
    """One account's report; `style` is for text."""
    assessment = evaluated.assessment
    match format_name:
        case "text":
            return as_text(assessment, style)
        case "html":
            from .page import as_page

            return as_page(assessment, evaluated.evaluated_at)
        case "svg":
            from .svg import as_svg

            return as_svg(assessment)
        case "mermaid":
            from .mermaid import as_mermaid

            return as_mermaid(assessment)
        case "asff" | "ocsf":
            return _json(_exchanged(format_name, (evaluated,)))
        case _:
            return _json(as_json(assessment))


def rendered_together(format_name: str, outcomes: Sequence[Outcome], style: Style) -> str:
    """Several accounts in one report."""
    if format_name == "text":
        return as_table(outcomes, style)
    if format_name in ("asff", "ocsf"):
        return _json(_exchanged(format_name, [outcome for outcome in outcomes if isinstance(outcome, Evaluated)]))
    return _json(as_json_summary(outcomes))


def _exchanged(format_name: str, evaluated: Sequence[Evaluated]) -> list[dict[str, Any]]:
    from .ocsf import as_ocsf
    from .security_finding import as_security_findings

    made = as_security_findings if format_name == "asff" else as_ocsf
    return [found for each in evaluated for found in made(each.assessment, each.evaluated_at, each.recording.partition)]


def _json(content: Any) -> str:
    return json.dumps(content, indent=2)
