"""The formats by name. Each is made only when it is asked for, so that a text report costs nothing of a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from ..evaluation import Evaluated, Outcome
from .json_report import as_json
from .style import PLAIN, Style
from .summary import as_json_summary, as_table, controls_as_json, controls_of_accounts_as_json
from .text import as_text

__all__ = [
    "INDEXED",
    "PER_ACCOUNT",
    "SEVERAL",
    "SINGLE",
    "Together",
    "rendered",
    "rendered_index",
    "rendered_together",
]

SINGLE: Mapping[str, str] = {
    "text": "txt",
    "json": "json",
    "html": "html",
    "svg": "svg",
    "mermaid": "mmd",
    "asff": "json",
    "ocsf": "json",
    "csv": "csv",
    "markdown": "md",
    "junit": "xml",
    "github": "txt",
}
"""The formats of the report of one account and control, and how the names of such files end."""

SEVERAL = ("text", "json", "asff", "ocsf", "csv", "markdown", "junit", "github")
"""The formats that hold several accounts or controls."""

INDEXED: Mapping[str, str] = {"html": "index.html"}
"""The formats whose files are led to by one more, and its name."""

PER_ACCOUNT = ("asff",)
"""Those of which a file holds one account, with all its controls: Security Hub takes findings of one account a call."""


class Together(Enum):
    """What is reported in one: one control of several accounts, several controls of one account, or both."""

    ACCOUNTS = "accounts"
    CONTROLS = "controls"
    CONTROLS_OF_ACCOUNTS = "controls of accounts"


def rendered(format_name: str, evaluated: Evaluated, style: Style = PLAIN) -> str:
    """The report of one account and control; `style` is for text."""
    match format_name:
        case "text":
            return as_text(evaluated, style)
        case "html":
            from .page import as_page

            return as_page(evaluated)
        case "svg":
            from .svg import as_svg

            return as_svg(evaluated)
        case "mermaid":
            from .mermaid import as_mermaid

            return as_mermaid(evaluated)
        case "markdown":
            from .markdown import as_markdown

            return as_markdown(evaluated)
        case "json":
            return _json(as_json(evaluated))
        case _:
            return _listed(format_name, (evaluated,))


def rendered_index(outcomes: Sequence[tuple[Outcome, str]]) -> str:
    """The page that leads to the page of each outcome, whose file's name comes with it; empty where it has none."""
    from .index import as_index

    return as_index(outcomes)


def rendered_together(
    format_name: str, outcomes: Sequence[Outcome], style: Style, together: Together = Together.ACCOUNTS
) -> str:
    """Several accounts, controls or both in one report."""
    if format_name == "text":
        return _text_of(together, outcomes, style)
    if format_name != "json":
        return _listed(format_name, outcomes)
    match together:
        case Together.ACCOUNTS:
            return _json(as_json_summary(outcomes))
        case Together.CONTROLS:
            return _json(controls_as_json(outcomes))
        case Together.CONTROLS_OF_ACCOUNTS:
            return _json(controls_of_accounts_as_json(outcomes))


def _text_of(together: Together, outcomes: Sequence[Outcome], style: Style) -> str:
    if together is Together.ACCOUNTS:
        return as_table(outcomes, style)
    from .matrix import accounts_by_controls, controls_as_text

    return (controls_as_text if together is Together.CONTROLS else accounts_by_controls)(outcomes, style)


def _listed(format_name: str, outcomes: Sequence[Outcome]) -> str:
    """In a format that lists outcomes, whatever they have in common."""
    match format_name:
        case "csv":
            from .table import as_csv

            return as_csv(outcomes)
        case "markdown":
            from .markdown import as_markdown_table

            return as_markdown_table(outcomes)
        case "junit":
            from .junit import as_junit

            return as_junit(outcomes)
        case "github":
            from .github import as_github_annotations

            return as_github_annotations(outcomes)
        case "ocsf":
            from .ocsf import as_ocsf

            return _json([found for outcome in outcomes for found in as_ocsf(outcome)])
        case _:
            from .security_finding import as_security_findings

            return _json([found for outcome in outcomes for found in as_security_findings(outcome)])


def _json(content: Any) -> str:
    return json.dumps(content, indent=2)
