"""Several accounts at a glance, as a table and as JSON, and the JSON of several controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from config_changes_alarm.assessment import Compliance
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .json_report import as_json
from .marks import Mark, mark_of
from .matrix import notices
from .style import PLAIN, Style
from .words import why

__all__ = ["as_json_summary", "as_table", "controls_as_json", "controls_of_accounts_as_json"]

_NOT_EVALUATED = "not evaluated"
_ORDER = (
    str(Compliance.COMPLIANT),
    str(Compliance.NOT_APPLICABLE),
    str(Compliance.NON_COMPLIANT),
    _NOT_EVALUATED,
)
"""What needs attention comes last, next to the totals and the prompt."""


def as_table(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """A line an account, by verdict, and the totals."""
    return style.printed(*_parts(outcomes))


def _parts(outcomes: Sequence[Outcome]) -> Iterator[RenderableType]:
    rows = sorted((_row(outcome) for outcome in outcomes), key=lambda row: _ORDER.index(row.verdict))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="strong")
    table.add_column("ACCOUNT", width=12)
    table.add_column("NAME", max_width=30, overflow="fold")
    table.add_column("REGION", max_width=14, overflow="fold")
    table.add_column("VERDICT", no_wrap=True)
    table.add_column("WHY", overflow="fold")
    for row in rows:
        shown = row.verdict.upper() if row.verdict == _NOT_EVALUATED else row.verdict
        table.add_row(row.account_id, row.name, row.region, Text(shown, style=row.mark.colour), row.why)
    yield table
    counts = Counter(row.verdict for row in rows)
    totals = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    yield Text("")
    yield from notices(outcomes)
    yield Text(f"{len(rows)} accounts: {totals}")


class _Row(NamedTuple):
    account_id: str
    name: str
    region: str
    verdict: str
    mark: Mark
    why: str


def _row(outcome: Outcome) -> _Row:
    match outcome:
        case NotEvaluated(name=name, account_id=account_id, region=region, problem=problem):
            return _Row(account_id or "?", name, region, _NOT_EVALUATED, mark_of(outcome), problem)
        case Evaluated(name=name, assessment=assessment):
            verdict, mark = str(assessment.compliance), mark_of(outcome)
            return _Row(assessment.account_id, name, assessment.region, verdict, mark, why(assessment))


def as_json_summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """`{"accounts": [...], "not_evaluated": [{"account", "name", "region", "problem"}]}`, ready for json.dumps."""
    return {
        "accounts": [
            {"name": outcome.name, **as_json(outcome)} for outcome in outcomes if isinstance(outcome, Evaluated)
        ],
        "not_evaluated": [_account_not_evaluated(each) for each in outcomes if isinstance(each, NotEvaluated)],
    }


def _account_not_evaluated(outcome: NotEvaluated) -> dict[str, Any]:
    return {
        "account": outcome.account_id or None,
        "name": outcome.name,
        "region": outcome.region or None,
        "problem": outcome.problem,
    }


# --------------------------------------------------------------------------- several controls


def controls_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """`{"account", "region", "controls": [...], "not_evaluated": [{"control", "problem"}]}`, ready for json.dumps."""
    first = outcomes[0]
    known = first.assessment if isinstance(first, Evaluated) else first
    return {
        "account": known.account_id,
        "region": known.region,
        "controls": [as_json(each) for each in outcomes if isinstance(each, Evaluated)],
        "not_evaluated": [
            {"control": each.control, "problem": each.problem} for each in outcomes if isinstance(each, NotEvaluated)
        ],
    }


def controls_of_accounts_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """`{"accounts": [{"name", ...}], "not_evaluated": [...]}`: each account as `controls_as_json` has it."""
    accounts: dict[tuple[str, str, str], list[Outcome]] = {}
    shut: list[NotEvaluated] = []
    for outcome in outcomes:
        known = outcome.assessment if isinstance(outcome, Evaluated) else outcome
        if isinstance(outcome, NotEvaluated) and not outcome.control:
            shut.append(outcome)
        else:
            accounts.setdefault((outcome.name, known.account_id, known.region), []).append(outcome)
    return {
        "accounts": [{"name": name, **controls_as_json(each)} for (name, _, _), each in accounts.items()],
        "not_evaluated": [_account_not_evaluated(outcome) for outcome in shut],
    }
