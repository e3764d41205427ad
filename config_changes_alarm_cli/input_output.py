"""What a command reads and writes: standard input and output, files and directories.

What goes wrong there, and whatever else keeps a command from doing its work, is a `Problem`.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["Problem", "given", "make_directory", "reason", "say", "write"]


class Problem(Exception):
    """What keeps a command from doing its work, in one sentence."""


def given(text: str) -> str:
    """An argument, or standard input where it is `-`."""
    return sys.stdin.read() if text == "-" else text


def say(text: str) -> None:
    """On standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write(text: str, path: Path) -> None:
    """Raises `Problem`."""
    try:
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"cannot write {path}: {reason(error)}") from None


def make_directory(path: Path) -> None:
    """With its parents, unless it is there. Raises `Problem`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot make the directory {path}: {reason(error)}") from None


def reason(error: Exception) -> str:
    """Why, without the file's name, which the sentence around it says."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
