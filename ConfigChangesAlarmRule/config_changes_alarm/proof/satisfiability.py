"""Propositional satisfiability by conflict-driven clause learning.

Variables are the numbers from 1, a literal is a variable or its negative, a clause is a disjunction of literals. The
scheme is that of GRASP and MiniSat: two watched literals a clause, the first unique implication point of a conflict
learned, the most conflicting variables decided first. Clauses may be added between solutions.
"""

from __future__ import annotations

from collections.abc import Iterable

from .work import Work

__all__ = ["Clauses"]


class Clauses:
    """A set of clauses. `solve` and `add` may raise `TooMuchWork`."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._values: list[int] = [0]
        self._levels: list[int] = [0]
        self._reasons: list[list[int] | None] = [None]
        self._activity: list[float] = [0.0]
        self._watches: dict[int, list[list[int]]] = {}
        self._trail: list[int] = []
        self._decisions: list[int] = []
        self._order: list[int] = []
        self._cursor = 0
        self._head = 0
        self._contradiction = False

    def variable(self) -> int:
        """A new variable."""
        number = len(self._values)
        self._values.append(0)
        self._levels.append(0)
        self._reasons.append(None)
        self._activity.append(0.0)
        self._order.append(number)
        self._watches[number] = []
        self._watches[-number] = []
        return number

    def add(self, literals: Iterable[int]) -> None:
        """Adds a clause."""
        self._backtrack(0)
        clause = list(dict.fromkeys(literals))
        self.work.spend(len(clause))
        if any(-literal in clause or self._value(literal) > 0 for literal in clause):
            return
        clause = [literal for literal in clause if self._value(literal) == 0]
        if not clause:
            self._contradiction = True
        elif len(clause) == 1:
            self._assign(clause[0], None)
        else:
            self._watch(clause)

    def solve(self) -> frozenset[int] | None:
        """The literals that are true in a solution; None when there is none."""
        self._backtrack(0)
        while not self._contradiction:
            conflict = self._propagate()
            if conflict is not None:
                if not self._decisions:
                    self._contradiction = True
                else:
                    self._learn(conflict)
                continue
            variable = self._next_variable()
            if variable is None:
                return frozenset(self._trail)
            self.work.spend()
            self._decisions.append(len(self._trail))
            self._assign(-variable, None)
        return None

    # ------------------------------------------------------------------- assignments

    def _value(self, literal: int) -> int:
        """1 for true, -1 for false, 0 for not assigned."""
        return self._values[literal] if literal > 0 else -self._values[-literal]

    def _assign(self, literal: int, reason: list[int] | None) -> None:
        variable = abs(literal)
        self._values[variable] = 1 if literal > 0 else -1
        self._levels[variable] = len(self._decisions)
        self._reasons[variable] = reason
        self._trail.append(literal)

    def _backtrack(self, level: int) -> None:
        if len(self._decisions) <= level:
            return
        start = self._decisions[level]
        for literal in self._trail[start:]:
            self._values[abs(literal)] = 0
        del self._trail[start:]
        del self._decisions[level:]
        self._head = start
        self._cursor = 0

    def _next_variable(self) -> int | None:
        """The most conflicting of the variables that are free."""
        while self._cursor < len(self._order):
            variable = self._order[self._cursor]
            if self._values[variable] == 0:
                return variable
            self._cursor += 1
        return None

    def _rank(self) -> None:
        self._order.sort(key=self._activity.__getitem__, reverse=True)
        self._cursor = 0

    # ------------------------------------------------------------------- clauses

    def _watch(self, clause: list[int]) -> None:
        self._watches[clause[0]].append(clause)
        self._watches[clause[1]].append(clause)

    def _propagate(self) -> list[int] | None:
        """Assigns what follows; returns a clause that is false, if one is."""
        while self._head < len(self._trail):
            false = -self._trail[self._head]
            self._head += 1
            watching = self._watches[false]
            kept: list[list[int]] = []
            for number, clause in enumerate(watching):
                self.work.spend()
                if self._moves_on(clause, false):
                    continue
                kept.append(clause)
                if self._value(clause[0]) < 0:
                    self._watches[false] = kept + watching[number + 1 :]
                    return clause
                if self._value(clause[0]) == 0:
                    self._assign(clause[0], clause)
            self._watches[false] = kept
        return None

    def _moves_on(self, clause: list[int], false: int) -> bool:
        """Whether the clause finds another literal to watch; the false one is put second."""
        if clause[0] == false:
            clause[0], clause[1] = clause[1], clause[0]
        if self._value(clause[0]) > 0:
            return False
        for index in range(2, len(clause)):
            if self._value(clause[index]) >= 0:
                clause[1], clause[index] = clause[index], clause[1]
                self._watches[clause[1]].append(clause)
                return True
        return False

    def _learn(self, conflict: list[int]) -> None:
        """Adds the clause of the first unique implication point and goes back to where it forces a literal."""
        level = len(self._decisions)
        seen: set[int] = set()
        lower: list[int] = []
        open_ = 0
        index = len(self._trail)
        clause = conflict
        while True:
            for literal in clause:
                variable = abs(literal)
                if variable in seen or self._levels[variable] == 0:
                    continue
                seen.add(variable)
                self._activity[variable] += 1
                if self._levels[variable] == level:
                    open_ += 1
                else:
                    lower.append(literal)
            index -= 1
            while abs(self._trail[index]) not in seen:
                index -= 1
            point = self._trail[index]
            open_ -= 1
            self.work.spend(len(clause))
            if open_ == 0:
                break
            clause = self._reasons[abs(point)] or []
        self._rank()
        lower.sort(key=lambda literal: -self._levels[abs(literal)])
        self._backtrack(self._levels[abs(lower[0])] if lower else 0)
        learned = [-point, *lower]
        if lower:
            self._watch(learned)
        self._assign(-point, learned if lower else None)
