"""Finds a JSON record that satisfies a conjunction of conditions, or proves that there is none.

A conjunction is a mapping from conditions to the polarity they must have. A record is a tree, so the conditions are
laid out as one: below a value that is missing, or is neither object nor array, everything is missing. For each node
the kinds of JSON value are tried in turn.

Two strengths. WEAK asks for a record on which no condition has, for certain, the other answer: what AWS does not
document may turn out either way. STRONG asks for a record on which every answer is certain.

Strings have a closed form. With positive prefixes P, suffixes Q and parts c, and a character # that occurs in none
of the words, P # c # c # Q satisfies the negative words if any string does: a negative word found in it lies within
P, Q or one c, which every solution contains. Where that argument does not hold (regular expressions, a restricted
set of strings) a failed search is DOUBT, not a proof.

Numbers are those in plain decimal notation, the only form CloudTrail writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import TypeAlias

from .matching import MISSING, Answer, JsonNumber, JsonValue, Leaf, Missing, judge
from .regular_expression import search
from .syntax import AnyElement, AnyField, Comparison, Index, Is, Name, Number, Operator, Regex, Step, Text

__all__ = ["ANYTHING", "Domain", "Kind", "Outcome", "Strength", "is_wild", "solve"]

Path: TypeAlias = tuple[Step, ...]
Literals: TypeAlias = Mapping[Leaf, bool]
MAX_INDEX = 32


class Kind(Enum):
    """What a selector can find."""

    MISSING = "missing"
    STRING = "string"
    BOOLEAN = "boolean"
    NUMBER = "number"
    NULL = "null"
    OBJECT = "object"
    ARRAY = "array"


class Strength(Enum):
    """How certain a condition's answer has to be."""

    WEAK = "weak"
    STRONG = "strong"


