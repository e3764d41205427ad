"""Operators and operands, which are written alike in every kind of pattern.

    comparison = "=" | "!=" | "<" | "<=" | ">" | ">="
    operand    = '"' text '"' | "%" regex "%" | number | word

Limit: two regular expressions a pattern.
"""

from __future__ import annotations

import re

from .automaton import check
from .cursor import Cursor
from .regular_expression import RegexSyntaxError
from .syntax import Number, Operand, Operator, Regex, Text, is_bare_word, is_number

__all__ = ["OperandParser"]

MAX_REGEXES = 2

_WORD = re.compile(r"[\w#*+\-./:;?@^`~]+")
"""Of other alphabets only letters and digits: a typographic quotation mark ends no word and begins none."""
_OPERATORS = (Operator.NE, Operator.LE, Operator.GE, Operator.EQ, Operator.LT, Operator.GT)


class OperandParser(Cursor):
    """A cursor over a pattern that may hold operands, with one method for each production."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.regexes = 0

    def operator(self, or_else: str = "") -> Operator:
        """comparison = "=" | "!=" | "<" | "<=" | ">" | ">="; `or_else` is what else might have stood there."""
        for operator in _OPERATORS:
            if self.take(operator.value):
                if operator is Operator.EQ and self.peek("="):
                    self.fail("the operator is '=', not '=='", (self.position - 1, self.position + 1))
                return operator
        self.fail(f"expected one of = != < <= > >={or_else}")

    def operand(self) -> Operand:
        """operand = quoted | regex | number | word"""
        if self.peek('"'):
            return self.quoted()
        if self.peek("%"):
            return self.regex()
        if self.peek("'"):
            self.fail("a value is quoted with \", not with '")
        word = _WORD.match(self.source, self.position)
        if word is None:
            self.fail("expected a value")
        self.position = word.end()
        text = word[0]
        return Number(text) if is_number(text) else Text(text, documented=is_bare_word(text))

    def quoted(self) -> Text:
        r"""A text in quotes; `\"` and `\\` are escapes. What another backslash means is not documented: it is kept."""
        start = self.position
        self.expect('"')
        chars: list[str] = []
        documented = True
        while not self.at_end():
            char = self.source[self.position]
            self.position += 1
            if char == '"':
                return Text("".join(chars), documented)
            if char == "\\" and not self.at_end():
                if self.source[self.position] in '"\\':
                    char = self.source[self.position]
                    self.position += 1
                else:
                    documented = False
            chars.append(char)
        self.fail("the quotation is not closed", (start, len(self.source)))

    def regex(self, limit: int | None = MAX_REGEXES) -> Regex:
        """A regular expression between per cent signs, of which the pattern may have `limit`, or any number (None)."""
        start = self.position
        self.expect("%")
        end = self.source.find("%", self.position)
        if end <= self.position:
            self.fail("expected a regular expression and a closing '%'", (start, len(self.source)))
        source = self.source[self.position : end]
        try:
            check(source)
        except RegexSyntaxError as error:
            place = self.position + error.position
            self.fail(error.message, (place, place + 1))
        self.position = end + 1
        self.regexes += 1
        if limit is not None and self.regexes > limit:
            self.fail(f"a pattern has at most {limit} regular expressions", (start, self.position))
        return Regex(source)
