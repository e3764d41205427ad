"""The CloudWatch Logs filter-pattern language: parse it, and match records with it.

May import the standard library alone. Must never know AWS's APIs, what is proved of patterns, or which control they are
about.
"""

from .matching import MISSING, Answer, JsonNumber, JsonValue, Leaf, Missing, judge, matches, read
from .parser import parse
from .regular_expression import BEYOND_ASCII, Automaton, automaton
from .syntax import (
    And,
    AnyElement,
    AnyField,
    Comparison,
    Condition,
    Constant,
    Index,
    Is,
    JsonPattern,
    Name,
    NotExists,
    Number,
    Operator,
    Or,
    Pattern,
    PatternSyntaxError,
    Regex,
    Selector,
    SpaceDelimitedPattern,
    Step,
    Term,
    TermPattern,
    Text,
)

__all__ = [
    "BEYOND_ASCII",
    "MISSING",
    "And",
    "Answer",
    "AnyElement",
    "AnyField",
    "Automaton",
    "Comparison",
    "Condition",
    "Constant",
    "Index",
    "Is",
    "JsonNumber",
    "JsonPattern",
    "JsonValue",
    "Leaf",
    "Missing",
    "Name",
    "NotExists",
    "Number",
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
    "automaton",
    "judge",
    "matches",
    "parse",
    "read",
]
