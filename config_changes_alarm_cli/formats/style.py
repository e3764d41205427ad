"""What a terminal can show, and everything that is printed there: laid out by rich to its width and in its colours."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text
from rich.theme import Theme
from rich.tree import Tree

from .marks import Mark

__all__ = ["PLAIN", "NarrowTree", "Style", "hanging"]

_THEME = Theme(
    {
        "good": "green",
        "bad": "red",
        "open": "yellow",
        "faint": "dim",
        "strong": "bold",
        "verdict-good": "bold green",
        "verdict-bad": "bold red",
        "verdict-open": "bold yellow",
        "decisive": "bold reverse red",
        "decisive-open": "bold reverse yellow",
    }
)


class _Paper(io.StringIO):
    """Where it is printed. rich draws lines as the encoding of a file allows."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show, and how much is wanted. `width` is in columns; commands and records may be wider."""

    width: int = 80
    unicode: bool = True
    colour: bool = False
    verbose: bool = False

    def sign(self, mark: Mark) -> str:
        return mark.sign if self.unicode else mark.plain

    def marked(self, mark: Mark, faint: bool = False) -> Text:
        """The mark in its colour, or in none."""
        return Text(self.sign(mark), style="faint" if faint else mark.colour)

    def printed(self, *parts: RenderableType) -> str:
        """The parts below each other. Its last line ends with a line feed; no line ends with spaces."""
        paper = _Paper("utf-8" if self.unicode else "ascii")
        console = Console(
            file=paper, width=self.width, height=100, theme=_THEME, markup=False, emoji=False, highlight=False,
            color_system="standard" if self.colour else None, force_terminal=self.colour, no_color=not self.colour,
            force_jupyter=False, legacy_windows=False, soft_wrap=False, _environ={},
        )  # fmt: skip
        for part in parts:
            as_it_is = isinstance(part, Text) and bool(part.no_wrap)
            console.print(part, crop=False, overflow=None if as_it_is else "fold", soft_wrap=as_it_is)
        return "".join(f"{line.rstrip()}\n" for line in paper.getvalue().splitlines())


PLAIN = Style()
"""What a file holds."""


class NarrowTree(Tree):
    """rich's tree with lines of two columns a level: the chain is six levels deep, and names need the room."""

    ASCII_GUIDES = ("  ", "| ", "|-", "`-")
    TREE_GUIDES = [("  ", "│ ", "├ ", "└ ")] * 3


def hanging(before: Iterable[str | Text], text: str | Text) -> Table:
    """A text whose further lines begin below its first, after what stands before it."""
    start = Text()
    for part in before:
        start.append_text(part if isinstance(part, Text) else Text(part))
    table = Table.grid()
    table.add_column(width=cell_len(start.plain), no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(start, text)
    return table
