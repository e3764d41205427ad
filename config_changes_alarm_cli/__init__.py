"""What a person runs at a desk: the command line, access to accounts, recordings, explanations and every format.

It may import everything of `config_changes_alarm`, which never imports it, and may have dependencies of its own.
"""

from .command_line import main

__all__ = ["main"]
