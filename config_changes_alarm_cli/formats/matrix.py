"""Several controls at a glance: control by hop with the first break of each, and accounts by controls.

A hop is marked as it was judged: it holds, it breaks, or it could not be verified; beyond the first break nothing is
told.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from config_changes_alarm.assessment import Assessment, Compliance, Hop
from config_changes_alarm.control import id_of
from config_changes_alarm.findings import Reason, finding

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .text import PLAIN, Style, as_text
from .tree import HOP_NAMES, breaks_beyond

__all__ = ["Break", "accounts_by_controls", "controls_as_text", "first_break", "matrix_as_text"]

_NOT_EVALUATED = "NOT EVALUATED"
_BEYOND = "."


@dataclass(frozen=True, slots=True)
class Break:
    """The hop at which a control's best path ends, and why."""

    hop: Hop
    reason: Reason


def first_break(assessment: Assessment) -> Break | None:
    """Where the most telling reason lies; none where the control is COMPLIANT."""
    if not assessment.reasons:
        return None
    reason = assessment.reasons[0]
    ending = [chain for chain in assessment.chains if reason in chain.reasons]
    if not ending:  # no path is broken: it is the patterns together that do not match every record
        return Break(Hop.METRIC_FILTER, reason)
    path = max(ending, key=lambda chain: chain.progress)
    beyond = bool(path.steps) and breaks_beyond(reason)
    return Break(Hop(min(path.depth + beyond, Hop.SUBSCRIPTION)), reason)


class _Mark(Enum):
    HOLDS = "holds"
    BREAKS = "breaks"
    UNVERIFIED = "could not be verified"
    BEYOND = "not reached"
    NOT_APPLICABLE = "not applicable"
    NOT_EVALUATED = "not evaluated"


def _shown(mark: _Mark, style: Style) -> str:
    match mark:
        case _Mark.HOLDS:
            return style.mark(True)
        case _Mark.BREAKS:
            return style.mark(False)
        case _Mark.UNVERIFIED:
            return style.strong("?")
        case _Mark.BEYOND:
            return style.faint(_BEYOND)
        case _Mark.NOT_APPLICABLE:
            return "-"
        case _Mark.NOT_EVALUATED:
            return style.bad("!")


def _explained(marks: Sequence[_Mark], style: Style) -> str:
    return ", ".join(f"{_shown(mark, style)} {mark.value}" for mark in _Mark if mark in marks)


def _of_hop(assessment: Assessment, broken: Break | None, hop: Hop) -> _Mark:
    if broken is None or hop < broken.hop:
        return _Mark.HOLDS
    if hop > broken.hop:
        return _Mark.BEYOND
    return _Mark.BREAKS if assessment.disproved else _Mark.UNVERIFIED


# --------------------------------------------------------------------------- one account


