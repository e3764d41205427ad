"""Finds values without parts that satisfy a conjunction of conditions on one place, or proves that there are none.

On strings and numbers a condition is a set of texts, and `text_search` decides whether the sets meet. Numbers are those
in plain decimal notation of at most 15 digits (`number_languages.PlainNumber`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ..filter_pattern import Comparison, Number, Operator
from ..filter_pattern.automaton import automaton
from ..filter_pattern.json_value import MISSING, JsonNumber, JsonValue, Missing
from .certainty import Literals, Outcome, Strength, reverses_agree, satisfies
from .condition_languages import Texts, on_numbers, on_strings, writable
from .languages import Demand
from .number_languages import NUMERALS, PlainNumber
from .record_model import Domain, Kind
from .text_search import find
from .work import Work

__all__ = ["ScalarSolver"]

_PLAIN_NUMBER = PlainNumber()


class ScalarSolver:
    """Solves the conditions on one place by a string, a number, a boolean, null, or nothing at all."""

    def __init__(self, strength: Strength, work: Work) -> None:
        self._strength = strength
        self._work = work

    def value(self, kind: Kind, literals: Literals, domain: Domain) -> JsonValue | Missing | Outcome:
        """A value of this kind, which is neither object nor array. Raises `TooMuchWork`."""
        if kind is Kind.STRING and domain.strings is None:
            return self._string(literals, domain)
        if kind is Kind.NUMBER:
            return self._number(literals)
        candidates: Sequence[JsonValue | Missing] = ()
        match kind:
            case Kind.MISSING:
                candidates = (MISSING,)
            case Kind.NULL:
                candidates = (None,)
            case Kind.BOOLEAN:
                candidates = domain.booleans
            case Kind.STRING:
                candidates = sorted(domain.strings or ())
            case _:
                raise AssertionError(kind)
        return next((each for each in candidates if self._satisfies(literals, each)), Outcome.NONE)

    def _string(self, literals: Literals, domain: Domain) -> str | Outcome:
        if reverses_agree(literals, False) or len(_numbers_read(literals)) > 1:
            return Outcome.NONE
        for text in (*domain.examples, *_numerals(literals)):
            if domain.admits(text) and self._satisfies(literals, text):
                return text
        demands = [] if domain.language is None else [Demand(automaton(domain.language, whole=True))]
        for leaf, polarity in literals.items():
            demand = self._demand(on_strings(leaf), polarity)
            if demand is False:
                return Outcome.NONE
            demands += [demand] if isinstance(demand, Demand) else []
        found = find(demands, self._work)
        if found is None:
            return Outcome.NONE
        return found if self._satisfies(literals, found) else Outcome.DOUBT

    def _number(self, literals: Literals) -> JsonNumber | Outcome:
        if reverses_agree(literals, False):
            return Outcome.NONE
        demands = [Demand(_PLAIN_NUMBER)]
        for leaf, polarity in literals.items():
            demand = self._demand(on_numbers(leaf), polarity)
            if demand is False:
                return Outcome.NONE
            demands += [demand] if isinstance(demand, Demand) else []
        found = find(demands, self._work, NUMERALS)
        if found is None:
            return Outcome.NONE
        return JsonNumber(found) if self._satisfies(literals, JsonNumber(found)) else Outcome.DOUBT

    def _demand(self, texts: Texts, polarity: bool) -> Demand | bool:
        """What a condition with a polarity demands of a text; True is nothing, False cannot be met."""
        certain = self._strength is Strength.STRONG
        texts_of = texts.surely if certain is polarity else texts.possibly
        if isinstance(texts_of, bool):
            return texts_of is polarity
        return Demand(texts_of.automaton, texts_of.inside is polarity)

    def _satisfies(self, literals: Literals, value: JsonValue | Missing) -> bool:
        return satisfies(literals, value, self._strength)


def _numbers_read(literals: Literals) -> set[Decimal]:
    """The numbers that a string would have to read as for the conditions to hold."""
    return {
        Decimal(leaf.operand.text)
        for leaf, polarity in literals.items()
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number) and writable(leaf.operand.text)
        if polarity is not (leaf.operator is Operator.NE)
    }


def _numerals(literals: Literals) -> Iterator[str]:
    """The numbers that strings are compared with, for they may equal them."""
    for leaf in literals:
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number):
            yield leaf.operand.text
