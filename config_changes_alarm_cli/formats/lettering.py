"""How wide text is and where it breaks, for pictures: an SVG cannot wrap, and its reader's font is not known here.

Widths are estimates for the widest of the usual sans-serif fonts, so that what fits here fits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

__all__ = ["elided", "lines_of", "width_of"]

_NARROW = frozenset("iljI.,:;'|!()[] -/ft\"r")
_WIDE = frozenset("mwMW@%—")
_LINE_MAY_END = re.compile(r"(?<=[\s/:._@=+-])(?=[^\s/:._@=+-])|(?<=[a-z\d])(?=[A-Z])")
"""After blanks and marks, and before a capital within a word."""


def width_of(text: str, size: float) -> float:
    """In pixels, in a font of that size."""
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if letter in _NARROW:
        return 0.42
    if letter in _WIDE or cell_len(letter) > 1:
        return 1.02
    return 0.72 if letter.isupper() else 0.635


def lines_of(text: str, width: float, size: float, most: int) -> list[str]:
    """The text on at most so many lines; an ellipsis stands for what has no room."""
    lines = [""]
    for piece in _pieces(text, width, size):
        if width_of((lines[-1] + piece).rstrip(), size) <= width or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece)
    lines = [line.strip() for line in lines]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], elided(" ".join(lines[most - 1 :]), width, size)]


def elided(text: str, width: float, size: float) -> str:
    """The beginning of a text that is wider."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """Between them a line may end; a piece that is wider than a line ends where the line does."""
    for piece in _LINE_MAY_END.split(text):
        while width_of(piece.rstrip(), size) > width:
            fitting = max(1, next(n for n in range(1, len(piece) + 1) if width_of(piece[: n + 1], size) > width))
            yield piece[:fitting]
            piece = piece[fitting:]
        yield piece
