"""A place in a pattern's text, which the parser of each kind of pattern moves on."""

from __future__ import annotations

import re
from typing import NoReturn

from .syntax_error import PatternSyntaxError, Span, foreign

__all__ = ["SPACE", "Cursor"]

SPACE = " \t\r\n"


class Cursor:
    """A place in the source: what stands there, and an error that points to it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0

    def skip_space(self) -> None:
        while self.position < len(self.source) and self.source[self.position] in SPACE:
            self.position += 1

    def at_end(self) -> bool:
        return self.position >= len(self.source)

    def peek(self, text: str) -> bool:
        return self.source.startswith(text, self.position)

    def take(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self.position += len(text)
        return True

    def expect(self, text: str, wanted: str | None = None) -> None:
        if not self.take(text):
            self.fail(f"expected {wanted or repr(text)}")

    def take_word(self, word: str) -> bool:
        """A keyword: not the beginning of a longer word."""
        end = self.position + len(word)
        found = self.source[self.position : end]
        if not found.isascii() or found.upper() != word or re.match(r"\w", self.source[end : end + 1]):
            return False
        self.position = end
        return True

    def fail(self, message: str, span: Span | None = None) -> NoReturn:
        """Raises the error; a character there that is not what it looks like is named as what it is."""
        start, end = span or (self.position, self.position + 1)
        found = foreign(self.source[start : start + 1])
        raise PatternSyntaxError(f"{message}, not {found}" if found else message, self.source, (start, end))
