"""The options that several commands have, each declared once, and what holds for the options of all.

Each may stand in a configuration file and in an environment variable: `--region` in CONFIG_CHANGES_ALARM_REGION.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from config_changes_alarm.control import control_ids
from config_changes_alarm.requirement import PARAMETERS

from .configuration import USUAL, defaults_of
from .exceptions import NO_EXCEPTIONS, MalformedRegister, Register
from .formats.rendering import SINGLE
from .input_output import PROGRAM, note, reason
from .reports import Destination, Reports
from .terminal import Color

__all__ = [
    "FILE",
    "color_option",
    "command",
    "control_option",
    "exceptions",
    "exit_zero_option",
    "parameter_option",
    "profile_option",
    "quiet_option",
    "report_options",
    "text_or_json",
]

_Callback = Callable[..., Any]
_Decorator = Callable[[_Callback], _Callback]

FILE = click.Path(path_type=Path)
"""A file, which shells complete."""

_ENVIRONMENT = PROGRAM.replace("-", "_").upper()
_CONFIGURATION = f"{__name__}.configuration"
_VERDICTS = (1, 3, 4)


class _Command(click.Command):
    """One that refuses what would be passed over: an option that is given twice, and one whose value is empty.

    Two Regions are not one Region, and what a script's variable does not hold is not the default.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        values, _, order = self.make_parser(ctx).parse_args(list(args))
        rest = super().parse_args(ctx, args)
        times = Counter(each for each in order if isinstance(each, click.Option))
        for option, count in times.items():
            if count > 1 and not option.multiple and not option.is_flag:
                raise click.UsageError(f"{option.opts[-1]} is given {count} times", ctx)
            value = values[str(option.name)]
            if value == "" or (option.multiple and "" in value):
                raise click.UsageError(f"the value of {option.opts[-1]} is empty", ctx)
        return rest


def command(name: str, *, help: str, short_help: str, epilog: str = "") -> Callable[[_Callback], click.Command]:  # noqa: A002
    """A command, whose callback returns its exit status. If it has options, a file may say what they are."""

    def declared(callback: _Callback) -> click.Command:
        made = click.command(name, cls=_Command, help=help, short_help=short_help, epilog=epilog)(callback)
        if any(isinstance(each, click.Option) for each in made.params):
            made.params.append(_configuration_option())
        for each in made.params:
            if isinstance(each, click.Option):
                each.envvar = f"{_ENVIRONMENT}_{each.opts[-1].lstrip('-').replace('-', '_').upper()}"
        return made

    return declared


