"""What a filter pattern answers: AWS's own answers as vectors, the table of conditions and values, and the laws."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.filter_pattern import (
    And,
    Answer,
    Condition,
    JsonPattern,
    Leaf,
    Or,
    PatternSyntaxError,
    matches,
    parse,
)
from config_changes_alarm.filter_pattern.comparison import like
from config_changes_alarm.filter_pattern.json_pattern_matching import evaluate, judge, select
from config_changes_alarm.filter_pattern.json_value import MISSING, JsonNumber, JsonValue, read
from hypothesis import given
from hypothesis import strategies as st

from .vectors import vectors

YES, NO, UNKNOWN = Answer.MATCH, Answer.NO_MATCH, Answer.UNKNOWN


def condition(source: str) -> Condition:
    pattern = parse("{" + source + "}")
    assert isinstance(pattern, JsonPattern)
    return pattern.condition


def leaf(source: str) -> Leaf:
    found = condition(source)
    assert not isinstance(found, (And, Or))
    return found


# --------------------------------------------------------------------------- AWS's own answers

LEFT_UNKNOWN = {
    '{ $.someString = "*111.111.111" }': "seen once: a leading * seems to find the rest's first occurrence only",
    "{ $.someString = *111.111.111 }": "seen once: a leading * seems to find the rest's first occurrence only",
    '{ $.someInt != "1*3" }': "seen once: a * within a word was a wildcard on a number; on strings it is literal",
    "{ $.someFloat != 1*4 }": "seen once: a * within a word was a wildcard on a number; on strings it is literal",
}
"""Answers that somebody noted and AWS does not document: no proof may rest on them, so ours is UNKNOWN."""


def answer_of(row: dict[str, Any]) -> Answer | str:
    try:
        return matches(parse(row["pattern"]), row["message"])
    except PatternSyntaxError:
        return "invalid"


@pytest.mark.parametrize(
    "row", vectors("match"), ids=lambda row: f"{row['confidence']}: {row['pattern'][:60]} on {row['message'][:20]}"
)
def test_the_answer_is_the_one_of_aws(row: dict[str, Any]) -> None:
    expected = {True: YES, False: NO}.get(row["expected"], row["expected"])
    if row["pattern"] in LEFT_UNKNOWN:
        expected = UNKNOWN
    assert answer_of(row) == expected


def test_no_verified_or_documented_answer_is_left_unknown() -> None:
    rows = [row for row in vectors("match") if row["pattern"] in LEFT_UNKNOWN]
    assert {row["pattern"] for row in rows} == set(LEFT_UNKNOWN)
    assert {row["confidence"] for row in rows} == {"aws-observed (author note)"}


@pytest.mark.parametrize("row", vectors("monitoring_controls"), ids=lambda row: f"{row['control']} ({row['source']})")
def test_the_published_monitoring_patterns_match_their_event_and_not_its_neighbour(row: dict[str, Any]) -> None:
    pattern = parse(row["pattern"])
    assert matches(pattern, json.dumps(row["matches"])) is YES
    assert matches(pattern, json.dumps(row["rejects"])) is NO


@pytest.mark.parametrize(
    "row", [row for row in vectors("config_patterns") if row["valid"]], ids=lambda row: row["pattern"][:60]
)
def test_a_pattern_in_use_matches_what_it_is_said_to_match_always_and_never(row: dict[str, Any]) -> None:
    pattern = parse(row["pattern"])
    for name, verdict in row["verdict"].items():
        record = {"eventSource": "config.amazonaws.com", "eventName": name, "eventType": "AwsApiCall"}
        answer = matches(pattern, json.dumps(record))
        assert verdict == "sometimes" or answer is (YES if verdict == "always" else NO), (name, verdict)


# --------------------------------------------------------------------------- one condition on one value

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


# --------------------------------------------------------------------------- selectors and records


@pytest.mark.parametrize(
    ("source", "record", "answer"),
    [
        ("$.a.b = x", '{"a": {"b": "x"}}', YES),
        ("$.a[1] = x", '{"a": ["y", "x"]}', YES),
        ("$.a[2] NOT EXISTS", '{"a": ["y", "x"]}', YES),
        ("$.a[0] NOT EXISTS", '{"a": {"0": "x"}}', YES),
        ("$.a.b NOT EXISTS", '{"a": ["x"]}', YES),
        ("$.a.b NOT EXISTS", '{"a": "x"}', YES),
        ("$.a NOT EXISTS", '{"a": null}', NO),
        ("$.['a.b'] = x", '{"a.b": "x", "a": {"b": "y"}}', YES),
        ("$.a[*] = x", '{"a": ["y", "x"]}', YES),
        ("$.a[*] = x", '{"a": ["y"]}', NO),
        ("$.a[*] = x", '{"a": []}', NO),
        ("$.a[*] = x", "{}", NO),
        ("$.a[*].b = x", '{"a": [{"c": 1}, {"b": "x"}]}', YES),
        ("$.a[*] = x", '{"a": {"b": "x"}}', UNKNOWN),
        ("$.a[*] = x", '{"a": {"b": "y"}}', NO),
        ("$.a[*] = x", '{"a": [["x"]]}', UNKNOWN),
        ("$.* = x", '{"a": "y", "b": "x"}', YES),
        ("$.* = x", '{"a": {"b": "x"}}', UNKNOWN),
        ("$.* = x", '{"a": {"b": "y"}}', NO),
        ("$.a.* = x", '{"a": ["x"]}', UNKNOWN),
        ("$.a[*] != x", '{"a": ["y"]}', UNKNOWN),
        ("$.a[*] != x", '{"a": []}', NO),
        ("$.a[*].b NOT EXISTS", '{"a": [{"b": 1}]}', UNKNOWN),
    ],
)
def test_selector(source: str, record: str, answer: Answer) -> None:
    assert matches(parse("{" + source + "}"), record) is answer


def test_select_finds_the_value_or_that_there_is_none() -> None:
    record = read('{"a": [{"b": 1}]}')
    assert select(leaf("$.a[0].b NOT EXISTS").selector.steps, record) == JsonNumber("1")
    assert select(leaf("$.a[0].c NOT EXISTS").selector.steps, record) is MISSING


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("not JSON", NO),
        ("", NO),
        ('["a"]', NO),
        ('"a"', NO),
        ('{"a": NaN}', NO),
        ('{"a": Infinity}', NO),
        ('{"a": "x"', NO),
        (' {"a": "x"}\n', YES),
        ('{"a": "y", "a": "x"}', UNKNOWN),
        ('{"b": {"c": 1, "c": 1}, "a": "x"}', UNKNOWN),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", UNKNOWN),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_json_pattern_on_a_message(message: str, answer: Answer) -> None:
    assert matches(parse("{ $.a = x }"), message) is answer


def test_nesting_that_cannot_be_followed_is_unknown() -> None:
    assert matches(parse("{ $.* = x }"), '{"a": ' + "[" * 900 + "]" * 900 + "}") is UNKNOWN


TRUTH = {YES: '$.t = "t"', NO: '$.t = "f"', UNKNOWN: "$.n != 1"}
RECORD: JsonValue = {"t": "t", "n": None}


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_three_valued_logic(left: Answer, right: Answer, conjunction: Answer, disjunction: Answer) -> None:
    for one, two in ((left, right), (right, left)):
        assert evaluate(condition(f"{TRUTH[one]} && {TRUTH[two]}"), RECORD) is conjunction
        assert evaluate(condition(f"{TRUTH[one]} || {TRUTH[two]}"), RECORD) is disjunction


# --------------------------------------------------------------------------- term and space-delimited patterns


@pytest.mark.parametrize(
    ("pattern", "message", "answer"),
    [
        ("", "anything", YES),
        (" ", "", YES),
        ("ERROR", "an ERRORCODE", YES),
        ("ERROR", "an error", NO),
        ("ERROR Exiting", "Exiting with ERROR", YES),
        ("ERROR Exiting", "ERROR", NO),
        ('"a b"', "a  b", NO),
        ('"ERROR" - "Exiting"', "ERROR Exiting", NO),
        ('"ERROR" - "Exiting"', "ERROR", YES),
        ("-Exiting", "ERROR", YES),
        ("?ERROR ?WARN", "WARN", YES),
        ("?ERROR ?WARN", "INFO", NO),
        ("?ERROR -Exiting", "INFO", YES),
        ("?ERROR INFO", "INFO", YES),
        ("%ER+OR%", "an ERRROR", YES),
        (r'"\d"', r"\d", UNKNOWN),
        (r'x "\d"', "y", NO),
        (r'"\"eventName\":\"StopLogging\""', '{"eventName":"StopLogging"}', YES),
    ],
)
def test_terms(pattern: str, message: str, answer: Answer) -> None:
    assert matches(parse(pattern), message) is answer


LINE = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("[ip, id, user, timestamp, request, status_code, bytes]", YES),
        ("[ip, id, user, timestamp, request, status_code = 404, bytes]", YES),
        ("[ip, id, user, timestamp, request, status_code = 4*, bytes > 1000]", YES),
        ("[ip, id, user, timestamp, request =*.html*, status_code = 4*, bytes]", YES),
        ("[ip, id, user, timestamp, request, status_code = 200, bytes]", NO),
        ("[ip, id, user, timestamp, request, status_code = 200 || status_code = 404, bytes]", YES),
        ("[ip, id, user, timestamp, request, status_code != 404 && status_code != 410, bytes]", NO),
        (r"[ip = %127\.0\.0\.[0-9]%, ...]", YES),
        ("[..., status_code = 404, bytes]", YES),
        ("[..., bytes < 1000]", NO),
        ("[a, b, c, d, e, f, g, h]", NO),
        ("[..., a = 404, ..., b]", UNKNOWN),
    ],
)
def test_space_delimited_fields(pattern: str, answer: Answer) -> None:
    assert matches(parse(pattern), LINE) is answer


# --------------------------------------------------------------------------- laws

WORDS = st.text(st.sampled_from("ab*1."), max_size=4)
NUMBERS = st.sampled_from(["0", "-1", "1", "1.0", "1.5", "1e0", "11", "1.50"])
SCALARS: st.SearchStrategy[JsonValue] = st.one_of(
    st.none(), st.booleans(), st.text(st.sampled_from("ab1."), max_size=4), NUMBERS.map(JsonNumber)
)
JSON_VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
RECORDS = st.dictionaries(st.sampled_from(["a", "b", "c"]), JSON_VALUES, max_size=3)
SELECTED = st.sampled_from(["$.a", "$.b", "$.c", "$.a.b", "$.a[0]"])
LEAVES = st.one_of(
    st.builds('{} {} "{}"'.format, SELECTED, st.sampled_from(["=", "!="]), WORDS),
    st.builds("{} {} {}".format, SELECTED, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS),
    st.builds("{} {}".format, SELECTED, st.sampled_from(["IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"])),
).map(leaf)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(And),
        st.tuples(inner, inner).map(Or),
    ),
    max_leaves=6,
)
ORDER = {NO: 0, UNKNOWN: 1, YES: 2}


@given(CONDITIONS, CONDITIONS, RECORDS)
def test_adding_a_condition_can_only_narrow_and_an_alternative_only_widen(
    one: Condition, two: Condition, record: dict[str, JsonValue]
) -> None:
    answer = ORDER[evaluate(one, record)]
    assert ORDER[evaluate(And((one, two)), record)] <= answer <= ORDER[evaluate(Or((one, two)), record)]


@given(CONDITIONS, CONDITIONS, RECORDS)
def test_order_and_repetition_change_nothing(one: Condition, two: Condition, record: dict[str, JsonValue]) -> None:
    for kind in (And, Or):
        assert evaluate(kind((one, two)), record) is evaluate(kind((two, one)), record)
        assert evaluate(kind((one, one)), record) is evaluate(one, record)


@given(WORDS, st.text(st.sampled_from('ab1.\\"'), max_size=5))
def test_unequal_is_the_reverse_of_equal_on_a_string(word: str, text: str) -> None:
    assert judge(leaf(f'$.a != "{word}"'), text) is ~judge(leaf(f'$.a = "{word}"'), text)


@given(SELECTED, st.sampled_from(["=", "!=", "<", ">="]), NUMBERS)
def test_no_comparison_matches_what_is_missing(selector: str, operator: str, number: str) -> None:
    assert judge(leaf(f"{selector} {operator} {number}"), MISSING) is NO


@given(CONDITIONS, RECORDS)
def test_a_printed_condition_answers_the_same(tree: Condition, record: dict[str, JsonValue]) -> None:
    assert evaluate(condition(str(tree)), record) is evaluate(tree, record)


@given(st.text(max_size=40), CONDITIONS)
def test_any_message_has_an_answer(message: str, tree: Condition) -> None:
    assert matches(JsonPattern(tree), message) in Answer
