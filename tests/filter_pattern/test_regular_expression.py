"""The regular expressions of filter patterns: what is taken, what is refused, and what is found."""

from __future__ import annotations

import re

import pytest
from config_changes_alarm.filter_pattern.automaton import automaton, search
from config_changes_alarm.filter_pattern.regular_expression import RegexSyntaxError
from hypothesis import given
from hypothesis import strategies as st

_ATOMS = ("a", "b", "c", ".", "[ab]", "[^a]", r"\d", r"\w", r"\.", "[a-c]", "1", "-", r"\W", r"[\w-]", "[$.*]", r"\x61")
_COUNTS = ("", "", "", "*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}", "*?", "+?")
_BRANCHES = st.lists(
    st.one_of(st.sampled_from("^$"), st.builds(str.__add__, st.sampled_from(_ATOMS), st.sampled_from(_COUNTS))),
    max_size=4,
).map("".join)
_SOURCES = st.lists(_BRANCHES, min_size=1, max_size=3).map("|".join)


def _python(source: str) -> re.Pattern[str]:
    """The same in Python's dialect, where `$` also stands before a last newline and {,2} is {0,2}."""
    outside = re.sub(r"(\[[^]]*\])|\$", lambda found: found[1] or r"\Z", source)
    return re.compile(outside.replace("{,", "{0,"), re.ASCII)


@given(_SOURCES, st.text("abc1-. é\n$*", max_size=6))
def test_finds_what_python_finds(source: str, text: str) -> None:
    assert search(source, text) is (_python(source).search(text) is not None)


@given(_SOURCES, st.text("abc1-. é\n$*", max_size=6))
def test_matches_the_whole_text_as_python_does(source: str, text: str) -> None:
    machine = automaton(source, whole=True)
    state = machine.start
    for char in text:
        state = machine.step(state, char)
    assert machine.accepts(state) is (_python(source).fullmatch(text) is not None)


@pytest.mark.parametrize(
    ("source", "column", "message"),
    [
        ("a(b)", 1, "'(' is not allowed"),
        ("a!", 1, "'!' is not allowed"),
        ("é", 0, "'é' is not allowed"),
        ("*a", 0, "nothing that '*' could repeat"),
        ("^*", 1, "nothing that '*' could repeat"),
        ("a++", 2, "expected no '+' after a repetition"),
        ("a*{2}", 2, "expected no '{' after a repetition"),
        ("a{", 1, "expected a count"),
        ("a{,}", 1, "expected a count"),
        ("{2}", 0, "written \\{"),
        ("a{3,2}", 1, "wrong order"),
        ("[ab", 0, "the class is not closed"),
        ("[]a]", 1, "a ']' within a class is written \\]"),
        ("[[a]", 1, "a '[' within a class is written \\["),
        ("[b-a]", 1, "range from a lower to a higher"),
        (r"[a-\d]", 1, "range from a lower to a higher"),
        (r"\b", 0, "unknown escape \\b"),
        (r"\xg0", 0, "two hexadecimal digits"),
        (r"\xff", 0, "two hexadecimal digits of an ASCII character"),
        ("a{9000}b{9000}", 8, "counts out more than 10,000"),
    ],
)
def test_refuses(source: str, column: int, message: str) -> None:
    with pytest.raises(RegexSyntaxError) as raised:
        search(source, "")
    assert message in raised.value.message
    assert raised.value.position == column


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        (".*.*.*.*.*.*.*x", "a" * 5000, False),
        ("a?" * 300 + "a" * 300, "a" * 299, False),
        ("a{0,5000}b", "a" * 5000 + "c", False),
        ("[ab]*a[ab]{200}", "ab" * 1000, True),
    ],
)
def test_is_linear_in_the_text_where_backtracking_would_not_end(source: str, text: str, found: bool) -> None:
    assert search(source, text) is found


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("Trail", "UpdateTrail", True),
        ("^Trail", "UpdateTrail", False),
        (r"\s", "\t", True),
        (r"\s", "\r", False),
        (r"\w", "é", False),
        (r"\W", "é", True),
        ("[a||b]", "|", True),
        ("a||b", "", True),
        ("[a$]$", "x$", True),
    ],
)
def test_finds_as_the_guide_says(source: str, text: str, found: bool) -> None:
    assert search(source, text) is found
