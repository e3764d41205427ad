"""The command line: `config-changes-alarm COMMAND`, and what becomes of whatever goes wrong.

Standard output holds the report and nothing else; progress and problems go to standard error. Exit statuses are part
of the interface: 0 as it should be, 1 not so, 2 could not be told, 3 not applicable, 4 not so only because something
could not be verified.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import click
from click.shell_completion import shell_complete
from config_changes_alarm import __version__
from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.requirement import InvalidParameters

from .commands import ask_aws, completion, completion_variable, evaluate, explain_pattern, match, replay
from .evaluation import CannotEvaluate
from .input_output import Problem, say
from .recording import MalformedRecording

__all__ = ["main"]

_PROGRAM = "config-changes-alarm"
_NOT_TOLD = 2
_INTERRUPTED = 130


class _Commands(click.Group):
    """In the order in which they are added: the alphabet would put first what is needed last."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Commands, help="Is somebody told when AWS Config is changed?", invoke_without_command=True)
@click.version_option(__version__, message=f"{_PROGRAM} %(version)s")
@click.pass_context
def _program(context: click.Context) -> int:
    """Without a command it has told nothing, but shows the commands."""
    if context.invoked_subcommand is None:
        say(context.get_help())
    return _NOT_TOLD


for _command in (evaluate, replay, explain_pattern, match, ask_aws, completion):
    _program.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. Without `argv` it is a program of its own, with sys.argv."""
    if argv is None:
        signal.signal(signal.SIGINT, _leave)
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return status
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else _PROGRAM
        return _said(f"{error.format_message().rstrip('.')}; see {where} --help")
    except (Problem, CannotEvaluate, EvaluationFailed, InvalidParameters, MalformedRecording) as problem:
        return _said(str(problem))
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(argv: Sequence[str]) -> int:
    """Raises what a command raises; `click.Command.main` would end the program with statuses of its own."""
    if instruction := os.environ.get(completion_variable(_PROGRAM)):
        return shell_complete(_program, {}, _PROGRAM, completion_variable(_PROGRAM), instruction)
    try:
        with _program.make_context(_PROGRAM, list(argv)) as context:
            status: int = _program.invoke(context)
            return status
    except click.exceptions.Exit as end:
        return end.exit_code


def _said(problem: str) -> int:
    sys.stderr.write(f"{_PROGRAM}: {problem}\n")
    return _NOT_TOLD


def _leave(*_: object) -> None:
    """Ctrl-C: at once. Python would wait for the threads that read, up to a minute where AWS does not answer."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    os._exit(_INTERRUPTED)
