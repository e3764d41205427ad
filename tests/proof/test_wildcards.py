"""Conditions on one place and on all of its neighbours: `$.a.b` is one of `$.a.*`, `$.a[0]` one of `$.a[*]`."""

from __future__ import annotations

import pytest
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import Covered, Missed, Undecided, covers


@pytest.mark.parametrize(
    ("required", "deployed", "verdict"),
    [
        ('{ $.a.b = "y" }', '{ $.a.* = "y" }', Covered),
        ('{ $.a.b = "yz" }', '{ $.a.* = "y*" }', Covered),
        ("{ $.a.b = 5 }", "{ $.a.* >= 5 }", Covered),
        ('{ $.a.b.c = "y" }', '{ $.a.*.c = "y" }', Covered),
        ('{ $.a[0] = "y" }', '{ $.a[*] = "y" }', Covered),
        ('{ $.a[3].c = "y" }', '{ $.a[*].c = "y" }', Covered),
        ("{ $.a.b IS TRUE }", "{ $.a.* IS TRUE }", Covered),
        ("{ $.a.b IS NULL }", "{ $.* IS NULL || $.a.* IS NULL }", Covered),
        ('{ $.a = "y" }', '{ $.* = "y" }', Covered),
        ('{ $.a.b = "y" }', '{ $.a.* = "z" }', Missed),
        ('{ $.a.b = "y" }', '{ $.a.*.c = "y" }', Missed),
        ('{ $.a.* = "y" }', '{ $.a.b = "y" }', Missed),
        ('{ $.a.b = "y" }', '{ $.a[*] = "y" }', Undecided),
        ('{ $.a.b = "y" && $.a = "x" }', '{ $.c = "x" }', Covered),
    ],
)
def test_a_place_is_one_of_all(required: str, deployed: str, verdict: type) -> None:
    found = covers(parse(required), [parse(deployed)])
    assert isinstance(found, verdict), found


COVERED = [
    ('{ $.a = "x" }', ['{ $.a = "x*" }']),
    ('{ $.a[0] = "x" && $.b = 1 }', ['{ $.a[*] = "x" }']),
    ('{ $.a[*] = "x" }', ['{ $.a[*] = "x*" }']),
    ('{ $.a[*] = "x" && ($.b = p || $.b = q) }', ["{ $.b = p }", '{ $.a[*] = "x" && $.b = q }']),
    ('{ $.a.* = "x" && $.b = "q" }', ['{ $.b = "q" && $.c = "1" }', '{ $.a.* = "x" && $.c != "1" }', "{ $.b = q }"]),
]
MORE = [
    *(
        "{ $.a[*] = y }",
        "{ $.a[*] != x }",
        "{ $.a[*] NOT EXISTS }",
        "{ $.a.* = x }",
        "{ $.*.b = x }",
        "{ $.a[*].b > 3 }",
    ),
    *("{ $.b[*] = 1 && $.a.* = x }", "{ $.a[1] = x && $.a[*] != y }", "[a, b = x]", "ERROR -INFO", "{ $.c = 1*2 }"),
    "{ $.a = %^[ab]*a[ab]{900}$% && $.a = %^[ab]*b[ab]{900}$% }",
    '{ $.a[*] = "x" && $.a.* = "x" && $.b[*] != x }',
]


@pytest.mark.parametrize(("required", "deployed"), COVERED, ids=[required for required, _ in COVERED])
@pytest.mark.parametrize("more", MORE)
def test_a_filter_more_takes_no_proof_away(required: str, deployed: list[str], more: str) -> None:
    patterns = [parse(each) for each in deployed]
    assert covers(parse(required), patterns) == Covered()
    for place in range(len(patterns) + 1):
        together = [*patterns[:place], parse(more), *patterns[place:]]
        found = covers(parse(required), together)
        assert found == Covered(), found
