"""Looks for records that make a formula true: a search over its structure, a solver for its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .formula import FALSE, Atom, Conjunction, Disjunction, Formula, Literal, Opaque, text_of
from .languages import Work
from .matching import JsonValue, Leaf
from .satisfiability import Clauses
from .solving import Domain, Outcome, Path, Solver, Strength, is_wild
from .syntax import Comparison, NotExists, Operator, Term

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
        self.clauses.add([self.encoded(formula)])
        self.relate_terms()
        while (solution := self.clauses.solve()) is not None:
            known: dict[Atom, bool] = {}
            self.choose(formula, solution, known)
            found = self.record(known)
            if found is Outcome.NONE:
                self.exclude(self.solver.core(leaves_of(known)))
                continue
            self.doubted |= found is Outcome.DOUBT
            yield known
            self.exclude(known)

    def encoded(self, formula: Formula) -> int:
        """A literal that implies the formula."""
        if isinstance(formula, Literal):
            if self.strength is Strength.STRONG and _never_certain(formula.atom):
                return self.encoded(FALSE)
            return self.variable(formula.atom) if formula.polarity else -self.variable(formula.atom)
        literal = self.clauses.variable()
        parts = [self.encoded(part) for part in formula.parts]
        if isinstance(formula, Disjunction):
            self.clauses.add([-literal, *parts])
        else:
            for part in parts:
                self.clauses.add([-literal, part])
        return literal

    def variable(self, atom: Atom) -> int:
        if atom not in self.variables:
            self.variables[atom] = self.clauses.variable()
        return self.variables[atom]

    def relate_terms(self) -> None:
        """A message that contains a text contains every part of it."""
        terms = [(variable, text_of(atom)) for atom, variable in self.variables.items()]
        texts = [(variable, text) for variable, text in terms if text is not None]
        for whole, text in texts:
            self.clauses.work.spend(len(texts))
            for part, inner in texts:
                if part != whole and inner in text:
                    self.clauses.add([-whole, part])

    def choose(self, formula: Formula, solution: frozenset[int], known: dict[Atom, bool]) -> None:
        """Adds literals that are true in the solution and make the formula true."""
        match formula:
            case Literal(atom, polarity):
                known[atom] = polarity
            case Conjunction(parts):
                for part in parts:
                    self.choose(part, solution, known)
            case Disjunction(parts):
                self.choose(next(part for part in parts if self.true(part, solution)), solution, known)

    def true(self, formula: Formula, solution: frozenset[int]) -> bool:
        match formula:
            case Literal(atom, polarity):
                return atom in self.variables and (self.variables[atom] in solution) is polarity
            case Conjunction(parts):
                return all(self.true(part, solution) for part in parts)
            case Disjunction(parts):
                return any(self.true(part, solution) for part in parts)

    def exclude(self, known: Mapping[Atom, bool] | Mapping[Leaf, bool]) -> None:
        """Never chooses all of these together again."""
        self.clauses.add(self.variables[atom] * (-1 if polarity else 1) for atom, polarity in known.items())

    def record(self, known: Mapping[Atom, bool]) -> dict[str, JsonValue] | Outcome:
        return self.solver.record(leaves_of(known))


def leaves_of(known: Mapping[Atom, bool]) -> dict[Leaf, bool]:
    return {atom: polarity for atom, polarity in known.items() if not isinstance(atom, (Term, Opaque))}