class Outcome(Enum):
    """Why no record was found: there is none, or the search could not tell."""

    NONE = "none"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Domain:
    """What a field may hold: kinds; for strings a closed set, or a language (a regular expression for all of it).

    `examples` are realistic strings, tried first.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    strings: frozenset[str] | None = None
    language: str | None = None
    booleans: tuple[bool, ...] = (True, False)
    examples: tuple[str, ...] = ()

    def admits(self, text: str) -> bool:
        if self.strings is not None:
            return text in self.strings
        return self.language is None or re.fullmatch(self.language, text, re.ASCII) is not None


ANYTHING = Domain()


@dataclass(slots=True)
class _Node:
    """The conditions on one place of the record, and the places below it."""

    literals: dict[Leaf, bool] = field(default_factory=dict)
    children: dict[Step, _Node] = field(default_factory=dict)


def is_wild(leaf: Leaf) -> bool:
    """Whether its selector has a wildcard."""
    return any(isinstance(step, (AnyField, AnyElement)) for step in leaf.selector.steps)


def holds(leaf: Leaf, polarity: bool, value: JsonValue | Missing, strength: Strength) -> bool:
    """Whether the condition has the polarity on this value, for certain or possibly."""
    answer = judge(leaf, value)
    if answer is Answer.UNKNOWN:
        return strength is Strength.WEAK
    return (answer is Answer.MATCH) is polarity


def solve(
    literals: Literals, domains: Mapping[Path, Domain], base: JsonValue, strength: Strength
) -> dict[str, JsonValue] | Outcome:
    """A record, near to `base`, that satisfies the conditions. Selectors with wildcards are not for this function."""
    root = _Node()
    for leaf, polarity in literals.items():
        node = root
        for step in leaf.selector.steps:
            node = node.children.setdefault(step, _Node())
        node.literals[leaf] = polarity
    solver = _Solver(domains, strength)
    return solver.object(root, (), base)


class _Solver:
    def __init__(self, domains: Mapping[Path, Domain], strength: Strength) -> None:
        self.domains = domains
        self.strength = strength

    def satisfies(self, node: _Node, value: JsonValue | Missing) -> bool:
        return all(holds(leaf, polarity, value, self.strength) for leaf, polarity in node.literals.items())

    def childless(self, node: _Node) -> bool:
        """Whether everything below may be missing."""
        return all(self.satisfies(child, MISSING) and self.childless(child) for child in node.children.values())

    def value(self, node: _Node, path: Path, base: JsonValue | Missing) -> JsonValue | Missing | Outcome:
        """A value for a place: the base's own if it will do."""
        domain = self.domains.get(path, ANYTHING)
        if not node.children and self.satisfies(node, base) and (base is not MISSING or Kind.MISSING in domain.kinds):
            return base
        outcome = Outcome.NONE
        empty_below = self.childless(node)
        for kind in domain.kinds:
            found: JsonValue | Missing | Outcome
            if kind in (Kind.OBJECT, Kind.ARRAY):
                found = self.container(kind, node, path, base)
            elif not empty_below:
                continue
            else:
                found = self.scalar(kind, node, domain)
            if not isinstance(found, Outcome):
                return found
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def container(self, kind: Kind, node: _Node, path: Path, base: JsonValue | Missing) -> JsonValue | Outcome:
        if kind is Kind.OBJECT:
            if not self.satisfies(node, {}):
                return Outcome.NONE
            return self.object(node, path, base)
        if not self.satisfies(node, []):
            return Outcome.NONE
        return self.array(node, path)

    def object(self, node: _Node, path: Path, base: JsonValue | Missing) -> dict[str, JsonValue] | Outcome:
        result: dict[str, JsonValue] = dict(base) if isinstance(base, dict) else {}
        for step, child in node.children.items():
            if not isinstance(step, Name):
                if not (self.satisfies(child, MISSING) and self.childless(child)):
                    return Outcome.NONE
                continue
            found = self.value(child, (*path, step), result.get(step.key, MISSING))
            if isinstance(found, Outcome):
                return found
            if isinstance(found, Missing):
                result.pop(step.key, None)
            else:
                result[step.key] = found
        return result

    def array(self, node: _Node, path: Path) -> list[JsonValue] | Outcome:
        """The shortest array that will do: an index within it is present, one beyond it is missing."""
        indexes = {step.number: child for step, child in node.children.items() if isinstance(step, Index)}
        names = [child for step, child in node.children.items() if isinstance(step, Name)]
        if not all(self.satisfies(child, MISSING) and self.childless(child) for child in names):
            return Outcome.NONE
        if max(indexes, default=0) > MAX_INDEX:
            return Outcome.DOUBT
        outcome = Outcome.NONE
        for length in range(max(indexes, default=-1) + 2):
            found = self.array_of(length, indexes, path)
            if not isinstance(found, Outcome):
                return found
            if found is Outcome.DOUBT:
                outcome = found
        return outcome

    def array_of(self, length: int, indexes: Mapping[int, _Node], path: Path) -> list[JsonValue] | Outcome:
        for number, child in indexes.items():
            if number >= length and not (self.satisfies(child, MISSING) and self.childless(child)):
                return Outcome.NONE
        result: list[JsonValue] = []
        outcome = Outcome.NONE
        present = {**self.domains}
        for number in range(length):
            child = indexes.get(number, _Node())
            place = (*path, Index(number))
            present[place] = Domain(tuple(kind for kind in Kind if kind is not Kind.MISSING))
            found = _Solver(present, self.strength).value(child, place, None)
            if isinstance(found, Outcome):
                return found
            assert not isinstance(found, Missing)
            result.append(found)
        return result if len(result) == length else outcome

    # ------------------------------------------------------------------- scalars

    def scalar(self, kind: Kind, node: _Node, domain: Domain) -> JsonValue | Missing | Outcome:
        candidates: Iterable[JsonValue | Missing]
        exhaustive = True
        match kind:
            case Kind.MISSING:
                candidates = (MISSING,)
            case Kind.NULL:
                candidates = (None,)
            case Kind.BOOLEAN:
                candidates = domain.booleans
            case Kind.STRING:
                candidates, exhaustive = self.strings(node, domain)
            case Kind.NUMBER:
                candidates, exhaustive = self.numbers(node)
            case _:
                raise AssertionError(kind)
        for candidate in candidates:
            if self.satisfies(node, candidate):
                return candidate
        return Outcome.NONE if exhaustive else Outcome.DOUBT

    def strings(self, node: _Node, domain: Domain) -> tuple[Iterator[str], bool]:
        """Candidates, and whether their failure proves that there is no string."""
        words = _Words.of(node.literals)
        if domain.strings is not None:
            return iter(sorted(domain.strings)), True
        if words.equal:
            exact = words.equal[0]
            return iter([exact] if domain.admits(exact) else []), True
        closed = not words.inexact and domain.language is None
        candidates = [*domain.examples, *words.candidates(node.literals)]
        return (text for text in candidates if domain.admits(text)), closed

    def numbers(self, node: _Node) -> tuple[Iterator[JsonNumber], bool]:
        bounds = _Bounds.of(node.literals)
        worded = [
            leaf for leaf in node.literals if isinstance(leaf, Comparison) and not isinstance(leaf.operand, Number)
        ]
        if bounds.empty:
            return iter(()), True
        for leaf in worded:
            positive = (leaf.operator is Operator.EQ) is node.literals[leaf]
            if positive and isinstance(leaf.operand, Text) and leaf.operand.documented:
                core = leaf.operand.value.strip("*")
                if not re.fullmatch(r"[0-9.*-]*", core, re.ASCII):
                    return iter(()), True
        return bounds.candidates(worded), not worded


