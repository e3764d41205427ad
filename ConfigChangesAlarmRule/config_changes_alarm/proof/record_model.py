"""What is known of the records that a proof is about: what their fields may hold, and what records look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from ..filter_pattern import Step
from ..filter_pattern.automaton import automaton

__all__ = ["ANYTHING", "ANY_RECORD", "PRESENT", "Domain", "Kind", "Path", "RecordModel"]

Path: TypeAlias = tuple[Step, ...]
"""The steps to a place of a record."""


class Kind(Enum):
    """What a selector can find."""

    MISSING = "missing"
    STRING = "string"
    BOOLEAN = "boolean"
    NUMBER = "number"
    NULL = "null"
    OBJECT = "object"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a field may hold: kinds; for strings a closed set, or a language (a regular expression for all of it).

    `examples` are realistic strings, tried first.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    strings: frozenset[str] | None = None
    language: str | None = None
    booleans: tuple[bool, ...] = (True, False)
    examples: tuple[str, ...] = ()

    def admits(self, text: str) -> bool:
        if self.strings is not None:
            return text in self.strings
        if self.language is None:
            return True
        machine = automaton(self.language, whole=True)
        state = machine.start
        for char in text:
            state = machine.step(state, char)
        return machine.accepts(state)


ANYTHING = Domain()
PRESENT = Domain(tuple(kind for kind in Kind if kind is not Kind.MISSING))


@dataclass(frozen=True, slots=True)
class RecordModel:
    """The records that the proof is about.

    `domains` says what single fields may hold; a field it does not name may hold anything. `bases` are realistic
    messages from which counterexamples are made, the most ordinary first. `fragments` are texts that every message
    contains, for term patterns; `compact` says that there is no white space between a name, its colon and its value.
    `free_text` is a string field that may hold any text.
    """

    domains: Mapping[Path, Domain] = field(default_factory=dict)
    bases: tuple[str, ...] = ("{}",)
    fragments: tuple[str, ...] = ()
    compact: bool = False
    free_text: str | None = None


ANY_RECORD = RecordModel()
"""Every JSON object."""
