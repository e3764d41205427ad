"""Notes every read of an evaluation while it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from config_changes_alarm.account import Account, AccountSource, EvaluationFailed, Question

from .reads import Read
from .recording import Recording


class Recorder:
    """Hands every question on to another source, and notes the answer. Implements `account.Source`."""

    def __init__(self, source: AccountSource) -> None:
        self._source = source
        self._reads: dict[str, Read] = {}
        self._lock = Lock()

    def account(self) -> Account:
        """The account behind its door, every read of which is noted."""
        return Account(self._source.identity, self, self._source.threads)

    def recording(self, evaluated_at: datetime, parameters: Mapping[str, object]) -> Recording:
        """Everything so far. `parameters` are the rule's, as they were given."""
        with self._lock:
            reads = tuple(self._reads.values())
        given = {name: str(value) for name, value in parameters.items()}
        identity = self._source.identity
        return Recording(identity.account_id, identity.region, self._source.partition, evaluated_at, given, reads)

    def answer(self, question: Question[Any]) -> Any:
        """The other source's answer. Raises `EvaluationFailed`."""
        try:
            answer = self._source.answer(question)
        except EvaluationFailed as error:
            self._note(Read.failed(question, error))
            raise
        self._note(Read.answered(question, answer))
        return answer

    def _note(self, read: Read) -> None:
        with self._lock:
            self._reads.setdefault(read.key, read)
