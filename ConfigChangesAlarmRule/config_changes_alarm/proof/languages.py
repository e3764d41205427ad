"""Sets of texts as automata: finds a text that lies in some and outside others, or proves that there is none.

Every condition of a filter pattern on one text (a word with wildcards, a regular expression, a number) is a
deterministic automaton. Their product is walked breadth first over one representative of each class of characters that
they tell apart. A state in which one of them can no longer turn out as wanted is left; when no state is left, no text
exists. `Work` bounds the walk.

Numbers are texts too: `PlainNumber` is the decimal notation without exponent and needless zeros, of at most 15 digits,
that every serializer writes alike, and `Ordered` compares such a text with a bound digit by digit.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, Protocol

from ..filter_pattern.automaton import ORDINARY
from ..filter_pattern.automaton import Automaton as Expression
from ..filter_pattern.regular_expression import BEYOND_ASCII

__all__ = [
    "Automaton",
    "Demand",
    "EitherCase",
    "EndsFirst",
    "EndsWith",
    "Exactly",
    "Holds",
    "Ordered",
    "PlainNumber",
    "StartsWith",
    "TooMuchWork",
    "Work",
    "find",
]

NUMERALS = "0123456789.-"


class TooMuchWork(Exception):
    """The bound on the work was reached."""


@dataclass(slots=True)
class Work:
    """What a question may still cost, in steps."""

    left: int

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


class Automaton(Protocol):
    """A deterministic automaton. States are hashable; `characters` and `classes` are what it tells apart."""

    @property
    def start(self) -> Any: ...
    @property
    def classes(self) -> frozenset[int]: ...
    def step(self, state: Any, char: str) -> Any: ...
    def accepts(self, state: Any) -> bool: ...
    def settled(self, state: Any) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Demand:
    """That a text lies in the automaton's language, or outside it."""

    automaton: Automaton
    inside: bool = True


def _singles(characters: str) -> frozenset[int]:
    return frozenset(1 << ord(char) for char in characters if ord(char) < BEYOND_ASCII)


# --------------------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Word:
    word: str

    @property
    def start(self) -> int:
        return 0

    @property
    def classes(self) -> frozenset[int]:
        return _singles(self.word)


_DEAD = -1


class Exactly(_Word):
    """The word itself. A state is how much of it has been read."""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        if state == _DEAD or state == len(self.word) or self.word[state] != char:
            return _DEAD
        return state + 1

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:
        return False if state == _DEAD else None


class EitherCase(Exactly):
    """The word in any mixture of capitals and small letters; the word is given in small letters."""

    __slots__ = ()

    @property
    def classes(self) -> frozenset[int]:
        return _singles(self.word + self.word.upper())

    def step(self, state: int, char: str) -> int:
        return Exactly.step(self, state, char.lower())


class StartsWith(_Word):
    """`word*`"""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        if state == len(self.word) or state == _DEAD:
            return state
        return state + 1 if self.word[state] == char else _DEAD

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:
        return {len(self.word): True, _DEAD: False}.get(state)


@lru_cache(maxsize=512)
def _borders(word: str) -> tuple[int, ...]:
    """For each length of a beginning of the word, the longest shorter beginning that ends it (Knuth, Morris, Pratt)."""
    borders = [0, 0]
    for char in word[1:]:
        length = borders[-1]
        while length and word[length] != char:
            length = borders[length]
        borders.append(length + (word[length] == char))
    return tuple(borders)


def _advance(word: str, state: int, char: str) -> int:
    """How much of the word ends the text after one more character."""
    if state == len(word):
        state = _borders(word)[state] if word else 0
    while state and word[state] != char:
        state = _borders(word)[state]
    return state + 1 if word and word[state] == char else 0


class Holds(_Word):
    """`*word*`"""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        return state if state == len(self.word) else _advance(self.word, state, char)

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:
        return True if state == len(self.word) else None


class EndsWith(_Word):
    """`*word`"""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        return _advance(self.word, state, char)

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:  # noqa: ARG002
        return None if self.word else True


class EndsFirst(_Word):
    """Texts that end with the word and hold it nowhere before."""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        if state in (_DEAD, len(self.word)):
            return _DEAD
        return _advance(self.word, state, char)

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:
        return False if state == _DEAD else None


# --------------------------------------------------------------------------- numbers


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
    classes = _singles(NUMERALS)

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


# --------------------------------------------------------------------------- the walk


def _alphabet(demands: Sequence[Demand]) -> str:
    """A character for each class that the automata tell apart, the most ordinary first."""
    classes = sorted({each for demand in demands for each in demand.automaton.classes})
    words = {char for demand in demands for char in getattr(demand.automaton, "word", "") if ord(char) >= BEYOND_ASCII}
    seen: set[tuple[bool, ...]] = set()
    chosen: list[str] = []
    ordinary = [ord(char) for char in ORDINARY]
    for code in [*ordinary, *(code for code in range(32, 127) if chr(code) not in ORDINARY), *range(32), 127]:
        signature = tuple(bool(each >> code & 1) for each in classes)
        if signature not in seen:
            seen.add(signature)
            chosen.append(chr(code))
    if tuple(bool(each >> BEYOND_ASCII & 1) for each in classes) not in seen:
        chosen.append(next(chr(code) for code in range(0xE9, 0x10000) if chr(code) not in words))
    return "".join([*chosen, *sorted(words)])


