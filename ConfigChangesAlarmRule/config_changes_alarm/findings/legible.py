"""Texts of an account as people read them, and as a shell takes them, whatever characters somebody put into them.

A name may hold an escape sequence that paints over a verdict, a mark that turns the reading direction round, or half a
character that no file can hold. Reports show what is no printable character as its escape; commands pass it on as it
is.
"""

from __future__ import annotations

import shlex

__all__ = ["legible", "quoted"]


def legible(text: str) -> str:
    """The text with every character that is not printable as a backslash escape, as Python and JSON write it.

    Not printable are control and format characters, separators but for the space, surrogates and unassigned ones.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def quoted(text: str) -> str | None:
    """One word of a command line that stands for exactly this text; none where no command line can hold it.

    In `$'...'` a byte that is not plain is a backslash and three octal digits, which bash, zsh, ksh and POSIX 2024 read
    alike.
    """
    if text.isprintable():
        return shlex.quote(text)
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:  # half a character
        return None
    if 0 in encoded:  # ends an argument
        return None
    return "$'" + "".join(chr(byte) if _plain(byte) else f"\\{byte:03o}" for byte in encoded) + "'"


def _plain(byte: int) -> bool:
    return 0x20 <= byte < 0x7F and chr(byte) not in "'\\"
