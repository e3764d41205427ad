"""Random questions of coverage over dense universes: one seed, one question, often with the answer yes.

The deployed patterns are made from the required one: weakened, split into cases, one for each alternative, and now and
then damaged. Fields, words and numbers are few, so that conditions meet at their edges.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .universe import ABSENT, Universe

__all__ = ["DenseQuestion", "dense_question", "universes"]

STRINGS = (
    "", "a", "ab", "abc", "abcd", "aba", "abab", "bab", "b", "ba", "cab", "xab", "abx", "AB", "a b", "a*b", "*", "a-b",
    "é", "12", "12.0", "-1", "1e3", " 12", "true", "false", "null", "NULL",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "0.0", "1", "-1", "5", "12", "12.0", "12.5", "1.2e1", "12e0", "13", "112", "353.0", "1.688992107857E9",
    "123456789012345", "1234567890123456", "1e15", "1e16", "0.0001", "100", "1E2", "10000000.5",
)  # fmt: skip
OTHERS = ("null", "true", "false", "{}", "[]", '{"d":"ab"}', '["ab"]')
NESTED = (
    ABSENT, "null", '"ab"', "12", "{}", "[]", '{"d":null}', '{"d":"ab"}', '{"d":"abab"}', '{"d":12}',
    '{"d":"b","e":"ab"}', '{"e":"abc"}', '{"d":{"f":"ab"}}', '{"d":["ab"]}', '{"d":true}', '["ab"]',
    '[{"d":"ab"},{"d":12}]', '[12,"ab"]', "[null]",
)  # fmt: skip


def _quoted(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple('"' + text.replace('"', '\\"') + '"' for text in texts)


@cache
def universes() -> tuple[Universe, ...]:
    """Strings, numbers and everything at once; each with a nested field and two small ones beside it."""
    small = (ABSENT, '"ab"', '"b"', "12", "null")
    return (
        Universe({"a": (ABSENT, *_quoted(STRINGS)), "b": small, "c": NESTED}),
        Universe({"a": (ABSENT, *NUMBERS), "b": small, "c": NESTED}),
        Universe(
            {
                "a": (ABSENT, *_quoted(STRINGS[:14]), *NUMBERS[:12], *OTHERS),
                "b": (*small, "true", "[]"),
                "c": NESTED[:12],
            }
        ),
    )


@dataclass(frozen=True)
class DenseQuestion:
    """Texts of patterns. `strings` says that the field a is known to be a string, or missing."""

    universe: Universe
    required: str
    deployed: tuple[str, ...]
    strings: bool

    def __str__(self) -> str:
        known = "\nknown    a: string/missing" if self.strings else ""
        return f"required {self.required}\ndeployed " + "\n         ".join(self.deployed) + known


_PLACES = ("$.a", "$.a", "$.a", "$.b", "$.c.d", "$.c.e", "$.c", "$.c[0]", "$.c.*", "$.c[*]", "$.c[*].d", "$.*")
_WORDS = ("ab", "abc", "a", "b", "12", "12.0", "1", "353.0", "1e3", "100", "", "true", "null", "a-b")
_WILD = ("a*", "ab*", "*ab", "*b", "*a*", "*ab*", "*bab", "1*", "*2", "12*", "*.0", "*", "a*b", "*1*", "**")
_FIGURES = ("12", "12.0", "5", "1", "0", "-1", "100", "1e3", "353", "1e15", "1688992107.857", "12.5")
_EXPRESSIONS = ("ab", "^ab", "ab$", "^a.*b$", "[0-9]", "^12", "b|12", "^.?$")


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def place(self) -> str:
        return self.random.choice(_PLACES)

    def operand(self) -> str:
        kind = self.random.random()
        if kind < 0.4:
            return f'"{self.random.choice(_WORDS)}"'
        if kind < 0.65:
            return f'"{self.random.choice(_WILD)}"'
        if kind < 0.7:
            return self.random.choice(("ab", "a-b", "a:b", "ab*", "true", "null"))
        if kind < 0.9:
            return self.random.choice(_FIGURES)
        return f"%{self.random.choice(_EXPRESSIONS)}%"

    def atom(self) -> str:
        kind, place = self.random.random(), self.place()
        if place == "$.*":  # of any field only what holds where it holds of one
            return f"{place} = {self.operand()}"
        if kind < 0.12:
            return f"{place} NOT EXISTS"
        if kind < 0.2:
            return f"{place} IS {self.random.choice(('NULL', 'TRUE', 'FALSE'))}"
        if kind < 0.38:
            return f"{place} {self.random.choice(('<', '<=', '>', '>='))} {self.random.choice(_FIGURES)}"
        return f"{place} {self.random.choice(('=', '=', '=', '!='))} {self.operand()}"

    def formula(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.35:
            return self.atom()
        parts = [self.formula(depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
        return "(" + self.random.choice((" && ", " || ")).join(parts) + ")"

    def covering(self, required: str) -> list[str]:
        """Patterns that together match what the required one matches, as far as it is documented."""
        kind, other = self.random.random(), self.atom()
        if kind < 0.25:
            return [f"({required} || {other})"]
        if kind < 0.5:
            return self.split(required)
        if kind < 0.75:
            return [self.weaker(required)]
        return [required, f"({required} && {other})"]

    def split(self, required: str) -> list[str]:
        place, operand = self.random.choice(_PLACES[:-1]), self.operand()
        cases = [f"{place} = {operand}", f"{place} != {operand}", f"{place} NOT EXISTS", f"{place} IS NULL"]
        kept = cases if self.random.random() < 0.5 else cases[:3]
        if len(kept) > 3:
            kept = [kept[0], kept[1], f"({kept[2]} || {kept[3]})"]
        return [f"({required} && {case})" for case in kept]

    def weaker(self, required: str) -> str:
        """With an exact word as the beginning of one, a number as a bound, or the like."""
        changes = (
            ('= "ab"', '= "a*"'), ('= "ab"', '= "*b"'), ('= "abc"', '= "*b*"'), ('= "12"', '= "1*"'),
            ("= 12", ">= 12"), ("> 12", "> 5"), (">= 5", "> 1"), ("< 1 ", "<= 12 "), ('= "a"', '= "a*"'),
            ("= 5", "<= 5"), ("= 12", '= "12"'), ('= "12"', "= 12"), ("IS NULL", '!= "x"'),
            ('= "*ab"', '= "*b"'), ('"ab*"', '"a*"'), ("= %^ab%", '= "ab*"'),
        )  # fmt: skip
        fitting = [change for change in changes if change[0] in required]
        if not fitting:
            return f"({required} || {self.atom()})"
        return required.replace(*self.random.choice(fitting))


def dense_question(seed: int) -> DenseQuestion:
    """A required pattern, one to three deployed ones, and whether something is known of the records."""
    maker = _Maker(seed)
    universe = maker.random.choice(universes())
    required = maker.formula()
    deployed = maker.covering(required) if maker.random.random() < 0.8 else [maker.formula() for _ in range(3)]
    if maker.random.random() < 0.25:
        deployed = [maker.weaker(each) if maker.random.random() < 0.5 else each for each in deployed[:-1] or deployed]
    texts = tuple(f"{{ {each} }}" for each in deployed[:3])
    return DenseQuestion(universe, f"{{ {required} }}", texts, maker.random.random() < 0.2)
