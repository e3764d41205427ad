"""The command line: `config-changes-alarm COMMAND`, and what becomes of whatever goes wrong.

Standard output holds the report and nothing else; progress and problems go to standard error. Exit statuses are part
of the interface: 0 as it should be, 1 not so, 2 could not be told, 3 not applicable, 4 not so only because something
could not be verified. A verdict has these; what keeps the program from giving one never ends with 0 or 1: 70 a crash,
130 Ctrl-C, 141 a reader who went away.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import click
from click.shell_completion import shell_complete
from config_changes_alarm import __version__
from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.requirement import InvalidParameters

from .commands import ask_aws, completion, completion_variable, evaluate, explain_pattern, match, plan, replay
from .evaluation import CannotEvaluate
from .input_output import PROGRAM, LostReport, Problem, note, say, speak_utf8
from .recording import MalformedRecording

__all__ = ["run"]

_NOT_TOLD = 2
_CRASHED = 70
"""EX_SOFTWARE of sysexits.h."""
_INTERRUPTED = 128 + 2
_READER_GONE = 128 + 13
"""What a shell says of a program that SIGPIPE has ended."""


class _Commands(click.Group):
    """In the order in which they are added: the alphabet would put first what is needed last."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Commands, help="Is somebody told when AWS Config is changed?", invoke_without_command=True)
@click.version_option(__version__, "-V", "--version", message=f"{PROGRAM} %(version)s")
@click.pass_context
def _program(context: click.Context) -> int:
    """Without a command it has told nothing, but shows the commands."""
    if context.invoked_subcommand is None:
        say(context.get_help())
    return _NOT_TOLD


for _command in (evaluate, plan, replay, explain_pattern, match, ask_aws, completion):
    _program.add_command(_command)


def run(argv: Sequence[str] | None = None) -> int:
    """The whole program; `main` says what it takes."""
    if argv is None:
        signal.signal(signal.SIGINT, _leave)
    try:
        speak_utf8()
        return _status(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001  Python would end with 1, which is a verdict
        return _told(error)


def _status(argv: Sequence[str]) -> int:
    """Raises what a command raises; `click.Command.main` would end the program with statuses of its own."""
    if instruction := os.environ.get(completion_variable(PROGRAM)):
        return shell_complete(_program, {}, PROGRAM, completion_variable(PROGRAM), instruction)
    try:
        with _program.make_context(PROGRAM, list(argv)) as context:
            status: int = _program.invoke(context)
            return status
    except click.exceptions.Exit as end:
        return end.exit_code


def _told(error: Exception) -> int:
    """Says what went wrong, in one sentence where it is foreseen, and returns the exit status."""
    status, sentence = _judged(error)
    with suppress(OSError):  # where nobody reads standard error, the status still tells
        if sentence:
            note(sentence)
        if status == _CRASHED and not isinstance(error, LostReport):
            traceback.print_exception(error)
    _drop_output()
    return status


def _judged(error: Exception) -> tuple[int, str]:
    match error:
        case click.UsageError():
            where = error.ctx.command_path if error.ctx else PROGRAM
            return _NOT_TOLD, f"{error.format_message().rstrip('.')}; see {where} --help"
        case Problem() | CannotEvaluate() | EvaluationFailed() | InvalidParameters() | MalformedRecording():
            return _NOT_TOLD, str(error)
        case BrokenPipeError():  # whoever read has seen enough
            return _READER_GONE, ""
        case LostReport():
            return _CRASHED, str(error)
        case _:
            return _CRASHED, "this is a fault of the program; please report it with what follows"


def _drop_output() -> None:
    """Python writes what is left in its buffers as it ends, and would fail a second time."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave(*_: object) -> None:
    """Ctrl-C: at once. Python would wait for the threads that read, up to a minute where AWS does not answer."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\r\033[K\033[?25h")  # what shows progress has hidden the cursor
        sys.stderr.flush()
    os._exit(_INTERRUPTED)
