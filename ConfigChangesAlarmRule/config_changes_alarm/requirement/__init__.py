"""What the rule is asked to prove: its parameters, validated.

May import `control`, `filter_pattern` and `resources`. Must never know what an account has.
"""

from .parameters import PARAMETERS, Parameter, UnverifiableAccount
from .requirement import DEFAULT_REQUIRED_FILTER_PATTERN, InvalidParameters, Requirement

__all__ = [
    "DEFAULT_REQUIRED_FILTER_PATTERN",
    "PARAMETERS",
    "InvalidParameters",
    "Parameter",
    "Requirement",
    "UnverifiableAccount",
]