def find(demands: Sequence[Demand], work: Work, alphabet: str | None = None) -> str | None:
    """A text that meets all demands; None is a proof that there is none. Raises `TooMuchWork`.

    Words alone have a closed form. With the longest beginning P and end Q asked for, the parts c, and a character #
    that no word holds, P # c # c # Q meets every other demand that any text meets: a word not wanted that is found in
    it lies within P, Q or one c, and so in every solution.
    """
    demands = tuple(dict.fromkeys(demands))
    if alphabet is not None and any(demand.inside and _foreign(demand, alphabet) for demand in demands):
        return None
    interval = _interval(demands)
    if interval.empty:
        return None
    demands = (*(demand for demand in demands if not isinstance(demand.automaton, Ordered)), *interval.demands)
    for text in _guesses(demands) if alphabet is None else interval.guesses:
        work.spend(1 + len(demands) * len(text) // 8)
        if all(_contains(demand, text) for demand in demands):
            return text
    if interval.low is not None and interval.low == interval.high:
        return None
    if all(_closed(demand) for demand in demands):
        return None
    return _walk(demands, work, alphabet)


def _foreign(demand: Demand, alphabet: str) -> bool:
    """Whether no text over the alphabet lies in the language: soon seen, and common where numbers meet words."""
    match demand.automaton:
        case _Word():
            return not set(demand.automaton.word) <= set(alphabet)
        case PlainNumber() | Ordered():
            return False
        case _:
            return _unreadable(demand, alphabet)


@lru_cache(maxsize=256)
def _unreadable(demand: Demand, alphabet: str) -> bool:
    try:
        return _walk((demand,), Work(2_000), alphabet) is None
    except TooMuchWork:
        return False


def _contains(demand: Demand, text: str) -> bool:
    state = demand.automaton.start
    for char in text:
        state = demand.automaton.step(state, char)
    return demand.automaton.accepts(state) is demand.inside


def _closed(demand: Demand) -> bool:
    match demand.automaton:
        case EitherCase():
            return False
        case Exactly() | StartsWith() | Holds() | EndsWith():
            return True
        case EndsFirst():
            return not demand.inside
        case _:
            return False


def _guesses(demands: Sequence[Demand]) -> Iterator[str]:
    """Texts that meet the demands that words make, the plain ones first."""
    words = [demand for demand in demands if isinstance(demand.automaton, _Word)]
    wanted: dict[type[_Word], list[str]] = {}
    for demand in words:
        assert isinstance(demand.automaton, _Word)
        if demand.inside:
            wanted.setdefault(type(demand.automaton), []).append(demand.automaton.word)
    if Exactly in wanted:
        yield wanted[Exactly][0]
        return
    start = max(wanted.get(StartsWith, ()), key=len, default="")
    ends = [*wanted.get(EndsWith, ()), *wanted.get(EndsFirst, ())]
    end = max(ends, key=len, default="")
    parts = wanted.get(Holds, [])
    for demand in demands:
        for example in getattr(demand.automaton, "examples", ()) if demand.inside else ():
            yield f"{start}{example}{end}"
    fresh = _fresh("".join(getattr(demand.automaton, "word", "") for demand in words))
    yield "".join((start, *parts, end)) or fresh
    yield fresh.join((start, *parts, "", end))
    tails = [
        demand.automaton.word
        for demand in words
        if isinstance(demand.automaton, EndsFirst) and not demand.inside and end.endswith(demand.automaton.word)
    ]
    yield fresh.join((start, *parts, *tails, "", end))


def _fresh(used: str) -> str:
    """A character that is not used, an ordinary one if there is one."""
    characters = set(used)
    return next(char for char in chain(ORDINARY, map(chr, range(0xE9, 0x10000))) if char not in characters)


@dataclass(frozen=True, slots=True)
class _Interval:
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
        return self.low > self.high or (self.low == self.high and (self.above or self.below))

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
            yield format(value.normalize(), "f")


def _interval(demands: Sequence[Demand]) -> _Interval:
    """What the bounds among the demands leave together."""
    interval = _Interval()
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


def _walk(demands: Sequence[Demand], work: Work, alphabet: str | None) -> str | None:
    """The shortest text that meets all demands, by a walk over the product of their automata."""
    characters = alphabet or _alphabet(demands)
    start: tuple[Hashable, ...] = tuple(demand.automaton.start for demand in demands)
    texts: dict[tuple[Hashable, ...], str] = {start: ""}
    layer = [start]
    cost = sum(demand.automaton.cost if isinstance(demand.automaton, Expression) else 1 for demand in demands)
    while layer:
        following: list[tuple[Hashable, ...]] = []
        for states in layer:
            pairs = tuple(zip(demands, states, strict=True))
            if all(demand.automaton.accepts(state) is demand.inside for demand, state in pairs):
                return texts[states]
            for char in characters:
                work.spend(cost)
                after = _after(pairs, char)
                if after is not None and after not in texts:
                    texts[after] = texts[states] + char
                    following.append(after)
        layer = following
    return None


def _after(pairs: Sequence[tuple[Demand, Hashable]], char: str) -> tuple[Hashable, ...] | None:
    """The states after a character; None when a demand can no longer be met."""
    after: list[Hashable] = []
    for demand, state in pairs:
        reached = demand.automaton.step(state, char)
        settled = demand.automaton.settled(reached)
        if settled is not None and settled is not demand.inside:
            return None
        after.append(reached)
    return tuple(after)
