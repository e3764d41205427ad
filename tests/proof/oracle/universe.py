"""Dense universes of concrete records, and what a formula answers on all of them at once.

A universe is every combination of some values for each of its fields. An answer on a universe is two sets of records,
as the bits of two numbers: those on which the formula surely holds and those on which it surely does not. What lies in
neither is open. Formulas are then joined by a few operations on numbers, and twenty thousand questions over thousands
of records each take seconds.

`escaping` decides the open answers in every way. What wildcard selectors reach, whether a string or a boolean is taken
for a number, whether decimals or doubles are compared, how a number is written, and whether null, booleans and numbers
are read as text, is one thing each for all conditions. Apart from that an atom that is open on a record may turn out
true or false there, `!=` as the reverse of `=`, and of a wildcard selector as of the field that it reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from tests.filter_pattern.service.answers import judged, parsed
from tests.filter_pattern.service.open_points import OpenPoint, Reading
from tests.filter_pattern.service.patterns import Atom, Both, Expression, Figure, Formula, Wild, Word, atoms

__all__ = ["ABSENT", "Universe"]

ABSENT = "(absent)"
"""A field without a value."""

Told: TypeAlias = tuple[tuple[OpenPoint, bool], ...]
_WILDCARDS = (
    OpenPoint.WILD_NE_ANY,
    OpenPoint.WILD_NOT_EXISTS,
    OpenPoint.WILD_OTHER_KIND,
    OpenPoint.WILD_DEEPER,
)
_NUMBERS = (OpenPoint.NUMBER_ON_STRING, OpenPoint.NUMBER_ON_BOOLEAN, OpenPoint.HUGE_NUMBER)
_TEXTS = (OpenPoint.BOOLEAN_AS_TEXT, OpenPoint.NULL_AS_TEXT, OpenPoint.SPELLING)


@dataclass(frozen=True)
class Known:
    """The records on which something surely holds, and those on which it surely does not."""

    yes: int
    no: int

    def told(self, truth: bool, everything: int) -> Known:
        """With what is open decided so."""
        open_ = everything & ~(self.yes | self.no)
        return Known(self.yes | open_, self.no) if truth else Known(self.yes, self.no | open_)


class Universe:
    """`fields` says of each top-level field which JSON texts it may have."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = fields
        self.messages = [_message(dict(zip(fields, values, strict=True))) for values in product(*fields.values())]
        self.all = (1 << len(self.messages)) - 1
        self._values = {name: [parsed(_message({name: value})) for value in values] for name, values in fields.items()}
        self._of_value: dict[tuple[str, int], int] = {}
        for number, values in enumerate(product(*(range(len(each)) for each in fields.values()))):
            for name, value in zip(fields, values, strict=True):
                self._of_value[name, value] = self._of_value.get((name, value), 0) | 1 << number
        self._answers: dict[tuple[Atom, Told], Known] = {}

    def where(self, field: str, texts: Sequence[str]) -> int:
        """The records whose field has one of the JSON texts."""
        chosen = (self._of_value[field, number] for number, text in enumerate(self.fields[field]) if text in texts)
        return _union(chosen)

    def answer(self, atom: Atom, told: Told = ()) -> Known:
        concerning = _points(atom)
        told = tuple((point, truth) for point, truth in told if point in concerning)
        known = self._answers.get((atom, told))
        if known is None:
            known = self._answers[atom, told] = self._judged(atom, dict(told))
        return known

    def _judged(self, atom: Atom, reading: Reading) -> Known:
        """By the field that the atom is about; of any field, by each: it holds where it holds of one."""
        names = self.fields if isinstance(atom.path[0], Wild) else [str(atom.path[0])]
        yes, no = 0, self.all
        for name in names:
            told = [
                (judged(atom, record, reading), self._of_value[name, number])
                for number, record in enumerate(self._values[name])
            ]
            yes |= _union(bits for answer, bits in told if answer is True)
            no &= _union(bits for answer, bits in told if answer is False)
        return Known(yes, no)

    def missed(self, required: Formula, deployed: Sequence[Formula]) -> int:
        """The records that are surely required and surely escape."""
        known = {atom: self.answer(atom) for formula in (required, *deployed) for atom in atoms(formula)}
        escaped = (_joined(each, known, self.all).no for each in deployed)
        return _meet(escaped, _joined(required, known, self.all).yes)

    def escaping(self, required: Formula, deployed: Sequence[Formula], within: int) -> int:
        """Records that are required and escape if open answers turn out so; none where none is."""
        leaves = sorted({atom for formula in (required, *deployed) for atom in atoms(formula)}, key=str)
        if not self._decided(required, deployed, within, {atom: self.answer(atom) for atom in leaves}):
            return 0
        points = list(dict.fromkeys(point for atom in leaves for point in _points(atom)))
        for truths in product((True, False), repeat=len(points)):
            told = tuple(zip(points, truths, strict=True))
            found = self._decided(required, deployed, within, {atom: self.answer(atom, told) for atom in leaves})
            if found:
                return found
        return 0

    def _decided(self, required: Formula, deployed: Sequence[Formula], within: int, known: Mapping[Atom, Known]) -> int:
        """The same, deciding one open answer after the other as long as a record may escape."""
        within &= ~_joined(required, known, self.all).no
        for each in deployed:
            within &= ~_joined(each, known, self.all).yes
        if not within:
            return 0
        open_ = next((atom for atom, one in known.items() if within & ~(one.yes | one.no)), None)
        if open_ is None:
            return within
        for told in (True, False):
            decided = dict(known)
            for atom, one in known.items():
                if _decided_together(atom, open_):
                    decided[atom] = one.told(told is (atom.relation == open_.relation), self.all)
            found = self._decided(required, deployed, within, decided)
            if found:
                return found
        return 0

    def first(self, bits: int) -> str:
        """One of the records."""
        return self.messages[(bits & -bits).bit_length() - 1]


def _joined(formula: Formula, known: Mapping[Atom, Known], everything: int) -> Known:
    if isinstance(formula, Atom):
        return known[formula]
    yes, no = (everything, 0) if isinstance(formula, Both) else (0, everything)
    for part in formula.parts:
        one = _joined(part, known, everything)
        yes, no = (yes & one.yes, no | one.no) if isinstance(formula, Both) else (yes | one.yes, no & one.no)
    return Known(yes, no)


def _decided_together(one: Atom, other: Atom) -> bool:
    """Whether an open answer of one settles the other: the same comparison, or its reverse, of what both find."""
    if one.operand != other.operand or {one.relation, other.relation} - {"=", "!="}:
        return one == other
    return one.path == other.path or _wild(one) or _wild(other)


def _points(atom: Atom) -> tuple[OpenPoint, ...]:
    """The open points that are one thing for all conditions, and that the atom may hang on."""
    wildcards = _WILDCARDS if _wild(atom) else ()
    match atom.operand:
        case Figure():
            return (*wildcards, *_NUMBERS)
        case Word() | Expression():
            return (*wildcards, *_TEXTS)
        case None:
            return wildcards


def _wild(atom: Atom) -> bool:
    return any(isinstance(step, Wild) for step in atom.path)


def _message(values: Mapping[str, str]) -> str:
    members = (f"{json.dumps(name)}:{value}" for name, value in values.items() if value != ABSENT)
    return "{" + ",".join(members) + "}"


def _union(sets: Iterator[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found


def _meet(sets: Iterator[int], everything: int) -> int:
    for each in sets:
        everything &= each
    return everything
