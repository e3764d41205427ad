"""What a person runs at a desk: the command line, access to accounts, recordings, explanations and every format.

It may import everything of `config_changes_alarm`, which never imports it, and may have dependencies of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

__all__ = ["main"]

_CRASHED = 70


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. Without `argv` it is a program of its own, with sys.argv.

    The rest is imported here: Python would end with 1 where a package is missing, and 1 is a verdict.
    """
    try:
        from .command_line import run
    except ImportError as error:
        with suppress(OSError, AttributeError):  # standard error may be full, or closed
            sys.stderr.write(f"config-changes-alarm: it is not installed as a whole: {error}\n")
        return _CRASHED
    return run(argv)
