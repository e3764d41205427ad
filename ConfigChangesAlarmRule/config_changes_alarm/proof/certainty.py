"""How certain the answers of conditions have to be, and what is said where no value has them.

Two strengths. WEAK asks for a record on which no condition has, for certain, the other answer: what AWS does not
document may turn out either way. STRONG asks for a record on which every answer is certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from ..filter_pattern import Answer, Comparison, Leaf, Operator
from ..filter_pattern.json_pattern_matching import judge
from ..filter_pattern.json_value import JsonValue, Missing

__all__ = ["Literals", "Outcome", "Strength", "reverses_agree", "satisfies"]

Literals: TypeAlias = Mapping[Leaf, bool]
"""A conjunction: conditions, and the polarity that each must have."""


class Strength(Enum):
    """How certain a condition's answer has to be."""

    WEAK = "weak"
    STRONG = "strong"


class Outcome(Enum):
    """Why no record was found: there is none, or the search could not tell."""

    NONE = "none"
    DOUBT = "doubt"


def satisfies(literals: Literals, value: JsonValue | Missing, strength: Strength) -> bool:
    """Whether all of the conditions have their polarities on this value."""
    return all(_holds(leaf, polarity, value, strength) for leaf, polarity in literals.items())


def _holds(leaf: Leaf, polarity: bool, value: JsonValue | Missing, strength: Strength) -> bool:
    """Whether the condition has the polarity on this value, for certain or possibly."""
    answer = judge(leaf, value)
    if answer is Answer.UNKNOWN:
        return strength is Strength.WEAK
    return (answer is Answer.MATCH) is polarity


def reverses_agree(literals: Literals, polarity: bool) -> bool:
    """Whether `=` and `!=` with one operand are both to have this answer."""
    alike = {
        (leaf.operator, leaf.operand)
        for leaf, wanted in literals.items()
        if isinstance(leaf, Comparison) and wanted is polarity
    }
    return any((Operator.NE, operand) in alike for operator, operand in alike if operator is Operator.EQ)
