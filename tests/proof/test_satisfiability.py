"""Clause learning against the truth table."""

from __future__ import annotations

import itertools

import pytest
from config_changes_alarm.proof.satisfiability import Clauses
from config_changes_alarm.proof.work import TooMuchWork, Work
from hypothesis import given
from hypothesis import strategies as st

VARIABLES = 6
CLAUSES = st.lists(
    st.lists(
        st.integers(1, VARIABLES).flatmap(lambda variable: st.sampled_from((variable, -variable))),
        min_size=1,
        max_size=3,
    ),
    max_size=30,
)


def satisfied(clause: list[int], literals: frozenset[int]) -> bool:
    return any(literal in literals for literal in clause)


def solutions(clauses: list[list[int]]) -> set[frozenset[int]]:
    table = itertools.product(*((variable, -variable) for variable in range(1, VARIABLES + 1)))
    return {row for row in map(frozenset, table) if all(satisfied(clause, row) for clause in clauses)}


def clauses_of(clauses: list[list[int]], work: int = 10**6) -> Clauses:
    solver = Clauses(Work(work))
    for _ in range(VARIABLES):
        solver.variable()
    for clause in clauses:
        solver.add(clause)
    return solver


@given(CLAUSES)
def test_finds_a_solution_exactly_when_there_is_one(clauses: list[list[int]]) -> None:
    found = clauses_of(clauses).solve()
    expected = solutions(clauses)
    assert found in expected if expected else found is None


@given(CLAUSES)
def test_excluding_each_solution_lists_them_all_once(clauses: list[list[int]]) -> None:
    solver = clauses_of(clauses)
    found: list[frozenset[int]] = []
    while (solution := solver.solve()) is not None:
        found.append(solution)
        solver.add([-literal for literal in solution])
    assert len(found) == len(set(found))
    assert set(found) == solutions(clauses)


def test_the_empty_clause_is_a_contradiction() -> None:
    solver = clauses_of([])
    solver.add([])
    assert solver.solve() is None


def test_pigeons_without_enough_holes_end_at_the_bound_or_with_the_answer() -> None:
    def pigeons(count: int, work: int) -> frozenset[int] | None:
        solver = Clauses(Work(work))
        place = {(pigeon, hole): solver.variable() for pigeon in range(count) for hole in range(count - 1)}
        for pigeon in range(count):
            solver.add([place[pigeon, hole] for hole in range(count - 1)])
        for hole in range(count - 1):
            for one, other in itertools.combinations(range(count), 2):
                solver.add([-place[one, hole], -place[other, hole]])
        return solver.solve()

    assert pigeons(5, 10**6) is None
    with pytest.raises(TooMuchWork):
        pigeons(12, 50_000)
