r"""The regular expressions of filter patterns, `%...%`: checked here, executed by Python's `re`.

AWS allows ASCII letters and digits, the symbols `: _ # = @ / ; , -`, white space, the operators
`^ $ ? [ ] { } | \ * + .`, the classes `\d \D \s \S \w \W` and `\xHH`; no parentheses, no `!`, nothing beyond
ASCII (CloudWatch Logs guide, FilterAndPatternSyntax, "Supported regular expressions"). What is left is a subset of
Python's own syntax, except that Python's `$` also matches before a final newline.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["RegexSyntaxError", "check", "search"]

_ALLOWED = re.compile(r"[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|\\*+.]")
_ESCAPES = "dDsSwW"


class RegexSyntaxError(Exception):
    """A text that is not one of AWS's regular expressions; `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@lru_cache(maxsize=256)
def _compiled(source: str) -> re.Pattern[str]:
    """The equivalent of Python. Raises `RegexSyntaxError`."""
    parts: list[str] = []
    in_class = False
    position = 0
    while position < len(source):
        char = source[position]
        if not _ALLOWED.match(char):
            raise RegexSyntaxError(f"{char!r} is not allowed in a regular expression", position)
        if char == "\\":
            escape = source[position + 1 : position + 2]
            if escape == "x":
                code = source[position + 2 : position + 4]
                if not re.fullmatch("[0-9A-Fa-f]{2}", code):
                    raise RegexSyntaxError("expected two hexadecimal digits after \\x", position)
                parts.append("\\x" + code)
                position += 4
                continue
            if not escape or (escape.isalnum() and escape not in _ESCAPES):
                raise RegexSyntaxError(f"unknown escape \\{escape}", position)
            parts.append("\\" + escape)
            position += 2
            continue
        if char == "[" and not in_class:
            in_class = True
        elif char == "[":
            char = "\\["
        elif char == "]":
            in_class = False
        parts.append(r"\Z" if char == "$" and not in_class else char)
        position += 1
    try:
        return re.compile("".join(parts), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise RegexSyntaxError(f"not a regular expression: {error}", getattr(error, "pos", None) or 0) from None


def check(source: str) -> None:
    """Raises `RegexSyntaxError` when AWS would not take the expression."""
    _compiled(source)


def search(source: str, text: str) -> bool:
    """Whether the expression matches somewhere in the text."""
    return _compiled(source).search(text) is not None
