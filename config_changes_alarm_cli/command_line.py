"""The command line: `config-changes-alarm evaluate | replay | explain-pattern | match | completion`.

Standard output holds the report and nothing else; progress and problems go to standard error. Exit statuses are part
of the interface: 0 as it should be, 1 not so, 2 could not be told, 3 not applicable.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, PARAMETERS, InvalidParameters, Requirement

from .evaluation import Candidate, CannotEvaluate, Evaluated, NotEvaluated, Outcome, evaluate_all
from .explanation import PatternVerdict, explain
from .formats.pattern import explanation_as_json, explanation_as_text
from .formats.rendering import SEVERAL, SINGLE, rendered, rendered_together
from .recording import MalformedRecording, Recorder, Recording, replayed
from .terminal import progress, style_of

__all__ = ["main"]

_EXITS = {Compliance.COMPLIANT: 0, Compliance.NON_COMPLIANT: 1, Compliance.NOT_APPLICABLE: 3}
_EXPLAINED_EXITS = {PatternVerdict.COVERED: 0, PatternVerdict.MISSED: 1}
_INTERRUPTED = 130


class _Problem(Exception):
    """What keeps a command from doing its work, in one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. Without `argv` it is a program of its own, with sys.argv."""
    if argv is None:
        signal.signal(signal.SIGINT, _leave)
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except (_Problem, CannotEvaluate, EvaluationFailed, InvalidParameters, MalformedRecording) as problem:
        sys.stderr.write(f"config-changes-alarm: {problem}\n")
        return 2
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED


def _leave(*_: object) -> None:
    """Ctrl-C: at once. Python would wait for the threads that read, up to a minute where AWS does not answer."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    os._exit(_INTERRUPTED)


# --------------------------------------------------------------------------- what can be asked

_EVALUATE = """\
Follows the chain trail -> log group -> metric filter -> alarm -> topic ->
subscription in an account, read-only, and says whether somebody would be told
if AWS Config were changed.

Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate,
3 NOT_APPLICABLE. Of several accounts: 2 if any could not be evaluated, else 1
if any is NON_COMPLIANT, else 0; 3 if none is applicable.
"""
_EVALUATE_EXAMPLES = """\
examples:
  config-changes-alarm evaluate --profile production --region eu-west-1
  config-changes-alarm evaluate --format html --output chain.html
  config-changes-alarm evaluate --parameter MaxRearmSeconds=3600
  config-changes-alarm evaluate --profile production --profile staging
  config-changes-alarm evaluate --profile management --organization AuditRole
  config-changes-alarm evaluate --record evaluation.json --redact

rule parameters, for --parameter:
"""
_REPLAY = """\
Evaluates again what `evaluate --record` has saved, on any machine and without
AWS. This is how a wrong verdict is reported.

Exit status: 0 COMPLIANT, 1 NON_COMPLIANT, 2 could not evaluate,
3 NOT_APPLICABLE.
"""
_EXPLAIN = """\
Says for each required event whether a filter pattern matches it always, only
sometimes (and when) or never, and shows a CloudTrail record that it misses. It
decides over all records; it does not try samples.

Exit status: 0 covered, 1 missed, 2 invalid pattern or undecided.
"""
_EXPLAIN_EXAMPLES = """\
examples:
  config-changes-alarm explain-pattern '{ $.eventName = PutConfigurationRecorder }'
  aws logs describe-metric-filters --filter-name-prefix config --query 'metricFilters[0].filterPattern' \\
      --output text | config-changes-alarm explain-pattern -
"""
_MATCH = """\
Says whether CloudWatch Logs would match a log event with a filter pattern, as far
as AWS documents it.

Exit status: 0 matches, 1 does not match, 2 invalid pattern or not documented by AWS.
"""
_MATCH_EXAMPLES = """\
examples:
  config-changes-alarm match '{ $.eventName = Put* }' '{"eventName": "PutDeliveryChannel"}'
  config-changes-alarm match '{ $.eventName = Put* }' - < record.json
"""
_COMPLETION = """\
Prints a script that completes this program's commands and options in a shell.

  eval "$(config-changes-alarm completion bash)"
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="config-changes-alarm", description="Is somebody told when AWS Config is changed?"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _evaluate_options(_command(commands, "evaluate", "evaluate accounts, read-only", _EVALUATE, _taught()))
    replay = _command(commands, "replay", "evaluate a recording again", _REPLAY)
    replay.add_argument("recording", metavar="FILE", help="what `evaluate --record` has saved")
    _output_options(replay)
    replay.set_defaults(run=_replay)
    explain = _command(
        commands, "explain-pattern", "say which required events a filter pattern matches", _EXPLAIN, _EXPLAIN_EXAMPLES
    )
    explain.add_argument("pattern", metavar="PATTERN", help="a filter pattern, or - for standard input")
    explain.add_argument(
        "--required", default=DEFAULT_REQUIRED_FILTER_PATTERN, metavar="PATTERN",
        help="the events it must match, as a filter pattern; default: those of the control",
    )  # fmt: skip
    explain.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    explain.set_defaults(run=_explain)
    match = _command(commands, "match", "say whether a filter pattern matches a message", _MATCH, _MATCH_EXAMPLES)
    match.add_argument("pattern", metavar="PATTERN", help="a filter pattern, or - for standard input")
    match.add_argument("message", metavar="MESSAGE", help="a log event's text, or - for standard input")
    match.set_defaults(run=_match)
    completion = _command(commands, "completion", "print a completion script for a shell", _COMPLETION)
    completion.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh")
    completion.set_defaults(run=_completion)
    return parser


def _command(commands: Any, name: str, words: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return made


def _taught() -> str:
    """The examples, and the rule's parameters."""
    lines = [
        f"  {parameter.name}\n"
        + textwrap.fill(parameter.description, 80, initial_indent=_DEEP, subsequent_indent=_DEEP)
        for parameter in PARAMETERS
        if not parameter.description.startswith("rdklib:")
    ]
    return _EVALUATE_EXAMPLES + "\n".join(lines)


