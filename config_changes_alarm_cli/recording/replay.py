"""Answers from a recording what an evaluation was answered."""

from __future__ import annotations

from typing import Any

from config_changes_alarm.account import (
    Account,
    AlarmsIn,
    EvaluationFailed,
    Identity,
    MatchesOf,
    Question,
    Unreadable,
)

from .reads import asked, in_words, key
from .recording import Recording


def replayed(recording: Recording) -> Account:
    """What the evaluation saw."""
    return Account(Identity(recording.account_id, recording.region), _Replay(recording))


class _Replay:
    """Implements `account.Source`."""

    def __init__(self, recording: Recording) -> None:
        self._reads = {read.key: read for read in recording.reads}

    def answer(self, question: Question[Any]) -> Any:
        """Raises `EvaluationFailed` for a read that failed, and for one that was never made.

        A replay may go on without two reads. Which messages are put to AWS differs from version to version, and its
        answers are only ever evidence against a pattern. All alarms are listed for what is hard to prove, and for the
        names that a remedy proposes, which older versions did not look up.
        """
        read = self._reads.get(key(*asked(question)))
        if read is None and isinstance(question, MatchesOf):
            return Unreadable("logs:TestMetricFilter", "NotRecorded", question.filter_pattern)
        if read is None and isinstance(question, AlarmsIn):
            return Unreadable("cloudwatch:DescribeAlarms", "NotRecorded", question.subject)
        if read is None:
            raise EvaluationFailed(
                f"the recording holds no {in_words(question)}: other parameters or another version asked for less"
            )
        value = read.value(read.name)
        if read.outcome == "failed":
            raise EvaluationFailed(value)
        return value
