r"""The regular expressions of filter patterns, `%...%`: parsed, and executed in time linear in the text.

    regex  = branch ("|" branch)*
    branch = ("^" | "$" | atom count?)*
    atom   = "." | character | escape | class
    count  = ("*" | "+" | "?" | "{m}" | "{m,}" | "{,n}" | "{m,n}") "?"?
    class  = "[" "^"? (item | item "-" item)+ "]"
    escape = "\" ("d" | "D" | "s" | "S" | "w" | "W" | "x" hex hex | symbol)

AWS allows ASCII letters and digits, the symbols `: _ # = @ / ; , -`, the operators `^ $ ? [ ] { } | \ * + .` and the
escapes above; no parentheses, no `!`, nothing beyond ASCII (CloudWatch Logs guide, FilterAndPatternSyntax, "Supported
regular expressions"). Where engines differ and AWS says nothing (`a++`, `[]a]`, `[[a]`, a lone `{`) it is an error.

Without parentheses an expression is a few chains of character classes, so that a set of places in it is an integer
with a bit for each place, and one step over a character is a handful of operations on such integers (the "extended
shift-and" of Navarro and Raffinot). There is no backtracking: no expression makes the search slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NoReturn, TypeAlias

__all__ = ["Automaton", "RegexSyntaxError", "automaton", "check", "search"]

MAX_PLACES = 10_000
"""How many characters an expression may count out in all (`a{500}b{500}` counts out 1,000)."""

MAX_EXAMPLES = 20
BEYOND_ASCII = 128
_EVERYTHING = (1 << (BEYOND_ASCII + 1)) - 1
_ALLOWED = re.compile(r"[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|\\*+.]")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")


_ORDINARY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@ "


class RegexSyntaxError(Exception):
    """A text that is not one of AWS's regular expressions; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


# --------------------------------------------------------------------------- syntax


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


