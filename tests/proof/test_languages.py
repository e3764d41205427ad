"""Languages of texts: each automaton against its plain meaning, and the search for a text against trying them all."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest
from config_changes_alarm.filter_pattern.automaton import automaton
from config_changes_alarm.filter_pattern.json_value import JsonNumber
from config_changes_alarm.proof.languages import Automaton, Demand
from config_changes_alarm.proof.number_languages import NUMERALS, Ordered, PlainNumber
from config_changes_alarm.proof.text_search import find
from config_changes_alarm.proof.word_languages import EitherCase, EndsFirst, EndsWith, Exactly, Holds, StartsWith
from config_changes_alarm.proof.work import TooMuchWork, Work
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.text("ab", min_size=1, max_size=3)
SHORT = ["".join(each) for length in range(6) for each in itertools.product("abc", repeat=length)]


def accepted(machine: Automaton, text: str) -> bool:
    state = machine.start
    for char in text:
        state = machine.step(state, char)
    return machine.accepts(state)


MEANINGS: dict[type[Automaton], Callable[[str, str], bool]] = {
    Exactly: lambda word, text: text == word,
    EitherCase: lambda word, text: text.lower() == word,
    StartsWith: lambda word, text: text.startswith(word),
    EndsWith: lambda word, text: text.endswith(word),
    Holds: lambda word, text: word in text,
    EndsFirst: lambda word, text: text.endswith(word) and text.find(word) == len(text) - len(word),
}


@pytest.mark.parametrize("kind", MEANINGS, ids=lambda kind: kind.__name__)
@given(word=WORDS, text=st.text("abAB", max_size=8))
def test_a_word_automaton_accepts_what_it_says(kind: type[Automaton], word: str, text: str) -> None:
    machine = kind(word)  # type: ignore[call-arg]
    assert accepted(machine, text) is MEANINGS[kind](word, text)


@pytest.mark.parametrize("kind", MEANINGS, ids=lambda kind: kind.__name__)
@given(word=WORDS, text=st.text("ab", max_size=6), more=st.text("ab", max_size=4))
def test_what_is_settled_stays(kind: type[Automaton], word: str, text: str, more: str) -> None:
    machine = kind(word)  # type: ignore[call-arg]
    state = machine.start
    for char in text:
        state = machine.step(state, char)
    settled = machine.settled(state)
    assert settled is None or accepted(machine, text + more) is settled


DEMANDS = st.lists(
    st.builds(
        Demand,
        st.one_of(
            *(st.builds(kind, WORDS) for kind in (Exactly, StartsWith, EndsWith, Holds, EndsFirst)),
            st.sampled_from([automaton(source) for source in ("^a", "b$", "a[ab]b", "^[ab]{2,4}$", "aa|bb", "c")]),
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(DEMANDS)
def test_a_text_that_is_found_meets_the_demands_and_none_means_that_there_is_none(demands: list[Demand]) -> None:
    found = find(demands, Work(10**6))
    if found is None:
        assert not any(all(accepted(each.automaton, text) is each.inside for each in demands) for text in SHORT)
    else:
        assert all(accepted(each.automaton, found) is each.inside for each in demands)


# --------------------------------------------------------------------------- numbers

NUMBERS = st.decimals(-100, 100, places=2).map(lambda value: format(value.normalize() + 0, "f"))


@given(st.text(NUMERALS, max_size=7))
def test_plain_numbers_are_those_that_every_serializer_writes_alike(text: str) -> None:
    try:
        plain = JsonNumber(text).plain
    except ArithmeticError:
        plain = False
    number = abs(Decimal(text)) if plain else Decimal(0)
    writable = "." not in text or number == 0 or Decimal("0.001") <= number < 10_000_000
    assert accepted(PlainNumber(), text) is (plain and writable)


@given(NUMBERS, NUMBERS, st.sets(st.sampled_from((-1, 0, 1))))
def test_order_is_decided_digit_by_digit(text: str, bound: str, signs: set[int]) -> None:
    difference = Decimal(text) - Decimal(bound)
    sign = (difference > 0) - (difference < 0)
    assert accepted(Ordered(Decimal(bound), frozenset(signs)), text) is (sign in signs)


ABOVE, BELOW, EQUAL = frozenset((1,)), frozenset((-1,)), frozenset((0,))


@pytest.mark.parametrize(
    ("demands", "exists"),
    [
        ([Demand(Ordered(Decimal(5), ABOVE)), Demand(Ordered(Decimal(6), BELOW))], True),
        ([Demand(Ordered(Decimal(5), ABOVE)), Demand(Ordered(Decimal(5), BELOW))], False),
        ([Demand(Ordered(Decimal(5), EQUAL)), Demand(Ordered(Decimal("5.0"), EQUAL), False)], False),
        ([Demand(Ordered(Decimal(12), ABOVE)), Demand(StartsWith("12"))], True),
        ([Demand(Ordered(Decimal(12), EQUAL)), Demand(EndsWith("3"))], False),
        ([Demand(StartsWith("12")), Demand(StartsWith("1"), False)], False),
        ([Demand(Holds("a"))], False),
        ([Demand(EndsWith(".50"))], False),
        ([Demand(StartsWith("-0"))], True),
        ([Demand(Ordered(Decimal(0), BELOW)), Demand(StartsWith("-"), False)], False),
    ],
    ids=lambda value: "" if isinstance(value, bool) else " and ".join(map(repr, value)),
)
def test_numbers_that_meet_demands(demands: list[Demand], exists: bool) -> None:
    found = find([Demand(PlainNumber()), *demands], Work(10**6), NUMERALS)
    assert (found is not None) is exists
    assert found is None or all(accepted(each.automaton, found) is each.inside for each in demands)


def test_a_product_that_explodes_ends_at_the_bound() -> None:
    one, other = automaton("^[ab]*a[ab]{30}$"), automaton("^[ab]*b[ab]{30}$")
    with pytest.raises(TooMuchWork):
        find([Demand(one), Demand(other)], Work(20_000))
