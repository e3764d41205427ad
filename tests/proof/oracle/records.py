"""A record as z3 sees it: the places that patterns speak of, what is known of them, and what the patterns answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import z3

from .language import Atom, Both, Formula, Path, Relation, atoms
from .places import (
    ARRAY,
    FALSE,
    KINDS_BY_NAME,
    MISSING,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    TRUE,
    Answer,
    Kind,
    Place,
    judged,
)
from .texts import PLAIN, Z3, expression

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
            path: Place(z3.Const(f"kind {path}", Kind), z3.Const(f"text {path}", z3.StringSort()))
            for path in self.paths
        }
        self.facts = facts

    def laws(self) -> Iterator[Z3]:
        """A place is there only below an object or array, an index only after those before it."""
        for path, place in self.places.items():
            absent = place.is_(MISSING)
            yield z3.Or(place.kind != NUMBER, z3.InRe(place.text, PLAIN))
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
                yield place.is_(*(KINDS_BY_NAME[kind] for kind in kinds))
                if language is not None:
                    whole = "|".join(f"^{branch}$" for branch in language.split("|"))
                    yield z3.Or(place.kind != STRING, z3.InRe(place.text, expression(whole).equal))

    def is_(self, message: str) -> Iterator[Z3]:
        """That the record is this message."""
        record = json.loads(message, parse_int=_Written, parse_float=_Written)
        for path, place in self.places.items():
            kind, text = _found(record, path)
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
                yield z3.Or(one, two, z3.Not(self.places[atom.path].is_(STRING, NUMBER)))

    def reading(self, formula: Formula) -> Z3:
        """The formula under some reading of what is not documented: each atom has one answer."""
        if isinstance(formula, Atom):
            answer = self.answer(formula)
            return z3.Or(answer.holds, z3.And(z3.Not(answer.fails), z3.Bool(f"reading of {formula}")))
        parts = [self.reading(part) for part in formula.parts]
        return z3.And(*parts) if isinstance(formula, Both) else z3.Or(*parts)


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
