"""Words with a `*` at the start or the end, and what else is asked of words, as languages of texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .languages import singles

__all__ = ["EitherCase", "EndsFirst", "EndsWith", "Exactly", "Holds", "StartsWith", "Word"]


@dataclass(frozen=True, slots=True)
class Word:
    """What the languages of a word have in common."""

    word: str

    @property
    def start(self) -> int:
        return 0

    @property
    def classes(self) -> frozenset[int]:
        return singles(self.word)


_DEAD = -1


class Exactly(Word):
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
        return singles(self.word + self.word.upper())

    def step(self, state: int, char: str) -> int:
        return Exactly.step(self, state, char.lower())


class StartsWith(Word):
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


class Holds(Word):
    """`*word*`"""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        return state if state == len(self.word) else _advance(self.word, state, char)

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:
        return True if state == len(self.word) else None


class EndsWith(Word):
    """`*word`"""

    __slots__ = ()

    def step(self, state: int, char: str) -> int:
        return _advance(self.word, state, char)

    def accepts(self, state: int) -> bool:
        return state == len(self.word)

    def settled(self, state: int) -> bool | None:  # noqa: ARG002
        return None if self.word else True


class EndsFirst(Word):
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
