"""A record as z3 sees it: the places that patterns speak of, what is known of them, and what the patterns answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import z3

from .language import Atom, Both, Expression, Formula, Path, Quantity, Relation, Word, atoms
from .places import (
    ARRAY,
    COMPARE,
    FALSE,
    KINDS_BY_NAME,
    MISSING,
    NULL,
    NUMBER,
    OBJECT,
    OTHER_NUMBER,
    STRING,
    TRUE,
    Answer,
    Kind,
    Place,
    judged,
)
from .texts import NUMERAL, PLAIN, Z3, expression, word_on_number, word_on_string

__all__ = ["CLOUDTRAIL", "Facts", "Record"]

Facts = Mapping[Path, tuple[tuple[str, ...], str | None]]
"""What is known of a place: the kinds it may have, and, of a string, an expression for all of it."""

_STRING, _MAYBE = (("string",), None), (("string", "missing"), None)
CLOUDTRAIL: Facts = {
    **dict.fromkeys([("eventTime",), ("eventVersion",), ("eventSource",), ("eventName",)], _STRING),
    **dict.fromkeys([("sourceIPAddress",), ("requestID",), ("eventID",)], _STRING),
    **dict.fromkeys([("userAgent",), ("apiVersion",), ("vpcEndpointId",), ("sharedEventID",)], _MAYBE),
    **dict.fromkeys([("userIdentity", name) for name in ("type", "principalId", "arn", "accountId")], _MAYBE),
    **dict.fromkeys([("userIdentity", name) for name in ("accessKeyId", "userName", "invokedBy")], _MAYBE),
    ("userIdentity", "identityProvider"): _MAYBE,
    ("userIdentity",): (("object",), None),
    ("awsRegion",): (("string",), "[a-z][a-z]+-[a-z][a-z-]*-[0-9]"),
    ("recipientAccountId",): (("string", "missing"), "111122223333"),
    ("requestParameters",): (("object", "null"), None),
    ("responseElements",): (("null",), None),
    ("managementEvent",): (("true", "missing"), None),
    ("readOnly",): (("false", "missing"), None),
    ("eventType",): (("string",), "AwsApiCall"),
    ("eventCategory",): (("string",), "Management"),
    ("errorCode",): (("missing",), None),
    ("errorMessage",): (("missing",), None),
}
"""A successful call that changes AWS Config, in account 111122223333 (CloudTrail user guide, record contents)."""


class Record:
    """The places of a record that some patterns speak of, and the tree that they make."""

    def __init__(self, formulas: Sequence[Formula], facts: Facts) -> None:
        self.formulas = formulas
        spoken = {atom.path for formula in formulas for atom in atoms(formula)}
        self.paths = sorted({path[:end] for path in spoken for end in range(1, len(path) + 1)}, key=str)
        self.places = {
            path: Place(
                z3.Const(f"kind {path}", Kind), z3.Const(f"text {path}", z3.StringSort()), z3.Real(f"value {path}")
            )
            for path in self.paths
        }
        self.facts = facts

    def laws(self) -> Iterator[Z3]:
        """A place is there only below an object or array, an index only after those before it."""
        for path, place in self.places.items():
            absent = place.is_(MISSING)
            yield z3.Implies(place.is_(NUMBER), z3.InRe(place.text, PLAIN))
            yield z3.Implies(place.is_(OTHER_NUMBER), z3.InRe(place.text, NUMERAL))
            if len(path) == 1:
                if isinstance(path[0], int):
                    yield absent
            else:
                wanted = ARRAY if isinstance(path[-1], int) else OBJECT
                yield z3.Or(absent, self.places[path[:-1]].kind == wanted)
            for other, later in self.places.items():
                if other[:-1] == path[:-1] and isinstance(path[-1], int) and isinstance(other[-1], int):
                    yield z3.Or(other[-1] <= path[-1], z3.Not(absent), later.is_(MISSING))
            if path in self.facts:
                kinds, language = self.facts[path]
                yield place.is_(*(kind for name in kinds for kind in KINDS_BY_NAME[name]))
                if language is not None:
                    whole = "|".join(f"^{branch}$" for branch in language.split("|"))
                    yield z3.Or(place.kind != STRING, z3.InRe(place.text, expression(whole).equal))

    def is_(self, message: str) -> Iterator[Z3]:
        """That the record is this message."""
        record = json.loads(message, parse_int=_Written, parse_float=_Written)
        for path, place in self.places.items():
            kind, text = _found(record, path)
            if text is not None and z3.eq(kind, NUMBER) and not _is_plain(text):
                yield place.kind == OTHER_NUMBER
                yield place.value == z3.RealVal(format(Decimal(text), "f"))
                continue
            yield place.kind == kind
            if text is not None:
                yield place.text == z3.StringVal(text)

    def answer(self, formula: Formula) -> Answer:
        if isinstance(formula, Atom):
            return judged(formula, self.places[formula.path])
        parts = [self.answer(part) for part in formula.parts]
        holds, fails = [part.holds for part in parts], [part.fails for part in parts]
        if isinstance(formula, Both):
            return Answer(z3.And(*holds), z3.Or(*fails))
        return Answer(z3.Or(*holds), z3.And(*fails))

    def reversals(self) -> Iterator[Z3]:
        """`=` and `!=` with one operand never hold both, and on a string or number one of them does."""
        spoken = {atom for formula in self.formulas for atom in atoms(formula)}
        for atom in spoken:
            other = replace(atom, relation=Relation.NE)
            if atom.relation is Relation.EQ and other in spoken:
                one, two = self.reading(atom), self.reading(other)
                yield z3.Not(z3.And(one, two))
                yield z3.Or(one, two, z3.Not(self.places[atom.path].is_(STRING, NUMBER, OTHER_NUMBER)))
            match atom.operand:
                case Quantity():
                    yield from self.open_number(atom, atom.operand)
                case Word() | Expression():
                    yield from self.open_text(atom, atom.operand)
                case None:
                    pass

    def open_number(self, atom: Atom, literal: Quantity) -> Iterator[Z3]:
        """Whether `=` and the orderings take a string for a literal, or true and false for 1 and 0, is a question each.

        What `=` takes for a number is ordered as one.
        """
        place, free = self.places[atom.path], _free(atom)
        for kinds, about in ((STRING,), literal.text), ((TRUE, FALSE), ""):
            equal, ordered = z3.Bool(f"{kinds} {atom.path} {about} ="), z3.Bool(f"{kinds} {atom.path} {about} <=")
            yield z3.Implies(equal, ordered)
            for kind in kinds:
                yield z3.Implies(place.is_(kind), _taken(atom.relation, kind, literal, free, equal, ordered))

    def open_text(self, atom: Atom, operand: Word | Expression) -> Iterator[Z3]:
        """Whether expressions see numbers, and words and expressions true, false and null, is a question each.

        Words see a number's text, and of another number they all see one and the same.
        """
        place, free, different = self.places[atom.path], _free(atom), atom.relation is Relation.NE
        seen = z3.Bool(f"{type(operand).__name__} sees {atom.path}")
        equal = z3.Not(free) if different else free
        if isinstance(operand, Expression):
            matches = z3.InRe(place.text, expression(operand.source).equal)
            yield z3.Implies(place.is_(NUMBER, OTHER_NUMBER), equal == z3.And(seen, matches))
            on_string = expression(operand.source)
        else:
            split, on_string = word_on_number(operand.text), word_on_string(operand.text)
            possible, certain = z3.Not(z3.InRe(place.text, split.unequal)), z3.InRe(place.text, split.equal)
            yield z3.Implies(place.is_(OTHER_NUMBER), z3.And(z3.Implies(equal, possible), z3.Implies(certain, equal)))
        for kind in (TRUE, FALSE, NULL):
            if z3.is_true(z3.simplify(z3.InRe(z3.StringVal(str(kind)), on_string.equal))):
                yield z3.Implies(place.is_(kind), z3.Not(z3.And(free, seen)) if different else free == seen)

    def reading(self, formula: Formula) -> Z3:
        """The formula under some reading of what is not documented: each atom has one answer."""
        if isinstance(formula, Atom):
            answer = self.answer(formula)
            return z3.Or(answer.holds, z3.And(z3.Not(answer.fails), _free(formula)))
        parts = [self.reading(part) for part in formula.parts]
        return z3.And(*parts) if isinstance(formula, Both) else z3.Or(*parts)


def _free(atom: Atom) -> Z3:
    """The answer of an atom where AWS documents none."""
    return z3.Bool(f"reading of {atom}")


def _taken(relation: Relation, kind: Z3, literal: Quantity, free: Z3, equal: Z3, ordered: Z3) -> Z3:
    """What an undocumented answer has to do with whether the place is taken for a number."""
    value = Decimal(literal.text)
    read = value if z3.eq(kind, STRING) else Decimal(z3.eq(kind, TRUE))
    if relation is Relation.NE:
        return (
            z3.BoolVal(True)
            if read != value
            else free == z3.Not(equal)
            if z3.eq(kind, STRING)
            else z3.Not(z3.And(free, equal))
        )
    if z3.eq(kind, STRING) and relation in (Relation.LT, Relation.GT):
        return z3.Not(free)
    if not COMPARE[relation](read, value):
        return z3.BoolVal(True)
    return free == (equal if relation is Relation.EQ else ordered)


def _is_plain(text: str) -> bool:
    return bool(z3.is_true(z3.simplify(z3.InRe(z3.StringVal(text), PLAIN))))


class _Written(str):
    """A number of a message, as it is written there."""

    __slots__ = ()


def _found(record: Any, path: Path) -> tuple[Z3, str | None]:
    for step in path:
        named = isinstance(step, str) and isinstance(record, dict) and step in record
        counted = isinstance(step, int) and isinstance(record, list) and step < len(record)
        if not (named or counted):
            return MISSING, None
        record = record[step]
    match record:
        case None:
            return NULL, None
        case bool():
            return (TRUE if record else FALSE), None
        case _Written():
            return NUMBER, str(record)
        case str():
            return STRING, record
        case dict():
            return OBJECT, None
        case _:
            return ARRAY, None
