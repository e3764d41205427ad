"""Numbers as languages of texts.

`PlainNumber` is the decimal notation without exponent and needless zeros, of at most 15 digits, that every serializer
writes alike, and `Ordered` compares such a text with a bound digit by digit. `Interval` is what several bounds leave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .languages import Demand, singles

__all__ = ["NUMERALS", "Interval", "Ordered", "PlainNumber", "interval_of"]

NUMERALS = "0123456789.-"


@dataclass(frozen=True, slots=True)
class _Numeral:
    """How far a numeral has been read."""

    negative: bool = False
    integers: int = 0
    fractions: int = -1
    """Digits after the point, -1 before it."""
    zero: bool = True
    """All digits so far are 0."""
    leading_zero: bool = False
    trailing_zero: bool = False


class PlainNumber:
    """Numbers in the one notation that every serializer writes: `-?(0|[1-9][0-9]*)([.][0-9]+)?`, no needless zeros.

    With at most 15 digits; those with a fraction are 0.0 or lie between 0.001 and ten million, where no serializer
    changes to an exponent.
    """

    start = _Numeral()
    classes = singles(NUMERALS)

    def step(self, state: _Numeral | None, char: str) -> _Numeral | None:
        if state is None or char not in NUMERALS:
            return None
        if char == "-":
            return _Numeral(negative=True) if state == self.start else None
        if char == ".":
            if state.integers == 0 or state.fractions >= 0 or state.integers > 7:
                return None
            return _Numeral(state.negative, state.integers, 0, state.zero, state.leading_zero)
        zero = state.zero and char == "0"
        if state.fractions < 0:
            if state.leading_zero or state.integers == 15:
                return None
            return _Numeral(state.negative, state.integers + 1, -1, zero, state.integers == 0 and char == "0")
        too_small = zero and state.fractions + 1 == 3
        if too_small or state.integers + state.fractions == 15:
            return None
        return _Numeral(state.negative, state.integers, state.fractions + 1, zero, state.leading_zero, char == "0")

    def accepts(self, state: _Numeral | None) -> bool:
        if state is None or state.integers == 0 or state.fractions == 0:
            return False
        if state.zero and (state.negative or state.fractions > 1):
            return False
        return not state.trailing_zero or state.fractions == 1

    def settled(self, state: _Numeral | None) -> bool | None:
        return False if state is None else None


@dataclass(frozen=True, slots=True)
class Ordered:
    """Plain numbers whose difference from `bound` has one of the signs -1, 0, 1."""

    bound: Decimal
    signs: frozenset[int]

    @property
    def start(self) -> tuple[bool, int, int, int]:
        """Negative; digits before the point; digits after it, -1 before it; how the digits so far compare."""
        return (False, 0, -1, 0)

    @property
    def classes(self) -> frozenset[int]:
        return PlainNumber.classes

    @property
    def _digits(self) -> tuple[str, str]:
        whole, _, fraction = format(abs(self.bound), "f").partition(".")
        return whole.lstrip("0") or "0", fraction.rstrip("0")

    def step(self, state: tuple[bool, int, int, int], char: str) -> tuple[bool, int, int, int]:
        negative, integers, fractions, order = state
        whole, fraction = self._digits
        if char == "-":
            return (True, integers, fractions, order)
        if char == ".":
            return (negative, integers, 0, self._order(integers, order))
        if fractions < 0:
            digit = whole[integers] if integers < len(whole) else "0"
            return (negative, min(integers + 1, len(whole) + 1), -1, order or (char > digit) - (char < digit))
        digit = fraction[fractions] if fractions < len(fraction) else "0"
        return (negative, integers, min(fractions + 1, len(fraction)), order or (char > digit) - (char < digit))

    def _order(self, integers: int, order: int) -> int:
        """A longer whole number is the greater one; digits decide between those of one length."""
        length = len(self._digits[0])
        return order if integers == length else (integers > length) - (integers < length)

    def accepts(self, state: tuple[bool, int, int, int]) -> bool:
        negative, integers, fractions, order = state
        if fractions < 0:
            order = self._order(integers, order)
        if order == 0 and max(fractions, 0) < len(self._digits[1]):
            order = -1
        below = self.bound < 0
        sign = order if not negative and not below else -order if negative and below else -1 if negative else 1
        return sign in self.signs

    def settled(self, state: tuple[bool, int, int, int]) -> bool | None:
        negative, integers, fractions, order = state
        if integers == 0 and not negative:
            return None
        if negative is not (self.bound < 0):
            return (-1 if negative else 1) in self.signs
        if integers > len(self._digits[0]) or (fractions >= 0 and order != 0):
            return self.accepts(state)
        return None


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers that bounds leave; None is no bound."""

    low: Decimal | None = None
    above: bool = False
    """`low` itself is not among them."""
    high: Decimal | None = None
    below: bool = False
    points: tuple[Decimal, ...] = ()
    """Numbers that are not among them."""

    @property
    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.above or self.below or self.low in self.points))

    @property
    def member(self) -> Decimal:
        """A number among them, if there is one."""
        if self.low is not None and self.low == self.high:
            return self.low
        count = len(self.points) + 2
        for number in range(1, count):
            if self.low is None:
                value = (self.high or Decimal(0)) - number
            elif self.high is None:
                value = self.low + number
            else:
                value = self.low + (self.high - self.low) * number / count
            if value not in self.points:
                return value
        raise AssertionError("as many points left out as were tried")

    @property
    def demands(self) -> tuple[Demand, ...]:
        demands = [Demand(Ordered(point, frozenset((0,))), False) for point in self.points]
        if self.low is not None:
            demands.append(Demand(Ordered(self.low, frozenset((1,) if self.above else (0, 1)))))
        if self.high is not None:
            demands.append(Demand(Ordered(self.high, frozenset((-1,) if self.below else (-1, 0)))))
        return tuple(demands)

    @property
    def guesses(self) -> Iterator[str]:
        """Some of them, the plain ones first."""
        ends = [bound for bound in (self.low, self.high) if bound is not None]
        near = [bound + step for bound in ends or [Decimal(0)] for step in map(Decimal, ("0", "1", "-1", "10", "-10"))]
        between = [sum(ends, Decimal(0)) / len(ends)] if ends else []
        for value in (*near, *between):
            text = format(value.normalize(), "f")
            yield text
            if "." not in text:
                yield text + ".0"


def interval_of(demands: Sequence[Demand]) -> Interval:
    """What the bounds among the demands leave together."""
    interval = Interval()
    for demand in demands:
        if not isinstance(demand.automaton, Ordered):
            continue
        bound = demand.automaton.bound
        signs = demand.automaton.signs if demand.inside else frozenset((-1, 0, 1)) - demand.automaton.signs
        is_open = 0 not in signs
        if signs == {-1, 1}:
            interval = replace(interval, points=(*interval.points, bound))
        if -1 not in signs and (interval.low is None or (bound, is_open) > (interval.low, interval.above)):
            interval = replace(interval, low=bound, above=is_open)
        if 1 not in signs and (interval.high is None or (-bound, is_open) > (-interval.high, interval.below)):
            interval = replace(interval, high=bound, below=is_open)
    return interval
