"""The pages of several accounts and controls at a glance: a table that leads to each, what needs attention first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from config_changes_alarm import __version__
from config_changes_alarm.control import id_of

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .marks import WORST_FIRST, Mark, mark_of
from .pages import page
from .provenance import Provenance
from .states import state_of
from .tree import HOP_NAMES, first_break
from .words import why

__all__ = ["as_index"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A verdict, or why there is none. `link` is the page's address, empty where there is no page."""

    mark: Mark
    verdict: str
    account: str
    name: str
    region: str
    control: str
    link: str
    hop: str = ""
    why: str = ""
    id: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Total:
    mark: Mark
    verdict: str
    count: int


def as_index(outcomes: Sequence[tuple[Outcome, str]]) -> str:
    """The page. Each outcome comes with the name of the file of its own page, empty where there is none."""
    rows = sorted(
        (_row(outcome, file_name) for outcome, file_name in outcomes),
        key=lambda row: (WORST_FIRST.index(row.mark), row.verdict),
    )
    totals = [
        _Total(mark, verdict, len(list(alike)))
        for (mark, verdict), alike in groupby(rows, key=lambda row: (row.mark, row.verdict))
    ]
    accounts = {(row.account, row.name, row.region) for row in rows}
    times = sorted(Provenance.of(outcome).minute for outcome, _ in outcomes if isinstance(outcome, Evaluated))
    return page(
        "index.html",
        rows=rows,
        totals=totals,
        accounts="1 account" if len(accounts) == 1 else f"{len(accounts)} accounts",
        version=__version__,
        when=" to ".join(dict.fromkeys((times[0], times[-1]))) if times else "nothing",
    )


def _row(outcome: Outcome, file_name: str) -> _Row:
    verdict = str(state_of(outcome))
    match outcome:
        case NotEvaluated(name=name, account_id=account_id, region=region, problem=problem, controls=controls):
            known, asked = account_id or "unknown account", ", ".join(controls)
            return _Row(mark_of(outcome), verdict, known, name, region, asked, "", why=problem)
        case Evaluated(name=name, assessment=assessment):
            first = first_break(assessment)
            hop, finding_id = ("", "") if first is None else (HOP_NAMES[first.hop], str(first.reason.id))
            return _Row(
                mark_of(outcome), f"{verdict}, accepted" if outcome.tolerated else verdict, assessment.account_id,
                name, assessment.region, id_of(assessment.control), quote(file_name), hop, why(assessment), finding_id,
                Provenance.of(outcome).notices,
            )  # fmt: skip