@dataclass(slots=True)
class _Words:
    """The words that a string is compared with, sorted by what they demand of it."""

    equal: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    suffixes: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    inexact: bool = False
    """A regular expression, or a condition on which a string's answer is not documented, plays a part."""

    @classmethod
    def of(cls, literals: Literals) -> _Words:
        words = cls()
        for leaf, polarity in literals.items():
            if isinstance(leaf, Is):
                words.inexact |= polarity
            if not isinstance(leaf, Comparison):
                continue
            positive = (leaf.operator is not Operator.NE) is polarity
            if isinstance(leaf.operand, Regex):
                words.inexact = True
            elif isinstance(leaf.operand, Number):
                words.inexact |= positive
            elif positive and leaf.operand.documented:
                words.demand(leaf.operand.value)
        return words

    def demand(self, word: str) -> None:
        if word in ("*", "**"):
            return
        leading, trailing = word.startswith("*"), word.endswith("*")
        core = word[leading : len(word) - trailing]
        if leading and trailing:
            self.parts.append(core)
        elif trailing:
            self.prefixes.append(core)
        elif leading:
            self.suffixes.append(core)
        else:
            self.equal.append(core)

    def candidates(self, literals: Literals) -> Iterator[str]:
        spoken = [
            leaf.operand.value for leaf in literals if isinstance(leaf, Comparison) and isinstance(leaf.operand, Text)
        ]
        for leaf in literals:
            if isinstance(leaf, Comparison) and isinstance(leaf.operand, Regex):
                yield from _examples(leaf.operand.source)
            elif isinstance(leaf, Comparison) and isinstance(leaf.operand, Number):
                yield leaf.operand.text
            elif isinstance(leaf, Is):
                yield leaf.constant.value.lower()
        fresh = _fresh(spoken)
        start = max(self.prefixes, key=len, default="")
        end = max(self.suffixes, key=len, default="")
        for overlap in range(min(len(start), len(end)), -1, -1):
            if start.endswith(end[:overlap]):
                yield start + end[overlap:]
        yield fresh.join([start, *self.parts, end]) or fresh
        yield fresh.join([start, *self.parts, "", end])
        tails = [word[1:] for word in spoken if word.startswith("*") and not word.endswith("*") and word[1:]]
        repeated = [tail for tail in tails if end.endswith(tail)]
        yield fresh.join([start, *self.parts, *repeated, "", end])


