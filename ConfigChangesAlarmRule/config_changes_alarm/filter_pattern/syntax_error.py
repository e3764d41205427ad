"""The error of a text that is no filter pattern: what was expected, where, and what stands there instead."""

from __future__ import annotations

import unicodedata
from typing import TypeAlias

__all__ = ["PatternSyntaxError", "Span", "foreign"]

Span: TypeAlias = tuple[int, int]

_QUOTATION_MARKS = ("Pi", "Pf")
"""Categories of Unicode: initial and final quotation marks."""
_LOW_QUOTATION_MARKS = "\u201a\u201e"
_BYTE_ORDER_MARK = "\ufeff"


class PatternSyntaxError(Exception):
    """A text that CloudWatch Logs would not take as a filter pattern.

    `message` says what was expected or which limit is exceeded, `span` where. `str()` draws it under the source, in
    which a replacement character stands for what is not printable: one for one, so that the mark stays in its place.
    """

    def __init__(self, message: str, source: str, span: Span) -> None:
        super().__init__(message, source, span)
        self.message = message
        self.source = source
        self.span = span

    def __str__(self) -> str:
        start, end = self.span
        line_start = self.source.rfind("\n", 0, start) + 1
        line_end = self.source.find("\n", start)
        line = self.source[line_start : line_end if line_end >= 0 else len(self.source)]
        column = start - line_start
        width = max(1, min(end - start, len(line) - column))
        pointer = "".join("\t" if char == "\t" else " " for char in line[:column]) + "^" * width
        shown = "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in line)
        return f"{self.message}, at character {start + 1}\n  {shown}\n  {pointer}"


def foreign(char: str) -> str | None:
    """What a character is that looks like another or like nothing, as text copied from a document has it; else None.

    "a no-break space (U+00A0)". Of ASCII only control characters are said to be what they are.
    """
    if not char or (char.isascii() and (char.isprintable() or char.isspace())):
        return None
    if char == _BYTE_ORDER_MARK:
        name = "byte order mark"
    elif unicodedata.category(char) in _QUOTATION_MARKS or char in _LOW_QUOTATION_MARKS:
        name = f"typographic quotation mark {char}"
    else:
        name = unicodedata.name(char, "control character").lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} (U+{ord(char):04X})"
