"""How certain the answers of conditions have to be, and what is said where no value has them.

Two strengths. WEAK asks for a record on which no condition has, for certain, the other answer: what AWS does not
document may turn out either way. STRONG asks for a record on which every answer is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from ..filter_pattern import Answer, Comparison, Leaf, Number, Operator
from ..filter_pattern.comparison import ORDER, in_range
from ..filter_pattern.json_pattern_matching import judge
from ..filter_pattern.json_value import JsonNumber, JsonValue, Missing

__all__ = ["Literals", "Outcome", "Strength", "number_comparisons", "reverses_agree", "satisfies", "torn_strings"]

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
    """Whether all of the conditions have their polarities on this value, for certain or under one reading of AWS."""
    doubtful: dict[Leaf, bool] = {}
    for leaf, polarity in literals.items():
        answer = judge(leaf, value)
        if answer is Answer.UNKNOWN:
            doubtful[leaf] = polarity
        elif (answer is Answer.MATCH) is not polarity:
            return False
    return not doubtful or (strength is Strength.WEAK and _has_a_reading(doubtful, value))


# --------------------------------------------------------------------------- readings of what is not documented


def _has_a_reading(doubtful: Literals, value: JsonValue | Missing) -> bool:
    """Whether one answer to each open question gives all of the conditions their polarities on this value.

    What a string, a boolean or a number is to number literals is one question for all comparisons with them.
    """
    if value is None and not _tells_nulls_apart(doubtful):
        return not _torn_text({leaf: polarity for leaf, polarity in doubtful.items() if not _differs(leaf)}, "null")
    if reverses_agree(doubtful, True):
        return False
    numeric = number_comparisons(doubtful)
    match value:
        case str():
            return not reverses_agree(doubtful, False) and not torn_strings(numeric)
        case bool():
            return not _torn_boolean(doubtful, value) and not _torn_text(doubtful, str(value).lower())
        case None:
            return not _torn_text(doubtful, "null")
        case JsonNumber():
            return not reverses_agree(doubtful, False) and _numbers_agree(numeric, value)
        case _:
            return True


def number_comparisons(literals: Literals) -> dict[Comparison, bool]:
    """Those of the conditions that compare with a number; `!=` as `=` with the other polarity."""
    found: dict[Comparison, bool] = {}
    for leaf, polarity in literals.items():
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number):
            if leaf.operator is Operator.NE:
                leaf, polarity = Comparison(leaf.selector, Operator.EQ, leaf.operand), not polarity
            found[leaf] = polarity
    return found


def torn_strings(numeric: Mapping[Comparison, bool]) -> bool:
    """Whether no reading of strings as numbers gives all of these comparisons their polarities.

    No string is below or above a number: one that is not read as the literal is compared with no number, and one that
    is read as it equals it.
    """
    by_literal: dict[str, dict[Comparison, bool]] = {}
    for leaf, polarity in numeric.items():
        if leaf.operator not in (Operator.LT, Operator.GT):
            by_literal.setdefault(_literal(leaf), {})[leaf] = polarity
        elif polarity:
            return True
    return any(_torn(group) for group in by_literal.values())


def _torn(alike: Mapping[Comparison, bool]) -> bool:
    """Whether comparisons that one value passes if it is read as a number are to answer each in another way.

    What is taken for the number by `=` is ordered as the number; the orderings may take it for one where `=` does not.
    """
    equal = {polarity for leaf, polarity in alike.items() if leaf.operator is Operator.EQ}
    ordered = {polarity for leaf, polarity in alike.items() if leaf.operator is not Operator.EQ}
    return len(equal) > 1 or len(ordered) > 1 or (True in equal and False in ordered)


def _torn_boolean(doubtful: Literals, value: bool) -> bool:
    """The same of true and false, read as 1 and 0; `!=` may fail on a boolean whatever it is."""
    able = {leaf: polarity for leaf, polarity in doubtful.items() if polarity or not _differs(leaf)}
    passes = {
        leaf: polarity
        for leaf, polarity in number_comparisons(able).items()
        if ORDER[leaf.operator](Decimal(value), Decimal(_literal(leaf)))
    }
    return _torn(passes)


def _torn_text(doubtful: Literals, text: str) -> bool:
    """Whether words, or expressions, would have to see a null or boolean as JSON writes it, and not see it."""
    seen: set[tuple[type, bool]] = set()
    for leaf, polarity in doubtful.items():
        if isinstance(leaf, Comparison) and (polarity or not _differs(leaf)):
            equal = Comparison(leaf.selector, Operator.EQ, leaf.operand)
            if judge(equal, text) is Answer.MATCH:
                seen.add((type(leaf.operand), polarity is not _differs(leaf)))
    return any((operand, not polarity) in seen for operand, polarity in seen)


def _tells_nulls_apart(literals: Literals) -> bool:
    """Whether some `!=` is to hold on null and some not, so that it is the reverse of `=`.

    Otherwise it may hold on every null, or on none, whatever `=` says.
    """
    return len({polarity for leaf, polarity in literals.items() if _differs(leaf)}) > 1


def _differs(leaf: Leaf) -> bool:
    return isinstance(leaf, Comparison) and leaf.operator is Operator.NE


def _numbers_agree(numeric: Mapping[Comparison, bool], number: JsonNumber) -> bool:
    """Whether all hold among decimals, or all among doubles; of a number that is out of range, or if it is never equal.

    Literals that are out of range may be compared in any way.
    """
    if not in_range(number.text):
        return not any(numeric.values()) or _all_hold(numeric, number.value, Decimal)
    within = {leaf: polarity for leaf, polarity in numeric.items() if in_range(_literal(leaf))}
    return _all_hold(within, number.value, Decimal) or _all_hold(within, float(number.value), float)


def _all_hold(numeric: Mapping[Comparison, bool], value: Any, read: Callable[[str], Any]) -> bool:
    return all(ORDER[leaf.operator](value, read(_literal(leaf))) is polarity for leaf, polarity in numeric.items())


def _literal(leaf: Comparison) -> str:
    assert isinstance(leaf.operand, Number)
    return leaf.operand.text


def reverses_agree(literals: Literals, polarity: bool) -> bool:
    """Whether `=` and `!=` with one operand are both to have this answer."""
    alike = {
        (leaf.operator, leaf.operand)
        for leaf, wanted in literals.items()
        if isinstance(leaf, Comparison) and wanted is polarity
    }
    return any((Operator.NE, operand) in alike for operator, operand in alike if operator is Operator.EQ)