_DEEP = " " * 6


def _evaluate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--profile", action="append", default=[], metavar="NAME",
        help="a profile of the AWS configuration; repeat it to evaluate several accounts side by side",
    )  # fmt: skip
    command.add_argument("--region", help="the Region to evaluate in; default: the profile's")
    command.add_argument(
        "--organization", metavar="ROLE",
        help="evaluate every active account of the organization by assuming this role in each",
    )  # fmt: skip
    command.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a rule parameter, see below"
    )
    command.add_argument(
        "--record", type=Path, metavar="FILE", help="save what was read, for `replay`; of several accounts: a directory"
    )
    command.add_argument(
        "--redact", action="store_true", help="with --record: without account ids, addresses, numbers and URLs"
    )
    _output_options(command)
    command.set_defaults(run=_evaluate)


def _output_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=tuple(SINGLE), default="text", metavar="FORMAT",
        help=f"{', '.join(tuple(SINGLE)[:-1])} or {tuple(SINGLE)[-1]}; default: text",
    )  # fmt: skip
    command.add_argument(
        "--output", type=Path, metavar="FILE", help="write the report there; of several accounts: a directory"
    )
    command.add_argument("--quiet", action="store_true", help="print no report and no progress: the exit status tells")


# --------------------------------------------------------------------------- evaluate, replay


def _evaluate(arguments: argparse.Namespace) -> int:
    parameters = _parameters(arguments.parameter)
    requirement = Requirement.parse(parameters)
    if arguments.redact and arguments.record is None:
        raise _Problem("--redact is about a recording: give --record too")
    if arguments.organization or len(set(arguments.profile)) > 1:
        return _evaluate_several(arguments, parameters)
    from .access import Access

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
    return _report(Evaluated(access.account_id, assessment, now, recording), arguments)


def _evaluate_several(arguments: argparse.Namespace, parameters: dict[str, object]) -> int:
    if arguments.output is None and arguments.format not in SEVERAL:
        raise _Problem(f"--format {arguments.format} makes one file for each account: give --output DIRECTORY")
    for directory in filter(None, (arguments.output, arguments.record)):
        _make_directory(directory)
    candidates = _candidates(arguments)
    outcomes: list[Outcome] = []
    with progress(lambda: _bar(outcomes, len(candidates)), arguments.quiet):
        ordered = evaluate_all(candidates, parameters, outcomes.append)
    evaluated = [outcome for outcome in ordered if isinstance(outcome, Evaluated)]
    for each, file_name in zip(evaluated, _file_names(evaluated), strict=True):
        if arguments.record is not None:
            _save(each.recording, arguments.record / f"{file_name}.json", arguments.redact)
        if arguments.output is not None:
            _write(rendered(arguments.format, each), arguments.output / f"{file_name}.{SINGLE[arguments.format]}")
    if not arguments.quiet:
        shown = arguments.format if arguments.output is None else "text"
        _say(rendered_together(shown, ordered, style_of(sys.stdout)))
    return _exit_of(ordered)


def _file_names(evaluated: Sequence[Evaluated]) -> list[str]:
    """Account and Region; with a number where two profiles lead to the same."""
    names = [f"{each.assessment.account_id}-{each.assessment.region}" for each in evaluated]
    earlier = [names[:number].count(name) for number, name in enumerate(names)]
    return [f"{name}-{count + 1}" if count else name for name, count in zip(names, earlier, strict=True)]


