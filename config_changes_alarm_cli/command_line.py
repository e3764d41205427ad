"""The command line: `config-changes-alarm evaluate | replay | explain-pattern | match | ask-aws | completion`.

Standard output holds the report and nothing else; progress and problems go to standard error. Exit statuses are part
of the interface: 0 as it should be, 1 not so, 2 could not be told, 3 not applicable.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from config_changes_alarm.account import EvaluationFailed
from config_changes_alarm.requirement import InvalidParameters

from .commands import ask_aws, completion, evaluate, explain_pattern, match, replay
from .evaluation import CannotEvaluate
from .input_output import Problem
from .options import parser
from .recording import MalformedRecording

__all__ = ["main"]

_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "evaluate": evaluate,
    "replay": replay,
    "explain-pattern": explain_pattern,
    "match": match,
    "ask-aws": ask_aws,
    "completion": completion,
}
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. Without `argv` it is a program of its own, with sys.argv."""
    if argv is None:
        signal.signal(signal.SIGINT, _leave)
    arguments = parser().parse_args(argv)
    try:
        status = _COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
        return status
    except (Problem, CannotEvaluate, EvaluationFailed, InvalidParameters, MalformedRecording) as problem:
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
