"""The bounds on work: of one question, and of all the questions of an evaluation together."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Budget", "TooMuchWork", "Work"]

MAX_WORK = 50_000
"""Steps (a condition looked at, a transition of an automaton) after which a question is given up as undecided."""

ALWAYS_GRANTED = 500
"""Steps that a question has whatever others have cost: several times what patterns in use take."""

MAX_TOGETHER = 400_000
"""Steps of an evaluation: less than a second."""


class TooMuchWork(Exception):
    """The bound on the work was reached."""


@dataclass(slots=True)
class Budget:
    """What the questions of an evaluation may cost together, in steps.

    Filters that are made to be hard use it up and are undecided from then on; plain ones are decided all the same.
    """

    left: int = MAX_TOGETHER

    @staticmethod
    def granted(budget: Budget | None) -> int:
        """What a question may cost, with or without such a budget."""
        return MAX_WORK if budget is None else max(ALWAYS_GRANTED, min(MAX_WORK, budget.left))


@dataclass(slots=True)
class Work:
    """What a question may still cost, in steps; they are taken from the evaluation's budget too."""

    left: int = MAX_WORK
    budget: Budget | None = None

    def spend(self, steps: int = 1) -> None:
        """Raises `TooMuchWork`."""
        self.left -= steps
        if self.budget is not None:
            self.budget.left -= steps
        if self.left < 0:
            raise TooMuchWork
