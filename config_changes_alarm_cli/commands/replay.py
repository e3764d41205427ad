"""`config-changes-alarm replay`."""

from __future__ import annotations

import argparse
from pathlib import Path

from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from ..evaluation import Evaluated
from ..input_output import Problem, reason
from ..recording import MalformedRecording, Recording, replayed
from .verdict import report

__all__ = ["replay"]


def replay(arguments: argparse.Namespace) -> int:
    """The exit status of the recording's verdict. Raises `Problem`, `EvaluationFailed` and `InvalidParameters`."""
    try:
        recording = Recording.load(Path(arguments.recording))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"cannot read {arguments.recording}: {reason(error)}") from None
    except MalformedRecording as error:
        raise Problem(f"{arguments.recording} is no recording: {error}") from None
    requirement = Requirement.parse(recording.parameters)
    assessment = assess(replayed(recording), requirement, recording.evaluated_at)
    return report(Evaluated(recording.account_id, assessment, recording.evaluated_at, recording), arguments)
