r"""The regular expressions of filter patterns, `%...%`: which texts are one, and what they are made of.

    regex  = branch ("|" branch)*
    branch = ("^" | "$" | atom count?)*
    atom   = "." | character | escape | class
    count  = ("*" | "+" | "?" | "{m}" | "{m,}" | "{,n}" | "{m,n}") "?"?
    class  = "[" "^"? (item | item "-" item)+ "]"
    escape = "\" ("d" | "D" | "s" | "S" | "w" | "W" | "x" hex hex | symbol)

AWS allows ASCII letters and digits, the symbols `: _ # = @ / ; , -`, the operators `^ $ ? [ ] { } | \ * + .` and the
escapes above; no parentheses, no `!`, nothing beyond ASCII (CloudWatch Logs guide, FilterAndPatternSyntax, "Supported
regular expressions"). Where engines differ and AWS says nothing (`a++`, `[]a]`, `[[a]`, a lone `{`) it is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, TypeAlias

__all__ = ["BEYOND_ASCII", "Anchor", "Branch", "Part", "RegexSyntaxError", "Repeated", "branches_of"]

MAX_PLACES = 10_000
"""How many characters an expression may count out in all (`a{500}b{500}` counts out 1,000)."""

BEYOND_ASCII = 128
_EVERYTHING = (1 << (BEYOND_ASCII + 1)) - 1
_ALLOWED = re.compile(r"[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|\\*+.]")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")


class RegexSyntaxError(Exception):
    """A text that is not one of AWS's regular expressions; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


def _of(characters: str) -> int:
    """A class of characters: a bit for each code of ASCII, and one for everything beyond it."""
    return sum(1 << ord(char) for char in characters)


_DIGITS = _of("0123456789")
_WORD = _of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789")
_SPACE = _of("\t\n ")
_ANY = _EVERYTHING & ~_of("\n")
_ESCAPED_CLASSES = {
    "d": _DIGITS,
    "D": _EVERYTHING & ~_DIGITS,
    "w": _WORD,
    "W": _EVERYTHING & ~_WORD,
    "s": _SPACE,
    "S": _EVERYTHING & ~_SPACE,
}


class Anchor(Enum):
    """Where a text begins, where it ends."""

    START = "^"
    END = "$"


@dataclass(frozen=True, slots=True)
class Repeated:
    """A class of characters, `least` to `most` times; None is without limit."""

    characters: int
    least: int = 1
    most: int | None = 1


Part: TypeAlias = Anchor | Repeated
Branch: TypeAlias = tuple[Part, ...]


def branches_of(source: str) -> tuple[Branch, ...]:
    """The branches of an expression. Raises `RegexSyntaxError`."""
    return _Parser(source).regex()


class _Parser:
    """A cursor over the source, with one method for each production."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.places = 0

    def fail(self, message: str, position: int | None = None) -> NoReturn:
        raise RegexSyntaxError(message, self.position if position is None else position)

    def next(self) -> str:
        """The next character, or nothing at the end."""
        char = self.source[self.position : self.position + 1]
        if char and not _ALLOWED.match(char):
            self.fail(f"{char!r} is not allowed in a regular expression")
        return char

    def regex(self) -> tuple[Branch, ...]:
        """regex = branch ("|" branch)*"""
        branches = [self.branch()]
        while self.next() == "|":
            self.position += 1
            branches.append(self.branch())
        return tuple(branches)

    def branch(self) -> Branch:
        """branch = ("^" | "$" | atom count?)*"""
        parts: list[Part] = []
        while (char := self.next()) not in ("", "|"):
            if char in "^$":
                self.position += 1
                parts.append(Anchor(char))
            else:
                parts.append(self.count(self.atom(char)))
        return tuple(parts)

    def atom(self, char: str) -> int:
        """atom = "." | character | escape | class"""
        if char in "*+?":
            self.fail(f"there is nothing that {char!r} could repeat")
        if char == "{":
            self.fail("a '{' that stands for itself is written \\{")
        if char == "[":
            return self.character_class()
        if char == "\\":
            return self.escape()
        self.position += 1
        return _ANY if char == "." else _of(char)

    def escape(self) -> int:
        r"""escape = "\" (class letter | "x" hex hex | symbol)"""
        start = self.position
        self.position += 1
        char = self.next()
        self.position += 1
        if char == "x":
            code = self.source[self.position : self.position + 2]
            if not re.fullmatch("[0-7][0-9A-Fa-f]", code):
                self.fail("expected the two hexadecimal digits of an ASCII character after \\x", start)
            self.position += 2
            return 1 << int(code, 16)
        if char in _ESCAPED_CLASSES and char:
            return _ESCAPED_CLASSES[char]
        if not char or char.isalnum():
            self.fail(f"unknown escape \\{char}", start)
        return _of(char)

    def character_class(self) -> int:
        """class = "[" "^"? (item | item "-" item)+ "]" """
        start = self.position
        self.position += 1
        negated = self.next() == "^"
        self.position += negated
        found = 0
        empty = True
        while (char := self.next()) != "]" or empty:
            if char == "":
                self.fail("the class is not closed", start)
            if char in "[]":
                self.fail(f"a {char!r} within a class is written \\{char}")
            found |= self.class_item()
            empty = False
        self.position += 1
        return _EVERYTHING & ~found if negated else found

    def class_item(self) -> int:
        """One character, class escape or range of a class."""
        start = self.position
        first = self.class_character()
        if self.next() != "-" or self.source[self.position + 1 : self.position + 2] in ("]", ""):
            return first
        self.position += 1
        last = self.class_character()
        if first.bit_count() != 1 or last.bit_count() != 1 or first > last:
            self.fail("expected a range from a lower to a higher character", start)
        return (last << 1) - first

    def class_character(self) -> int:
        char = self.next()
        if char == "\\":
            return self.escape()
        if char in ("", "["):
            self.fail("expected a character of a class")
        self.position += 1
        return _of(char)

    def count(self, characters: int) -> Repeated:
        """count = ("*" | "+" | "?" | "{m,n}") "?"?; the lazy form finds the same texts."""
        start = self.position
        char = self.next()
        least, most = 1, 1
        bounds: tuple[int, int | None] = (least, most)
        if char and char in "*+?":
            self.position += 1
            bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            bounds = self.bounds()
        if self.position > start:
            if self.next() == "?":
                self.position += 1
            if (again := self.next()) and again in "*+?{":
                self.fail(f"expected no {again!r} after a repetition")
        self.places += bounds[0] + 1 if bounds[1] is None else bounds[1]
        if self.places > MAX_PLACES:
            self.fail(f"the expression counts out more than {MAX_PLACES:,} characters", start)
        return Repeated(characters, *bounds)

    def bounds(self) -> tuple[int, int | None]:
        """{m}, {m,}, {,n} or {m,n}"""
        found = _COUNT.match(self.source, self.position)
        if found is None or not (found[1] or found[3]) or max(len(found[1]), len(found[3])) > 6:
            self.fail("expected a count such as {2}, {2,}, {,3} or {2,3}")
        least = int(found[1] or 0)
        most = least if not found[2] else int(found[3]) if found[3] else None
        if most is not None and most < least:
            self.fail("the counts are in the wrong order")
        self.position = found.end()
        return least, most
