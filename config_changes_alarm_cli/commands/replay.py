"""`config-changes-alarm replay`."""

from __future__ import annotations

from pathlib import Path

import click
from config_changes_alarm.requirement import Requirement

from ..evaluation import Evaluated, judged
from ..exceptions import Register
from ..help_texts import REPLAY
from ..input_output import Problem, given, reason
from ..options import command, exceptions, report_options
from ..recording import MalformedRecording, Recording, replayed
from ..reports import Reports
from .verdict import report

__all__ = ["replay"]


@command("replay", help=REPLAY, short_help="evaluate a recording again")
@click.argument("file", type=click.Path(allow_dash=True), metavar="FILE")
@exceptions
@report_options
def replay(file: str, register: Register, reports: Reports) -> int:
    """The exit status of the recording's verdict. Raises `Problem`, `EvaluationFailed` and `InvalidParameters`."""
    reports = reports.tried()
    name = "standard input" if file == "-" else file
    try:
        recording = Recording.parse(given("-") if file == "-" else Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read {name}: {reason(error)}") from None
    except MalformedRecording as error:
        raise Problem(f"{name} is no recording: {error}") from None
    requirement = Requirement.parse(recording.parameters)
    assessment = judged(replayed(recording), requirement, recording.evaluated_at, register)
    return report(Evaluated(assessment.account_id, assessment, recording.evaluated_at, recording, register), reports)
