"""Sets of texts as automata, and what a text that is looked for has to do with them.

Every condition of a filter pattern on one text (a word with wildcards, a regular expression, a number) is a
deterministic automaton: `word_languages`, `filter_pattern.automaton`, `number_languages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ..filter_pattern.regular_expression import BEYOND_ASCII

__all__ = ["Automaton", "Demand", "singles"]


class Automaton(Protocol):
    """A deterministic automaton. States are hashable; `classes` are those of characters that it tells apart."""

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


def singles(characters: str) -> frozenset[int]:
    """The classes that tell these characters apart."""
    return frozenset(1 << ord(char) for char in characters if ord(char) < BEYOND_ASCII)
