"""`config-changes-alarm match`."""

from __future__ import annotations

import argparse

from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse

from ..input_output import Problem, given, say

__all__ = ["match"]


def match(arguments: argparse.Namespace) -> int:
    """0 matches, 1 does not match, 2 not documented by AWS. Raises `Problem`."""
    if arguments.pattern == arguments.message == "-":
        raise Problem("only one of PATTERN and MESSAGE may be - for standard input")
    try:
        answer = matches(parse(given(arguments.pattern)), given(arguments.message))
    except PatternSyntaxError as error:
        raise Problem(f"invalid pattern: {error}") from None
    say(answer.value)
    return {Answer.MATCH: 0, Answer.NO_MATCH: 1, Answer.UNKNOWN: 2}[answer]
