r"""What a record answers, as formulas for z3, and the question of coverage.

A record is encoded by the places that the patterns speak of. Each place has a kind (missing, null, true, false, number,
string, object, array) and a text: the string itself, or the number as it is written. Every condition on a text is
membership in a regular language, the order of numbers included; so z3 decides them by derivatives, without guessing.

Each atom has two formulas: it certainly holds, it certainly does not. Where neither is true AWS documents nothing.

    COVERED   no record, whatever the undocumented answers are, is required and escapes; one atom has one answer, and
              `!=` is the reverse of `=`
    MISSED    some record is, for certain, required and escapes
    OPEN      neither: the answer hangs on what AWS does not document

Numbers are those in plain decimal notation, without needless zeros: a number then has one text. Texts are of any
characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import eq, ge, gt, le, lt
from typing import Any

import z3

from .language import Atom, Both, Expression, Formula, Path, Quantity, Relation, Word, atoms

__all__ = ["CLOUDTRAIL", "Facts", "Judgement", "confirms", "decide"]

Z3 = Any
"""z3 has no types of its own."""


class Judgement(Enum):
    COVERED = "covered"
    MISSED = "missed"
    OPEN = "not documented"
    GAVE_UP = "z3 ran out of time"


_Kind, _KINDS = z3.EnumSort("Kind", ["missing", "null", "true", "false", "number", "string", "object", "array"])
MISSING, NULL, TRUE, FALSE, NUMBER, STRING, OBJECT, ARRAY = _KINDS
_NAMES = dict(zip(("missing", "null", "true", "false", "number", "string", "object", "array"), _KINDS, strict=True))

# --------------------------------------------------------------------------- languages of texts

_SORT = z3.ReSort(z3.StringSort())
_CHAR = z3.AllChar(_SORT)
_ALL = z3.Full(_SORT)
_NONE = z3.Empty(_SORT)


def _text(text: str) -> Z3:
    return z3.Re(z3.StringVal(text))


_EMPTY = _text("")


def _row(*parts: Z3) -> Z3:
    return parts[0] if len(parts) == 1 else z3.Concat(*parts) if parts else _EMPTY


def _any(*parts: Z3) -> Z3:
    return parts[0] if len(parts) == 1 else z3.Union(*parts) if parts else _NONE


def _not(language: Z3) -> Z3:
    return z3.Complement(language)


def _and(*parts: Z3) -> Z3:
    return z3.Intersect(*parts)


def _range(first: str, last: str) -> Z3:
    return z3.Range(first, last) if first <= last else _NONE


_DIGIT = _range("0", "9")
_NATURAL = _any(_text("0"), _row(_range("1", "9"), z3.Star(_DIGIT)))
_FRACTION = _row(_text("."), z3.Star(_DIGIT), _range("1", "9"))
_MAGNITUDE = _row(_NATURAL, z3.Option(_FRACTION))
_PLAIN = _any(_MAGNITUDE, _row(_text("-"), _and(_MAGNITUDE, _not(_text("0")))))


def _plain(value: Decimal) -> str:
    """The one plain text of a number."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _greater_magnitude(value: Decimal) -> Z3:
    """Texts of `_MAGNITUDE` above a value of at least 0: longer, or the same up to a digit that is higher."""
    whole, _, decimals = _plain(value).partition(".")
    found = [_row(_range("1", "9"), *[_DIGIT] * len(whole), z3.Star(_DIGIT), z3.Option(_FRACTION))]
    for place, digit in enumerate(whole):
        rest = [_DIGIT] * (len(whole) - place - 1)
        found.append(_row(_text(whole[:place]), _higher(digit), *rest, z3.Option(_FRACTION)))
    for place, digit in enumerate(decimals):
        found.append(_row(_text(f"{whole}.{decimals[:place]}"), _higher(digit), z3.Option(_TAIL)))
    found.append(_row(_text(f"{whole}.{decimals}"), _TAIL))
    return _any(*found)


_TAIL = _row(z3.Star(_DIGIT), _range("1", "9"))
"""More decimals, the last of them not 0."""


def _higher(digit: str) -> Z3:
    return _range(chr(ord(digit) + 1), "9")


