"""Conditions on one text as regular languages of z3, the order of numbers included.

Numbers are those in plain decimal notation, without needless zeros: a number then has one text. Texts are of any
characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import z3

from .language import Relation

__all__ = [
    "NUMERAL",
    "PLAIN",
    "Z3",
    "any_of",
    "compared",
    "complement",
    "expression",
    "just",
    "may_read",
    "reads_as",
    "row",
    "word_on_number",
    "word_on_string",
]

Z3 = Any
"""z3 has no types of its own."""

_SORT = z3.ReSort(z3.StringSort())
_CHAR = z3.AllChar(_SORT)
_ALL = z3.Full(_SORT)
_NONE = z3.Empty(_SORT)


def just(text: str) -> Z3:
    return z3.Re(z3.StringVal(text))


_EMPTY = just("")


def row(*parts: Z3) -> Z3:
    return parts[0] if len(parts) == 1 else z3.Concat(*parts) if parts else _EMPTY


def any_of(*parts: Z3) -> Z3:
    return parts[0] if len(parts) == 1 else z3.Union(*parts) if parts else _NONE


def complement(language: Z3) -> Z3:
    return z3.Complement(language)


def all_of(*parts: Z3) -> Z3:
    return z3.Intersect(*parts)


def _range(first: str, last: str) -> Z3:
    return z3.Range(first, last) if first <= last else _NONE


_DIGIT = _range("0", "9")
_NATURAL = any_of(just("0"), row(_range("1", "9"), z3.Star(_DIGIT)))
_FRACTION = row(just("."), z3.Star(_DIGIT), _range("1", "9"))
_MAGNITUDE = row(_NATURAL, z3.Option(_FRACTION))
_SHORTEST = any_of(_MAGNITUDE, row(just("-"), all_of(_MAGNITUDE, complement(just("0")))))
_SHORT_INTEGER = row(z3.Option(just("-")), z3.Loop(_DIGIT, 1, 7))


def _written(shortest: Z3) -> Z3:
    """The numbers as every serializer writes them: an integer of up to seven digits with `.0`, or without it."""
    return any_of(shortest, row(all_of(shortest, _SHORT_INTEGER), just(".0")))


PLAIN = _written(_SHORTEST)
NUMERAL = row(
    z3.Option(just("-")),
    z3.Plus(_DIGIT),
    z3.Option(row(just("."), z3.Plus(_DIGIT))),
    z3.Option(row(any_of(just("e"), just("E")), z3.Option(any_of(just("+"), just("-"))), z3.Plus(_DIGIT))),
)
"""Any way to write a number."""


def _plain(value: Decimal) -> str:
    """The one plain text of a number."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _greater_magnitude(value: Decimal) -> Z3:
    """Texts of `_MAGNITUDE` above a value of at least 0: longer, or the same up to a digit that is higher."""
    whole, _, decimals = _plain(value).partition(".")
    found = [row(_range("1", "9"), *[_DIGIT] * len(whole), z3.Star(_DIGIT), z3.Option(_FRACTION))]
    for place, digit in enumerate(whole):
        rest = [_DIGIT] * (len(whole) - place - 1)
        found.append(row(just(whole[:place]), _higher(digit), *rest, z3.Option(_FRACTION)))
    for place, digit in enumerate(decimals):
        found.append(row(just(f"{whole}.{decimals[:place]}"), _higher(digit), z3.Option(_TAIL)))
    found.append(row(just(f"{whole}.{decimals}"), _TAIL))
    return any_of(*found)


_TAIL = row(z3.Star(_DIGIT), _range("1", "9"))
"""More decimals, the last of them not 0."""


def _higher(digit: str) -> Z3:
    return _range(chr(ord(digit) + 1), "9")


@cache
def _greater(value: Decimal) -> Z3:
    """Texts of numbers above a value."""
    if value >= 0:
        return _greater_magnitude(value)
    lower = all_of(_MAGNITUDE, complement(_greater_magnitude(-value)), complement(just(_plain(-value))))
    return any_of(_MAGNITUDE, all_of(row(just("-"), lower), _SHORTEST))


@cache
def _equal(value: Decimal) -> Z3:
    return just(_plain(value))


@cache
def compared(relation: Relation, value: Decimal) -> Z3:
    """Plain texts of numbers that stand in an order to a value."""
    match relation:
        case Relation.GT:
            return _written(_greater(value))
        case Relation.GE:
            return _written(any_of(_greater(value), _equal(value)))
        case Relation.LE:
            return _written(all_of(_SHORTEST, complement(_greater(value))))
        case Relation.LT:
            return _written(all_of(_SHORTEST, complement(_greater(value)), complement(_equal(value))))
        case _:
            return _written(_equal(value))


