"""`config-changes-alarm explain-pattern`."""

from __future__ import annotations

import json
import re
import sys

import click
from config_changes_alarm.control import DEFAULT_CONTROL
from config_changes_alarm.requirement import Requirement

from ..explanation import SOME_ACCOUNT, PatternVerdict, explain
from ..formats.pattern import explanation_as_json, explanation_as_text
from ..help_texts import EXPLAIN, EXPLAIN_EXAMPLES
from ..input_output import Problem, given, say
from ..options import text_or_json
from ..terminal import style_of

__all__ = ["explain_pattern"]

_EXITS = {PatternVerdict.COVERED: 0, PatternVerdict.MISSED: 1, PatternVerdict.TOO_BROAD: 1}


@click.command(
    "explain-pattern",
    help=EXPLAIN,
    epilog=EXPLAIN_EXAMPLES,
    short_help="say which required events a filter pattern matches",
)
@click.argument("pattern", metavar="PATTERN")
@click.option(
    "--control",
    default="",
    metavar="ID",
    help=f"the control whose events it must match: its id, such as {DEFAULT_CONTROL} (the default), its number, such "
    "as CIS-5.0/4.9, or Security Hub's id, such as CloudWatch.9",
)
@click.option(
    "--required",
    default="",
    metavar="PATTERN",
    help="instead of a control: the events it must match, as a filter pattern",
)
@click.option(
    "--account",
    metavar="ID",
    help=f"the account whose events are meant, for a pattern that names it; default: {SOME_ACCOUNT}",
)
@text_or_json
def explain_pattern(pattern: str, control: str, required: str, account: str | None, format: str) -> int:  # noqa: A002
    """0 covered, 1 missed or too broad, 2 invalid pattern or undecided. Raises `InvalidParameters` and `Problem`."""
    if control and required:
        raise click.UsageError("--control and --required are both given: give one of the two")
    account_id = SOME_ACCOUNT if account is None else account
    if not re.fullmatch(r"[0-9]{12}", account_id):
        raise Problem(f"--account {account_id}: an account's id has twelve digits")
    requirement = Requirement.parse({"Control": control, "RequiredFilterPattern": required})
    explained = explain(given(pattern), requirement, account_id)
    if format == "json":
        say(json.dumps(explanation_as_json(explained), indent=2))
    else:
        say(explanation_as_text(explained, style_of(sys.stdout)))
    return _EXITS.get(explained.verdict, 2)
