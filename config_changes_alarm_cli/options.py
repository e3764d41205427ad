"""What can be asked: the commands of `config-changes-alarm` and their options, as argparse reads them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.control import DEFAULT_CONTROL

from .formats.rendering import SINGLE
from .help_texts import (
    ASK_AWS,
    ASK_AWS_EXAMPLES,
    COMPLETION,
    EVALUATE,
    EXPLAIN,
    EXPLAIN_EXAMPLES,
    MATCH,
    MATCH_EXAMPLES,
    REPLAY,
    evaluate_examples,
)

__all__ = ["parser"]


def parser() -> argparse.ArgumentParser:
    """Of the whole program. What is parsed has the name of its command in `command`."""
    made = argparse.ArgumentParser(
        prog="config-changes-alarm", description="Is somebody told when AWS Config is changed?"
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = made.add_subparsers(required=True, dest="command", metavar="COMMAND")
    _evaluate_options(_command(commands, "evaluate", "evaluate accounts, read-only", EVALUATE, evaluate_examples()))
    replay = _command(commands, "replay", "evaluate a recording again", REPLAY)
    replay.add_argument("recording", metavar="FILE", help="what `evaluate --record` has saved")
    _output_options(replay)
    explain = _command(
        commands, "explain-pattern", "say which required events a filter pattern matches", EXPLAIN, EXPLAIN_EXAMPLES
    )
    explain.add_argument("pattern", metavar="PATTERN", help="a filter pattern, or - for standard input")
    required = explain.add_mutually_exclusive_group()
    required.add_argument(
        "--control", default="", metavar="ID",
        help=f"the control whose events it must match: its id, such as {DEFAULT_CONTROL} (the default), its number, "
        "such as CIS-5.0/4.9, or Security Hub's id, such as CloudWatch.9",
    )  # fmt: skip
    required.add_argument(
        "--required", default="", metavar="PATTERN",
        help="instead of a control: the events it must match, as a filter pattern",
    )  # fmt: skip
    explain.add_argument(
        "--account", metavar="ID",
        help="the account whose events are meant, for a pattern that names it; default: 111122223333",
    )  # fmt: skip
    explain.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    match = _command(commands, "match", "say whether a filter pattern matches a message", MATCH, MATCH_EXAMPLES)
    match.add_argument("pattern", metavar="PATTERN", help="a filter pattern, or - for standard input")
    match.add_argument("message", metavar="MESSAGE", help="a log event's text, or - for standard input")
    ask = _command(commands, "ask-aws", "ask AWS itself how it reads filter patterns", ASK_AWS, ASK_AWS_EXAMPLES)
    ask.add_argument("--profile", metavar="NAME", help="a profile of the AWS configuration; default: the environment's")
    ask.add_argument("--region", help="the Region to ask in; default: the profile's")
    ask.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    ask.add_argument("--output", type=Path, metavar="FILE", help="write the table there")
    ask.add_argument("--quiet", action="store_true", help="print no table and no progress: the exit status tells")
    completion = _command(commands, "completion", "print a completion script for a shell", COMPLETION)
    completion.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh")
    return made


def _command(commands: Any, name: str, words: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return made


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
        "--control", action="append", default=[], metavar="ID",
        help="the control to prove, by its id, its number such as CIS-5.0/4.9 or Security Hub's id such as "
        "CloudWatch.9; repeat it for several, or `all`, which are judged from one read of the account",
    )  # fmt: skip
    command.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a rule parameter, see below"
    )
    command.add_argument(
        "--record", type=Path, metavar="FILE", help="save what was read, for `replay`; of several accounts: a directory"
    )
    command.add_argument(
        "--redact",
        action="store_true",
        help="with --record: without ids of accounts and organizations, addresses, numbers and URLs",
    )
    _output_options(command)


def _output_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=tuple(SINGLE), default="text", metavar="FORMAT",
        help=f"{', '.join(tuple(SINGLE)[:-1])} or {tuple(SINGLE)[-1]}; default: text",
    )  # fmt: skip
    command.add_argument(
        "--output", type=Path, metavar="FILE", help="write the report there; of several accounts: a directory"
    )
    command.add_argument("--quiet", action="store_true", help="print no report and no progress: the exit status tells")
