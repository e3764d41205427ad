"""Several accounts at a glance, as a table and as JSON, and the JSON of several controls."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import finding

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .json_report import as_json
from .text import PLAIN, Style

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
    return "\n".join(_lines(outcomes, style)) + "\n"


def _lines(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    rows = sorted((_row(outcome) for outcome in outcomes), key=lambda row: _ORDER.index(row[2]))
    name_width = min(30, max([4, *(len(name) for _, name, _, _ in rows)]))
    start = f"{'ACCOUNT':<12}  {'NAME':<{name_width}}  {'VERDICT':<13}  "
    yield style.strong(start + "WHY")
    for account_id, name, verdict, why in rows:
        shown = verdict.upper() if verdict == _NOT_EVALUATED else verdict
        colour = style.good if verdict == Compliance.COMPLIANT else style.bad
        known = f"{account_id:<12}  {_shortened(name, name_width):<{name_width}}  "
        room = max(30, style.width - len(start))
        first, *more = textwrap.wrap(why, room, break_long_words=False, break_on_hyphens=False) or [""]
        yield (known + colour(f"{shown:<13}") + f"  {first}").rstrip()
        yield from (" " * len(start) + line for line in more)
    yield ""
    counts = Counter(verdict for _, _, verdict, _ in rows)
    totals = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    yield f"{len(rows)} accounts: {totals}"


def _shortened(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 3]}..."


def _row(outcome: Outcome) -> tuple[str, str, str, str]:
    match outcome:
        case NotEvaluated():
            return outcome.account_id or "?", outcome.name, _NOT_EVALUATED, outcome.problem
        case Evaluated(assessment=assessment):
            why = f"{finding(assessment.reasons[0]).summary}" if assessment.reasons else ""
            return assessment.account_id, outcome.name, str(assessment.compliance), why


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
