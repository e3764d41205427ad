"""What a command reads and writes: standard input and output, files and directories. All of it is UTF-8.

What goes wrong there, and whatever else keeps a command from doing its work, is a `Problem`. Standard output is another
matter: a report that it does not take is a `LostReport`, and a reader who went away a `BrokenPipeError`.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from config_changes_alarm.findings import legible

__all__ = [
    "PROGRAM",
    "LostReport",
    "Problem",
    "given",
    "make_directory",
    "note",
    "reason",
    "say",
    "speak_utf8",
    "tried",
    "tried_standard_output",
    "write",
]

PROGRAM = "config-changes-alarm"


class LostReport(Exception):
    """Standard output does not take the report: it is closed, or the disk is full. The text is one sentence."""


class Problem(Exception):
    """What keeps a command from doing its work, in one sentence."""


def speak_utf8() -> None:
    """Reads and writes UTF-8 whatever the locale is, so that a report is the same file on every machine.

    A terminal alone keeps its encoding, for that is what it shows. What cannot be written is escaped: a name or a
    pattern may hold what is no character.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="strict")  # PowerShell puts a byte order mark into pipes


def given(text: str) -> str:
    """An argument, or standard input where it is `-`. Raises `Problem`."""
    if text != "-":
        return text
    if sys.stdin is None:
        raise Problem("standard input is closed")
    try:
        read = sys.stdin.read()
    except UnicodeDecodeError as error:
        raise Problem(f"standard input is not UTF-8: {error}") from None
    if not read.strip():  # `false | config-changes-alarm ...` must not pass for an answer
        raise Problem("standard input is empty")
    return read


def say(text: str) -> None:
    """On standard output. Raises `LostReport` and `BrokenPipeError`."""
    tried_standard_output()
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise LostReport(f"cannot write to standard output: {reason(error)}") from None


def tried_standard_output() -> None:
    """Makes sure that there is one. Raises `LostReport`."""
    if sys.stdout is None:
        raise LostReport("cannot write to standard output: it is closed")


def note(text: str) -> None:
    """On standard error, which may be closed: a line about the work, whatever names it speaks of."""
    if sys.stderr is not None:
        shown = "\n".join(map(legible, text.split("\n")))
        sys.stderr.write(f"{PROGRAM}: {shown}\n")


def tried(path: Path) -> None:
    """Makes sure that a file can be written, before the work is done that it is for. Raises `Problem`."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        return  # a device or a pipe: opening it may wait for whoever reads
    new = not os.path.lexists(path)
    try:
        path.open("ab").close()
        if new:
            path.unlink()
    except OSError as error:
        raise Problem(f"cannot write {path}: {reason(error)}") from None


def write(text: str, path: Path) -> None:
    """Raises `Problem`."""
    try:
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise Problem(f"cannot write {path}: {reason(error)}") from None


def make_directory(path: Path) -> None:
    """With its parents, unless it is there; something can be written into it. Raises `Problem`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"cannot make the directory {path}: {reason(error)}") from None
    if not os.access(path, os.W_OK):
        raise Problem(f"cannot write into the directory {path}: Permission denied")


def reason(error: Exception) -> str:
    """Why, without the file's name, which the sentence around it says."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
