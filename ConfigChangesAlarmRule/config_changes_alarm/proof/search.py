"""Looks for records that make a formula true: a search over its structure, a solver for its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..filter_pattern import Comparison, Leaf, NotExists, Operator, Term
from ..filter_pattern.json_value import JsonValue
from .certainty import Outcome, Strength
from .condition_tree import is_wild
from .formula import FALSE, Atom, Disjunction, Formula, Literal, Opaque, text_of
from .record_model import Domain, Path
from .satisfiability import Clauses
from .solving import Solver
from .work import Work

__all__ = ["Search"]


def _never_certain(atom: Atom) -> bool:
    """Patterns that are not taken apart, and conditions that AWS does not document under a wildcard."""
    match atom:
        case Opaque():
            return True
        case NotExists():
            return is_wild(atom)
        case Comparison():
            return is_wild(atom) and atom.operator is Operator.NE
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a formula and the propositional literal that implies it; without parts an atom."""

    literal: int
    all_of: tuple[_Part, ...] = ()
    any_of: tuple[_Part, ...] = ()


def _choose(part: _Part, solution: frozenset[int], chosen: dict[int, None]) -> None:
    """Adds literals of atoms that are true in the solution and make a part true whose literal is."""
    if part.any_of:
        _choose(next(each for each in part.any_of if each.literal in solution), solution, chosen)
    elif part.all_of:
        for each in part.all_of:
            _choose(each, solution, chosen)
    else:
        chosen[part.literal] = None


class Search:
    """Looks for a conjunction of a formula's literals that has a record.

    Its skeleton is put to the propositional solver; the literals that make the formula true are put to the solver of
    records; where those contradict each other, the reason is learned as a clause.
    """

    def __init__(self, domains: Mapping[Path, Domain], base: JsonValue, strength: Strength, work: Work) -> None:
        self.strength = strength
        self.solver = Solver(domains, base, strength, work)
        self.clauses = Clauses(work)
        self.variables: dict[Atom, int] = {}
        self.doubted = False

    def models(self, formula: Formula) -> Iterator[dict[Atom, bool]]:
        """Conjunctions that may have a record, lazily. Raises `TooMuchWork`."""
        root = self.encoded(formula)
        self.clauses.add([root.literal])
        self.relate_terms()
        atoms = {variable: atom for atom, variable in self.variables.items()}
        while (solution := self.clauses.solve()) is not None:
            chosen: dict[int, None] = {}
            _choose(root, solution, chosen)
            known = {atoms[abs(literal)]: literal > 0 for literal in chosen if abs(literal) in atoms}
            found = self.record(known)
            if found is Outcome.NONE:
                for core in self.solver.cores(leaves_of(known)):
                    self.exclude(core)
                continue
            self.doubted |= found is Outcome.DOUBT
            yield known
            self.exclude(known)

    def encoded(self, formula: Formula) -> _Part:
        """Adds clauses by which each part's literal implies the part; nothing stands under a negation."""
        if isinstance(formula, Literal):
            if self.strength is Strength.STRONG and _never_certain(formula.atom):
                return self.encoded(FALSE)
            return _Part(self.variable(formula.atom) if formula.polarity else -self.variable(formula.atom))
        literal = self.clauses.variable()
        parts = tuple(self.encoded(part) for part in formula.parts)
        if isinstance(formula, Disjunction):
            self.clauses.add([-literal, *(part.literal for part in parts)])
            return _Part(literal, any_of=parts)
        for part in parts:
            self.clauses.add([-literal, part.literal])
        return _Part(literal, all_of=parts)

    def variable(self, atom: Atom) -> int:
        known = self.variables.get(atom)
        if known is None:
            known = self.variables[atom] = self.clauses.variable()
        return known

    def relate_terms(self) -> None:
        """A message that contains a text contains every part of it."""
        terms = [(variable, text_of(atom)) for atom, variable in self.variables.items()]
        texts = [(variable, text) for variable, text in terms if text is not None]
        for whole, text in texts:
            self.clauses.work.spend(len(texts))
            for part, inner in texts:
                if part != whole and inner in text:
                    self.clauses.add([-whole, part])

    def exclude(self, known: Mapping[Atom, bool] | Mapping[Leaf, bool]) -> None:
        """Never chooses all of these together again."""
        self.clauses.add(self.variables[atom] * (-1 if polarity else 1) for atom, polarity in known.items())

    def record(self, known: Mapping[Atom, bool]) -> dict[str, JsonValue] | Outcome:
        return self.solver.record(leaves_of(known))


def leaves_of(known: Mapping[Atom, bool]) -> dict[Leaf, bool]:
    return {atom: polarity for atom, polarity in known.items() if not isinstance(atom, (Term, Opaque))}
