"""`config-changes-alarm replay`."""

from __future__ import annotations

from pathlib import Path

import click
from config_changes_alarm.requirement import Requirement

from ..evaluation import Evaluated, judged
from ..exceptions import Register
from ..help_texts import REPLAY
from ..input_output import Problem, reason
from ..options import FILE, Reports, exceptions, report_options
from ..recording import MalformedRecording, Recording, replayed
from .verdict import report

__all__ = ["replay"]


@click.command("replay", help=REPLAY, short_help="evaluate a recording again")
@click.argument("recorded", type=FILE, metavar="FILE")
@exceptions
@report_options
def replay(recorded: Path, register: Register, reports: Reports) -> int:
    """The exit status of the recording's verdict. Raises `Problem`, `EvaluationFailed` and `InvalidParameters`."""
    try:
        recording = Recording.load(recorded)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read {recorded}: {reason(error)}") from None
    except MalformedRecording as error:
        raise Problem(f"{recorded} is no recording: {error}") from None
    requirement = Requirement.parse(recording.parameters)
    assessment = judged(replayed(recording), requirement, recording.evaluated_at, register)
    return report(Evaluated(recording.account_id, assessment, recording.evaluated_at, recording, register), reports)
