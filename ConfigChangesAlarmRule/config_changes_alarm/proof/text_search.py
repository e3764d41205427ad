"""Finds a text that lies in some languages and outside others, or proves that there is none.

The product of the automata is walked breadth first over one representative of each class of characters that they tell
apart. A state in which one of them can no longer turn out as wanted is left; when no state is left, no text exists.
`Work` bounds the walk.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from ..filter_pattern.automaton import ORDINARY
from ..filter_pattern.automaton import Automaton as Expression
from ..filter_pattern.regular_expression import BEYOND_ASCII
from .languages import Demand
from .number_languages import Ordered, PlainNumber, interval_of
from .word_languages import EitherCase, EndsFirst, EndsWith, Exactly, Holds, StartsWith, Word
from .work import TooMuchWork, Work

__all__ = ["find"]


def find(demands: Sequence[Demand], work: Work, alphabet: str | None = None) -> str | None:
    """A text that meets all demands; None is a proof that there is none. Raises `TooMuchWork`.

    Words alone have a closed form. With the longest beginning P and end Q asked for, the parts c, and a character #
    that no word holds, P # c # c # Q meets every other demand that any text meets: a word not wanted that is found in
    it lies within P, Q or one c, and so in every solution.
    """
    demands = tuple(dict.fromkeys(demands))
    if alphabet is not None and any(demand.inside and _foreign(demand, alphabet) for demand in demands):
        return None
    interval = interval_of(demands)
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
        case Word():
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
    words = [demand for demand in demands if isinstance(demand.automaton, Word)]
    wanted: dict[type[Word], list[str]] = {}
    for demand in words:
        assert isinstance(demand.automaton, Word)
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
