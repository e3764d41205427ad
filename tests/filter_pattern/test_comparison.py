"""One condition on one value: the table of both, and words, numbers and strings one by one."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.filter_pattern import Answer
from config_changes_alarm.filter_pattern.comparison import like
from config_changes_alarm.filter_pattern.json_pattern_matching import judge
from config_changes_alarm.filter_pattern.json_value import MISSING, JsonNumber

from .sources import leaf

YES, NO, UNKNOWN = Answer.MATCH, Answer.NO_MATCH, Answer.UNKNOWN

VALUES: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "1": JsonNumber("1"),
    '"a"': "a",
    '"1"': "1",
    '""': "",
    '"true"': "true",
    "[]": [],
    "{}": {},
}

Y, N, U = YES, NO, UNKNOWN
TABLE: dict[str, tuple[Answer, ...]] = {
    #                   missing null true  1  "a" "1"  ""  "true" []  {}
    "$.x IS NULL": (N, Y, N, N, N, N, N, N, N, N),
    "$.x IS TRUE": (N, N, Y, N, N, N, N, U, N, N),
    "$.x IS FALSE": (N, N, N, N, N, N, N, N, N, N),
    "$.x NOT EXISTS": (Y, N, N, N, N, N, N, N, N, N),
    '$.x = "a"': (N, N, N, N, Y, N, N, N, N, N),
    '$.x != "a"': (N, U, U, Y, N, Y, Y, Y, N, N),
    "$.x = 1": (N, N, U, Y, N, U, N, N, N, N),
    "$.x != 1": (N, U, U, N, Y, U, Y, Y, N, N),
    '$.x = "1"': (N, N, N, Y, N, Y, N, N, N, N),
    "$.x > 0": (N, N, U, Y, N, N, N, N, N, N),
    "$.x <= 0": (N, N, N, N, N, N, N, N, N, N),
    "$.x = *": (N, U, U, Y, Y, Y, Y, Y, U, U),
    "$.x != *": (N, U, U, N, N, N, N, N, N, N),
    "$.x = true": (N, N, U, N, N, N, N, Y, N, N),
    "$.x = null": (N, U, N, N, N, N, N, N, N, N),
    '$.x = ""': (N, U, N, N, N, N, Y, N, N, N),
    "$.x = %a%": (N, N, N, N, Y, N, N, N, N, N),
    "$.x != %a%": (N, U, U, Y, N, Y, Y, Y, N, N),
    "$.x = %1%": (N, N, N, U, N, Y, N, N, N, N),
    "$.x = *u*": (N, U, U, N, N, N, N, Y, N, N),
    "$.x = a-b": (N, U, U, U, U, U, U, U, N, N),
    "$.x != a-b": (N, U, U, U, U, U, U, U, N, N),
}


@pytest.mark.parametrize(("source", "answers"), TABLE.items(), ids=list(TABLE))
def test_judgement(source: str, answers: tuple[Answer, ...]) -> None:
    assert dict(zip(VALUES, answers, strict=True)) == {
        name: judge(leaf(source), value) for name, value in VALUES.items()
    }


@pytest.mark.parametrize(
    ("word", "text", "answer"),
    [
        ("config.amazonaws.com", "config.amazonaws.com", YES),
        ("config.amazonaws.com", "configXamazonawsXcom", NO),
        ("Config", "config", NO),
        ("Put*", "PutDeliveryChannel", YES),
        ("Put*", "Put", YES),
        ("Put*", "XPut", NO),
        ("*Channel", "PutDeliveryChannel", YES),
        ("*Channel", "Channel", YES),
        ("*Channel", "Channels", NO),
        ("*Delivery*", "PutDeliveryChannel", YES),
        ("*Delivery*", "PutChannel", NO),
        ("*", "", YES),
        ("**", "", YES),
        ("", "", YES),
        ("", "a", NO),
        ("Ev*ent", "Event", NO),
        ("Ev*ent", "Ev*ent", YES),
        ("Ev*ent*", "Ev*ents", YES),
        ("*aa", "aaa", UNKNOWN),
        ("*ab", "abab", UNKNOWN),
        ("*aa", "aab", NO),
    ],
)
def test_a_word_on_a_string(word: str, text: str, answer: Answer) -> None:
    assert like(word, text) is answer


@pytest.mark.parametrize(
    ("source", "number", "answer"),
    [
        ("$.x = 12", "12.0", YES),
        ("$.x = 12.0", "12", YES),
        ("$.x = 1.2e1", "12", YES),
        ("$.x = 12", "1.2e1", YES),
        ("$.x != 12", "12.5", YES),
        ("$.x >= 12", "12.0", YES),
        ("$.x < 12", "-3", YES),
        ("$.x = 0", "-0", YES),
        ("$.x = 123456789012", "123456789012", YES),
        ("$.x = 1234567890123456789", "1234567890123456789", YES),
        ("$.x = 1234567890123456789", "1234567890123456788", UNKNOWN),
        ("$.x > 1e999", "1", UNKNOWN),
        ("$.x > 1e999999999", "1", UNKNOWN),
        ("$.x = 1", "1e99999999999999999999", UNKNOWN),
        ('$.x = "12"', "12", YES),
        ('$.x = "12"', "12.0", NO),
        ('$.x = "12.0"', "12.0", YES),
        ('$.x = "1e1"', "1e1", UNKNOWN),
        ('$.x = "10"', "1e1", UNKNOWN),
        ('$.x = "12.50"', "12.50", UNKNOWN),
        ('$.x = "abc"', "1e1", NO),
        ('$.x = "12345678.5"', "12345678.5", UNKNOWN),
        ('$.x = "0.0001"', "0.0001", UNKNOWN),
        ('$.x = "12345678"', "12345678", YES),
        ('$.x = "12345678901234567"', "12345678901234567", UNKNOWN),
        ('$.x = "*"', "1e1", YES),
        ('$.x = "12*"', "12.34", YES),
        ('$.x = "*34"', "12.34", YES),
        ('$.x = "1*4"', "12.34", UNKNOWN),
        ('$.x != "4*1"', "12.34", YES),
        ("$.x = %1%", "1", UNKNOWN),
    ],
)
def test_a_number(source: str, number: str, answer: Answer) -> None:
    assert judge(leaf(source), JsonNumber(number)) is answer


@pytest.mark.parametrize(
    ("source", "text", "answer"),
    [
        ("$.x = 123", "123", UNKNOWN),
        ("$.x = 123", "123.0", UNKNOWN),
        ("$.x != 123", " 123", UNKNOWN),
        ("$.x = 123", "124", NO),
        ("$.x != 123", "124", YES),
        ("$.x > 123", "124", NO),
        ("$.x > 123", "123", UNKNOWN),
        ("$.x = 1e99999999", "x", NO),
        ("$.x = %^a$%", "a", YES),
        ("$.x = %^a$%", "a\n", NO),
        (r"$.x = %\w%", "é", NO),
        ("$.x = %Trail%", "UpdateTrail", YES),
        (r'$.x = "a\nb"', "a\nb", UNKNOWN),
        (r'$.x = "a\nb"', r"a\nb", UNKNOWN),
        (r'$.x = "say \"x\""', 'say "x"', YES),
    ],
)
def test_a_string(source: str, text: str, answer: Answer) -> None:
    assert judge(leaf(source), text) is answer
