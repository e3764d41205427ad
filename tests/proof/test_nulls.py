"""A null under conditions: `!=` may hold on every null, on none, or where `=` does not; words may see it as text."""

from __future__ import annotations

import pytest
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import ANY_RECORD, Covered, covers


@pytest.mark.parametrize(
    ("required", "deployed"),
    [
        ('{ $.a = "null" && $.a != "*" }', '{ $.b = "x" }'),
        ('{ $.a = "n*" && $.a != "null" }', '{ $.b = "x" }'),
        ('{ $.a = "null" && $.a != "null" }', '{ $.b = "x" }'),
        ('{ $.a = "null" }', '{ $.a = "*" && $.a = "null" && $.b = "x" }'),
        ('{ ($.a = "null" || $.c[0] <= 353) && $.a != "*" && $.c.e = "*a*" }', '{ $.* = "*ab" }'),
    ],
)
def test_what_a_null_may_pass_is_not_covered(required: str, deployed: str) -> None:
    assert not isinstance(covers(parse(required), [parse(deployed)], ANY_RECORD), Covered)


@pytest.mark.parametrize(
    ("required", "deployed"),
    [
        ('{ $.a = "x" && $.a != "x" }', '{ $.b = "x" }'),
        ('{ $.a != "x" && $.a != "y" }', '{ $.a != "y" }'),
        ('{ $.a = "x" }', '{ $.a != "y" }'),
        ('{ $.a = "null" && $.a != "x" }', '{ $.a = "null" }'),
        ("{ $.a IS NULL }", '{ $.a IS NULL || $.a = "null" }'),
    ],
)
def test_what_no_reading_of_null_lets_escape_is_covered(required: str, deployed: str) -> None:
    assert isinstance(covers(parse(required), [parse(deployed)], ANY_RECORD), Covered)
