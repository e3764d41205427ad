"""The bound on the work of a question."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TooMuchWork", "Work"]


class TooMuchWork(Exception):
    """The bound on the work was reached."""


@dataclass(slots=True)
class Work:
    """What a question may still cost, in steps."""

    left: int

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork
