"""`config-changes-alarm match`."""

from __future__ import annotations

import click
from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse

from ..help_texts import MATCH, MATCH_EXAMPLES
from ..input_output import Problem, given, say
from ..options import command

__all__ = ["match"]


@command("match", help=MATCH, epilog=MATCH_EXAMPLES, short_help="say whether a filter pattern matches a message")
@click.argument("pattern", metavar="PATTERN")
@click.argument("message", metavar="MESSAGE")
def match(pattern: str, message: str) -> int:
    """0 matches, 1 does not match, 2 not documented by AWS. Raises `Problem`."""
    if pattern == message == "-":
        raise Problem("only one of PATTERN and MESSAGE may be - for standard input")
    try:
        answer = matches(parse(given(pattern)), given(message))
    except PatternSyntaxError as error:
        raise Problem(f"invalid pattern: {error}") from None
    say(answer.value)
    return {Answer.MATCH: 0, Answer.NO_MATCH: 1, Answer.UNKNOWN: 2}[answer]
