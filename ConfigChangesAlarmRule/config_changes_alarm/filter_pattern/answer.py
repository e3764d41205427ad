"""What a filter pattern answers for a message, and how answers are joined: Kleene's three-valued logic."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

__all__ = ["Answer", "all_of", "any_of", "certain"]


class Answer(Enum):
    """Whether the service matches: yes, no, or not documented."""

    MATCH = "match"
    NO_MATCH = "no match"
    UNKNOWN = "unknown"

    def __invert__(self) -> Answer:
        return _REVERSE[self]


_REVERSE = {Answer.MATCH: Answer.NO_MATCH, Answer.NO_MATCH: Answer.MATCH, Answer.UNKNOWN: Answer.UNKNOWN}


def certain(truth: bool) -> Answer:
    """The answer where the truth is known."""
    return Answer.MATCH if truth else Answer.NO_MATCH


def all_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's conjunction."""
    result = Answer.MATCH
    for answer in answers:
        if answer is Answer.NO_MATCH:
            return answer
        if answer is Answer.UNKNOWN:
            result = answer
    return result


def any_of(answers: Iterable[Answer]) -> Answer:
    """Kleene's disjunction."""
    return ~all_of(~answer for answer in answers)
