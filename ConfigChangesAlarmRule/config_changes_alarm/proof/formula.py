"""Filter patterns as formulas in negation normal form, with the conditions that a model fixes replaced by constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..filter_pattern import (
    And,
    Answer,
    Condition,
    JsonPattern,
    Leaf,
    Or,
    Pattern,
    Regex,
    SpaceDelimitedPattern,
    Term,
    TermPattern,
    Text,
)
from ..filter_pattern.automaton import automaton
from ..filter_pattern.json_pattern_matching import judge
from .record_model import Domain, Kind, Path
from .work import Work

__all__ = [
    "FALSE",
    "TRUE",
    "Atom",
    "Conjunction",
    "Disjunction",
    "Formula",
    "Literal",
    "Opaque",
    "Translation",
    "conjunction",
    "disjunction",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A pattern that is not taken apart: it may match or not."""

    pattern: Pattern


Atom: TypeAlias = Leaf | Term | Opaque


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom, or its negation."""

    atom: Atom
    polarity: bool


@dataclass(frozen=True, slots=True)
class Compound:
    """Parts joined. The hash is made once from those of the parts: nested formulas are looked up at every level."""

    parts: tuple[Formula, ...]
    known_hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known_hash", hash((type(self).__name__, self.parts)))

    def __hash__(self) -> int:
        return self.known_hash


@dataclass(frozen=True, slots=True)
class Conjunction(Compound):
    """True when all parts are; `TRUE` has none."""

    __hash__ = Compound.__hash__


@dataclass(frozen=True, slots=True)
class Disjunction(Compound):
    """True when one part is; `FALSE` has none."""

    __hash__ = Compound.__hash__


Formula: TypeAlias = Literal | Conjunction | Disjunction
TRUE = Conjunction(())
FALSE = Disjunction(())


def conjunction(parts: Sequence[Formula]) -> Formula:
    """All of the parts, flat and each once."""
    flat: list[Formula] = []
    for part in parts:
        if part == FALSE:
            return FALSE
        flat += part.parts if isinstance(part, Conjunction) else (part,)
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Conjunction(unique)


def disjunction(parts: Sequence[Formula]) -> Formula:
    """One of the parts, flat and each once."""
    flat: list[Formula] = []
    for part in parts:
        if part == TRUE:
            return TRUE
        flat += part.parts if isinstance(part, Disjunction) else (part,)
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Disjunction(unique)


class Translation:
    """Patterns as formulas, with the conditions that a model fixes already replaced by constants."""

    def __init__(self, domains: Mapping[Path, Domain], fragments: Sequence[str], work: Work) -> None:
        self.domains = domains
        self.fragments = fragments
        self.work = work
        self.conditions = 0
        """How many have been translated."""

    def pattern(self, pattern: Pattern, polarity: bool) -> Formula:
        """A pattern, or its denial. Raises `TooMuchWork`."""
        match pattern:
            case JsonPattern():
                return self.condition(pattern.condition, polarity)
            case TermPattern():
                return self.terms(pattern, polarity)
            case SpaceDelimitedPattern():
                return Literal(Opaque(pattern), polarity)

    def condition(self, condition: Condition, polarity: bool) -> Formula:
        if isinstance(condition, (And, Or)):
            parts = [self.condition(term, polarity) for term in condition.terms]
            return conjunction(parts) if isinstance(condition, And) is polarity else disjunction(parts)
        self.conditions += 1
        self.work.spend(4)
        constant = self.constant(condition)
        if constant is not None:
            return TRUE if constant is polarity else FALSE
        return Literal(condition, polarity)

    def constant(self, leaf: Leaf) -> bool | None:
        """The answer that every value of the field's domain gives, when that is few values and one answer."""
        domain = self.domains.get(leaf.selector.steps)
        if domain is None or domain.kinds != (Kind.STRING,) or domain.strings is None:
            return None
        answers = {judge(leaf, text) for text in domain.strings}
        if len(answers) != 1 or Answer.UNKNOWN in answers:
            return None
        return answers.pop() is Answer.MATCH

    def terms(self, pattern: TermPattern, polarity: bool) -> Formula:
        if pattern.optional and not pattern.required and not pattern.excluded:
            parts = [self.term(term, polarity) for term in pattern.optional]
            return disjunction(parts) if polarity else conjunction(parts)
        parts = [self.term(term, polarity) for term in pattern.required]
        parts += [self.term(term, not polarity) for term in pattern.excluded]
        return conjunction(parts) if polarity else disjunction(parts)

    def term(self, term: Term, polarity: bool) -> Formula:
        self.work.spend(1 + len(self.fragments))
        if self.always_found(term):
            return TRUE if polarity else FALSE
        return Literal(term, polarity)

    def always_found(self, term: Term) -> bool:
        """Whether the term is found in a text that every message contains."""
        if isinstance(term.content, Regex):
            machine = automaton(term.content.source)
            return any(machine.found_around(fragment) for fragment in self.fragments)
        text = text_of(term)
        return text is not None and (not text.strip() or any(text in fragment for fragment in self.fragments))


def text_of(atom: Atom) -> str | None:
    """The text that a term looks for, if it is a text of which AWS says how it is read."""
    if isinstance(atom, Term) and isinstance(atom.content, Text) and atom.content.documented:
        return atom.content.value
    return None
