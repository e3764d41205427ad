"""Remembers what was read, so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from .outcomes import EvaluationFailed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Failed:
    """A remembered failure, so that nobody waits for the same retries twice."""

    message: str


class Memory:
    """One answer a key. Threads that ask for the same thing wait for one read."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """The remembered answer, or the one that is read now. Raises `EvaluationFailed`, again where it did before."""
        with self._lock:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            if key not in self._answers:
                try:
                    self._answers[key] = read()
                except EvaluationFailed as error:
                    self._answers[key] = _Failed(str(error))
                    raise
            answer: T | _Failed = self._answers[key]
        if isinstance(answer, _Failed):
            raise EvaluationFailed(answer.message)
        return answer