@cache
def _greater(value: Decimal) -> Z3:
    """Texts of numbers above a value."""
    if value >= 0:
        return _greater_magnitude(value)
    lower = _and(_MAGNITUDE, _not(_greater_magnitude(-value)), _not(_text(_plain(-value))))
    return _any(_MAGNITUDE, _and(_row(_text("-"), lower), _PLAIN))


@cache
def _equal(value: Decimal) -> Z3:
    return _text(_plain(value))


@cache
def _compared(relation: Relation, value: Decimal) -> Z3:
    """Texts of numbers that stand in an order to a value."""
    match relation:
        case Relation.GT:
            return _greater(value)
        case Relation.GE:
            return _any(_greater(value), _equal(value))
        case Relation.LE:
            return _and(_PLAIN, _not(_greater(value)))
        case Relation.LT:
            return _and(_PLAIN, _not(_greater(value)), _not(_equal(value)))
        case _:
            return _equal(value)


@cache
def _reads_as(literal: str) -> Z3:
    """Strings that read as the number of an unquoted literal: what AWS answers for them is not known."""
    value = Decimal(literal)
    whole, _, decimals = _plain(abs(value)).partition(".")
    sign = z3.Option(_any(_text("+"), _text("-"))) if value == 0 else _text("-") if value < 0 else z3.Option(_text("+"))
    zeros = z3.Star(_text("0"))
    fraction = _row(_text("." + decimals), zeros) if decimals else z3.Option(_row(_text("."), zeros))
    power = z3.Option(_row(_any(_text("e"), _text("E")), z3.Option(_any(_text("+"), _text("-"))), z3.Plus(_text("0"))))
    space = z3.Star(_any(_text(" "), _text("\t"), _text("\n")))
    return _any(_row(space, sign, zeros, _text(whole), fraction, power, space), _text(literal))


# --------------------------------------------------------------------------- words and expressions


@dataclass(frozen=True, slots=True)
class _Split:
    """The texts on which an operand certainly is equal, and those on which it certainly is not."""

    equal: Z3
    unequal: Z3

    @classmethod
    def exact(cls, equal: Z3) -> _Split:
        return cls(equal, _not(equal))


@cache
def _word_on_string(word: str) -> _Split:
    """`*` at the start or end only. A leading one is sure where the rest occurs nowhere but at the end."""
    if word == "*":
        return _Split.exact(_ALL)
    if word.startswith("*") and word.endswith("*"):
        return _Split.exact(_row(_ALL, _text(word[1:-1]), _ALL))
    if word.endswith("*"):
        return _Split.exact(_row(_text(word[:-1]), _ALL))
    if not word.startswith("*"):
        return _Split.exact(_text(word))
    ends = _row(_ALL, _text(word[1:]))
    earlier = _row(_ALL, _text(word[1:]), _CHAR, _ALL)
    return _Split(_and(ends, _not(earlier)), _not(ends))


@cache
def _word_on_number(word: str) -> _Split:
    """The number's text; a `*` within the word was once seen to be a wildcard there, so that case is open."""
    split = _word_on_string(word)
    if "*" not in word[1:-1]:
        return split
    parts = [_text(part) for part in word.split("*")]
    wildcards = _row(*(each for part in parts for each in (part, _ALL)))
    if not word.endswith("*"):
        wildcards = _row(*(each for part in parts[:-1] for each in (part, _ALL)), parts[-1])
    return _Split(_and(split.equal, wildcards), _and(split.unequal, _not(wildcards)))


def _may_read(word: str, text: str) -> bool:
    """Whether some reading of a word's `*` makes it the text, in any case of letters."""
    return re.fullmatch(".*".join(re.escape(part) for part in word.split("*")), text, re.IGNORECASE) is not None


_PIECE = re.compile(
    r"(?P<class>\[\^?(?:\\.|[^\]\\])+\])(?P<count1>[*+?]|\{\d*,?\d*\})?\??"
    r"|(?P<single>\\x[0-9A-Fa-f]{2}|\\.|[^|^$*+?{}\[\]\\])(?P<count2>[*+?]|\{\d*,?\d*\})?\??"
    r"|(?P<anchor>[\^$])"
)
_ANYTHING_BUT_NEWLINE = _and(_CHAR, _not(_text("\n")))