def _candidates(arguments: argparse.Namespace) -> tuple[Candidate, ...]:
    from .access import Access, of_organization, with_profiles

    if not arguments.organization:
        return with_profiles(arguments.profile, arguments.region)
    if len(set(arguments.profile)) > 1:
        raise _Problem("--organization takes one --profile: that of the management or a delegated account")
    return of_organization(
        Access.with_profile(next(iter(arguments.profile), None), arguments.region), arguments.organization
    )


def _exit_of(outcomes: Sequence[Outcome]) -> int:
    verdicts = {outcome.assessment.compliance for outcome in outcomes if isinstance(outcome, Evaluated)}
    if not outcomes or any(isinstance(outcome, NotEvaluated) for outcome in outcomes):
        return 2
    if Compliance.NON_COMPLIANT in verdicts:
        return _EXITS[Compliance.NON_COMPLIANT]
    return _EXITS[Compliance.COMPLIANT if Compliance.COMPLIANT in verdicts else Compliance.NOT_APPLICABLE]


def _bar(outcomes: Sequence[Outcome], count: int) -> str:
    failed = sum(isinstance(outcome, NotEvaluated) for outcome in outcomes)
    filled = 30 * len(outcomes) // max(count, 1)
    more = f", {failed} could not be evaluated" if failed else ""
    return f"[{'#' * filled}{'.' * (30 - filled)}] {len(outcomes)} of {count} accounts{more}"


def _replay(arguments: argparse.Namespace) -> int:
    try:
        recording = Recording.load(Path(arguments.recording))
    except (OSError, UnicodeDecodeError) as error:
        raise _Problem(f"cannot read {arguments.recording}: {_reason(error)}") from None
    except MalformedRecording as error:
        raise _Problem(f"{arguments.recording} is no recording: {error}") from None
    requirement = Requirement.parse(recording.parameters)
    assessment = assess(replayed(recording), requirement, recording.evaluated_at)
    return _report(Evaluated(recording.account_id, assessment, recording.evaluated_at, recording), arguments)


def _parameters(given: Sequence[str]) -> dict[str, object]:
    parameters: dict[str, object] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise _Problem(f"--parameter {each!r}: expected NAME=VALUE")
        parameters[name] = value
    return parameters


def _report(evaluated: Evaluated, arguments: argparse.Namespace) -> int:
    if arguments.output is not None:
        _write(rendered(arguments.format, evaluated), arguments.output)
    elif not arguments.quiet:
        _say(rendered(arguments.format, evaluated, style_of(sys.stdout)))
    return _EXITS[evaluated.assessment.compliance]


# --------------------------------------------------------------------------- reading and writing


def _say(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _write(text: str, path: Path) -> None:
    try:
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as error:
        raise _Problem(f"cannot write {path}: {_reason(error)}") from None


def _save(recording: Recording, path: Path, redact: bool) -> None:
    try:
        (recording.redacted() if redact else recording).save(path)
    except OSError as error:
        raise _Problem(f"cannot write {path}: {_reason(error)}") from None


def _make_directory(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _Problem(f"cannot make the directory {path}: {_reason(error)}") from None


def _given(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


# --------------------------------------------------------------------------- explain-pattern


def _explain(arguments: argparse.Namespace) -> int:
    requirement = Requirement.parse({"RequiredFilterPattern": arguments.required})
    explained = explain(_given(arguments.pattern), requirement)
    if arguments.format == "json":
        _say(json.dumps(explanation_as_json(explained), indent=2))
    else:
        _say(explanation_as_text(explained, style_of(sys.stdout)))
    return _EXPLAINED_EXITS.get(explained.verdict, 2)


# --------------------------------------------------------------------------- match


def _match(arguments: argparse.Namespace) -> int:
    if arguments.pattern == arguments.message == "-":
        raise _Problem("only one of PATTERN and MESSAGE may be - for standard input")
    try:
        answer = matches(parse(_given(arguments.pattern)), _given(arguments.message))
    except PatternSyntaxError as error:
        raise _Problem(f"invalid pattern: {error}") from None
    _say(answer.value)
    return {Answer.MATCH: 0, Answer.NO_MATCH: 1, Answer.UNKNOWN: 2}[answer]


# --------------------------------------------------------------------------- completion


def _completion(arguments: argparse.Namespace) -> int:
    try:
        import shtab
    except ImportError:
        raise _Problem("completion needs the package shtab: pip install shtab") from None
    _say(shtab.complete(_parser(), arguments.shell))
    return 0
