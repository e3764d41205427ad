"""Finds values without parts that satisfy a conjunction of conditions on one place, or proves that there are none.

On strings a condition is a set of texts, and `text_search` decides whether the sets meet.

A number may be written in any of JSON's ways. How AWS writes it, and so what words and expressions see of it, is known
of plain decimal notation alone (`number_languages.PlainNumber`): there a condition is a set of texts too. Written
otherwise a number has a value that is known and a text that is not, so that bounds alone decide whether there is one.
Whatever a plain number may satisfy, one written otherwise may too: where only possibilities count, the bounds suffice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from ..filter_pattern import Comparison, Number, Operator, Regex, Text
from ..filter_pattern.automaton import automaton
from ..filter_pattern.comparison import in_range, may_be_a_number
from ..filter_pattern.json_value import MISSING, JsonNumber, JsonValue, Missing
from ..filter_pattern.syntax import is_number
from .certainty import (
    Literals,
    Outcome,
    Strength,
    number_comparisons,
    reverses_agree,
    satisfies,
    torn_strings,
)
from .condition_languages import SIGNS, Texts, on_numbers, on_numerals, on_strings
from .languages import Demand
from .number_languages import NUMERALS, Interval, Ordered, PlainNumber, interval_of
from .record_model import Domain, Kind
from .text_search import find
from .work import Work

__all__ = ["ScalarSolver"]

_PLAIN_NUMBER = PlainNumber()
_OUT_OF_RANGE = JsonNumber("1E+999")
_NUMERAL = r"-?\d+|-?\d+\.\d+|-?\d+[eE][\+-]?\d+|-?\d+\.\d+[eE][\+-]?\d+"
_IN_NUMERALS = "0123456789.-+eE"


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
        if reverses_agree(literals, False) or torn_strings(number_comparisons(literals)):
            return Outcome.NONE
        if len(_numbers_read(literals)) > 1:
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
        if self._strength is Strength.WEAK:
            return self._otherwise_written(literals)
        plain = self._plain_number(literals)
        return plain if isinstance(plain, JsonNumber) else self._otherwise_written(literals)

    def _plain_number(self, literals: Literals) -> JsonNumber | Outcome:
        """A number that every serializer writes alike."""
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

    def _otherwise_written(self, literals: Literals) -> JsonNumber | Outcome:
        """A number by its value: among decimals, among doubles, or one that is out of the range of both."""
        self._work.spend(1 + len(literals))
        if self._strength is Strength.WEAK and not self._can_be_written(literals):
            return Outcome.NONE
        if self._satisfies(literals, _OUT_OF_RANGE):
            return _OUT_OF_RANGE
        outcome = Outcome.NONE
        for read in (Decimal, float):
            interval = _interval(literals, read)
            if interval is None or interval.empty:
                continue
            for text in (*interval.guesses, format(interval.member, "E")):
                self._work.spend(1 + len(literals) // 8)
                if self._satisfies(literals, JsonNumber(text)):
                    return JsonNumber(text)
            outcome = Outcome.DOUBT
        return outcome

    def _can_be_written(self, literals: Literals) -> bool:
        """Whether words and expressions leave a way to write a number, whatever its value is.

        Whether expressions see numbers at all is one question: those that are not to match have no say if none is.
        """
        comparisons = {leaf: polarity for leaf, polarity in literals.items() if isinstance(leaf, Comparison)}
        seen = any(
            polarity is (leaf.operator is Operator.EQ)
            for leaf, polarity in comparisons.items()
            if isinstance(leaf.operand, Regex)
        )
        demands: list[Demand] = []
        for leaf, polarity in comparisons.items():
            if isinstance(leaf.operand, Regex) and not seen:
                continue
            demand = self._demand(on_numerals(leaf), polarity)
            if demand is False:
                return False
            demands += [demand] if isinstance(demand, Demand) else []
        if not demands:
            return True
        return find([Demand(automaton(_NUMERAL, whole=True)), *demands], self._work, _IN_NUMERALS) is not None

    def _demand(self, texts: Texts, polarity: bool) -> Demand | bool:
        """What a condition with a polarity demands of a text; True is nothing, False cannot be met."""
        certain = self._strength is Strength.STRONG
        texts_of = texts.surely if certain is polarity else texts.possibly
        if isinstance(texts_of, bool):
            return texts_of is polarity
        return Demand(texts_of.automaton, texts_of.inside is polarity)

    def _satisfies(self, literals: Literals, value: JsonValue | Missing) -> bool:
        return satisfies(literals, value, self._strength)


def _interval(literals: Literals, read: Callable[[str], Decimal | float]) -> Interval | None:
    """What the conditions leave of the numbers' values, compared as decimals or as doubles; None is nothing at all.

    Words and expressions leave every value, but a word that is a number leaves that one.
    """
    demands = []
    for leaf, polarity in literals.items():
        if not isinstance(leaf, Comparison):
            if polarity:
                return None
            continue
        operator, operand = leaf.operator, leaf.operand
        equal = polarity is not (operator is Operator.NE)
        match operand:
            case Number(text) if in_range(text):
                sign = Ordered(Decimal(read(text)), SIGNS[operator])
                demands.append(Demand(sign, equal))
            case Text(word, documented) if documented and equal:
                if is_number(word) and in_range(word):
                    demands.append(Demand(Ordered(Decimal(read(word)), SIGNS[Operator.EQ])))
                elif "*" not in word or not may_be_a_number(word):
                    return None
            case Text("*") if not equal:
                return None
            case _:
                pass
    return interval_of(demands)


def _numbers_read(literals: Literals) -> set[Decimal]:
    """The numbers that a string would have to read as for the conditions to hold."""
    return {
        Decimal(leaf.operand.text)
        for leaf, polarity in number_comparisons(literals).items()
        if polarity and isinstance(leaf.operand, Number) and in_range(leaf.operand.text)
    }


def _numerals(literals: Literals) -> Iterator[str]:
    """The numbers that strings are compared with, for they may equal them."""
    for leaf in literals:
        if isinstance(leaf, Comparison) and isinstance(leaf.operand, Number):
            yield leaf.operand.text
