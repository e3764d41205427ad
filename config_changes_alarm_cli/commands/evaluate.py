"""`config-changes-alarm evaluate`: one account, or several side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from ..evaluation import Candidate, Evaluated, NotEvaluated, Outcome, evaluate_all
from ..formats.rendering import SEVERAL, SINGLE, rendered, rendered_together
from ..input_output import Problem, make_directory, reason, say, write
from ..recording import Recorder, Recording
from ..terminal import progress, style_of
from .verdict import exit_of, report

__all__ = ["evaluate"]


def evaluate(arguments: argparse.Namespace) -> int:
    """The exit status of the verdicts. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`, `InvalidParameters`."""
    parameters = _parameters(arguments.parameter)
    requirement = Requirement.parse(parameters)
    if arguments.redact and arguments.record is None:
        raise Problem("--redact is about a recording: give --record too")
    if arguments.organization or len(set(arguments.profile)) > 1:
        return _evaluate_several(arguments, parameters)
    from ..access import Access

    access = Access.with_profile(next(iter(arguments.profile), None), arguments.region)
    source = access.source(requirement.log_group_account_role_name)
    recorder, now = Recorder(source), datetime.now(UTC)

    def reading() -> str:
        return f"Reading {access.account_id} in {access.region}: {len(source.calls())} calls"

    try:
        with progress(reading, arguments.quiet):
            assessment = assess(recorder.account(), requirement, now)
    finally:  # an evaluation that fails is worth a recording too
        recording = recorder.recording(now, parameters)
        if arguments.record is not None:
            _save(recording, arguments.record, arguments.redact)
    return report(Evaluated(access.account_id, assessment, now, recording), arguments)


def _evaluate_several(arguments: argparse.Namespace, parameters: dict[str, object]) -> int:
    if arguments.output is None and arguments.format not in SEVERAL:
        raise Problem(f"--format {arguments.format} makes one file for each account: give --output DIRECTORY")
    for directory in filter(None, (arguments.output, arguments.record)):
        make_directory(directory)
    candidates = _candidates(arguments)
    outcomes: list[Outcome] = []
    with progress(lambda: _bar(outcomes, len(candidates)), arguments.quiet):
        ordered = evaluate_all(candidates, parameters, outcomes.append)
    evaluated = [outcome for outcome in ordered if isinstance(outcome, Evaluated)]
    for each, file_name in zip(evaluated, _file_names(evaluated), strict=True):
        if arguments.record is not None:
            _save(each.recording, arguments.record / f"{file_name}.json", arguments.redact)
        if arguments.output is not None:
            write(rendered(arguments.format, each), arguments.output / f"{file_name}.{SINGLE[arguments.format]}")
    if not arguments.quiet:
        shown = arguments.format if arguments.output is None else "text"
        say(rendered_together(shown, ordered, style_of(sys.stdout)))
    return exit_of(ordered)


def _candidates(arguments: argparse.Namespace) -> tuple[Candidate, ...]:
    from ..access import Access, of_organization, with_profiles

    if not arguments.organization:
        return with_profiles(arguments.profile, arguments.region)
    if len(set(arguments.profile)) > 1:
        raise Problem("--organization takes one --profile: that of the management or a delegated account")
    return of_organization(
        Access.with_profile(next(iter(arguments.profile), None), arguments.region), arguments.organization
    )


def _file_names(evaluated: Sequence[Evaluated]) -> list[str]:
    """Account and Region; with a number where two profiles lead to the same."""
    names = [f"{each.assessment.account_id}-{each.assessment.region}" for each in evaluated]
    earlier = [names[:number].count(name) for number, name in enumerate(names)]
    return [f"{name}-{count + 1}" if count else name for name, count in zip(names, earlier, strict=True)]


def _bar(outcomes: Sequence[Outcome], count: int) -> str:
    failed = sum(isinstance(outcome, NotEvaluated) for outcome in outcomes)
    filled = 30 * len(outcomes) // max(count, 1)
    more = f", {failed} could not be evaluated" if failed else ""
    return f"[{'#' * filled}{'.' * (30 - filled)}] {len(outcomes)} of {count} accounts{more}"


def _parameters(given: Sequence[str]) -> dict[str, object]:
    parameters: dict[str, object] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise Problem(f"--parameter {each!r}: expected NAME=VALUE")
        parameters[name] = value
    return parameters


def _save(recording: Recording, path: Path, redact: bool) -> None:
    try:
        (recording.redacted() if redact else recording).save(path)
    except OSError as error:
        raise Problem(f"cannot write {path}: {reason(error)}") from None
