"""The question of coverage, put to z3.

    COVERED   no record, whatever the undocumented answers are, is required and escapes; one atom has one answer, and
              `!=` is the reverse of `=`
    MISSED    some record is, for certain, required and escapes
    OPEN      neither: the answer hangs on what AWS does not document

`decide` answers a question, `confirms` judges one record that is said to escape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

import z3

from .language import Formula
from .records import Facts, Record
from .texts import Z3

__all__ = ["Judgement", "confirms", "decide"]


class Judgement(Enum):
    COVERED = "covered"
    MISSED = "missed"
    OPEN = "not documented"
    GAVE_UP = "z3 ran out of time"


def _solver(seconds: float) -> Z3:
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    return solver


def _missed(record: Record, required: Formula, deployed: Sequence[Formula]) -> Iterator[Z3]:
    yield record.answer(required).holds
    for each in deployed:
        yield record.answer(each).fails


def _escaping(record: Record, required: Formula, deployed: Sequence[Formula]) -> Iterator[Z3]:
    yield record.reading(required)
    for each in deployed:
        yield z3.Not(record.reading(each))


def confirms(message: str, required: Formula, deployed: Sequence[Formula], facts: Facts | None = None) -> bool:
    """Whether this record is possible, certainly required and certainly rejected by every deployed pattern."""
    record = Record([required, *deployed], facts or {})
    solver = _solver(60)
    solver.add(*record.laws(), *record.is_(message), *_missed(record, required, deployed))
    return bool(solver.check() == z3.sat)


def decide(
    required: Formula,
    deployed: Sequence[Formula],
    facts: Facts | None = None,
    seconds: float = 20,
    first: Judgement = Judgement.COVERED,
) -> Judgement:
    """The judgement on a question, within a time for each of its two parts; `first` is the part to begin with."""
    record = Record([required, *deployed], facts or {})
    parts = [
        (Judgement.COVERED, z3.unsat, [*record.reversals(), *_escaping(record, required, deployed)]),
        (Judgement.MISSED, z3.sat, [*_missed(record, required, deployed)]),
    ]
    ended = True
    for judgement, proof, formulas in sorted(parts, key=lambda part: part[0] is not first):
        solver = _solver(seconds)
        solver.add(*record.laws(), *formulas)
        found = solver.check()
        if found == proof:
            return judgement
        ended &= found != z3.unknown
    return Judgement.OPEN if ended else Judgement.GAVE_UP
