"""Conditions as languages: what `judge` says of one value, said of all strings and of all plain numbers at once.

Each condition is two sets, the texts on which it holds for certain and those on which it may hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ..filter_pattern import Comparison, Constant, Is, Leaf, NotExists, Number, Operator, Regex, Text
from ..filter_pattern.automaton import automaton
from ..filter_pattern.comparison import in_range, may_be_a_number
from .languages import Automaton, Demand
from .number_languages import Ordered
from .word_languages import EitherCase, EndsFirst, EndsWith, Exactly, Holds, StartsWith

__all__ = ["SIGNS", "Texts", "on_numbers", "on_numerals", "on_strings"]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts on which a condition holds for certain, and those on which it may: all (True), none, or a language."""

    surely: Demand | bool
    possibly: Demand | bool

    def __invert__(self) -> Texts:
        return Texts(_complement(self.possibly), _complement(self.surely))


def _complement(texts: Demand | bool) -> Demand | bool:
    return not texts if isinstance(texts, bool) else Demand(texts.automaton, not texts.inside)


def _exactly(language: Automaton) -> Texts:
    return Texts(Demand(language), Demand(language))


_NO_TEXT = Texts(False, False)
_EVERY_TEXT = Texts(True, True)
_UNKNOWN = Texts(False, True)

_WHITE = r"[\x09-\x0d\x20]*"
_WITH_EXPONENT = _WHITE + r"[\+-]?[\d.]+[eE][\+-]?\d{1,9}" + _WHITE


def _reading_as(text: str) -> Demand:
    """Strings that read as the number of a literal; of those with an exponent all, for they are too many forms."""
    whole, _, fraction = format(abs(Decimal(text)), "f").partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    sign = r"-" if Decimal(text) < 0 else r"\+?" if whole or fraction else r"[\+-]?"
    if fraction:
        forms = [rf"0*{whole}\.{fraction}0*"]
    elif whole:
        forms = [rf"0*{whole}", rf"0*{whole}\.0*"]
    else:
        forms = ["0+", r"0+\.0*", r"\.0+"]
    plain = [_WHITE + sign + form + _WHITE for form in forms]
    return Demand(automaton("|".join([*plain, _WITH_EXPONENT]), whole=True))


def _like(word: str) -> Texts:
    """A word with a `*` at its start or end, on a string: `comparison.like`."""
    if word in ("*", "**"):
        return _EVERY_TEXT
    leading, trailing = word.startswith("*"), word.endswith("*")
    core = word[leading : len(word) - trailing]
    if leading and trailing:
        return _exactly(Holds(core))
    if trailing:
        return _exactly(StartsWith(core))
    if not leading:
        return _exactly(Exactly(core))
    return Texts(Demand(EndsFirst(core)), Demand(EndsWith(core)))


def on_strings(leaf: Leaf) -> Texts:
    """`json_pattern_matching.judge` for all strings at once."""
    match leaf:
        case NotExists() | Is(constant=Constant.NULL):
            return _NO_TEXT
        case Is():
            return Texts(False, Demand(EitherCase(leaf.constant.value.lower())))
        case Comparison(operand=Number(text)):
            texts = Texts(False, _reading_as(text) if in_range(text) else True)
        case Comparison(operand=Regex(source)):
            texts = _exactly(automaton(source))
        case Comparison(operand=Text(word, documented)):
            texts = _like(word) if documented else _UNKNOWN
    return ~texts if leaf.operator is Operator.NE else texts


SIGNS = {
    Operator.EQ: frozenset((0,)),
    Operator.NE: frozenset((0,)),
    Operator.LT: frozenset((-1,)),
    Operator.LE: frozenset((-1, 0)),
    Operator.GT: frozenset((1,)),
    Operator.GE: frozenset((0, 1)),
}
"""The signs of the differences that an ordering takes; `!=` is read as the reverse of `=`."""


def on_numbers(leaf: Leaf) -> Texts:
    """`json_pattern_matching.judge` for all plain numbers at once."""
    match leaf:
        case NotExists() | Is():
            return _NO_TEXT
        case Comparison(operand=Number(text)):
            if not in_range(text):
                return _UNKNOWN
            texts = _exactly(Ordered(Decimal(text), SIGNS[leaf.operator]))
            return ~texts if leaf.operator is Operator.NE else texts
        case Comparison(operand=Regex()):
            texts = on_numerals(leaf)
            return Texts(False, texts.possibly) if leaf.operator is Operator.EQ else Texts(texts.surely, True)
        case Comparison():
            return on_numerals(leaf)


def on_numerals(leaf: Comparison) -> Texts:
    """A word or an expression on the way that a number is written, where expressions see it; a number says nothing."""
    match leaf.operand:
        case Number():
            return _UNKNOWN
        case Regex(source):
            texts = _exactly(automaton(source))
        case Text(word, documented):
            texts = _like_number(word) if documented else _UNKNOWN
    return ~texts if leaf.operator is Operator.NE else texts


def _like_number(word: str) -> Texts:
    """A word on a number's text, where a `*` in the middle is literal or not."""
    if word == "*":
        return _EVERY_TEXT
    if set(word) == {"*"}:
        return _UNKNOWN
    if "*" not in word.strip("*") and not (word.startswith("**") or word.endswith("**")):
        return _like(word)
    if not may_be_a_number(word):
        return _NO_TEXT
    digits = re.sub(r"\*+", "[0-9eE+.-]*", re.sub(r"([.+])", r"\\\1", word))
    return Texts(False, Demand(automaton(digits, whole=True)))
