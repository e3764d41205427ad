"""Commands of a remedy as a person pastes them into a shell: on short lines that the shell takes together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

__all__ = ["pasteable"]

_WORD = re.compile(r"(?:'[^']*'|\"[^\"]*\"|\\.|[^\s'\"\\])+")
_COMMAND = re.compile(r"((?:'[^']*'|\"[^\"]*\"|\\.|(?!  # )[^\n'\"\\])+)(?:  # ([^\n]*))?")
"""A line, which ends outside of quotes; and the comment at its end, in which quotes mean nothing."""


def pasteable(commands: str, width: int, indent: str) -> Iterator[str]:
    """Shell commands, each on lines of its own; an option stays with its value where both fit.

    A comment at a command's end goes before it.
    """
    for command, comment in _COMMAND.findall(commands):
        if comment:
            yield from textwrap.wrap(comment, width, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
        yield from _continued(_parts(_WORD.findall(command), width), width, indent)


def _parts(words: list[str], width: int) -> list[str]:
    """What stays on one line: an option with its value."""
    parts: list[str] = []
    for word in words:
        belongs = bool(parts) and parts[-1].startswith("--") and " " not in parts[-1] and not word.startswith("--")
        if belongs and len(parts[-1]) + len(word) < width:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def _continued(parts: list[str], width: int, indent: str) -> Iterator[str]:
    line = indent
    for number, part in enumerate(parts):
        if number and len(line) + len(part) + 3 > width:
            yield f"{line} \\"
            line = f"{indent}    {part}"
        else:
            line += part if not number else f" {part}"
    yield line
