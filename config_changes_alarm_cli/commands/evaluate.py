"""`config-changes-alarm evaluate`: one account or several side by side, one control or several from one read."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from config_changes_alarm.control import control_ids, id_of
from config_changes_alarm.requirement import Requirement

from ..evaluation import Candidate, Evaluated, NotEvaluated, Outcome, evaluate_all, evaluate_controls, judged
from ..exceptions import Register
from ..formats.rendering import SEVERAL, SINGLE, Together, rendered, rendered_together
from ..formats.text import PLAIN
from ..help_texts import EVALUATE, evaluate_examples
from ..input_output import Problem, make_directory, reason, say, write
from ..options import FILE, Reports, exceptions, report_options
from ..recording import Recorder, Recording
from ..terminal import progress, style_of
from .verdict import exit_of, report

__all__ = ["evaluate"]

_Parameters = Mapping[str, object]
_ALL = "all"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be evaluated, and what to keep of it. `record` is a directory where there are several."""

    profiles: tuple[str, ...]
    region: str | None
    organization: str | None
    record: Path | None
    redact: bool
    register: Register
    reports: Reports

    @property
    def profile(self) -> str | None:
        """The one that is entered first."""
        return next(iter(self.profiles), None)


@click.command("evaluate", help=EVALUATE, short_help="evaluate accounts, read-only", epilog=evaluate_examples())
@click.option(
    "--profile",
    multiple=True,
    metavar="NAME",
    help="a profile of the AWS configuration; repeat it to evaluate several accounts side by side",
)
@click.option("--region", metavar="REGION", help="the Region to evaluate in; default: the profile's")
@click.option(
    "--organization",
    metavar="ROLE",
    help="evaluate every active account of the organization by assuming this role in each",
)
@click.option(
    "--control",
    multiple=True,
    metavar="ID",
    help="the control to prove, by its id, its number such as CIS-5.0/4.9 or Security Hub's id such as "
    "CloudWatch.9; repeat it for several, or `all`, which are judged from one read of the account",
)
@click.option("--parameter", multiple=True, metavar="NAME=VALUE", help="a rule parameter, see below")
@click.option(
    "--record", type=FILE, metavar="FILE", help="save what was read, for `replay`; of several accounts: a directory"
)
@click.option("--redact", is_flag=True, help="with --record: without account ids, addresses, numbers and URLs")
@exceptions
@report_options
def evaluate(
    profile: tuple[str, ...],
    region: str | None,
    organization: str | None,
    control: tuple[str, ...],
    parameter: tuple[str, ...],
    record: Path | None,
    redact: bool,
    register: Register,
    reports: Reports,
) -> int:
    """The exit status of the verdicts. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`, `InvalidParameters`."""
    asked = _asked(control, parameter)
    wanted = _Wanted(profile, region, organization, record, redact, register, reports)
    if redact and record is None:
        raise Problem("--redact is about a recording: give --record too")
    if organization or len(set(profile)) > 1:
        return _evaluate_several(wanted, asked)
    return _evaluate_controls(wanted, asked) if len(asked) > 1 else _evaluate_one(wanted, *asked)


def _evaluate_one(wanted: _Wanted, parameters: _Parameters) -> int:
    """One control of one account."""
    requirement = Requirement.parse(parameters)
    from ..access import Access

    access = Access.with_profile(wanted.profile, wanted.region)
    source = access.source(requirement.log_group_account_role_name)
    recorder, now = Recorder(source), datetime.now(UTC)

    def reading() -> str:
        return f"Reading {access.account_id} in {access.region}: {len(source.calls())} calls"

    try:
        with progress(reading, wanted.reports.quiet):
            assessment = judged(recorder.account(), requirement, now, wanted.register)
    finally:  # an evaluation that fails is worth a recording too
        recording = recorder.recording(now, parameters)
        if wanted.record is not None:
            _save(recording, wanted.record, wanted.redact)
    return report(Evaluated(access.account_id, assessment, now, recording, wanted.register), wanted.reports)


