"""`config-changes-alarm completion`."""

from __future__ import annotations

import argparse

from ..input_output import Problem, say
from ..options import parser

__all__ = ["completion"]


def completion(arguments: argparse.Namespace) -> int:
    """Prints the script of one shell. Raises `Problem` where shtab is not installed."""
    try:
        import shtab
    except ImportError:
        raise Problem("completion needs the package shtab: pip install shtab") from None
    say(shtab.complete(parser(), arguments.shell))
    return 0
