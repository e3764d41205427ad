"""Metric math: which expressions are understood, what they may be, and the law that their least values decide."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from config_changes_alarm.alarm.metric_math import Formula, NotProvable, formula
from config_changes_alarm.alarm.series import Values
from config_changes_alarm.resources import Metric, MetricDataQuery, MetricStat
from hypothesis import given, settings
from hypothesis import strategies as st


def a_metric(name: str, *, returned: bool = False) -> MetricDataQuery:
    return MetricDataQuery(name, MetricStat(Metric("CIS", name), 300, "Sum"), return_data=returned)


def an_expression(text: str, name: str = "e", *, returned: bool = True) -> MetricDataQuery:
    return MetricDataQuery(name, expression=text, return_data=returned)


def read(text: str, *others: MetricDataQuery) -> Formula | NotProvable:
    return formula((a_metric("m1"), a_metric("m2"), *others, an_expression(text)))


def reason(found: Formula | NotProvable) -> str:
    assert isinstance(found, NotProvable), found
    return found.reason


# --------------------------------------------------------------------------- tables

BOTH, FIRST, NONE = (1.0, 2.0), (1.0, None), (None, None)


@pytest.mark.parametrize(
    ("text", "given", "possible"),
    [
        ("m1", FIRST, {1}),
        ("(m1)", NONE, {None}),
        ("m1 + m2", BOTH, {3}),
        ("m1 + m2", FIRST, {1}),
        ("m1 + m2", NONE, {None, 0}),
        ("m1 + 1", NONE, {None, 1}),
        ("1 + m1", FIRST, {2}),
        ("m1 - 1", FIRST, {0}),
        ("m1 - 1", NONE, {None, -1}),
        ("m1 * 3", FIRST, {3}),
        ("3 * m1", NONE, {None, 0}),
        ("m1 / 4", FIRST, {0.25}),
        ("1 + 2 * m1 / 4", FIRST, {1.5}),
        ("m1 * (1 + 2) / 2", FIRST, {1.5}),
        ("CEIL(m1 / 2)", FIRST, {1}),
        ("FLOOR(m1 / 2)", FIRST, {0}),
        ("FILL(m1, 7)", FIRST, {1}),
        ("FILL(m1, 7)", NONE, {7}),
        ("m1 > 0", FIRST, {1}),
        ("m1 >= 2", FIRST, {0}),
        ("m1 > 0", NONE, {None, 0}),
        ("IF(m1 > 0, 5, 3)", FIRST, {5}),
        ("IF(m1 > 1, 5, 3)", FIRST, {3}),
        ("IF(m1 > 0, 5, 3)", NONE, {None, 3}),
        ("SUM([m1, m2])", BOTH, {3}),
        ("SUM([m1, m2])", FIRST, {None, 1}),
        ("SUM([m1])", NONE, {None, 0}),
        ("SUM([m1, m2])", NONE, {None, 0}),
        ("MAX([m1 - 2, m2])", FIRST, {None, -1, 0}),
        ("SUM([m1])", FIRST, {1}),
        ("SUM(METRICS())", BOTH, {3}),
        ('SUM(METRICS("2"))', BOTH, {2}),
        ("SUM([METRICS('1'), METRICS('2')])", BOTH, {3}),
        ("SUM(METRICS() * 2 + 1)", BOTH, {8}),
        ("MAX([m1, m2])", BOTH, {2}),
        ("MAX(METRICS() / 2)", BOTH, {1}),
        ("SUM(FILL(METRICS(), 0))", FIRST, {1}),
        ("SUM(CEIL(METRICS() / 4))", BOTH, {2}),
        ("m1 * 1e308 * 1e308", FIRST, {None}),
        ("m1 * 1e308 + m1 * 1e308", FIRST, {None}),
    ],
)
def test_what_an_expression_may_be(
    text: str, given: tuple[float | None, float | None], possible: set[float | None]
) -> None:
    found = read(text)
    assert isinstance(found, Formula), found
    values = {"m1": Values({given[0]}), "m2": Values({given[1]})}
    assert found.outcomes(values) == possible


@pytest.mark.parametrize(
    "text",
    [
        *("m1 - m2", "1 - m1", "-m1", "m1 * m2", "m1 / m2", "1 / m1", "m1 / 0", "m1 ^ 2", "m1 * -1"),
        *("m1 < 1", "m1 <= 1", "m1 == 1", "m1 != 1", "m1 > m2", "1 > m1", "m1 AND m2", "m1 || m2", "METRICS() > 1"),
        *("IF(m1, 1, 0)", "IF(m1 > 0, 1)", "IF(m1 > 0, 0, 1)", "IF(m1 > 0, m1, 0)", "IF(m1 > 0, 1, m1)"),
        *("SUM(m1)", "MAX(m1)", "SUM()", "SUM(1)", "m1 + METRICS()", "METRICS() + METRICS()", "FILL(m1)"),
        *("FILL(m1, m2)", "FILL(1, 1)", "CEIL(1)", "[m1, 1]", "m1 m2", "(m1", "m1)", "m1 +", "", "METRICS(m1)"),
    ],
)
def test_an_expression_that_may_fall_or_is_none_is_not_provable(text: str) -> None:
    assert reason(read(text)) == f"its expression {text} is not one whose result is known"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5", "its expression 5 is not one time series"),
        ("METRICS()", "its expression METRICS() is not one time series"),
        ("RATE(m1)", "its expression uses RATE"),
        ("AVG(METRICS())", "its expression uses AVG"),
        ("FILL(m1, REPEAT)", "FILL with REPEAT keeps earlier values"),
        ("FILL(m1, LINEAR)", "FILL with LINEAR keeps earlier values"),
        ("select count(*) from t", "it evaluates a Metrics Insights query"),
        ("m3 + 1", "its expression refers to m3, which is not defined"),
        ("SUM(METRICS('x'))", "METRICS('x') names no metric"),
        ("m1 ; m2", "its expression has ';' at column 4"),
        ("e + 1", "its expression e refers to itself"),
    ],
)
def test_why_an_expression_is_not_provable(text: str, why: str) -> None:
    assert reason(read(text)) == why


def test_an_expression_may_refer_to_others_but_not_in_a_circle() -> None:
    assert isinstance(read("e1 * 2", an_expression("m1 + m2", "e1", returned=False)), Formula)
    circle = read("e1", an_expression("e2 + 1", "e1", returned=False), an_expression("e1 + 1", "e2", returned=False))
    assert reason(circle) == "its expression e1 refers to itself"


def test_one_metric_is_watched_and_every_id_stands_once() -> None:
    assert reason(formula((a_metric("m1"),))) == "0 of its metrics have ReturnData true instead of one"
    both = (a_metric("m1", returned=True), a_metric("m2", returned=True))
    assert reason(formula(both)) == "2 of its metrics have ReturnData true instead of one"
    twice = (a_metric("m1"), a_metric("m1", returned=True))
    assert reason(formula(twice)) == "two of its metrics have the same id"


def test_references_that_double_at_every_step_are_not_followed_for_ever() -> None:
    chain = [an_expression(f"e{step} + e{step}", f"e{step + 1}", returned=False) for step in range(1, 40)]
    found = read("e40", an_expression("m1", "e1", returned=False), *chain)
    assert reason(found) == "its expressions refer to each other too often"


@pytest.mark.parametrize("text", ["(" * 3000 + "m1" + ")" * 3000, "[" * 3000, "FILL(" * 3000])
def test_deep_nesting_is_refused(text: str) -> None:
    assert "is not one whose result is known" in reason(read(text))


# --------------------------------------------------------------------------- the law


@dataclass(frozen=True)
class Tree:
    """An expression as the test makes it; read by `value`, which knows nothing of the module's own reading."""

    operator: str
    parts: tuple[Tree, ...] = ()
    constant: float = 0.0

    def __str__(self) -> str:
        inner = [str(part) for part in self.parts]
        match self.operator:
            case "m1" | "m2" | "m3":
                return self.operator
            case "+":
                return f"({inner[0]} + {inner[1]})"
            case "shift":
                return f"({inner[0]} {'-' if self.constant < 0 else '+'} {abs(self.constant)})"
            case "times":
                return f"{self.constant} * {inner[0]}"
            case "FILL":
                return f"FILL({inner[0]}, {self.constant})"
            case "IF":
                return f"IF({inner[0]} > {self.constant}, 2, 1)"
            case "CEIL":
                return f"CEIL({inner[0]})"
            case _:
                return f"{self.operator}([{', '.join(inner)}])"

    def value(self, given: Mapping[str, float | None], readings: tuple[bool, ...]) -> float | None:
        """`readings` settle what the guide leaves open: whether a missing value counts as 0."""
        if not self.parts:
            return given[self.operator]
        zero, rest = readings[0], readings[1:] + readings[:1]
        values = [part.value(given, rest) for part in self.parts]
        if self.operator == "FILL":
            return self.constant if values[0] is None else values[0]
        present = [value for value in values if value is not None]
        if not present:
            if not zero:
                return None
            present = [0.0]
        match self.operator:
            case "shift":
                return present[0] + self.constant
            case "times":
                return present[0] * self.constant
            case "IF":
                return 2.0 if present[0] > self.constant else 1.0
            case "CEIL":
                return float(math.ceil(present[0]))
            case "MAX":
                return max(present)
            case _:
                return sum(present)


