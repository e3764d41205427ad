"""What each command does: a module a command, from its parsed options to its exit status.

May import everything of the desk except the command line itself. Must never parse options nor end the program.
"""

from .ask_aws import ask_aws
from .completion import completion
from .evaluate import evaluate
from .explain_pattern import explain_pattern
from .match import match
from .replay import replay

__all__ = ["ask_aws", "completion", "evaluate", "explain_pattern", "match", "replay"]
