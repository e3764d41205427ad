"""The one door to an account: `account.ask(question)`.

`Account` is the only view of AWS that the deciding modules have. It puts each question to its source once and
remembers the answer, also when two threads ask at the same time, and also a failure, so that nobody waits for the same
retries twice. A source is one method: AWS behind `aws`, a recording, or plain values in a test.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, TypeVar

from .outcomes import EvaluationFailed
from .questions import Question

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Failed:
    """A remembered failure."""

    message: str


class Source(Protocol):
    """Whatever answers questions."""

    def answer(self, question: Question[A]) -> A:
        """The answer. Raises `EvaluationFailed`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose evidence it is, and where it is seen from. Places and ARNs say where else a resource lives."""

    account_id: str
    region: str
    partition: str = "aws"


class Account:
    """One account's evidence. `threads` is how many questions its source may be asked at the same time."""

    def __init__(self, identity: Identity, source: Source, threads: int = 1) -> None:
        self.account_id = identity.account_id
        self.region = identity.region
        self.partition = identity.partition
        self._source = source
        self._threads = threads
        self._answers: dict[Question[Any], Any] = {}
        self._locks: dict[Question[Any], Lock] = {}
        self._lock = Lock()

    def ask(self, question: Question[A]) -> A:
        """The answer, remembered. Raises `EvaluationFailed`."""
        with self._lock:
            lock = self._locks.setdefault(question, Lock())
        with lock:
            if question not in self._answers:
                try:
                    self._answers[question] = self._source.answer(question)
                except EvaluationFailed as error:
                    self._answers[question] = _Failed(str(error))
                    raise
            answer: A | _Failed = self._answers[question]
        if isinstance(answer, _Failed):
            raise EvaluationFailed(answer.message)
        return answer

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        """Makes independent reads at the same time and returns their results in order.

        All of them end before the first error, if any, is raised.
        """
        if self._threads < 2 or len(reads) < 2:
            return tuple(read() for read in reads)
        with ThreadPoolExecutor(max_workers=min(len(reads), self._threads)) as pool:
            futures = [pool.submit(read) for read in reads]
        return tuple(future.result() for future in futures)
