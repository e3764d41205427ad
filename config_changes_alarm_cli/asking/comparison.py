"""AWS's answers beside the product's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from config_changes_alarm.account import Account, MatchesOf, Unreadable
from config_changes_alarm.filter_pattern import Answer, PatternSyntaxError, matches, parse
from config_changes_alarm.resources import Place

from .questions import Asked

__all__ = ["Compared", "NotAllowed", "Outcome", "ask"]

_AT_ONCE = 50
"""As many messages as one TestMetricFilter call takes (CloudWatch Logs API reference)."""
_NOT_A_PATTERN = "InvalidParameterException"
_INVALID = "invalid"


class Outcome(StrEnum):
    """How AWS's answer stands to the product's."""

    AGREES = "agrees"
    DIFFERS = "differs"
    REFUSED = "AWS refuses the pattern"
    SETTLED = "settled now"


@dataclass(frozen=True, slots=True)
class Compared:
    """A question with both answers in words: match, no match, invalid, and of the product's own also unknown."""

    asked: Asked
    ours: str
    theirs: str

    @property
    def outcome(self) -> Outcome:
        if self.ours == self.theirs:
            return Outcome.AGREES
        if self.theirs == _INVALID:
            return Outcome.REFUSED
        return Outcome.SETTLED if self.ours == Answer.UNKNOWN.value else Outcome.DIFFERS

    @property
    def wrong(self) -> bool:
        """Whether the product was sure of another answer."""
        return self.ours not in (self.theirs, Answer.UNKNOWN.value)


class NotAllowed(Exception):
    """AWS does not let the question be put. The text is one sentence."""


def ask(account: Account, asked: Sequence[Asked], done: Callable[[int], None] = lambda _: None) -> tuple[Compared, ...]:
    """Every question with AWS's answer, a call for each pattern; `done` hears how many questions are answered.

    Raises `NotAllowed`, and `EvaluationFailed` where AWS is throttling or not reachable.
    """
    place = Place(account.account_id, account.region)
    answers: dict[Asked, str] = {}
    for pattern, messages in _by_pattern(asked):
        answer = account.ask(MatchesOf(place, pattern, messages))
        if isinstance(answer, Unreadable) and answer.error_code != _NOT_A_PATTERN:
            raise NotAllowed(f"{answer.operation}: {answer.error_code}")
        for each in asked:
            if each.pattern == pattern and each.message in messages:
                if isinstance(answer, Unreadable):
                    answers[each] = _INVALID
                else:
                    found = messages.index(each.message) in answer
                    answers[each] = (Answer.MATCH if found else Answer.NO_MATCH).value
        done(len(answers))
    return tuple(Compared(each, _ours(each), answers[each]) for each in asked)


def _by_pattern(asked: Sequence[Asked]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The patterns with their messages, as many as one call takes."""
    messages: dict[str, dict[str, None]] = {}
    for each in asked:
        messages.setdefault(each.pattern, {})[each.message] = None
    for pattern, of_pattern in messages.items():
        several = tuple(of_pattern)
        for start in range(0, len(several), _AT_ONCE):
            yield pattern, several[start : start + _AT_ONCE]


def _ours(asked: Asked) -> str:
    try:
        return matches(parse(asked.pattern), asked.message).value
    except PatternSyntaxError:
        return _INVALID
