"""`config-changes-alarm explain-pattern`."""

from __future__ import annotations

import argparse
import json
import re
import sys

from config_changes_alarm.requirement import Requirement

from ..explanation import SOME_ACCOUNT, PatternVerdict, explain
from ..formats.pattern import explanation_as_json, explanation_as_text
from ..input_output import Problem, given, say
from ..terminal import style_of

__all__ = ["explain_pattern"]

_EXITS = {PatternVerdict.COVERED: 0, PatternVerdict.MISSED: 1, PatternVerdict.TOO_BROAD: 1}


def explain_pattern(arguments: argparse.Namespace) -> int:
    """0 covered, 1 missed or too broad, 2 invalid pattern or undecided. Raises `InvalidParameters` and `Problem`."""
    account_id = SOME_ACCOUNT if arguments.account is None else str(arguments.account)
    if not re.fullmatch(r"[0-9]{12}", account_id):
        raise Problem(f"--account {account_id}: an account's id has twelve digits")
    requirement = Requirement.parse({"Control": arguments.control, "RequiredFilterPattern": arguments.required})
    explained = explain(given(arguments.pattern), requirement, account_id)
    if arguments.format == "json":
        say(json.dumps(explanation_as_json(explained), indent=2))
    else:
        say(explanation_as_text(explained, style_of(sys.stdout)))
    return _EXITS.get(explained.verdict, 2)
