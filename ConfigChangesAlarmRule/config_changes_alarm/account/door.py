"""The one door to an account: `account.ask(question)`.

`Account` is the only view of AWS that the deciding modules have. It puts each question to its source once and
remembers the answer, also when two threads ask at the same time, and also a failure, so that nobody waits for the same
retries twice. A source is one method: AWS behind `aws`, a recording, or plain values in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from .memory import Memory
from .questions import Question
from .threads import side_by_side

A = TypeVar("A")


class Source(Protocol):
    """Whatever answers questions."""

    def answer(self, question: Question[A]) -> A:
        """The answer. Raises `EvaluationFailed`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose evidence it is, and where it is seen from. Places and ARNs say where else a resource lives."""

    account_id: str
    region: str


class AccountSource(Source, Protocol):
    """A source that knows whose account it answers about, and how many questions it takes at the same time."""

    @property
    def identity(self) -> Identity: ...

    @property
    def partition(self) -> str: ...

    @property
    def threads(self) -> int: ...


class Account:
    """One account's evidence. `threads` is how many questions its source may be asked at the same time."""

    def __init__(self, identity: Identity, source: Source, threads: int = 1) -> None:
        self.account_id = identity.account_id
        self.region = identity.region
        self._source = source
        self._threads = threads
        self._memory = Memory()

    def ask(self, question: Question[A]) -> A:
        """The answer, remembered. Raises `EvaluationFailed`."""
        return self._memory.once(question, lambda: self._source.answer(question))

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        """Makes independent reads at the same time and returns their results in order.

        All of them end before the first error, if any, is raised.
        """
        return side_by_side(reads, self._threads)
