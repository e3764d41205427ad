"""Parses filter patterns as CloudWatch Logs does (CloudWatch Logs guide, FilterAndPatternSyntax).

    pattern = json | delimited | terms            told apart by the first character

Each kind has a module of its own, with its grammar and limits: `json_pattern_parser`, `space_delimited_pattern_parser`,
`term_pattern_parser`. A pattern of any kind has at most 1,024 characters.
"""

from __future__ import annotations

from .cursor import SPACE
from .json_pattern_parser import JsonPatternParser
from .syntax import MAX_LENGTH, Pattern
from .syntax_error import PatternSyntaxError

__all__ = ["MAX_LENGTH", "parse"]


def parse(source: str) -> Pattern:
    """The pattern's tree. Raises `PatternSyntaxError` for a text that CloudWatch Logs would not take."""
    if len(source) > MAX_LENGTH:
        message = f"a filter pattern has at most {MAX_LENGTH} characters, this one has {len(source)}"
        raise PatternSyntaxError(message, source, (MAX_LENGTH, len(source)))
    match source.lstrip(SPACE)[:1]:
        case "{":
            return JsonPatternParser(source).json_pattern()
        case "[":
            from .space_delimited_pattern_parser import SpaceDelimitedPatternParser

            return SpaceDelimitedPatternParser(source).space_delimited_pattern()
        case _:
            from .term_pattern_parser import TermPatternParser

            return TermPatternParser(source).term_pattern()