def _configure(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Lets the file say what nobody else says. Raises `Problem`."""
    if path is None and not USUAL.is_file():
        return
    program = context.find_root().command
    assert isinstance(program, click.Group)
    context.meta[_CONFIGURATION] = path or USUAL
    context.default_map = defaults_of(path or USUAL, program.commands, str(context.info_name))


def _configuration_option() -> click.Option:
    return click.Option(
        ("--config",), type=FILE, metavar="FILE", is_eager=True, expose_value=False, callback=_configure,
        help=f"read options from this TOML file; default: {USUAL}, if there is one",
    )  # fmt: skip


color_option = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", metavar="WHEN",
    help="colours: auto (on a terminal, and as NO_COLOR and FORCE_COLOR say), always or never",
)  # fmt: skip

exit_zero_option = click.option(
    "--exit-zero", is_flag=True, help="exit with 0 whatever the verdict is; 2 still says that there is none"
)


def text_or_json(callback: _Callback) -> _Callback:
    """`--format` of what is text or JSON."""
    return click.option(
        "-f", "--format", type=click.Choice(("text", "json")), default="text", metavar="FORMAT",
        help="text or json; default: text",
    )(callback)  # fmt: skip


def quiet_option(what: str) -> _Decorator:
    """`--quiet`: no `what` and no progress."""
    return click.option("-q", "--quiet", is_flag=True, help=f"print no {what} and no progress: the exit status tells")


# --------------------------------------------------------------------------- accounts and what is asked of them


def _profiles(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from .access import profile_names

    return [name for name in profile_names() if name.startswith(incomplete)]


def profile_option(multiple: bool) -> _Decorator:
    """`--profile`, of which several are several accounts."""
    more = "; repeat it to evaluate several accounts side by side" if multiple else "; default: the environment's"
    return click.option(
        "--profile", multiple=multiple, metavar="NAME", shell_complete=_profiles,
        help=f"a profile of the AWS configuration{more}",
    )  # fmt: skip


def control_option(words: str, *more: str, **settings: Any) -> _Decorator:
    """`--control`, which completes the ids; `more` are words that it takes as well."""

    def completed(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
        return [name for name in (*control_ids(), *more) if name.startswith(incomplete)]

    return click.option("--control", metavar="ID", shell_complete=completed, help=words, **settings)


def _parameter_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [f"{each.name}=" for each in PARAMETERS if each.name.startswith(incomplete)]


def _parameters(context: click.Context, _: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """By name; those of the configuration file too, unless they are given anew."""
    configured = (context.default_map or {}).get("parameter", ())
    return {**_by_name(context, configured), **_by_name(context, given)}


def _by_name(context: click.Context, given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"--parameter {each!r}: expected NAME=VALUE", context)
        if name in found:
            raise click.UsageError(f"--parameter {name} is given twice", context)
        found[name] = value
    return found


parameter_option = click.option(
    "--parameter", multiple=True, metavar="NAME=VALUE", callback=_parameters,
    shell_complete=_parameter_names, help="a parameter of the rule, such as MaxRearmSeconds=3600",
)  # fmt: skip


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


def exceptions(callback: _Callback) -> _Callback:
    """`--exceptions`: the command gets a `Register`."""
    return click.option(
        "--exceptions",
        "register",
        type=_RegisterFile(),
        default=NO_EXCEPTIONS,
        metavar="FILE",
        help="what may go unnoticed or is accepted on purpose, why and until when (TOML)",
    )(callback)


# --------------------------------------------------------------------------- reports


def _formats(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[Destination, ...]:
    """Each is FORMAT or FORMAT=FILE."""
    found = []
    for each in given:
        name, equals, path = each.partition("=")
        if name not in SINGLE:
            raise click.BadParameter(f"{name!r} is not one of {', '.join(SINGLE)}")
        if equals and not path:
            raise click.BadParameter(f"{each!r} names no file")
        found.append(Destination(name, Path(path) if equals else None))
    return tuple(found)


def _format_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in SINGLE if name.startswith(incomplete)]


_STANDARD_OUTPUT = Path("-")


def _destinations(formats: tuple[Destination, ...], output: Path | None) -> tuple[Destination, ...]:
    """Where each format goes: what has no file of its own goes where `--output` says. Raises `click.UsageError`."""
    wanted = formats or (Destination("text"),)
    if output is not None and all(each.path is not None for each in wanted):
        raise click.UsageError("--output is for a --format that names no file, and each names one")
    placed = [Destination(each.format, each.path or output or _STANDARD_OUTPUT) for each in wanted]
    found = tuple(each if each.path != _STANDARD_OUTPUT else Destination(each.format) for each in placed)
    for where, count in Counter(each.where for each in found).items():
        if count > 1:
            told = "standard output" if where is None else str(where)
            raise click.UsageError(f"{count} formats go to {told}: give each a file, as in --format json=FILE")
    return found


def report_options(callback: _Callback) -> _Callback:
    """Hands the command the reports that are asked for as one argument, `reports`; `--exit-zero` changes its status."""
    names = tuple(SINGLE)

    @functools.wraps(callback)
    def with_reports(
        *,
        format: tuple[Destination, ...],  # noqa: A002
        output: Path | None,
        quiet: bool,
        verbose: bool,
        color: Color,
        exit_zero: bool,
        **given: Any,
    ) -> int:
        configuration = click.get_current_context().meta.get(_CONFIGURATION)
        if verbose and configuration is not None:
            note(f"options from {configuration}")
        reports = Reports(_destinations(format, output), quiet, verbose, color)
        status: int = callback(reports=reports, **given)
        return 0 if exit_zero and status in _VERDICTS else status

    options = (
        click.option(
            "-f", "--format", multiple=True, metavar="FORMAT[=FILE]", callback=_formats, shell_complete=_format_names,
            help=f"{', '.join(names[:-1])} or {names[-1]}; default: text. Repeat it for several reports from one run, "
            "each with its file",
        ),
        click.option(
            "-o", "--output", type=FILE, metavar="FILE",
            help="write the report there, - is standard output; of several accounts: a directory, or one file whose "
            "name has an ending",
        ),
        quiet_option("report"),
        click.option("-v", "--verbose", is_flag=True, help="tell more: sample records, files that were written"),
        color_option,
        exit_zero_option,
    )  # fmt: skip
    made: _Callback = with_reports
    for option in reversed(options):
        made = option(made)
    return made
