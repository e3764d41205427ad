"""The laws of matching, on random conditions and records."""

from __future__ import annotations

from typing import Any

from config_changes_alarm.filter_pattern import And, Answer, Condition, JsonMessage, JsonPattern, Or, matches, parse
from config_changes_alarm.filter_pattern.json_pattern_matching import evaluate, judge
from config_changes_alarm.filter_pattern.json_value import MISSING, JsonNumber, JsonValue, read
from hypothesis import given
from hypothesis import strategies as st

from .sources import condition, leaf

YES, NO, UNKNOWN = Answer.MATCH, Answer.NO_MATCH, Answer.UNKNOWN

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


OTHER_PATTERNS = st.sampled_from(['"true"', "?a ?1", "[x, ...]", "-b"]).map(parse)


@given(RECORDS, st.one_of(CONDITIONS.map(JsonPattern), OTHER_PATTERNS))
def test_a_message_that_was_never_a_text_answers_as_its_text_does(record: dict[str, JsonValue], pattern: Any) -> None:
    message = JsonMessage(record)
    assert read(message.text) == record
    assert matches(pattern, message) is matches(pattern, message.text)