def _single(source: str) -> Z3:
    sets = {
        "d": _DIGIT,
        "w": _any(_DIGIT, _range("a", "z"), _range("A", "Z"), _text("_")),
        "s": _any(_text("\t"), _text("\n"), _text(" ")),
    }
    if source == ".":
        return _ANYTHING_BUT_NEWLINE
    if len(source) == 4:
        return _text(chr(int(source[2:], 16)))
    if len(source) == 2 and source[1] in sets:
        return sets[source[1]]
    if len(source) == 2 and source[1].lower() in sets:
        return _and(_CHAR, _not(sets[source[1].lower()]))
    return _text(source[-1])


def _class(source: str) -> Z3:
    negated = source.startswith("[^")
    items = [
        _range(found[1], found[2]) if found[1] else _single(found[0])
        for found in re.finditer(r"([^\\-])-([^\\\]])|\\x[0-9A-Fa-f]{2}|\\.|.", source[2 if negated else 1 : -1])
    ]
    return _and(_CHAR, _not(_any(*items))) if negated else _any(*items)


def _counted(language: Z3, count: str | None) -> Z3:
    match count:
        case None:
            return language
        case "*":
            return z3.Star(language)
        case "+":
            return z3.Plus(language)
        case "?":
            return z3.Option(language)
        case _:
            least, comma, most = count[1:-1].partition(",")
            if comma and not most:
                return _row(z3.Loop(language, int(least), int(least)), z3.Star(language))
            return z3.Loop(language, int(least or 0), int(most or least))


@cache
def _expression(source: str) -> _Split:
    """An unanchored search. Anchors are read at the ends of a branch only."""
    branches = []
    for branch in re.split(r"(?<!\\)\|(?![^\[]*\])", source):
        pieces = list(_PIECE.finditer(branch))
        if "".join(piece[0] for piece in pieces) != branch:
            raise ValueError(f"the oracle does not read the expression {source!r}")
        row = [_ALL]
        for number, piece in enumerate(pieces):
            if piece["anchor"]:
                if number != (0 if piece["anchor"] == "^" else len(pieces) - 1):
                    raise ValueError(f"the oracle does not read an anchor within {source!r}")
                continue
            one = _class(piece["class"]) if piece["class"] else _single(piece["single"])
            row.append(_counted(one, piece["count1"] or piece["count2"]))
        row.append(_ALL)
        if pieces and pieces[0]["anchor"] == "^":
            row = row[1:]
        if pieces and pieces[-1]["anchor"] == "$":
            row = row[:-1]
        branches.append(_row(*row))
    return _Split.exact(_any(*branches))


# --------------------------------------------------------------------------- atoms


@dataclass(frozen=True, slots=True)
class Answer:
    """Formulas for an atom, or a pattern, that certainly holds and that certainly does not."""

    holds: Z3
    fails: Z3


@dataclass(frozen=True, slots=True)
class Place:
    kind: Z3
    text: Z3

    def is_(self, *kinds: Z3) -> Z3:
        return z3.Or(*(self.kind == kind for kind in kinds))

    def within(self, kind: Z3, language: Z3) -> Z3:
        return z3.And(self.kind == kind, z3.InRe(self.text, language))


def _judged(atom: Atom, place: Place) -> Answer:
    match atom.relation:
        case Relation.ABSENT:
            return Answer(place.is_(MISSING), place.is_(*_KINDS[1:]))
        case Relation.NULL:
            return Answer(place.is_(NULL), z3.Not(place.is_(NULL)))
        case Relation.TRUE | Relation.FALSE:
            wanted = TRUE if atom.relation is Relation.TRUE else FALSE
            letters = [_any(_text(each), _text(each.upper())) for each in str(wanted)]
            doubtful = place.within(STRING, _row(*letters))
            return Answer(place.is_(wanted), z3.And(z3.Not(place.is_(wanted)), z3.Not(doubtful)))
        case Relation.EQ:
            return _equality(atom, place)
        case Relation.NE:
            equality = _equality(atom, place)
            scalar = place.is_(STRING, NUMBER)
            nothing = place.is_(MISSING, OBJECT, ARRAY)
            return Answer(z3.And(scalar, equality.fails), z3.Or(nothing, z3.And(scalar, equality.holds)))
        case _:
            return _order(atom, place)


