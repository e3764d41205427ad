"""Random questions of coverage, small enough that their answers are often yes: one seed, one question.

A question is a required pattern, one to three deployed ones, and for some fields the kinds of value they may have.
The deployed patterns are made from the required one: relaxed, split into cases, one for each alternative, then now and
then damaged. Words, numbers and fields are few, so that conditions meet.

Not generated, because AWS documents no answer at all: selectors with `*`, unquoted words with `-`, `/` or `:`. What is
undocumented for some values only (`!=` on null, `*` on an object, a number against a string that reads as one) is
generated, and the oracle says of the question whether its answer hangs on that.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from .language import Atom, Both, Either, Expression, Formula, Path, Quantity, Relation, Word, atoms
from .question import Question
from .records import Facts

__all__ = ["Generator", "question"]

_PATHS: tuple[Path, ...] = (
    ("a",),
    ("b",),
    ("c", "d"),
    ("c", "e"),
    ("c",),
    ("l", 0),
    ("l", 1),
    ("l",),
    ("l", 0, "x"),
    ("key with.dot",),
)
_WEIGHTS = (8, 6, 5, 3, 1, 2, 2, 1, 1, 1)
_FIELDS: tuple[Path, ...] = (("a",), ("b",), ("c", "d"), ("c", "e"), ("key with.dot",))
"""Those of which kinds may be known."""
_KINDS: tuple[tuple[str, ...], ...] = (
    ("string",),
    ("string", "missing"),
    ("string", "null", "missing"),
    ("string", "number", "missing"),
    ("number",),
    ("number", "null"),
    ("true", "false", "missing"),
)
_WORDS = (
    *("ab", "abc", "b", "bab", "", "1", "12", "12.5", "-1", "A", "a*b", "null", 'q"\\', "é"),
    *(
        "a*",
        "ab*",
        "b*",
        "1*",
        "12*",
        "*b",
        "*bc",
        "*ab",
        "*2",
        "*.5",
        "*b*",
        "*ab*",
        "*c*",
        "*2*",
        "*",
        "*a*b",
        "a*b*",
    ),
)
_NUMBERS = ("0", "1", "2", "12", "12.5", "-1", "1e1", "10.0", "-0.5", "120", "+2", ".5")
_PIECES = ("a", "b", "c", "[ab]", "[^a]", ".", r"\d", r"\w", "1", "2", r"\.", "[a-c]")
_COUNTS = ("", "", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}")
_ORDERS = (Relation.LT, Relation.LE, Relation.GT, Relation.GE)
_OPPOSITE = {
    Relation.EQ: Relation.NE,
    Relation.NE: Relation.EQ,
    Relation.LT: Relation.GE,
    Relation.GE: Relation.LT,
    Relation.LE: Relation.GT,
    Relation.GT: Relation.LE,
}


class Generator:
    """One question over fields without meaning; all of its choices come from the seed."""

    words: Mapping[Path, tuple[str, ...]] = {}
    """For some fields, words of their own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        count = self.random.choice((1, 1, 2, 2, 3))
        self.paths = self.random.choices(_PATHS, _WEIGHTS, k=count)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def question(self) -> Question:
        required = self.condition(self.random.choice((1, 2, 3, 4)))
        plans: tuple[Callable[[Formula], list[Formula]], ...] = (
            self.relaxed,
            self.split,
            self.alternatives,
            self.unrelated,
        )
        plan = self.random.choices(plans, (4, 3, 2, 1))[0]
        deployed = plan(required)
        if self.chance(0.35):
            number = self.random.randrange(len(deployed))
            deployed[number] = self.damaged(deployed[number])
        if self.chance(0.2):
            required = Both((required, self.atom()))
        if len(deployed) < 3 and self.chance(0.15):
            deployed.append(self.condition(2))
        self.random.shuffle(deployed)
        limited = [_limited(each) for each in (required, *deployed)]
        return Question(limited[0], tuple(limited[1:]), self.facts())

    def facts(self) -> Facts:
        """For most fields, kinds. A field below `c` may always be missing: so may `c`."""
        found: dict[Path, tuple[tuple[str, ...], None]] = {}
        for path in dict.fromkeys(self.paths):
            if path in _FIELDS and self.chance(0.7):
                kinds = self.random.choices(_KINDS, (6, 6, 3, 3, 2, 1, 1))[0]
                nested = len(path) > 1 and "missing" not in kinds
                found[path] = ((*kinds, "missing") if nested else kinds, None)
        return found

    def condition(self, leaves: int) -> Formula:
        if leaves == 1:
            return self.atom()
        left = self.random.randint(1, leaves - 1)
        parts = (self.condition(left), self.condition(leaves - left))
        return Both(parts) if self.chance(0.5) else Either(parts)

    def atom(self) -> Atom:
        path = self.random.choice(self.paths)
        form = self.random.choices(("word", "number", "expression", "is", "absent"), (50, 16, 14, 10, 10))[0]
        match form:
            case "word":
                relation = Relation.EQ if self.chance(0.65) else Relation.NE
                return Atom(path, relation, Word(self.random.choice(self.words.get(path, _WORDS))))
            case "number":
                relation = self.random.choice((Relation.EQ, Relation.NE, *_ORDERS))
                return Atom(path, relation, Quantity(self.random.choice(_NUMBERS)))
            case "expression":
                relation = Relation.EQ if self.chance(0.65) else Relation.NE
                return Atom(path, relation, Expression(self.expression()))
            case "is":
                return Atom(path, self.random.choice((Relation.NULL, Relation.TRUE, Relation.FALSE)))
            case _:
                return Atom(path, Relation.ABSENT)

    def expression(self) -> str:
        branches = []
        for _ in range(self.random.choice((1, 1, 1, 2))):
            pieces = [
                self.random.choice(_PIECES) + self.random.choice(_COUNTS) for _ in range(self.random.randint(1, 3))
            ]
            branch = "".join(pieces)
            branches.append(("^" if self.chance(0.4) else "") + branch + ("$" if self.chance(0.4) else ""))
        return "|".join(branches)

    # ------------------------------------------------------------------- deployed patterns

    def relaxed(self, required: Formula) -> list[Formula]:
        formula = required
        for _ in range(self.random.randint(0, 3)):
            formula = self.wider(formula)
        return [formula]

    def wider(self, formula: Formula) -> Formula:
        if self.chance(0.2):
            return Either((formula, self.atom()))
        if isinstance(formula, Atom):
            return self.wider_atom(formula)
        if isinstance(formula, Both) and self.chance(0.4):
            return self.random.choice(formula.parts)
        parts = list(formula.parts)
        number = self.random.randrange(len(parts))
        parts[number] = self.wider(parts[number])
        return replace(formula, parts=tuple(parts))

    def wider_atom(self, atom: Atom) -> Atom:
        operand = atom.operand
        if isinstance(operand, Word) and atom.relation is Relation.EQ:
            core = operand.text.strip("*")
            cut = self.random.randint(0, len(core))
            texts = (f"{core[:cut]}*", f"*{core[cut:]}", f"*{core[cut:]}*" if core[cut:] else "*", "*")
            return replace(atom, operand=Word(self.random.choice(texts)))
        if isinstance(operand, Quantity):
            wider = {Relation.EQ: Relation.GE, Relation.LT: Relation.LE, Relation.GT: Relation.GE}
            return replace(atom, relation=wider.get(atom.relation, atom.relation))
        if isinstance(operand, Expression):
            return replace(atom, operand=Expression(operand.source.replace("^", "").replace("[a]", "[^a]") or "a*"))
        return atom

    def split(self, required: Formula) -> list[Formula]:
        """Required in two cases of some condition, and, mostly, what neither case holds."""
        atom = self.atom()
        other = self.opposite(atom)
        found: list[Formula] = [Both((required, atom)), Both((required, other))]
        gaps: list[Formula] = [Atom(atom.path, Relation.ABSENT), Atom(atom.path, Relation.NULL)]
        if self.chance(0.7):
            found.append(Either(tuple(gaps)) if self.chance(0.6) else self.random.choice(gaps))
        if self.chance(0.3):
            return [Either(tuple(found))]
        return found

    def opposite(self, atom: Atom) -> Formula:
        if atom.relation in _OPPOSITE:
            return replace(atom, relation=_OPPOSITE[atom.relation])
        if atom.relation is Relation.ABSENT:
            return Atom(atom.path, Relation.EQ, Word("*"))
        others = {Relation.NULL, Relation.TRUE, Relation.FALSE} - {atom.relation}
        return Atom(atom.path, self.random.choice(sorted(others, key=str)))

    def alternatives(self, required: Formula) -> list[Formula]:
        if not isinstance(required, Either):
            return self.relaxed(required)
        found = [self.wider(part) if self.chance(0.4) else part for part in required.parts]
        return found[:3] if len(found) <= 3 else [*found[:2], Either(tuple(found[2:]))]

    def unrelated(self, required: Formula) -> list[Formula]:
        return [self.condition(self.random.randint(1, 3)) for _ in range(self.random.randint(1, 3))]

    def damaged(self, formula: Formula) -> Formula:
        if isinstance(formula, Atom):
            if formula.relation in _OPPOSITE and isinstance(formula.operand, Quantity) and self.chance(0.5):
                return replace(formula, relation=self.random.choice((Relation.EQ, *_ORDERS)))
            return self.atom()
        parts = list(formula.parts)
        number = self.random.randrange(len(parts))
        if self.chance(0.3):
            return Both((formula, self.atom()))
        parts[number] = self.damaged(parts[number])
        return replace(formula, parts=tuple(parts))


def _limited(formula: Formula) -> Formula:
    """The formula with no more regular expressions than AWS takes in a pattern, which is two."""
    found = [atom for atom in atoms(formula) if isinstance(atom.operand, Expression)]
    return formula if len(found) <= 2 else _exchanged(formula, found[:2])


def _exchanged(formula: Formula, kept: list[Atom]) -> Formula:
    if isinstance(formula, Atom):
        if isinstance(formula.operand, Expression):
            if formula in kept:
                kept.remove(formula)
            else:
                return replace(formula, operand=Word("*b*"))
        return formula
    return replace(formula, parts=tuple(_exchanged(part, kept) for part in formula.parts))


def question(seed: int) -> Question:
    return Generator(seed).question()
