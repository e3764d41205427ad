"""What a filter pattern answers: AWS's own answers as vectors, selectors, records, terms and fields."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse
from config_changes_alarm.filter_pattern.json_pattern_matching import evaluate, select
from config_changes_alarm.filter_pattern.json_value import MISSING, JsonNumber, JsonValue, read

from .sources import condition, leaf
from .vectors import vectors

YES, NO, UNKNOWN = Answer.MATCH, Answer.NO_MATCH, Answer.UNKNOWN


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
