"""What a filter pattern answers for a message: the reference semantics, to be read beside AWS's documentation.

The answers follow the CloudWatch Logs guide (FilterAndPatternSyntax, "Filter pattern syntax for metric filters, JSON")
and, where it is silent, published answers of TestMetricFilter. Where neither says anything the answer is UNKNOWN,
a value of its own that And and Or carry along in Kleene's three-valued logic.

    value is ...     = word             != word      < 1 ...     IS NULL   NOT EXISTS
    missing          no                 no           no          no        yes
    null             no (1)             unknown      no          yes       no
    true, false      no (1)             unknown      no (1)      no        no
    object, array    no (* unknown)     no           no          no        no
    string           its text           the reverse  no          no        no
    number           its JSON text (2)  the reverse  compared    no        no

1: unknown where the word, expression or number would fit the value as JSON writes it. 2: so for expressions.
"""

from __future__ import annotations

from typing import assert_never

from .answer import Answer
from .json_pattern_matching import matches_json
from .json_value import JsonMessage
from .syntax import JsonPattern, Pattern, SpaceDelimitedPattern, TermPattern

__all__ = ["matches"]


def matches(pattern: Pattern, message: str | JsonMessage) -> Answer:
    """Whether the pattern matches a log event with this text, or one that is this JSON object."""
    match pattern:
        case JsonPattern():
            return matches_json(pattern, message)
        case TermPattern():
            from .term_pattern_matching import matches_terms

            return matches_terms(pattern, _text(message))
        case SpaceDelimitedPattern():
            from .space_delimited_pattern_matching import matches_fields

            return matches_fields(pattern, _text(message))
        case _:
            assert_never(pattern)


def _text(message: str | JsonMessage) -> str:
    return message.text if isinstance(message, JsonMessage) else message