def _fresh(words: Sequence[str]) -> str:
    used = set("".join(words))
    letters = "xzqjkvwyXZQJ0123456789abcdefghilmnoprstuABCDEFGHIKLMNOPRSTUVWY~^"
    return next((char for char in letters if char not in used), None) or next(
        chr(code) for code in range(0x100, 0x10000) if chr(code) not in used
    )


def _examples(source: str) -> Iterator[str]:
    """Texts that a regular expression may find: its alternatives with the operators taken away."""
    for part in source.split("|"):
        plain = re.sub(r"\\d", "1", part)
        plain = re.sub(r"\\[wSD]", "a", plain)
        plain = re.sub(r"\\s|\\W", " ", plain)
        plain = re.sub(r"\[(\\?.)[^\]]*\]", lambda found: found[1][-1], plain)
        plain = re.sub(r"\{(\d+)[^}]*\}", "", plain)
        for text in (re.sub(r"[\^$?*+]", "", plain), re.sub(r"[\^$?*+.\\]", "", plain)):
            text = text.replace("\\", "")
            if search(source, text):
                yield text


@dataclass(slots=True)
class _Bounds:
    """What numeric conditions leave: an interval without some points."""

    low: Decimal | None = None
    low_open: bool = False
    high: Decimal | None = None
    high_open: bool = False
    points: tuple[Decimal, ...] = ()
    empty: bool = False

    @classmethod
    def of(cls, literals: Literals) -> _Bounds:
        bounds = cls()
        points: list[Decimal] = []
        equal: list[Decimal] = []
        for leaf, polarity in literals.items():
            if not (isinstance(leaf, Comparison) and isinstance(leaf.operand, Number)):
                continue
            value = Decimal(leaf.operand.text)
            points.append(value)
            if len(value.as_tuple().digits) > 15:
                continue
            operator = leaf.operator if polarity else _NEGATED[leaf.operator]
            match operator:
                case Operator.EQ:
                    equal.append(value)
                case Operator.GT | Operator.GE:
                    bounds.raise_low(value, operator is Operator.GT)
                case Operator.LT | Operator.LE:
                    bounds.lower_high(value, operator is Operator.LT)
                case Operator.NE:
                    pass
        for value in equal:
            bounds.raise_low(value, False)
            bounds.lower_high(value, False)
        bounds.points = tuple(sorted(set(points)))
        if bounds.low is not None and bounds.high is not None:
            touching = bounds.low == bounds.high and (bounds.low_open or bounds.high_open)
            bounds.empty = bounds.low > bounds.high or touching
        return bounds

    def raise_low(self, value: Decimal, is_open: bool) -> None:
        if self.low is None or value > self.low or (value == self.low and is_open):
            self.low, self.low_open = value, is_open

    def lower_high(self, value: Decimal, is_open: bool) -> None:
        if self.high is None or value < self.high or (value == self.high and is_open):
            self.high, self.high_open = value, is_open

    def candidates(self, worded: Sequence[Comparison]) -> Iterator[JsonNumber]:
        for leaf in worded:
            if isinstance(leaf.operand, Text):
                core = leaf.operand.value.strip("*")
                for text in (core, core + "1", "1" + core, core + "5", "7" + core, "1" + core + "1", core + "0"):
                    if JsonNumber(text).plain if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) else False:
                        yield JsonNumber(text)
        points = list(self.points) or [Decimal(0)]
        between = [(one + two) / 2 for one, two in pairwise(points)]
        around = [point + Decimal(step) for point in points for step in ("0", "1", "-1", "0.5", "-0.5", "10", "-10")]
        spread = [Decimal(digit) * scale for scale in (1, 11, -1, 111) for digit in range(1, 10)]
        for value in (*around, *between, *spread):
            text = format(value.normalize(), "f")
            if JsonNumber(text).plain:
                yield JsonNumber(text)


_NEGATED = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.LT: Operator.GE,
    Operator.GE: Operator.LT,
    Operator.GT: Operator.LE,
    Operator.LE: Operator.GT,
}
