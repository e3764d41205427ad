"""What source text stands for, for tests that speak of trees."""

from __future__ import annotations

from config_changes_alarm.filter_pattern import (
    And,
    Condition,
    JsonPattern,
    Leaf,
    Or,
    Pattern,
    PatternSyntaxError,
    parse,
)


def parsed(source: str) -> Pattern | PatternSyntaxError:
    """The tree, or the error that says why there is none."""
    try:
        return parse(source)
    except PatternSyntaxError as error:
        return error


def condition(source: str) -> Condition:
    """The condition of a JSON pattern without its braces."""
    pattern = parse("{" + source + "}")
    assert isinstance(pattern, JsonPattern)
    return pattern.condition


def leaf(source: str) -> Leaf:
    """A condition that is neither `&&` nor `||`."""
    found = condition(source)
    assert not isinstance(found, (And, Or))
    return found