def controls_as_text(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """One account's controls: the matrix, then the report of each that is not COMPLIANT."""
    broken = [
        outcome.assessment
        for outcome in outcomes
        if isinstance(outcome, Evaluated) and outcome.assessment.compliance is not Compliance.COMPLIANT
    ]
    details = (f"\n\n{style.strong(_title(each))}\n{as_text(each, style)}" for each in broken)
    return "".join((matrix_as_text(outcomes, style), *details))


def matrix_as_text(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """One account's controls by hop, with the first break of each."""
    return "\n".join(_matrix(outcomes, style)) + "\n"


def _matrix(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    yield from _heading(outcomes, style)
    yield ""
    width = max(len(_id_of(outcome)) for outcome in outcomes)
    hops = [HOP_NAMES[hop].rpartition(" ")[2] for hop in Hop]
    yield style.strong(f"{'CONTROL':<{width}}  {' '.join(hops)}")
    shown: list[_Mark] = []
    for outcome in outcomes:
        marks, why = _row(outcome)
        shown += marks
        cells = " ".join(f"{_shown(mark, style)}{' ' * (len(hop) - 1)}" for mark, hop in zip(marks, hops, strict=False))
        yield f"{_id_of(outcome):<{width}}  {cells}".rstrip()
        yield from textwrap.wrap(why, style.width, initial_indent="    ", subsequent_indent="    ")
    yield ""
    yield _explained(shown, style)


def _heading(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    verdicts = _counted(outcomes)
    good = verdicts[str(Compliance.COMPLIANT)] == len(outcomes)
    account_id, region = _account_of(outcomes[0]), _region_of(outcomes[0])
    told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    yield f"{(style.good if good else style.bad)(told)}  account {account_id}, {region}"


def _row(outcome: Outcome) -> tuple[list[_Mark], str]:
    """The mark of each hop, and the first break in words."""
    if isinstance(outcome, NotEvaluated):
        return [_Mark.NOT_EVALUATED] * len(Hop), outcome.problem
    broken = first_break(outcome.assessment)
    marks = [_of_hop(outcome.assessment, broken, hop) for hop in Hop]
    if broken is None:
        return marks, ""
    put_off = f"{Compliance.NOT_APPLICABLE}: " if outcome.assessment.compliance is Compliance.NOT_APPLICABLE else ""
    return marks, f"{put_off}{finding(broken.reason).summary} [{broken.reason.id}]"


def _title(assessment: Assessment) -> str:
    judged = assessment.control
    return id_of(None) if judged is None else f"{judged.id}: {judged.title}"


# --------------------------------------------------------------------------- several accounts


def accounts_by_controls(outcomes: Sequence[Outcome], style: Style = PLAIN) -> str:
    """A line an account, a column a control, and how many accounts have each."""
    return "\n".join(_accounts(outcomes, style)) + "\n"


def _accounts(outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
    ids = list(dict.fromkeys(_id_of(outcome) for outcome in outcomes if _id_of(outcome)))
    accounts: dict[tuple[str, str, str], dict[str, Outcome]] = {}
    for outcome in outcomes:
        known = accounts.setdefault((_account_of(outcome), outcome.name, _region_of(outcome)), {})
        known[_id_of(outcome)] = outcome
    name_width = min(30, max(4, *(len(name) for _, name, _ in accounts)))
    yield style.strong(
        f"{'ACCOUNT':<12}  {'NAME':<{name_width}}  " + " ".join(f"{number:>2}" for number in range(1, len(ids) + 1))
    )
    shown: list[_Mark] = []
    for (account_id, name, _), verdicts in accounts.items():
        marks = [_of_verdict(verdicts.get(id_, verdicts.get(""))) for id_ in ids]
        shown += marks
        cells = " ".join(f" {_shown(mark, style)}" for mark in marks)
        yield f"{account_id or '?':<12}  {textwrap.shorten(name, name_width, placeholder='...'):<{name_width}}  {cells}"
    yield ""
    for number, id_ in enumerate(ids, 1):
        judged = [verdicts.get(id_) for verdicts in accounts.values()]
        good = sum(_of_verdict(each) is _Mark.HOLDS for each in judged)
        yield f"{number:>2} {id_}: {good} of {len(accounts)} COMPLIANT"
    yield ""
    yield _explained(shown, style)
    for problem in (outcome for outcome in outcomes if isinstance(outcome, NotEvaluated)):
        whose = " ".join(filter(None, (problem.account_id, problem.name, problem.control)))
        yield from textwrap.wrap(f"! {whose}: {problem.problem}", style.width, subsequent_indent="  ")
    told = ", ".join(f"{count} {verdict}" for verdict, count in _counted(outcomes).items())
    yield f"{len(accounts)} accounts, {len(ids)} controls: {told}"


def _of_verdict(outcome: Outcome | None) -> _Mark:
    if not isinstance(outcome, Evaluated):
        return _Mark.NOT_EVALUATED
    match outcome.assessment.compliance:
        case Compliance.COMPLIANT:
            return _Mark.HOLDS
        case Compliance.NOT_APPLICABLE:
            return _Mark.NOT_APPLICABLE
        case Compliance.NON_COMPLIANT:
            return _Mark.BREAKS if outcome.assessment.disproved else _Mark.UNVERIFIED


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
