"""What each command does: a module a command, with its options beside it, which click reads, and its exit status.

May import everything of the desk except the command line itself. Must never end the program.
"""

from .ask_aws import ask_aws
from .completion import completion, completion_variable
from .evaluate import evaluate
from .explain_pattern import explain_pattern
from .match import match
from .plan import plan
from .replay import replay

__all__ = ["ask_aws", "completion", "completion_variable", "evaluate", "explain_pattern", "match", "plan", "replay"]
