"""`config-changes-alarm evaluate`: one account or several side by side, one control or several from one read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from config_changes_alarm.chain import assess
from config_changes_alarm.control import control_ids, id_of
from config_changes_alarm.requirement import Requirement

from ..evaluation import Candidate, Evaluated, NotEvaluated, Outcome, evaluate_all, evaluate_controls
from ..formats.rendering import SEVERAL, SINGLE, Together, rendered, rendered_together
from ..formats.text import PLAIN
from ..input_output import Problem, make_directory, reason, say, write
from ..recording import Recorder, Recording
from ..terminal import progress, style_of
from .verdict import exit_of, report

__all__ = ["evaluate"]

_Parameters = Mapping[str, object]
_ALL = "all"


def evaluate(arguments: argparse.Namespace) -> int:
    """The exit status of the verdicts. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`, `InvalidParameters`."""
    asked = _asked(arguments)
    if arguments.redact and arguments.record is None:
        raise Problem("--redact is about a recording: give --record too")
    if arguments.organization or len(set(arguments.profile)) > 1:
        return _evaluate_several(arguments, asked)
    if len(asked) > 1:
        return _evaluate_controls(arguments, asked)
    (parameters,) = asked
    requirement = Requirement.parse(parameters)
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


def _evaluate_controls(arguments: argparse.Namespace, asked: Sequence[_Parameters]) -> int:
    """Several controls of one account."""
    from ..access import Access

    one_file = arguments.format in SEVERAL
    if arguments.output is None and not one_file:
        raise Problem(f"--format {arguments.format} makes one file for each control: give --output DIRECTORY")
    for directory in filter(None, (None if one_file else arguments.output, arguments.record)):
        make_directory(directory)
    access = Access.with_profile(next(iter(arguments.profile), None), arguments.region)
    source = access.source(Requirement.parse(asked[0]).log_group_account_role_name)

    def reading() -> str:
        return f"Reading {access.account_id} in {access.region}: {len(source.calls())} calls"

    with progress(reading, arguments.quiet):
        outcomes = evaluate_controls(source, access.account_id, asked)
    _save_each(arguments, outcomes, reports=not one_file)
    if one_file and arguments.output is not None:
        write(rendered_together(arguments.format, outcomes, PLAIN, Together.CONTROLS), arguments.output)
    elif not arguments.quiet:
        shown = arguments.format if one_file else "text"
        say(rendered_together(shown, outcomes, style_of(sys.stdout), Together.CONTROLS))
    return exit_of(outcomes)


def _evaluate_several(arguments: argparse.Namespace, asked: Sequence[_Parameters]) -> int:
    """Several accounts, and of each one control or several."""
    if arguments.output is None and arguments.format not in SEVERAL:
        raise Problem(f"--format {arguments.format} makes one file for each account: give --output DIRECTORY")
    for directory in filter(None, (arguments.output, arguments.record)):
        make_directory(directory)
    candidates = _candidates(arguments)
    done: list[tuple[Outcome, ...]] = []
    with progress(lambda: _bar(done, len(candidates)), arguments.quiet):
        ordered = evaluate_all(candidates, asked, done.append)
    _save_each(arguments, ordered, reports=arguments.output is not None)
    if not arguments.quiet:
        shown = arguments.format if arguments.output is None else "text"
        together = Together.CONTROLS_OF_ACCOUNTS if len(asked) > 1 else Together.ACCOUNTS
        say(rendered_together(shown, ordered, style_of(sys.stdout), together))
    return exit_of(ordered)


def _save_each(arguments: argparse.Namespace, outcomes: Sequence[Outcome], reports: bool) -> None:
    """The recording of each evaluation, and its report, into the directories for them."""
    evaluated = [outcome for outcome in outcomes if isinstance(outcome, Evaluated)]
    for each, file_name in zip(evaluated, _file_names(evaluated), strict=True):
        if arguments.record is not None:
            _save(each.recording, arguments.record / f"{file_name}.json", arguments.redact)
        if reports:
            write(rendered(arguments.format, each), arguments.output / f"{file_name}.{SINGLE[arguments.format]}")


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
    """Account, Region and, of several, the control; with a number where two profiles lead to the same."""
    several = len({id_of(each.assessment.control) for each in evaluated}) > 1
    names = [
        f"{each.assessment.account_id}-{each.assessment.region}"
        + (f"-{id_of(each.assessment.control)}" if several else "")
        for each in evaluated
    ]
    earlier = [names[:number].count(name) for number, name in enumerate(names)]
    return [f"{name}-{count + 1}" if count else name for name, count in zip(names, earlier, strict=True)]


def _bar(done: Sequence[tuple[Outcome, ...]], count: int) -> str:
    failed = sum(any(isinstance(outcome, NotEvaluated) for outcome in of_account) for of_account in done)
    filled = 30 * len(done) // max(count, 1)
    more = f", {failed} could not be evaluated" if failed else ""
    return f"[{'#' * filled}{'.' * (30 - filled)}] {len(done)} of {count} accounts{more}"


def _asked(arguments: argparse.Namespace) -> tuple[_Parameters, ...]:
    """The rule's parameters for each control that is asked for, each control once. Raises `InvalidParameters`."""
    parameters = _parameters(arguments.parameter)
    if not arguments.control:
        Requirement.parse(parameters)
        return (parameters,)
    if "Control" in parameters:
        raise Problem("--control and --parameter Control are both given: give one of the two")
    named = [each for name in arguments.control for each in (control_ids() if name.lower() == _ALL else (name,))]
    asked: dict[str, _Parameters] = {}
    for name in named:
        one = {**parameters, "Control": name}
        asked.setdefault(Requirement.parse(one).control_id, one)
    return tuple(asked.values())


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
