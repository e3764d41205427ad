"""The terminal: what it can show, and how far the work is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TextIO

from .formats.style import Style

__all__ = ["Color", "accounts_done", "progress", "style_of"]

Color = Literal["auto", "always", "never"]

_WIDEST = 120
"""Prose in longer lines is hard to read."""


def style_of(stream: TextIO | None, color: Color = "auto", verbose: bool = False) -> Style:
    """What can be shown there, if it is open. What is piped is plain and 80 columns wide."""
    terminal = stream is not None and stream.isatty()
    columns = shutil.get_terminal_size().columns if terminal or "COLUMNS" in os.environ else 80
    return Style(
        width=max(40, min(columns, _WIDEST)),
        unicode=stream is None or "utf" in (stream.encoding or "").lower(),
        colour=_coloured(terminal, color),
        verbose=verbose,
    )


def _coloured(terminal: bool, color: Color) -> bool:
    """As the option says; else NO_COLOR (no-color.org), then FORCE_COLOR (force-color.org), then what is there."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")


@contextmanager
def progress(text: Callable[[], str], quiet: bool) -> Iterator[None]:
    """Shows a line on standard error, renewed while the block lasts and gone afterwards; nothing without a terminal."""
    if _unseen(quiet):
        yield
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    def line() -> Text:
        return Text(text(), overflow="ellipsis", no_wrap=True)

    console = Console(file=sys.stderr, color_system=None)
    with Live(
        get_renderable=line, console=console, transient=True, refresh_per_second=10,
        redirect_stdout=False, redirect_stderr=False,
    ):  # fmt: skip
        yield


@contextmanager
def accounts_done(count: int, quiet: bool) -> Iterator[Callable[[bool], None]]:
    """Shows how many of the accounts are done; the block says of each that ends whether it could be evaluated."""
    if _unseen(quiet):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=sys.stderr, color_system=None)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("accounts{task.fields[failed]}"))
    shown = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    failed = 0
    with shown:
        task = shown.add_task("", total=count, failed="")

        def done(evaluated: bool) -> None:
            nonlocal failed
            failed += not evaluated
            shown.update(task, advance=1, failed=f", {failed} could not be evaluated" if failed else "")

        yield done


def _unseen(quiet: bool) -> bool:
    return quiet or sys.stderr is None or not sys.stderr.isatty()
