"""Term patterns: words, phrases and expressions.

    terms = (["?" | "-"] (word | '"' phrase '"' | "%" regex "%"))*

Regular expressions are not limited here. The service refuses an empty phrase.
"""

from __future__ import annotations

import re

from .cursor import SPACE
from .operand_parser import OperandParser
from .syntax import Regex, Term, TermPattern, Text

__all__ = ["TermPatternParser"]


class TermPatternParser(OperandParser):
    """A cursor over a term pattern, with one method for each production."""

    def term_pattern(self) -> TermPattern:
        """terms = (["?" | "-"] (word | quoted | regex))*"""
        required: list[Term] = []
        optional: list[Term] = []
        excluded: list[Term] = []
        while True:
            self.skip_space()
            if self.at_end():
                return TermPattern(tuple(required), tuple(optional), tuple(excluded))
            into = required
            if self.take("?"):
                into = optional
            elif self.take("-"):
                into = excluded
                self.skip_space()
            into.append(self.term())
            if not self.at_end() and self.source[self.position] not in SPACE:
                self.fail("expected white space between terms")

    def term(self) -> Term:
        start = self.position
        if self.peek('"'):
            content: Text | Regex = self.quoted()
            if self.position - start == len('""'):
                self.fail("a term in quotes must not be empty", (start, self.position))
        elif self.peek("%"):
            content = self.regex(limit=None)
        else:
            word = re.compile(r'[^\s"%?]+').match(self.source, self.position)
            if word is None:
                self.fail("expected a term")
            if not re.fullmatch(r"\w+", word[0], re.ASCII):
                odd = next(index for index, char in enumerate(word[0]) if not re.match(r"\w", char, re.ASCII))
                place = self.position + odd
                self.fail("a term with anything but letters, digits and '_' must be quoted", (place, place + 1))
            self.position = word.end()
            content = Text(word[0])
        return Term(content, (start, self.position))