def _evaluate_controls(wanted: _Wanted, asked: Sequence[_Parameters]) -> int:
    """Several controls of one account."""
    from ..access import Access

    one_file = wanted.reports.format in SEVERAL
    if wanted.reports.output is None and not one_file:
        raise Problem(f"--format {wanted.reports.format} makes one file for each control: give --output DIRECTORY")
    for directory in filter(None, (None if one_file else wanted.reports.output, wanted.record)):
        make_directory(directory)
    access = Access.with_profile(wanted.profile, wanted.region)
    source = access.source(Requirement.parse(asked[0]).log_group_account_role_name)

    def reading() -> str:
        return f"Reading {access.account_id} in {access.region}: {len(source.calls())} calls"

    with progress(reading, wanted.reports.quiet):
        outcomes = evaluate_controls(source, access.account_id, asked, wanted.register)
    _save_each(wanted, outcomes, None if one_file else wanted.reports.output)
    if one_file and wanted.reports.output is not None:
        write(rendered_together(wanted.reports.format, outcomes, PLAIN, Together.CONTROLS), wanted.reports.output)
    elif not wanted.reports.quiet:
        shown = wanted.reports.format if one_file else "text"
        say(rendered_together(shown, outcomes, style_of(sys.stdout), Together.CONTROLS))
    return exit_of(outcomes)


def _evaluate_several(wanted: _Wanted, asked: Sequence[_Parameters]) -> int:
    """Several accounts, and of each one control or several."""
    if wanted.reports.output is None and wanted.reports.format not in SEVERAL:
        raise Problem(f"--format {wanted.reports.format} makes one file for each account: give --output DIRECTORY")
    for directory in filter(None, (wanted.reports.output, wanted.record)):
        make_directory(directory)
    candidates = _candidates(wanted)
    done: list[tuple[Outcome, ...]] = []
    with progress(lambda: _bar(done, len(candidates)), wanted.reports.quiet):
        ordered = evaluate_all(candidates, asked, done.append, wanted.register)
    _save_each(wanted, ordered, wanted.reports.output)
    if not wanted.reports.quiet:
        shown = wanted.reports.format if wanted.reports.output is None else "text"
        together = Together.CONTROLS_OF_ACCOUNTS if len(asked) > 1 else Together.ACCOUNTS
        say(rendered_together(shown, ordered, style_of(sys.stdout), together))
    return exit_of(ordered)


def _save_each(wanted: _Wanted, outcomes: Sequence[Outcome], directory: Path | None) -> None:
    """The recording of each evaluation, and its report into `directory`, if there is one."""
    evaluated = [outcome for outcome in outcomes if isinstance(outcome, Evaluated)]
    for each, file_name in zip(evaluated, _file_names(evaluated), strict=True):
        if wanted.record is not None:
            _save(each.recording, wanted.record / f"{file_name}.json", wanted.redact)
        if directory is not None:
            name = wanted.reports.format
            write(rendered(name, each), directory / f"{file_name}.{SINGLE[name]}")


def _candidates(wanted: _Wanted) -> tuple[Candidate, ...]:
    from ..access import Access, of_organization, with_profiles

    if not wanted.organization:
        return with_profiles(wanted.profiles, wanted.region)
    if len(set(wanted.profiles)) > 1:
        raise Problem("--organization takes one --profile: that of the management or a delegated account")
    return of_organization(Access.with_profile(wanted.profile, wanted.region), wanted.organization)


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


def _asked(controls: Sequence[str], parameters_given: Sequence[str]) -> tuple[_Parameters, ...]:
    """The rule's parameters for each control that is asked for, each control once. Raises `InvalidParameters`."""
    parameters = _parameters(parameters_given)
    if not controls:
        Requirement.parse(parameters)
        return (parameters,)
    if "Control" in parameters:
        raise Problem("--control and --parameter Control are both given: give one of the two")
    named = [each for name in controls for each in (control_ids() if name.lower() == _ALL else (name,))]
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
