"""The laws of parsing and printing, on random trees and texts."""

from __future__ import annotations

from config_changes_alarm.filter_pattern import (
    And,
    AnyFields,
    Comparison,
    Condition,
    Constant,
    Field,
    FieldCondition,
    Index,
    Is,
    JsonPattern,
    Name,
    NotExists,
    Number,
    Operator,
    Or,
    Pattern,
    PatternSyntaxError,
    Regex,
    Selector,
    SpaceDelimitedPattern,
    Term,
    TermPattern,
    Text,
    parse,
)
from config_changes_alarm.filter_pattern.parser import MAX_LENGTH
from hypothesis import example, given
from hypothesis import strategies as st

from .sources import parsed

TEXTS = st.text(st.sampled_from("ab*\"\\'% .n}é"), max_size=6)
NAMES = st.text(st.sampled_from("aB_1-"), min_size=1, max_size=4)
NUMBERS = st.from_regex(r"\A[+-]?[0-9]{1,3}(\.[0-9]{1,3})?(e-?[0-9]{1,2})?\Z")
REGEXES = st.sampled_from(["a", "^a.*b$", "[0-9]{1,3}", r"\d+\.x", "a|b"]).map(Regex)
SELECTORS = st.builds(
    lambda first, rest: Selector((first, *rest)),
    NAMES.map(Name),
    st.lists(st.one_of(NAMES.map(Name), st.integers(0, 99).map(Index)), max_size=2),
)
PLAIN_OPERANDS = st.one_of(
    TEXTS.map(Text),
    NUMBERS.map(Number),
    st.sampled_from(["a-b", "a:b", "10.0.0.0/8", "@x", r"\d", r"a\\n"]).map(lambda text: Text(text, documented=False)),
)
EQUALITIES = st.sampled_from([Operator.EQ, Operator.NE])
ORDERINGS = st.sampled_from([Operator.LT, Operator.LE, Operator.GT, Operator.GE])
LEAVES = st.one_of(
    st.builds(Comparison, SELECTORS, EQUALITIES, PLAIN_OPERANDS),
    st.builds(Comparison, SELECTORS, ORDERINGS, NUMBERS.map(Number)),
    st.builds(Is, SELECTORS, st.sampled_from(Constant)),
    st.builds(NotExists, SELECTORS),
)


def flat(kind: type[And] | type[Or], terms: list[Condition]) -> Condition:
    """The node that parentheses around the terms stand for: `And` and `Or` never hold one of their own kind."""
    found: list[Condition] = []
    for term in terms:
        if isinstance(term, (And, Or)) and isinstance(term, kind):
            found += term.terms
        else:
            found.append(term)
    return kind(tuple(found))


def joined(terms: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    some = st.lists(terms, min_size=2, max_size=3)
    return st.one_of(some.map(lambda each: flat(And, each)), some.map(lambda each: flat(Or, each)))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(LEAVES, joined, max_leaves=8)
TERMS = st.one_of(TEXTS.filter(bool).map(Text), REGEXES).map(Term)
TERM_LISTS = st.lists(TERMS, max_size=3).map(tuple)
FIELD_CONDITIONS = st.builds(FieldCondition, EQUALITIES, PLAIN_OPERANDS)
CONJUNCTIONS = st.lists(FIELD_CONDITIONS, min_size=1, max_size=2).map(tuple)
FIELDS = st.one_of(st.just(AnyFields()), st.builds(Field, NAMES, st.lists(CONJUNCTIONS, max_size=2).map(tuple)))
PATTERNS: st.SearchStrategy[Pattern] = st.one_of(
    CONDITIONS.map(JsonPattern),
    st.builds(Comparison, SELECTORS, EQUALITIES, REGEXES).map(JsonPattern),
    st.builds(TermPattern, TERM_LISTS, TERM_LISTS, TERM_LISTS),
    st.lists(FIELDS, max_size=3).map(lambda fields: SpaceDelimitedPattern(tuple(fields))),
    st.lists(FIELDS, min_size=1, max_size=3).map(lambda fields: SpaceDelimitedPattern((*fields, Field("")))),
)


@given(PATTERNS.filter(lambda pattern: len(str(pattern)) <= MAX_LENGTH))
def test_what_is_printed_parses_to_the_same_tree(pattern: Pattern) -> None:
    assert parse(str(pattern)) == pattern
    assert parse(pattern.written(tight=True)) == pattern
    assert len(pattern.written(tight=True)) <= len(str(pattern))


SYMBOLS = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "$",
    ".",
    "*",
    '"',
    "%",
    "'",
    "\\",
    "=",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "|",
    ",",
    "IS",
    "NOT",
    "EXISTS",
    "NULL",
    "$.a",
    "$.a[*]",
    "$.a=1",
    "x",
    "1e5",
    "-",
    "?",
    "...",
    "ß",
    "”",
    "\u00a0",
    ",",
    "=!",
]
SYNTAX = st.lists(st.sampled_from([*SYMBOLS, " ", "\n", "\x00"]), max_size=40).map("".join)


# Python warns of class syntax that other regular-expression languages read differently.
@given(st.one_of(st.text(max_size=60), SYNTAX, SYNTAX.map(lambda text: "{" + text + "}"), SYNTAX.map("[{}]".format)))
@example("{ $.a = 1e99999999999999999999 }")
@example("0")
@example("{ $.a[" + "9" * 1000 + "] = 1 }")
@example("{ $.a = %a{99999999999}% }")
def test_any_text_parses_or_is_a_syntax_error_within_it(source: str) -> None:
    result = parsed(source)
    if isinstance(result, PatternSyntaxError):
        start, end = result.span
        assert 0 <= start <= min(end, len(source))
        assert result.message in str(result)
    else:
        assert parse(str(result)) == result
        assert len(result.written(tight=True)) <= len(source)


@given(CONDITIONS, st.sampled_from(["", " ", "\n\t"]))
def test_needless_parentheses_and_white_space_change_nothing(tree: Condition, space: str) -> None:
    assert parse("{" + space + "((" + space + str(tree) + "))" + space + "}" + space) == JsonPattern(tree)