_CONSTANTS = st.sampled_from((0.0, 0.5, 1.0, 3.0))
_LEAVES = st.sampled_from([Tree("m1"), Tree("m2"), Tree("m3")])


def _above(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    one, two = st.tuples(inner), st.tuples(inner, inner)
    return st.one_of(
        st.builds(Tree, st.just("shift"), one, st.sampled_from((-1.0, 0.5, 2.0))),
        st.builds(Tree, st.sampled_from(("times", "FILL", "IF")), one, _CONSTANTS),
        st.builds(Tree, st.just("CEIL"), one),
        st.builds(Tree, st.sampled_from(("+", "SUM", "MAX")), two),
    )


VALUE = st.one_of(st.none(), st.sampled_from((0.0, 0.5, 1.0, 4.0)))


@settings(max_examples=5_000 if os.environ.get("DEEP") else 400, deadline=None)
@given(
    st.recursive(_LEAVES, _above, max_leaves=6),
    st.tuples(VALUE, VALUE, VALUE),
    st.tuples(*[st.sampled_from((0.0, 0.25, 1.0, 50.0))] * 3),
    st.tuples(*[st.booleans()] * 5),
)
def test_what_holds_for_the_least_values_holds_for_all(
    tree: Tree, least: tuple[float | None, ...], more: tuple[float, ...], readings: tuple[bool, ...]
) -> None:
    found = formula((a_metric("m1"), a_metric("m2"), a_metric("m3"), an_expression(str(tree))))
    assert isinstance(found, Formula), found
    names = ("m1", "m2", "m3")
    possible = found.outcomes({name: Values({value}) for name, value in zip(names, least, strict=True)})
    given = {name: None if value is None else value + add for name, value, add in zip(names, least, more, strict=True)}
    value = tree.value(given, readings)
    if value is None:
        assert None in possible
    else:
        assert min(outcome for outcome in possible if outcome is not None) <= value
