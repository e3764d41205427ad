"""Texts of an account as people read them, and as a shell takes them."""

from __future__ import annotations

import subprocess

import pytest
from config_changes_alarm.filter_pattern import PatternSyntaxError, parse
from config_changes_alarm.findings import FindingId, Reason, finding, legible
from config_changes_alarm.findings.legible import quoted
from hypothesis import given, settings
from hypothesis import strategies as st

CLEAR_LINE, RIGHT_TO_LEFT, HALF = "\x1b[2K", "\u202e", "\ud800"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("config-changes", "config-changes"),
        ("Zürich 変更 ✓", "Zürich 変更 ✓"),
        (f"a{CLEAR_LINE}b", r"a\x1b[2Kb"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        (f"a{RIGHT_TO_LEFT}b", r"a\u202eb"),
        (f"a{HALF}b", r"a\ud800b"),
        ("a\u200bb\u2028c\ufeff", r"a\u200bb\u2028c\ufeff"),
        ("a\x9b31mb", r"a\x9b31mb"),
    ],
)
def test_what_is_not_printable_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert legible(text) == shown


@given(st.text(st.characters()))
def test_whatever_a_name_holds_it_is_printable_and_stays_so(text: str) -> None:
    assert legible(text).isprintable()
    assert legible(legible(text)) == legible(text)


def _typed(word: str) -> str:
    """What a command is given for a word of the command line."""
    script = f"printf %s {word}"
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True).stdout.decode("utf-8")


HOSTILE = st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\x1b\r\n\u202e'\\\"$`7")


@settings(max_examples=40)
@given(st.text(HOSTILE, min_size=1))
def test_a_command_names_the_very_resource_and_is_legible_itself(name: str) -> None:
    word = quoted(name)
    assert word is not None
    assert word.isprintable()
    assert _typed(word) == name


@pytest.mark.parametrize("name", [f"a{HALF}", "a\0b"])
def test_a_name_that_no_command_line_can_hold_is_not_typed(name: str) -> None:
    reason = Reason(
        FindingId.ALARM_ACTIONS_DISABLED, name, facts=(("region", "eu-west-1"), ("notifying_alarm_name", name))
    )
    assert finding(reason).remedy.endswith("--alarm-names <notifying-alarm-name-that-cannot-be-typed>")


def test_a_name_with_a_digit_after_its_control_character_is_typed_as_it_is() -> None:
    assert quoted("a\x1b7'") == r"$'a\0337\047'"


def test_the_drawing_of_a_wrong_pattern_holds_nothing_that_acts_on_a_terminal() -> None:
    with pytest.raises(PatternSyntaxError) as caught:
        parse(f"{{ $.a = {CLEAR_LINE}\r{RIGHT_TO_LEFT}] }}")
    assert all(char.isprintable() or char in "\n\t" for char in str(caught.value))
