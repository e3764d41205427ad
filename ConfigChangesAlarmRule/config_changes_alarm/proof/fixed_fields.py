"""The fields that a pattern demands to be one certain string."""

from __future__ import annotations

from collections.abc import Mapping

from ..filter_pattern import And, Answer, Comparison, Condition, JsonPattern, Name, Operator, Pattern, Text
from ..filter_pattern.comparison import compare, may_be_a_number
from .record_model import ANYTHING, Domain, Kind, Path

__all__ = ["fixed_by", "meet", "plain_text"]


MAX_DEPTH = 16
"""Steps of a selector whose field is looked at as fixed; deeper ones are conditions like any other."""


def fixed_by(required: Pattern) -> dict[Path, Domain]:
    """The fields that a pattern demands to be one certain string."""
    if not isinstance(required, JsonPattern):
        return {}
    condition = required.condition
    fixed: dict[Path, Domain] = {}
    for term in condition.terms if isinstance(condition, And) else (condition,):
        text = plain_text(term)
        if text is not None and isinstance(term, Comparison) and len(term.selector.steps) <= MAX_DEPTH:
            steps = term.selector.steps
            known = fixed.get(steps)
            strings = frozenset((text,)) if known is None else (known.strings or frozenset()) & {text}
            fixed[steps] = Domain((Kind.STRING,), strings=strings)
    return fixed


def meet(fixed: Mapping[Path, Domain], domains: Mapping[Path, Domain]) -> dict[Path, Domain] | None:
    """The fixed fields with those of their strings that the domains admit, and the objects in which they lie.

    None where the domains admit no such record.
    """
    met: dict[Path, Domain] = {}
    for steps, domain in fixed.items():
        known = domains.get(steps)
        strings = domain.strings or frozenset()
        if known is not None:
            strings = frozenset(text for text in strings if Kind.STRING in known.kinds and known.admits(text))
        if not strings:
            return None
        met[steps] = Domain((Kind.STRING,), strings=strings)
    for steps in fixed:
        for length in range(1, len(steps)):
            above = steps[:length]
            if above in fixed or Kind.OBJECT not in domains.get(above, ANYTHING).kinds:
                return None
            met[above] = Domain((Kind.OBJECT,))
    return met


def plain_text(condition: Condition) -> str | None:
    """The string of `selector = word`, when only that string, and no number, boolean or null, can match it."""
    if not (isinstance(condition, Comparison) and condition.operator is Operator.EQ):
        return None
    if not all(isinstance(step, Name) for step in condition.selector.steps):
        return None
    operand = condition.operand
    if not isinstance(operand, Text) or not operand.documented:
        return None
    text = operand.value
    if text.startswith("*") or text.endswith("*") or may_be_a_number(text):
        return None
    if any(compare(Operator.EQ, operand, value) is not Answer.NO_MATCH for value in (None, True, False)):
        return None
    return text
