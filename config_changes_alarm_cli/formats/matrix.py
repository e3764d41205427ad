"""Several controls at a glance: control by hop with the first break of each, and accounts by controls.

A hop is marked as it was judged: it holds, it breaks, or it could not be verified; beyond the first break nothing is
told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.control import id_of
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .marks import WORST_FIRST, Mark, hop_marks, mark_of
from .style import PLAIN, Style, hanging
from .text import as_text
from .tree import HOP_NAMES, first_break
from .words import noticed, why

__all__ = ["accounts_by_controls", "controls_as_text", "matrix_as_text", "notices"]

_NOT_EVALUATED = "NOT EVALUATED"


def notices(outcomes: Sequence[Outcome]) -> Iterator[RenderableType]:
    """What weakens the verdicts: nobody may overlook it."""
    yield from (hanging((Text("! ", style="open"),), notice) for notice in noticed(outcomes))


def _explained(marks: Sequence[Mark], style: Style) -> Text:
    """What the marks that are shown mean."""
    return Text(", ").join(Text.assemble(style.marked(mark), f" {mark.value}") for mark in Mark if mark in marks)


# --------------------------------------------------------------------------- one account


def controls_as_text(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """One account's controls: the report of each that is not COMPLIANT, then the matrix, next to the prompt."""
    details = (
        f"{as_text(outcome, style)}\n\n"
        for outcome in outcomes
        if isinstance(outcome, Evaluated) and outcome.assessment.compliance is not Compliance.COMPLIANT
    )
    return "".join((*details, matrix_as_text(outcomes, style)))


def matrix_as_text(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """One account's controls by hop, each first break once below those that it breaks alike, and the totals."""
    return style.printed(*_matrix(outcomes, style))


def _matrix(outcomes: Sequence[Outcome], style: Style) -> Iterator[RenderableType]:
    width = max(len(_id_of(outcome)) for outcome in outcomes)
    hops = [name.rpartition(" ")[2] for name in HOP_NAMES.values()]
    yield Text(f"{'CONTROL':<{width}}  {' '.join(hops)}", style="strong")
    shown: list[Mark] = []
    for (marks, told), alike in groupby(outcomes, key=_row):
        shown += marks
        cells = [Text.assemble(style.marked(mark), " " * len(hop)) for mark, hop in zip(marks, hops, strict=True)]
        for outcome in alike:
            yield Text.assemble(f"{_id_of(outcome):<{width}}  ", *cells)
        if told:
            yield hanging(("    ",), told)
    yield Text("")
    yield _explained(shown, style)
    yield from notices(outcomes)
    totals = ", ".join(f"{count} {verdict}" for verdict, count in _counted(outcomes).items())
    worst = min(map(mark_of, outcomes), key=WORST_FIRST.index)
    where = f"  account {_account_of(outcomes[0])}, {_region_of(outcomes[0])}"
    yield Text.assemble((totals, f"verdict-{worst.colour}"), where)


def _row(outcome: Outcome) -> tuple[list[Mark], str]:
    """The mark of each hop, and the first break in words."""
    if isinstance(outcome, NotEvaluated):
        return [Mark.NOT_EVALUATED] * len(HOP_NAMES), outcome.problem
    broken = first_break(outcome.assessment)
    marks = list(hop_marks(outcome.assessment).values())
    if broken is None:
        return marks, ""
    put_off = f"{Compliance.NOT_APPLICABLE}: " if outcome.assessment.compliance is Compliance.NOT_APPLICABLE else ""
    return marks, f"{put_off}{why(outcome.assessment)} [{broken.reason.id}]"


# --------------------------------------------------------------------------- several accounts


def accounts_by_controls(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """A line an account, a column a control, and how many accounts have each."""
    return style.printed(*_accounts(outcomes, style))


def _accounts(outcomes: Sequence[Outcome], style: Style) -> Iterator[RenderableType]:
    ids = list(dict.fromkeys(_id_of(outcome) for outcome in outcomes if _id_of(outcome)))
    accounts: dict[tuple[str, str, str], dict[str, Outcome]] = {}
    for outcome in outcomes:
        known = accounts.setdefault((_account_of(outcome), outcome.name, _region_of(outcome)), {})
        known[_id_of(outcome)] = outcome
    table = Table(box=None, pad_edge=False, header_style="strong")
    for heading in ("ACCOUNT", "NAME", "REGION"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis" if style.unicode else "crop", max_width=30)
    for number in range(1, len(ids) + 1):
        table.add_column(f"{number:>2}", justify="right", width=2)
    shown: list[Mark] = []
    for (account_id, name, region), verdicts in accounts.items():
        found = [verdicts.get(id_, verdicts.get("")) for id_ in ids]
        marks = [Mark.NOT_EVALUATED if outcome is None else mark_of(outcome) for outcome in found]
        shown += marks
        table.add_row(account_id or "?", name, region, *(style.marked(mark) for mark in marks))
    yield table
    yield Text("")
    for number, id_ in enumerate(ids, 1):
        judged = [verdicts.get(id_) for verdicts in accounts.values()]
        good = sum(each is not None and mark_of(each) is Mark.HOLDS for each in judged)
        yield Text(f"{number:>2} {id_}: {good} of {len(accounts)} COMPLIANT")
    yield Text("")
    yield _explained(shown, style)
    for problem in (outcome for outcome in outcomes if isinstance(outcome, NotEvaluated)):
        whose = " ".join(filter(None, (problem.account_id, problem.name, problem.control)))
        yield hanging((style.marked(Mark.NOT_EVALUATED), " "), f"{whose}: {problem.problem}")
    yield from notices(outcomes)
    told = ", ".join(f"{count} {verdict}" for verdict, count in _counted(outcomes).items())
    yield Text(f"{len(accounts)} accounts, {len(ids)} control{'' if len(ids) == 1 else 's'}: {told}")


# --------------------------------------------------------------------------- what an outcome is about


def _id_of(outcome: Outcome) -> str:
    return id_of(outcome.assessment.control) if isinstance(outcome, Evaluated) else outcome.control


def _account_of(outcome: Outcome) -> str:
    return outcome.assessment.account_id if isinstance(outcome, Evaluated) else outcome.account_id


def _region_of(outcome: Outcome) -> str:
    return outcome.assessment.region if isinstance(outcome, Evaluated) else outcome.region


def _counted(outcomes: Sequence[Outcome]) -> Mapping[str, int]:
    """How many have each verdict, in a fixed order, and no verdict that none has."""
    found = Counter(
        str(outcome.assessment.compliance) if isinstance(outcome, Evaluated) else _NOT_EVALUATED for outcome in outcomes
    )
    order = (Compliance.COMPLIANT, Compliance.NOT_APPLICABLE, Compliance.NON_COMPLIANT, _NOT_EVALUATED)
    return Counter({str(verdict): found[str(verdict)] for verdict in order if found[str(verdict)]})
