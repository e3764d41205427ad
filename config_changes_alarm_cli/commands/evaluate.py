"""`config-changes-alarm evaluate`: one account or several side by side, one control or several from one read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from config_changes_alarm.requirement import Requirement

from ..evaluation import Candidate, Evaluated, NotEvaluated, Outcome, evaluate_all, evaluate_controls, judged
from ..exceptions import Register
from ..formats.rendering import Together
from ..help_texts import EVALUATE, evaluate_examples
from ..input_output import Problem, make_directory, reason, tried
from ..options import FILE, command, control_option, exceptions, parameter_option, profile_option, report_options
from ..recording import Recorder, Recording
from ..reports import Reports, file_names
from ..sending import Sending
from ..terminal import accounts_done, progress
from .asked import ALL, Parameters, asked_for
from .verdict import exit_of, report

__all__ = ["evaluate"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be evaluated, and what to keep of it. `record` is a directory where there are several."""

    profiles: tuple[str, ...]
    region: str | None
    organization: str | None
    record: Path | None
    redact: bool
    register: Register
    sending: Sending
    reports: Reports

    @property
    def profile(self) -> str | None:
        """The one that is entered first."""
        return next(iter(self.profiles), None)


@command("evaluate", help=EVALUATE, short_help="evaluate accounts, read-only", epilog=evaluate_examples())
@profile_option(multiple=True)
@click.option("--region", metavar="REGION", help="the Region to evaluate in; default: the profile's")
@click.option(
    "--organization",
    metavar="ROLE",
    help="evaluate every active account of the organization by assuming this role in each",
)
@control_option(
    "the control to prove, by its id, its number such as CIS-5.0/4.9 or Security Hub's id such as CloudWatch.9; "
    "repeat it for several, or `all`, which are judged from one read of the account",
    ALL,
    multiple=True,
)
@parameter_option
@click.option(
    "--record", type=FILE, metavar="FILE", help="save what was read, for `replay`; of several accounts: a directory"
)
@click.option(
    "--redact",
    is_flag=True,
    help="with --record: without ids of accounts and organizations, addresses, numbers and URLs",
)
@exceptions
@click.option(
    "--send", is_flag=True, help="import the verdict of each account into its Security Hub; else nothing is written"
)
@report_options
def evaluate(
    profile: tuple[str, ...],
    region: str | None,
    organization: str | None,
    control: tuple[str, ...],
    parameter: Mapping[str, str],
    record: Path | None,
    redact: bool,
    register: Register,
    send: bool,
    reports: Reports,
) -> int:
    """The exit status of the verdicts. Raises `Problem`, `CannotEvaluate`, `EvaluationFailed`, `InvalidParameters`."""
    asked = asked_for(control, parameter)
    profiles = tuple(dict.fromkeys(profile))
    if redact and record is None:
        raise Problem("--redact is about a recording: give --record too")
    if record is not None and reports.go_to(record):
        raise Problem(f"--record and a report both go to {record}: give each its own")
    if organization and len(profiles) > 1:
        raise Problem("--organization takes one --profile: that of the management or a delegated account")
    together = _together(organization is not None or len(profiles) > 1, len(asked) > 1)
    if record is not None:
        (tried if together is None else make_directory)(record)
    sending = Sending(send)
    wanted = _Wanted(profiles, region, organization, record, redact, register, sending, reports.tried(together))
    status = _evaluate(wanted, asked, together)
    sending.settle()
    return status


def _evaluate(wanted: _Wanted, asked: Sequence[Parameters], together: Together | None) -> int:
    match together:
        case None:
            return _evaluate_one(wanted, *asked)
        case Together.CONTROLS:
            outcomes = _evaluate_controls(wanted, asked)
        case Together.ACCOUNTS | Together.CONTROLS_OF_ACCOUNTS:
            outcomes = _evaluate_accounts(wanted, asked)
    if wanted.record is not None:
        for evaluated, name in file_names(outcomes):
            _save(evaluated.recording, wanted.record / f"{name}.json", wanted.redact)
    wanted.reports.write(outcomes, together)
    return exit_of(outcomes)


def _together(accounts: bool, controls: bool) -> Together | None:
    if accounts:
        return Together.CONTROLS_OF_ACCOUNTS if controls else Together.ACCOUNTS
    return Together.CONTROLS if controls else None


def _evaluate_one(wanted: _Wanted, parameters: Parameters) -> int:
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
    evaluated = Evaluated(access.account_id, assessment, now, recording, wanted.register)
    wanted.sending.send(access, (evaluated,))
    return report(evaluated, wanted.reports)


def _evaluate_controls(wanted: _Wanted, asked: Sequence[Parameters]) -> Sequence[Outcome]:
    """Several controls of one account."""
    from ..access import Access

    access = Access.with_profile(wanted.profile, wanted.region)
    source = access.source(Requirement.parse(asked[0]).log_group_account_role_name)

    def reading() -> str:
        return f"Reading {access.account_id} in {access.region}: {len(source.calls())} calls"

    with progress(reading, wanted.reports.quiet):
        outcomes = evaluate_controls(source, access.account_id, asked, wanted.register)
    wanted.sending.send(access, outcomes)
    return outcomes


def _evaluate_accounts(wanted: _Wanted, asked: Sequence[Parameters]) -> Sequence[Outcome]:
    """Several accounts, and of each one control or several."""
    candidates = _candidates(wanted)
    with accounts_done(len(candidates), wanted.reports.quiet) as done:

        def ended(outcomes: tuple[Outcome, ...]) -> None:
            done(not any(isinstance(outcome, NotEvaluated) for outcome in outcomes))

        return evaluate_all(candidates, asked, ended, wanted.register, wanted.sending.send)


def _candidates(wanted: _Wanted) -> tuple[Candidate, ...]:
    from ..access import Access, of_organization, with_profiles

    if wanted.organization is None:
        return with_profiles(wanted.profiles, wanted.region)
    return of_organization(Access.with_profile(wanted.profile, wanted.region), wanted.organization)


def _save(recording: Recording, path: Path, redact: bool) -> None:
    try:
        (recording.redacted() if redact else recording).save(path)
    except OSError as error:
        raise Problem(f"cannot write {path}: {reason(error)}") from None