def _order(atom: Atom, place: Place) -> Answer:
    """Numbers only. A string that reads as the literal, and true and false read as 1 and 0, are left open."""
    assert isinstance(atom.operand, Quantity)
    value = Decimal(atom.operand.text)
    wanted = _compared(atom.relation, value)
    compare = {Relation.LT: lt, Relation.LE: le, Relation.GT: gt, Relation.GE: ge}.get(atom.relation, eq)
    fails = [MISSING, NULL, OBJECT, ARRAY]
    fails += [kind for kind, bit in ((TRUE, 1), (FALSE, 0)) if not compare(bit, value)]
    return Answer(
        place.within(NUMBER, wanted),
        z3.Or(
            place.is_(*fails),
            place.within(NUMBER, _not(wanted)),
            place.within(STRING, _not(_reads_as(atom.operand.text))),
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
    split = _expression(source)
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
    string, number = _word_on_string(word), _word_on_number(word)
    fails = [MISSING]
    if word != "*":
        fails += [OBJECT, ARRAY]
    fails += [kind for kind in (NULL, TRUE, FALSE) if not _may_read(word, str(kind)) and (word or kind is not NULL)]
    return Answer(
        z3.Or(place.within(STRING, string.equal), place.within(NUMBER, number.equal)),
        z3.Or(place.is_(*fails), place.within(STRING, string.unequal), place.within(NUMBER, number.unequal)),
    )


# --------------------------------------------------------------------------- records

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


class _Record:
    """The places of a record that some patterns speak of, and the tree that they make."""

    def __init__(self, formulas: Sequence[Formula], facts: Facts) -> None:
        self.formulas = formulas
        spoken = {atom.path for formula in formulas for atom in atoms(formula)}
        self.paths = sorted({path[:end] for path in spoken for end in range(1, len(path) + 1)}, key=str)
        self.places = {
            path: Place(z3.Const(f"kind {path}", _Kind), z3.Const(f"text {path}", z3.StringSort()))
            for path in self.paths
        }
        self.facts = facts

    def laws(self) -> Iterator[Z3]:
        """A place is there only below an object or array, an index only after those before it."""
        for path, place in self.places.items():
            absent = place.is_(MISSING)
            yield z3.Or(place.kind != NUMBER, z3.InRe(place.text, _PLAIN))
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
                yield place.is_(*(_NAMES[kind] for kind in kinds))
                if language is not None:
                    whole = "|".join(f"^{branch}$" for branch in language.split("|"))
                    yield z3.Or(place.kind != STRING, z3.InRe(place.text, _expression(whole).equal))

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
            return _judged(formula, self.places[formula.path])
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


# --------------------------------------------------------------------------- the question


def _solver(seconds: float) -> Z3:
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    return solver


def _missed(record: _Record, required: Formula, deployed: Sequence[Formula]) -> Iterator[Z3]:
    yield record.answer(required).holds
    for each in deployed:
        yield record.answer(each).fails


def _escaping(record: _Record, required: Formula, deployed: Sequence[Formula]) -> Iterator[Z3]:
    yield record.reading(required)
    for each in deployed:
        yield z3.Not(record.reading(each))


def confirms(message: str, required: Formula, deployed: Sequence[Formula], facts: Facts | None = None) -> bool:
    """Whether this record is possible, certainly required and certainly rejected by every deployed pattern."""
    record = _Record([required, *deployed], facts or {})
    solver = _solver(60)
    solver.add(*record.laws(), *record.is_(message), *_missed(record, required, deployed))
    return bool(solver.check() == z3.sat)


def decide(
    required: Formula,
    deployed: Sequence[Formula],
    facts: Facts | None = None,
    seconds: float = 20,
    first: Judgement = Judgement.COVERED,
) -> Judgement:
    """The judgement on a question, within a time for each of its two parts; `first` is the part to begin with."""
    record = _Record([required, *deployed], facts or {})
    parts = [
        (Judgement.COVERED, z3.unsat, [*record.reversals(), *_escaping(record, required, deployed)]),
        (Judgement.MISSED, z3.sat, [*_missed(record, required, deployed)]),
    ]
    ended = True
    for judgement, proof, formulas in sorted(parts, key=lambda part: part[0] is not first):
        solver = _solver(seconds)
        solver.add(*record.laws(), *formulas)
        found = solver.check()
        if found == proof:
            return judgement
        ended &= found != z3.unknown
    return Judgement.OPEN if ended else Judgement.GAVE_UP