@cache
def reads_as(literal: str) -> Z3:
    """Strings that read as the number of an unquoted literal: what AWS answers for them is not known."""
    value = Decimal(literal)
    whole, _, decimals = _plain(abs(value)).partition(".")
    sign = z3.Option(any_of(just("+"), just("-"))) if value == 0 else just("-") if value < 0 else z3.Option(just("+"))
    zeros = z3.Star(just("0"))
    fraction = row(just("." + decimals), zeros) if decimals else z3.Option(row(just("."), zeros))
    power = z3.Option(row(any_of(just("e"), just("E")), z3.Option(any_of(just("+"), just("-"))), z3.Plus(just("0"))))
    space = z3.Star(any_of(just(" "), just("\t"), just("\n")))
    return any_of(row(space, sign, zeros, just(whole), fraction, power, space), just(literal))


# --------------------------------------------------------------------------- words and expressions


@dataclass(frozen=True, slots=True)
class _Split:
    """The texts on which an operand certainly is equal, and those on which it certainly is not."""

    equal: Z3
    unequal: Z3

    @classmethod
    def exact(cls, equal: Z3) -> _Split:
        return cls(equal, complement(equal))


@cache
def word_on_string(word: str) -> _Split:
    """`*` at the start or end only. A leading one is sure where the rest occurs nowhere but at the end."""
    if word == "*":
        return _Split.exact(_ALL)
    if word.startswith("*") and word.endswith("*"):
        return _Split.exact(row(_ALL, just(word[1:-1]), _ALL))
    if word.endswith("*"):
        return _Split.exact(row(just(word[:-1]), _ALL))
    if not word.startswith("*"):
        return _Split.exact(just(word))
    ends = row(_ALL, just(word[1:]))
    earlier = row(_ALL, just(word[1:]), _CHAR, _ALL)
    return _Split(all_of(ends, complement(earlier)), complement(ends))


@cache
def word_on_number(word: str) -> _Split:
    """The number's text; a `*` within the word was once seen to be a wildcard there, so that case is open."""
    split = word_on_string(word)
    if "*" not in word[1:-1]:
        return split
    parts = [just(part) for part in word.split("*")]
    wildcards = row(*(each for part in parts for each in (part, _ALL)))
    if not word.endswith("*"):
        wildcards = row(*(each for part in parts[:-1] for each in (part, _ALL)), parts[-1])
    return _Split(all_of(split.equal, wildcards), all_of(split.unequal, complement(wildcards)))


def may_read(word: str, text: str) -> bool:
    """Whether some reading of a word's `*` makes it the text, in any case of letters."""
    return re.fullmatch(".*".join(re.escape(part) for part in word.split("*")), text, re.IGNORECASE) is not None


_PIECE = re.compile(
    r"(?P<class>\[\^?(?:\\.|[^\]\\])+\])(?P<count1>[*+?]|\{\d*,?\d*\})?\??"
    r"|(?P<single>\\x[0-9A-Fa-f]{2}|\\.|[^|^$*+?{}\[\]\\])(?P<count2>[*+?]|\{\d*,?\d*\})?\??"
    r"|(?P<anchor>[\^$])"
)
_ANYTHING_BUT_NEWLINE = all_of(_CHAR, complement(just("\n")))


def _single(source: str) -> Z3:
    sets = {
        "d": _DIGIT,
        "w": any_of(_DIGIT, _range("a", "z"), _range("A", "Z"), just("_")),
        "s": any_of(just("\t"), just("\n"), just(" ")),
    }
    if source == ".":
        return _ANYTHING_BUT_NEWLINE
    if len(source) == 4:
        return just(chr(int(source[2:], 16)))
    if len(source) == 2 and source[1] in sets:
        return sets[source[1]]
    if len(source) == 2 and source[1].lower() in sets:
        return all_of(_CHAR, complement(sets[source[1].lower()]))
    return just(source[-1])


def _class(source: str) -> Z3:
    negated = source.startswith("[^")
    items = [
        _range(found[1], found[2]) if found[1] else _single(found[0])
        for found in re.finditer(r"([^\\-])-([^\\\]])|\\x[0-9A-Fa-f]{2}|\\.|.", source[2 if negated else 1 : -1])
    ]
    return all_of(_CHAR, complement(any_of(*items))) if negated else any_of(*items)


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
                return row(z3.Loop(language, int(least), int(least)), z3.Star(language))
            return z3.Loop(language, int(least or 0), int(most or least))


@cache
def expression(source: str) -> _Split:
    """An unanchored search. Anchors are read at the ends of a branch only."""
    branches = []
    for branch in re.split(r"(?<!\\)\|(?![^\[]*\])", source):
        pieces = list(_PIECE.finditer(branch))
        if "".join(piece[0] for piece in pieces) != branch:
            raise ValueError(f"the oracle does not read the expression {source!r}")
        parts = [_ALL]
        for number, piece in enumerate(pieces):
            if piece["anchor"]:
                if number != (0 if piece["anchor"] == "^" else len(pieces) - 1):
                    raise ValueError(f"the oracle does not read an anchor within {source!r}")
                continue
            one = _class(piece["class"]) if piece["class"] else _single(piece["single"])
            parts.append(_counted(one, piece["count1"] or piece["count2"]))
        parts.append(_ALL)
        if pieces and pieces[0]["anchor"] == "^":
            parts = parts[1:]
        if pieces and pieces[-1]["anchor"] == "$":
            parts = parts[:-1]
        branches.append(row(*parts))
    return _Split.exact(any_of(*branches))
