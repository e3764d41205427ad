"""The record that an owner meant to leave out: what a `!=` of a pattern excepts.

Any record without the field is missed too, and often found first; but it is the exception that its owner recognises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..filter_pattern import And, Comparison, Condition, JsonPattern, Operator, Or, Pattern
from .coverage import Missed, covers
from .record_model import RecordModel
from .work import Budget

__all__ = ["left_out"]


def left_out(
    required: Pattern, deployed: Sequence[Pattern], model: RecordModel, budget: Budget | None = None
) -> Missed | None:
    """A record that `required` matches, that a `!=` of `deployed` excepts and that none of them matches.

    None where there is no such record, or it takes too much work to find one.
    """
    if not isinstance(required, JsonPattern):
        return None
    own = required.condition.terms if isinstance(required.condition, And) else (required.condition,)
    for unequal in dict.fromkeys(each for pattern in deployed for each in _unequal(pattern)):
        excepted = Comparison(unequal.selector, Operator.EQ, unequal.operand)
        verdict = covers(JsonPattern(And((*own, excepted))), deployed, model, budget)
        if isinstance(verdict, Missed):
            return verdict
    return None


def _unequal(pattern: Pattern) -> Iterator[Comparison]:
    if isinstance(pattern, JsonPattern):
        yield from _within(pattern.condition)


def _within(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case And(terms) | Or(terms):
            for term in terms:
                yield from _within(term)
        case Comparison(operator=Operator.NE):
            yield condition
        case _:
            return
