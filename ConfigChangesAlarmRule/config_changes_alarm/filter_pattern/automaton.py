"""Regular expressions executed, in time linear in the text.

Without parentheses an expression is a few chains of character classes, so that a set of places in it is an integer
with a bit for each place, and one step over a character is a handful of operations on such integers (the "extended
shift-and" of Navarro and Raffinot). There is no backtracking: no expression makes the search slow.
"""

from __future__ import annotations

from functools import lru_cache

from .regular_expression import BEYOND_ASCII, Anchor, Branch, Part, Repeated, branches_of

__all__ = ["ORDINARY", "Automaton", "automaton", "check", "search"]

MAX_EXAMPLES = 20
ORDINARY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@ "
"""The characters of which examples are made if they can be, the most ordinary first."""


_NO_CHARACTER = BEYOND_ASCII + 1
"""A code that no class of characters has, for a character of which nothing is known."""


class Automaton:
    """A regular expression as a deterministic automaton whose states are made when they are met.

    A state is an integer: bit 0 says that nothing has been read, each other bit is a place that has been reached.
    `FOUND` is the state in which the expression has been found, whatever follows. With `whole`, the expression has to
    match the text from its first character to its last.
    """

    FOUND = -1
    start = 1

    def __init__(self, source: str, whole: bool = False) -> None:
        self._whole = whole
        self._entries = 0
        self._finals = 0
        self._skips = 0
        self._skips_at = {Anchor.START: 0, Anchor.END: 0}
        self._reads: list[tuple[int, int]] = []
        self._repeats: list[tuple[int, int]] = []
        place = 1
        branches = branches_of(source)
        self.examples = tuple(_example(branch, last) for branch in branches[:MAX_EXAMPLES] for last in (False, True))
        """Texts in which it may be found: each branch with its least counts, of the first and the last characters."""
        for branch in branches:
            self._entries |= 1 << place
            for part in branch:
                place = self._lay(part, place)
            self._finals |= 1 << place
            place += 1
        self.cost = 2 + place // 2_000
        """What a step costs, beside one of a word's automaton."""
        self._by_code: dict[int, tuple[int, int]] = {}
        self._steps: dict[tuple[int, int], int] = {}

    def _lay(self, part: Part, place: int) -> int:
        """Adds a part of a branch behind `place`; returns the place after it."""
        if isinstance(part, Anchor):
            self._skips_at[part] |= 1 << place
            return place + 1
        length = part.least if part.most is None else part.most
        length = max(length, 1 if part.most is None else 0)
        optional_from = part.least
        block = ((1 << length) - 1) << place
        self._reads.append((part.characters, block))
        self._skips |= ((1 << max(length - optional_from, 0)) - 1) << (place + optional_from)
        if part.most is None:
            self._repeats.append((part.characters, 1 << (place + length)))
        return place + length

    @property
    def classes(self) -> frozenset[int]:
        """The classes of characters that it tells apart: a bit for each code of ASCII, and one for all beyond."""
        return frozenset(characters for characters, _ in self._reads)

    def step(self, state: int, char: str) -> int:
        """The state after one more character; 0 when the expression can no longer be found."""
        if state == self.FOUND:
            return state
        code = min(ord(char), BEYOND_ASCII)
        key = (state, code)
        known = self._steps.get(key)
        if known is None:
            if len(self._steps) > 20_000:
                self._steps.clear()
            known = self._steps[key] = self._step(state, code)
        return known

    def _step(self, state: int, code: int) -> int:
        if code not in self._by_code:
            reads = sum(block for characters, block in self._reads if characters >> code & 1)
            repeats = sum(place for characters, place in self._repeats if characters >> code & 1)
            self._by_code[code] = reads, repeats
        reads, repeats = self._by_code[code]
        places = self._places(state)
        if not self._whole and places & self._finals:
            return self.FOUND
        places = (places & reads) << 1 | places & repeats
        if not self._whole:
            places |= self._entries
        places = _spread(places, self._skips) & ~self._skips_at[Anchor.START]
        return self.FOUND if not self._whole and places & self._finals else places

    def _places(self, state: int) -> int:
        """The places of a state, with those before the first character that lie behind a `^`."""
        if state != self.start:
            return state
        return _spread(self._entries, self._skips | self._skips_at[Anchor.START])

    def accepts(self, state: int) -> bool:
        """Whether a text that ends here is one in which the expression is found."""
        if state == self.FOUND:
            return True
        skips = self._skips | self._skips_at[Anchor.END]
        if state == self.start:
            return bool(_spread(self._entries, skips | self._skips_at[Anchor.START]) & self._finals)
        return bool(_spread(state, skips) & self._finals)

    def found_around(self, text: str) -> bool:
        """Whether it is found in every text that contains this one: within it, at neither end of the whole."""
        state = self._step(self.start, _NO_CHARACTER)
        for char in text:
            state = self.step(state, char)
        return self._step(state, _NO_CHARACTER) == self.FOUND if state != self.FOUND else True

    def settled(self, state: int) -> bool | None:
        """The answer that no further character can change, if there is one already."""
        if state == self.FOUND:
            return True
        return False if state == 0 else None


def _example(branch: Branch, last: bool) -> str:
    """The shortest text that a branch reads, of the first or the last ordinary character of each class."""
    text = ""
    for part in branch:
        if isinstance(part, Repeated) and part.least:
            fitting = [char for char in ORDINARY if part.characters >> ord(char) & 1]
            fitting = (
                fitting or [chr(code) for code in range(BEYOND_ASCII) if part.characters >> code & 1] or ["\u00e9"]
            )
            text += fitting[-1 if last else 0] * part.least
    return text


def _spread(places: int, skips: int) -> int:
    """The places, and those that lie behind a row of skips: the addition carries each row to its end (Myers 1999)."""
    return places | ((places & skips) + skips) ^ skips


@lru_cache(maxsize=256)
def automaton(source: str, whole: bool = False) -> Automaton:
    """The automaton of an expression, made once. Raises `RegexSyntaxError`."""
    return Automaton(source, whole)


def check(source: str) -> None:
    """Raises `RegexSyntaxError` when AWS would not take the expression."""
    automaton(source)


def search(source: str, text: str) -> bool:
    """Whether the expression matches somewhere in the text."""
    machine = automaton(source)
    state = machine.start
    for char in text:
        state = machine.step(state, char)
        if state == machine.FOUND:
            return True
    return machine.accepts(state)
