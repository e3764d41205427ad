"""The terminal: what it can show, and a line that says how far the work is."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from .formats.style import Style

__all__ = ["progress", "style_of"]

_WIDEST = 120
"""Prose in longer lines is hard to read."""
_SECONDS = 0.1


def style_of(stream: TextIO) -> Style:
    """What can be shown there. NO_COLOR is heeded (no-color.org); what is piped is plain and 80 columns wide."""
    terminal = stream.isatty()
    columns = shutil.get_terminal_size().columns if terminal or "COLUMNS" in os.environ else 80
    return Style(
        width=max(40, min(columns, _WIDEST)),
        unicode="utf" in (stream.encoding or "").lower(),
        colour=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )


@contextmanager
def progress(text: Callable[[], str], quiet: bool) -> Iterator[None]:
    """Shows a line on standard error, renewed while the block lasts and gone afterwards; nothing without a terminal."""
    stream = sys.stderr
    if quiet or not stream.isatty():
        yield
        return
    ended = threading.Event()

    def show() -> None:
        while not ended.wait(_SECONDS):
            line = text()[: shutil.get_terminal_size().columns - 1]
            stream.write(f"\r\033[K{line}")
            stream.flush()

    thread = threading.Thread(target=show, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        stream.write("\r\033[K")
        stream.flush()
