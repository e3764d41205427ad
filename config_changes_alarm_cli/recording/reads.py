"""One read of a recording: what it is called in the file, what it was asked, and how it was answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from config_changes_alarm.account import (
    ActionHistoryIn,
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    AnyMuteRuleIn,
    EvaluationFailed,
    EventSelectorsOf,
    FunctionOf,
    KeyOf,
    LogGroupOf,
    MatchesOf,
    MetricFiltersIn,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    NotFound,
    OrganizationOf,
    Question,
    QueueOf,
    SubscriptionAttributesOf,
    SubscriptionsOf,
    TopicOf,
    Trails,
    TrailStatusOf,
    Unreadable,
    answered_with,
)
from config_changes_alarm.resources import Trail

from .redaction import IDENTIFYING
from .values import MalformedRecording, decoded, encoded

QUESTIONS: Mapping[str, type[Question[Any]]] = {
    "trails": Trails,
    "trail_status": TrailStatusOf,
    "event_selectors": EventSelectorsOf,
    "log_group": LogGroupOf,
    "metric_filters": MetricFiltersOf,
    "metric_filters_in_region": MetricFiltersIn,
    "metric_filters_publishing": MetricFiltersOn,
    "alarms_on_metric": AlarmsOn,
    "alarms": AlarmsIn,
    "alarm_mute_rules": MuteRulesOf,
    "any_alarm_mute_rule": AnyMuteRuleIn,
    "alarm_actions_history": ActionHistoryOf,
    "alarm_actions_history_in_region": ActionHistoryIn,
    "topic": TopicOf,
    "subscriptions": SubscriptionsOf,
    "subscription_attributes": SubscriptionAttributesOf,
    "queue": QueueOf,
    "function": FunctionOf,
    "key": KeyOf,
    "organization": OrganizationOf,
    "test_metric_filter": MatchesOf,
}
"""The names are the format's: a question may be called otherwise in the code, never in a file."""
_NAMES = {question: name for name, question in QUESTIONS.items()}
_REFUSALS: Mapping[str, type] = {"unreadable": Unreadable, "not_found": NotFound}
_OUTCOMES = ("answer", *_REFUSALS, "failed")


def asked(question: Question[Any]) -> tuple[str, tuple[Any, ...]]:
    """A question as a recording has it: its name, and its members as JSON values."""
    return _NAMES[type(question)], tuple(encoded(member) for member in _members(question))


def in_words(question: Question[Any]) -> str:
    """A question for a person, by its name in the file."""
    told = ", ".join(str(member) for member in _members(question) if not isinstance(member, tuple))
    return f"{_NAMES[type(question)]}({told})"


def _members(question: Question[Any]) -> tuple[Any, ...]:
    """What tells it from others of its kind. A trail is told by its ARN; a member that is not given tells nothing."""
    members = (getattr(question, each.name) for each in fields(question))
    return tuple(member.trail_arn if isinstance(member, Trail) else member for member in members if member is not None)


def key(name: str, of: tuple[Any, ...]) -> str:
    """Two reads with the same key ask the same. Messages to match are compared without what may be redacted."""
    if name == "test_metric_filter":
        place, pattern, messages = of
        of = (place, pattern, [IDENTIFYING.sub("#", message) for message in messages])
    return json.dumps([name, of], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Read:
    """One read: its name, what it was asked, and exactly one outcome, all as JSON values."""

    name: str
    of: tuple[Any, ...]
    outcome: str
    answer: Any

    @classmethod
    def answered(cls, question: Question[Any], answer: Any) -> Read:
        """With what AWS says, or its refusal."""
        outcome = next((outcome for outcome, kind in _REFUSALS.items() if isinstance(answer, kind)), "answer")
        return cls(*asked(question), outcome, encoded(answer))

    @classmethod
    def failed(cls, question: Question[Any], error: EvaluationFailed) -> Read:
        """Without an answer."""
        return cls(*asked(question), "failed", str(error))

    @classmethod
    def parse(cls, content: dict[str, Any], where: str) -> Read:
        """Checked whole, so that a replay does not fail half-way. Raises `MalformedRecording`."""
        name = decoded(str, content.get("read"), f"{where}.read")
        if name not in QUESTIONS:
            raise MalformedRecording(f"{where}.read", f"is {name!r}, expected one of {', '.join(QUESTIONS)}")
        outcomes = sorted(content.keys() - {"read", "of"})
        if len(outcomes) != 1 or outcomes[0] not in _OUTCOMES:
            raise MalformedRecording(where, f"has the outcome {outcomes}, expected one of {', '.join(_OUTCOMES)}")
        (outcome,) = outcomes
        read = cls(name, tuple(decoded(list[Any], content.get("of"), f"{where}.of")), outcome, content[outcome])
        read.value(f"{where}.{outcome}")
        if name == "test_metric_filter" and len(read.of) != 3:
            raise MalformedRecording(f"{where}.of", "has not three elements")
        return read

    @property
    def key(self) -> str:
        return key(self.name, self.of)

    def value(self, where: str) -> Any:
        """What the outcome was: the answer, the refusal, or why it failed. Raises `MalformedRecording`."""
        return decoded(self._kind(), self.answer, where)

    def _kind(self) -> Any:
        """The question's own type of answer, unless it was refused or failed."""
        if self.outcome == "failed":
            return str
        return _REFUSALS.get(self.outcome, answered_with(QUESTIONS[self.name])[0])
