"""`config-changes-alarm completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from ..help_texts import COMPLETION
from ..input_output import say
from ..options import command

__all__ = ["completion", "completion_variable"]

_SHELLS = ("bash", "zsh", "fish")


@command("completion", help=COMPLETION, short_help="print a completion script for a shell")
@click.argument("shell", metavar="SHELL", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Prints the script of one shell, which asks the program itself for what may come next."""
    made = get_completion_class(shell)
    assert made is not None
    program = context.find_root()
    name = str(program.info_name)
    say(made(program.command, {}, name, completion_variable(name)).source())
    return 0


def completion_variable(program: str) -> str:
    """The environment variable by which the script asks."""
    return f"_{program.replace('-', '_').upper()}_COMPLETE"
