"""`config-changes-alarm explain-pattern`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping

import click
from config_changes_alarm.control import DEFAULT_CONTROL
from config_changes_alarm.requirement import Requirement

from ..explanation import SOME_ACCOUNT, PatternVerdict, explain
from ..formats.pattern import explanation_as_json, explanation_as_text
from ..help_texts import EXPLAIN, EXPLAIN_EXAMPLES
from ..input_output import Problem, given, say
from ..options import color_option, command, control_option, exit_zero_option, parameter_option, text_or_json
from ..terminal import Color, style_of

__all__ = ["explain_pattern"]

_EXITS = {PatternVerdict.COVERED: 0, PatternVerdict.MISSED: 1, PatternVerdict.TOO_BROAD: 1}
_UNDECIDED = 2


def _account_id(_: click.Context, __: click.Parameter, given: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", given):
        raise click.BadParameter(f"{given!r}: an account's id has twelve digits")
    return given


@command(
    "explain-pattern",
    help=EXPLAIN,
    epilog=EXPLAIN_EXAMPLES,
    short_help="say which required events filter patterns match",
)
@click.argument("patterns", metavar="PATTERN...", nargs=-1, required=True)
@control_option(
    f"the control whose events they must match: its id, such as {DEFAULT_CONTROL} (the default), its number, such as "
    "CIS-5.0/4.9, or Security Hub's id, such as CloudWatch.9"
)
@click.option(
    "--required", metavar="PATTERN", help="instead of a control: the events they must match, as a filter pattern"
)
@click.option(
    "--account",
    callback=_account_id,
    default=SOME_ACCOUNT,
    metavar="ID",
    help=f"the account whose events are meant, for a pattern that names it; default: {SOME_ACCOUNT}",
)
@parameter_option
@text_or_json
@color_option
@exit_zero_option
def explain_pattern(
    patterns: tuple[str, ...],
    control: str | None,
    required: str | None,
    account: str,
    parameter: Mapping[str, str],
    format: str,  # noqa: A002
    color: Color,
    exit_zero: bool,
) -> int:
    """0 covered, 1 missed or too broad, 2 invalid or undecided. Raises `InvalidParameters` and `Problem`."""
    requirement = Requirement.parse(_asked(control, required, parameter))
    if patterns.count("-") > 1:
        raise Problem("only one PATTERN may be - for standard input")
    texts = tuple(map(given, patterns))
    if not all(text.strip() for text in texts):
        raise Problem("a PATTERN is empty: CloudWatch Logs matches every log event with it")
    explained = explain(texts, requirement, account)
    if format == "json":
        say(json.dumps(explanation_as_json(explained), indent=2))
    else:
        say(explanation_as_text(explained, style_of(sys.stdout, color)))
    status = _EXITS.get(explained.verdict, _UNDECIDED)
    return 0 if exit_zero and status != _UNDECIDED else status


def _asked(control: str | None, required: str | None, parameters: Mapping[str, str]) -> dict[str, str]:
    """The rule's parameters. Raises `click.UsageError` where two say what is required."""
    asked = dict(parameters)
    for option, value, name in (("--control", control, "Control"), ("--required", required, "RequiredFilterPattern")):
        if value is None:
            continue
        if name in asked:
            raise click.UsageError(f"{option} and --parameter {name} are both given: give one of the two")
        asked[name] = value
    if control is not None and required is not None:
        raise click.UsageError("--control and --required are both given: give one of the two")
    return asked
