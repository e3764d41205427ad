"""The alternatives of a pattern, each a conjunction of conditions, that a model of records leaves without a record.

Of an alternative that the model contradicts every proof is vacuous: whoever makes the model has to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from ..filter_pattern import Comparison, Is, JsonPattern, Leaf, NotExists
from .certainty import Outcome, Strength
from .coverage import Question
from .formula import Conjunction, Formula, Literal
from .record_model import ANY_RECORD, RecordModel
from .search import Search
from .work import TooMuchWork, Work

__all__ = ["Contradicted", "contradicted"]

MAX_ALTERNATIVES = 256
"""Alternatives that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """`alternatives` are those that some record satisfies, but none of the model's.

    What the pattern demands in all of its alternatives is left out. `entirely` says that no other is left.
    """

    alternatives: tuple[tuple[Leaf, ...], ...]
    entirely: bool


def contradicted(required: JsonPattern, model: RecordModel) -> Contradicted | None:
    """What the model takes from a pattern; None where the alternatives are too many to be looked at."""
    left, lost = 0, []
    try:
        anywhere, here = Question(required, (), ANY_RECORD), Question(required, (), model)
        if anywhere.contradicted:
            return Contradicted((), False)
        alternatives = _alternatives(anywhere.formula, anywhere.work)
        elsewhere, within = anywhere.search(Strength.WEAK), here.search(Strength.WEAK)
        for alternative in dict.fromkeys(alternatives):
            if not here.contradicted and _satisfied(alternative, within):
                left += 1
            elif _satisfied(alternative, elsewhere):
                lost.append(alternative)
    except TooMuchWork:
        return None
    return Contradicted(tuple(lost), not left)


def _satisfied(alternative: tuple[Leaf, ...], search: Search) -> bool:
    return search.record(dict.fromkeys(alternative, True)) is not Outcome.NONE


def _alternatives(formula: Formula, work: Work) -> list[tuple[Leaf, ...]]:
    """The alternatives of a required pattern's formula, in which nothing is denied. Raises `TooMuchWork`."""
    if isinstance(formula, Literal):
        assert isinstance(formula.atom, (Comparison, Is, NotExists))
        return [(formula.atom,)]
    parts = [_alternatives(part, work) for part in formula.parts]
    if not isinstance(formula, Conjunction):
        return [alternative for part in parts for alternative in part]
    count = 1
    for part in parts:
        count *= len(part)
    if count > MAX_ALTERNATIVES:
        raise TooMuchWork
    return [_joined(choice) for choice in product(*parts)]


def _joined(choice: tuple[tuple[Leaf, ...], ...]) -> tuple[Leaf, ...]:
    leaves: Iterator[Leaf] = (leaf for part in choice for leaf in part)
    return tuple(dict.fromkeys(leaves))
