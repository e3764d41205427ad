"""The options that several commands have, each declared once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from .exceptions import NO_EXCEPTIONS, MalformedRegister, Register
from .formats.rendering import SINGLE
from .input_output import reason

__all__ = ["FILE", "Reports", "exceptions", "quiet", "report_options", "text_or_json"]

_Callback = Callable[..., Any]

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Reports:
    """Which reports are wanted, and where.

    `output` is a file, or a directory where there are several; without it the report goes to standard output.
    """

    format: str
    output: Path | None
    quiet: bool


def text_or_json(command: _Callback) -> _Callback:
    """`--format` of what is text or JSON."""
    return click.option(
        "--format",
        type=click.Choice(("text", "json")),
        default="text",
        metavar="FORMAT",
        help="text or json; default: text",
    )(command)


def quiet(what: str) -> Callable[[_Callback], _Callback]:
    """`--quiet`: no `what` and no progress."""
    return click.option("--quiet", is_flag=True, help=f"print no {what} and no progress: the exit status tells")


class _RegisterFile(click.Path):
    """A register of exceptions by its file; or as a configuration file holds it, as an array of tables."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, Register):
            return value
        try:
            return Register.parse(value) if isinstance(value, list) else Register.load(Path(value))
        except OSError as error:
            self.fail(f"cannot read {value}: {reason(error)}", param, ctx)
        except MalformedRegister as error:
            self.fail(str(error) if isinstance(value, list) else f"{value}: {error}", param, ctx)


def exceptions(command: _Callback) -> _Callback:
    """`--exceptions`: the command gets a `Register`."""
    return click.option(
        "--exceptions",
        "register",
        type=_RegisterFile(),
        default=NO_EXCEPTIONS,
        metavar="FILE",
        help="what may go unnoticed or is accepted on purpose, why and until when (TOML)",
    )(command)


def report_options(command: _Callback) -> _Callback:
    """Hands the command what `--format`, `--output` and `--quiet` ask for as one argument, `reports`."""
    names = tuple(SINGLE)

    @functools.wraps(command)
    def with_reports(*, format: str, output: Path | None, quiet: bool, **given: Any) -> Any:  # noqa: A002
        return command(reports=Reports(format, output, quiet), **given)

    options = (
        click.option(
            "--format", type=click.Choice(names), default="text", metavar="FORMAT",
            help=f"{', '.join(names[:-1])} or {names[-1]}; default: text",
        ),
        click.option(
            "--output", type=FILE, metavar="FILE", help="write the report there; of several accounts: a directory"
        ),
        quiet("report"),
    )  # fmt: skip
    made: _Callback = with_reports
    for option in reversed(options):
        made = option(made)
    return made
