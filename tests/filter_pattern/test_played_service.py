"""The played service against AWS's published answers, and against the product where neither leaves anything open."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse

from .service.answers import answer
from .service.open_points import OpenPoint
from .service.patterns import Refused, read
from .test_matching import LEFT_UNKNOWN
from .vectors import vectors

ROWS = vectors("match")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['pattern'][:60]} on {row['message'][:20]}")
def test_the_played_service_answers_as_aws_has_answered(row: dict[str, Any]) -> None:
    try:
        told = answer(read(row["pattern"]), row["message"], {})
    except Refused:
        assert row["expected"] == "invalid"
        return
    assert told is (None if row["pattern"] in LEFT_UNKNOWN else row["expected"])


def test_where_every_point_is_decided_the_service_always_answers() -> None:
    for decided in (True, False):
        reading = dict.fromkeys(OpenPoint, decided)
        for row in ROWS:
            if row["expected"] != "invalid":
                assert answer(read(row["pattern"]), row["message"], reading) is not None


VALUES = ("null", "true", "12", "12.0", "1e3", '"ab"', '"12"', '""', '"true"', "{}", "[]", '{"b":"ab"}', '["ab",12]')
OPERANDS = ('"ab"', '"a*"', '"*b"', '"*"', '""', "12", "1e3", "%a%", "%1%", "a-b", "true", "null", '"12"', '"1*2"')


@pytest.mark.parametrize("operand", OPERANDS)
@pytest.mark.parametrize("operator", ["=", "!="])
@pytest.mark.parametrize("selector", ["$.a", "$.a.b", "$.a[0]", "$.a[*]", "$.a.*", "$.b"])
def test_the_product_is_never_surer_than_the_service(selector: str, operator: str, operand: str) -> None:
    pattern = f"{{ {selector} {operator} {operand} }}"
    for value in VALUES:
        message = f'{{"a":{value}}}'
        ours, theirs = matches(parse(pattern), message), answer(read(pattern), message, {})
        assert ours is Answer.UNKNOWN or theirs is (ours is Answer.MATCH), message


@pytest.mark.parametrize(
    "text",
    [
        '""',
        "{ $[0] = 1 }",
        "[a,,b]",
        "{ $.a == 1 }",
        "{ $.a = “x” }",
        "a\u00a0b",
        "{ $.a < x }",
        "{ $.a = 'x' }",
    ],
)
def test_both_refuse(text: str) -> None:
    with pytest.raises(Refused):
        read(text)
    with pytest.raises(PatternSyntaxError):
        parse(text)
