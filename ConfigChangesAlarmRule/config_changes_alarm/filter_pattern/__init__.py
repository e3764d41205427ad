"""The CloudWatch Logs filter-pattern language: parse it, and match records with it.

May import the standard library alone. Must never know AWS's APIs, what is proved of patterns, or which control they are
about. `proof` is about this language's semantics and alone may look into its modules (`json_value`, `automaton` ...).
"""

from .answer import Answer
from .json_value import JsonMessage, JsonNumber
from .matching import matches
from .parser import parse
from .selector import AnyElement, AnyField, Index, Name, Selector, Step
from .syntax import (
    And,
    AnyFields,
    Comparison,
    Condition,
    Constant,
    Field,
    FieldCondition,
    Is,
    JsonPattern,
    Leaf,
    NotExists,
    Number,
    Operand,
    Operator,
    Or,
    Pattern,
    Regex,
    SpaceDelimitedPattern,
    Term,
    TermPattern,
    Text,
)
from .syntax_error import PatternSyntaxError

__all__ = [
    "And",
    "Answer",
    "AnyElement",
    "AnyField",
    "AnyFields",
    "Comparison",
    "Condition",
    "Constant",
    "Field",
    "FieldCondition",
    "Index",
    "Is",
    "JsonMessage",
    "JsonNumber",
    "JsonPattern",
    "Leaf",
    "Name",
    "NotExists",
    "Number",
    "Operand",
    "Operator",
    "Or",
    "Pattern",
    "PatternSyntaxError",
    "Regex",
    "Selector",
    "SpaceDelimitedPattern",
    "Step",
    "Term",
    "TermPattern",
    "Text",
    "matches",
    "parse",
]
