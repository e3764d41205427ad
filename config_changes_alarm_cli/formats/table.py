"""The verdicts as comma-separated values (RFC 4180): a line an account and control, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC

from config_changes_alarm import __version__
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, Outcome
from .identity import finding_id
from .provenance import Provenance
from .tree import HOP_NAMES, first_break

__all__ = ["as_csv"]

_COLUMNS = (
    "account", "name", "region", "control", "title", "requirements", "compliance", "disproved",
    "broken_at", "finding", "subject", "annotation", "remedy", "finding_id", "evaluated_at", "version",
    "required_filter_pattern", "parameters", "relaxed", "exceptions",
)  # fmt: skip


def as_csv(outcomes: Iterable[Outcome]) -> str:
    """With a line of names. Of what has no verdict, why is the annotation. No cell is a formula, whatever a name is."""
    written = io.StringIO()
    table = csv.DictWriter(written, _COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerows({name: _inert(value) for name, value in _line(outcome).items()} for outcome in outcomes)
    return written.getvalue()


def _inert(value: str) -> str:
    """What a spreadsheet would calculate is marked as text (OWASP, "CSV Injection")."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


def _line(outcome: Outcome) -> dict[str, str]:
    if not isinstance(outcome, Evaluated):
        return {
            "account": outcome.account_id,
            "name": outcome.name,
            "region": outcome.region,
            "control": outcome.control,
            "compliance": "not evaluated",
            "annotation": outcome.problem,
            "evaluated_at": f"{outcome.evaluated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "version": __version__,
        }
    assessment, known = outcome.assessment, Provenance.of(outcome)
    line = {
        "account": assessment.account_id,
        "name": outcome.name,
        "region": assessment.region,
        "control": known.control,
        "title": known.title,
        "requirements": ", ".join(known.requirements),
        "compliance": str(assessment.compliance),
        "disproved": str(assessment.disproved).lower(),
        "annotation": annotation(assessment),
        "finding_id": finding_id(assessment.account_id, assessment.region, known.control),
        "evaluated_at": known.second,
        "version": known.version,
        "required_filter_pattern": known.required_filter_pattern,
        "parameters": ", ".join(map(str, known.parameters)),
        "relaxed": "; ".join(f"{each}: {each.lets_pass}" for each in known.relaxed),
        "exceptions": "; ".join(map(str, known.exceptions)),
    }
    broken = first_break(assessment)
    if broken is None:
        return line
    told = finding(broken.reason)
    of_break = {"broken_at": HOP_NAMES[broken.hop], "finding": str(told.id), "subject": told.subject}
    return {**line, **of_break, "remedy": told.remedy}