class _Anchor(Enum):
    START = "^"
    END = "$"


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A class of characters, `least` to `most` times; None is without limit."""

    characters: int
    least: int = 1
    most: int | None = 1


_Part: TypeAlias = _Anchor | _Repeated


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

    def regex(self) -> tuple[tuple[_Part, ...], ...]:
        """regex = branch ("|" branch)*"""
        branches = [self.branch()]
        while self.next() == "|":
            self.position += 1
            branches.append(self.branch())
        return tuple(branches)

    def branch(self) -> tuple[_Part, ...]:
        """branch = ("^" | "$" | atom count?)*"""
        parts: list[_Part] = []
        while (char := self.next()) not in ("", "|"):
            if char in "^$":
                self.position += 1
                parts.append(_Anchor(char))
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

    def count(self, characters: int) -> _Repeated:
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
        return _Repeated(characters, *bounds)

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


# --------------------------------------------------------------------------- execution


class Automaton:
    """A regular expression as a deterministic automaton whose states are made when they are met.

    A state is an integer: bit 0 says that nothing has been read, each other bit is a place that has been reached.
    `FOUND` is the state in which the expression has been found, whatever follows. With `whole`, the expression has to
    match the text from its first character to its last.
    """

    FOUND = -1
    start = 1

    def __init__(self, source: str, whole: bool = False) -> None:
        self._whole = whole
        self._entries = 0
        self._finals = 0
        self._skips = 0
        self._skips_at = {_Anchor.START: 0, _Anchor.END: 0}
        self._reads: list[tuple[int, int]] = []
        self._repeats: list[tuple[int, int]] = []
        place = 1
        branches = _Parser(source).regex()
        self.examples = tuple(_example(branch, last) for branch in branches[:MAX_EXAMPLES] for last in (False, True))
        """Texts in which it may be found: each branch with its least counts, of the first and the last characters."""
        for branch in branches:
            self._entries |= 1 << place
            for part in branch:
                place = self._lay(part, place)
            self._finals |= 1 << place
            place += 1
        self.cost = 2 + place // 2_000
        """What a step costs, beside one of a word's automaton."""
        self._by_code: dict[int, tuple[int, int]] = {}
        self._steps: dict[tuple[int, int], int] = {}

    def _lay(self, part: _Part, place: int) -> int:
        """Adds a part of a branch behind `place`; returns the place after it."""
        if isinstance(part, _Anchor):
            self._skips_at[part] |= 1 << place
            return place + 1
        length = part.least if part.most is None else part.most
        length = max(length, 1 if part.most is None else 0)
        optional_from = part.least
        block = ((1 << length) - 1) << place
        self._reads.append((part.characters, block))
        self._skips |= ((1 << max(length - optional_from, 0)) - 1) << (place + optional_from)
        if part.most is None:
            self._repeats.append((part.characters, 1 << (place + length)))
        return place + length

    @property
    def classes(self) -> frozenset[int]:
        """The classes of characters that it tells apart: a bit for each code of ASCII, and one for all beyond."""
        return frozenset(characters for characters, _ in self._reads)

    def step(self, state: int, char: str) -> int:
        """The state after one more character; 0 when the expression can no longer be found."""
        if state == self.FOUND:
            return state
        code = min(ord(char), BEYOND_ASCII)
        key = (state, code)
        known = self._steps.get(key)
        if known is None:
            if len(self._steps) > 20_000:
                self._steps.clear()
            known = self._steps[key] = self._step(state, code)
        return known

    def _step(self, state: int, code: int) -> int:
        if code not in self._by_code:
            reads = sum(block for characters, block in self._reads if characters >> code & 1)
            repeats = sum(place for characters, place in self._repeats if characters >> code & 1)
            self._by_code[code] = reads, repeats
        reads, repeats = self._by_code[code]
        places = self._places(state)
        if not self._whole and places & self._finals:
            return self.FOUND
        places = (places & reads) << 1 | places & repeats
        if not self._whole:
            places |= self._entries
        places = _spread(places, self._skips) & ~self._skips_at[_Anchor.START]
        return self.FOUND if not self._whole and places & self._finals else places

    def _places(self, state: int) -> int:
        """The places of a state, with those before the first character that lie behind a `^`."""
        if state != self.start:
            return state
        return _spread(self._entries, self._skips | self._skips_at[_Anchor.START])

    def accepts(self, state: int) -> bool:
        """Whether a text that ends here is one in which the expression is found."""
        if state == self.FOUND:
            return True
        skips = self._skips | self._skips_at[_Anchor.END]
        if state == self.start:
            return bool(_spread(self._entries, skips | self._skips_at[_Anchor.START]) & self._finals)
        return bool(_spread(state, skips) & self._finals)

    def settled(self, state: int) -> bool | None:
        """The answer that no further character can change, if there is one already."""
        if state == self.FOUND:
            return True
        return False if state == 0 else None


def _example(branch: tuple[_Part, ...], last: bool) -> str:
    """The shortest text that a branch reads, of the first or the last ordinary character of each class."""
    text = ""
    for part in branch:
        if isinstance(part, _Repeated) and part.least:
            fitting = [char for char in _ORDINARY if part.characters >> ord(char) & 1]
            fitting = (
                fitting or [chr(code) for code in range(BEYOND_ASCII) if part.characters >> code & 1] or ["\u00e9"]
            )
            text += fitting[-1 if last else 0] * part.least
    return text


def _spread(places: int, skips: int) -> int:
    """The places, and those that lie behind a row of skips: the addition carries each row to its end (Myers 1999)."""
    return places | ((places & skips) + skips) ^ skips


@lru_cache(maxsize=256)
def automaton(source: str, whole: bool = False) -> Automaton:
    """The automaton of an expression, made once. Raises `RegexSyntaxError`."""
    return Automaton(source, whole)


def check(source: str) -> None:
    """Raises `RegexSyntaxError` when AWS would not take the expression."""
    automaton(source)


def search(source: str, text: str) -> bool:
    """Whether the expression matches somewhere in the text."""
    machine = automaton(source)
    state = machine.start
    for char in text:
        state = machine.step(state, char)
        if state == machine.FOUND:
            return True
    return machine.accepts(state)
