"""What an atom answers for a place of a record, as formulas for z3.

Each place has a kind (missing, null, true, false, number, other number, string, object, array), a text, that of the
string or number, and a value, that of the other number: one that is not written in plain decimal notation, of which
nobody knows how AWS writes it. Every condition on a text is membership in a regular language; so z3 decides them by
derivatives, without guessing.

Each atom has two formulas: it certainly holds, it certainly does not. Where neither is true AWS documents nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt

import z3

from .language import Atom, Expression, Quantity, Relation, Word
from .texts import (
    Z3,
    any_of,
    compared,
    complement,
    expression,
    just,
    may_read,
    reads_as,
    row,
    word_on_number,
    word_on_string,
)

__all__ = ["COMPARE", "KINDS_BY_NAME", "Answer", "Place", "judged"]

Kind, KINDS = z3.EnumSort(
    "Kind", ["missing", "null", "true", "false", "number", "other number", "string", "object", "array"]
)
MISSING, NULL, TRUE, FALSE, NUMBER, OTHER_NUMBER, STRING, OBJECT, ARRAY = KINDS
KINDS_BY_NAME = {str(kind): (kind,) for kind in KINDS} | {"number": (NUMBER, OTHER_NUMBER)}
COMPARE = {Relation.EQ: eq, Relation.LT: lt, Relation.LE: le, Relation.GT: gt, Relation.GE: ge}


@dataclass(frozen=True, slots=True)
class Answer:
    """Formulas for an atom, or a pattern, that certainly holds and that certainly does not."""

    holds: Z3
    fails: Z3


@dataclass(frozen=True, slots=True)
class Place:
    kind: Z3
    text: Z3
    value: Z3

    def is_(self, *kinds: Z3) -> Z3:
        return z3.Or(*(self.kind == kind for kind in kinds))

    def within(self, kind: Z3, language: Z3) -> Z3:
        return z3.And(self.kind == kind, z3.InRe(self.text, language))


def judged(atom: Atom, place: Place) -> Answer:
    match atom.relation:
        case Relation.ABSENT:
            return Answer(place.is_(MISSING), place.is_(*KINDS[1:]))
        case Relation.NULL:
            return Answer(place.is_(NULL), z3.Not(place.is_(NULL)))
        case Relation.TRUE | Relation.FALSE:
            wanted = TRUE if atom.relation is Relation.TRUE else FALSE
            letters = [any_of(just(each), just(each.upper())) for each in str(wanted)]
            doubtful = place.within(STRING, row(*letters))
            return Answer(place.is_(wanted), z3.And(z3.Not(place.is_(wanted)), z3.Not(doubtful)))
        case Relation.EQ:
            return _equality(atom, place)
        case Relation.NE:
            equality = _equality(atom, place)
            scalar = place.is_(STRING, NUMBER, OTHER_NUMBER)
            nothing = place.is_(MISSING, OBJECT, ARRAY)
            return Answer(z3.And(scalar, equality.fails), z3.Or(nothing, z3.And(scalar, equality.holds)))
        case _:
            return _order(atom, place)


def _order(atom: Atom, place: Place) -> Answer:
    """Numbers only. A string that reads as the literal, and true and false read as 1 and 0, are left open."""
    assert isinstance(atom.operand, Quantity)
    value = Decimal(atom.operand.text)
    wanted = compared(atom.relation, value)
    compare = COMPARE[atom.relation]
    other = compare(place.value, z3.RealVal(format(value, "f")))
    fails = [MISSING, NULL, OBJECT, ARRAY]
    fails += [kind for kind, bit in ((TRUE, 1), (FALSE, 0)) if not compare(bit, value)]
    return Answer(
        z3.Or(place.within(NUMBER, wanted), z3.And(place.is_(OTHER_NUMBER), other)),
        z3.Or(
            place.is_(*fails),
            z3.And(place.is_(OTHER_NUMBER), z3.Not(other)),
            place.within(NUMBER, complement(wanted)),
            place.within(STRING, complement(reads_as(atom.operand.text))),
        ),
    )


def _equality(atom: Atom, place: Place) -> Answer:
    match atom.operand:
        case Quantity():
            return _order(replace(atom, relation=Relation.EQ), place)
        case Expression(source):
            return _search(source, place)
        case Word(text):
            return _word(text, place)
        case None:
            raise ValueError("a comparison has an operand")


def _search(source: str, place: Place) -> Answer:
    """Strings; of anything else it is open whether an expression sees it as JSON writes it."""
    split = expression(source)
    fails = [MISSING, OBJECT, ARRAY]
    fails += [kind for kind in (NULL, TRUE, FALSE) if not _contains(split.equal, str(kind))]
    return Answer(
        place.within(STRING, split.equal),
        z3.Or(place.is_(*fails), place.within(STRING, split.unequal), place.within(NUMBER, split.unequal)),
    )


def _contains(language: Z3, text: str) -> bool:
    return bool(z3.is_true(z3.simplify(z3.InRe(z3.StringVal(text), language))))


def _word(word: str, place: Place) -> Answer:
    """Strings, and numbers as they are written; null, true and false are open where the word would fit."""
    string, number = word_on_string(word), word_on_number(word)
    fails = [MISSING]
    if word != "*":
        fails += [OBJECT, ARRAY]
    fails += [kind for kind in (NULL, TRUE, FALSE) if not may_read(word, str(kind)) and (word or kind is not NULL)]
    return Answer(
        z3.Or(
            place.within(STRING, string.equal),
            place.within(NUMBER, number.equal),
            z3.And(place.is_(OTHER_NUMBER), word == "*"),
        ),
        z3.Or(
            place.is_(*fails),
            place.within(STRING, string.unequal),
            place.within(NUMBER, number.unequal),
            z3.And(place.is_(OTHER_NUMBER), _never_written(word, place)),
        ),
    )


def _never_written(word: str, place: Place) -> Z3:
    """That no way to write the other number is the word; a `*` may stand for much."""
    if not re.fullmatch(r"[0-9eE.+*-]+", word):
        return z3.BoolVal(True)
    if "*" in word:
        return z3.BoolVal(False)
    try:
        return place.value != z3.RealVal(format(Decimal(word), "f"))
    except InvalidOperation:
        return z3.BoolVal(True)
