"""The report of an account that was evaluated, written where it is wanted, and the exit status of its verdict."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from config_changes_alarm.assessment import Compliance

from ..evaluation import Evaluated, NotEvaluated, Outcome
from ..formats.rendering import rendered
from ..input_output import say, write
from ..terminal import style_of

__all__ = ["exit_of", "report"]

_EXITS = {Compliance.COMPLIANT: 0, Compliance.NON_COMPLIANT: 1, Compliance.NOT_APPLICABLE: 3}


def report(evaluated: Evaluated, arguments: argparse.Namespace) -> int:
    """Into the file that is named, or on standard output unless it has to be quiet; returns the exit status."""
    if arguments.output is not None:
        write(rendered(arguments.format, evaluated), arguments.output)
    elif not arguments.quiet:
        say(rendered(arguments.format, evaluated, style_of(sys.stdout)))
    return _EXITS[evaluated.assessment.compliance]


def exit_of(outcomes: Sequence[Outcome]) -> int:
    """Of several accounts together: 2 if any could not be evaluated, else the worst verdict."""
    verdicts = {outcome.assessment.compliance for outcome in outcomes if isinstance(outcome, Evaluated)}
    if not outcomes or any(isinstance(outcome, NotEvaluated) for outcome in outcomes):
        return 2
    if Compliance.NON_COMPLIANT in verdicts:
        return _EXITS[Compliance.NON_COMPLIANT]
    return _EXITS[Compliance.COMPLIANT if Compliance.COMPLIANT in verdicts else Compliance.NOT_APPLICABLE]
