"""Records every read of an evaluation in one JSON file, and replays it: how a user reports a wrong verdict.

    recorder = RecordingAccount(account)
    assessment = assess(recorder, Requirement.parse(parameters), now)
    recorder.recording(now, parameters).redacted().save(path)

    recording = Recording.load(path)
    assess(recording.account(), Requirement.parse(recording.parameters), recording.evaluated_at)

A replay gives the recorded verdict, a failure too, on any machine and without AWS. A recording holds what the rule
reads and nothing else: no credentials, no request headers, no tags or descriptions.

`redacted()` replaces what says whose account it is: every account id, e-mail address, telephone number and URL, each by
a stand-in of its kind, the same one wherever it occurs, so that ARNs and policies still agree. Names that people gave
to resources stay, and so do patterns, because verdicts depend on them.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from config_changes_alarm.account import Account, EvaluationFailed, NotFound, Unreadable
from config_changes_alarm.resources import (
    AlarmHistoryItem,
    AlarmListing,
    AlarmMuteRule,
    AlarmType,
    EventSelectors,
    Key,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    Place,
    Subscription,
    SubscriptionAttributes,
    Topic,
    Trail,
    TrailStatus,
)

__all__ = ["MalformedRecording", "RecordedAccount", "Recording", "RecordingAccount"]

T = TypeVar("T")

VERSION = 1
_FORMAT = "config-changes-alarm recording"


class MalformedRecording(Exception):
    """A file is not a recording that this version can replay. Says where in it and why."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where} {problem}" if where else problem)


@dataclass(frozen=True, slots=True)
class Read:
    """One read: the `Account` method, what it was asked, and exactly one outcome, all as JSON values."""

    name: str
    of: tuple[Any, ...]
    outcome: str
    answer: Any

    @property
    def key(self) -> str:
        """Two reads with the same key ask the same. Messages to match are compared without what may be redacted."""
        asked = self.of
        if self.name == "test_metric_filter":
            place, pattern, messages = asked
            asked = (place, pattern, [_IDENTIFYING.sub("#", message) for message in messages])
        return json.dumps([self.name, asked], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Recording:
    """An evaluation's reads, in the order in which they were first asked for, with its time and its parameters."""

    account_id: str
    region: str
    partition: str
    evaluated_at: datetime
    parameters: Mapping[str, str]
    reads: tuple[Read, ...]

    def account(self) -> RecordedAccount:
        """What the evaluation saw."""
        return RecordedAccount(self)

    def redacted(self) -> Recording:
        """The same recording without account ids, e-mail addresses, telephone numbers and URLs."""
        redaction = _Redaction(_endpoints(self.reads))
        return replace(
            self,
            account_id=redaction.text(self.account_id),
            parameters={name: redaction.text(value) for name, value in self.parameters.items()},
            reads=tuple(
                replace(read, of=tuple(redaction.value(each) for each in read.of), answer=redaction.value(read.answer))
                for read in self.reads
            ),
        )

    def save(self, path: Path) -> None:
        """Writes it, readable by its owner only. Raises `OSError`."""
        content = {
            "format": _FORMAT,
            "version": VERSION,
            "account_id": self.account_id,
            "region": self.region,
            "partition": self.partition,
            "evaluated_at": self.evaluated_at.isoformat(),
            "parameters": dict(self.parameters),
            "reads": [{"read": read.name, "of": read.of, read.outcome: read.answer} for read in self.reads],
        }
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Raises `MalformedRecording` or `OSError`."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise MalformedRecording("", f"not JSON: {error}") from None
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise MalformedRecording("format", f"is not {_FORMAT!r}")
        if content.get("version") != VERSION:
            raise MalformedRecording(
                "version", f"is {content.get('version')!r}, this program replays version {VERSION}"
            )
        reads = _decoded(list[dict[str, Any]], content.get("reads"), "reads")
        return cls(
            account_id=_decoded(str, content.get("account_id"), "account_id"),
            region=_decoded(str, content.get("region"), "region"),
            partition=_decoded(str, content.get("partition"), "partition"),
            evaluated_at=_decoded(datetime, content.get("evaluated_at"), "evaluated_at"),
            parameters=_decoded(dict[str, str], content.get("parameters"), "parameters"),
            reads=tuple(_read(each, f"reads[{number}]") for number, each in enumerate(reads)),
        )


def _read(content: dict[str, Any], where: str) -> Read:
    """Checked whole, so that a replay does not fail half-way."""
    name = _decoded(str, content.get("read"), f"{where}.read")
    if name not in _VALUES:
        raise MalformedRecording(f"{where}.read", f"is {name!r}, expected one of {', '.join(_VALUES)}")
    outcomes = sorted(content.keys() - {"read", "of"})
    if len(outcomes) != 1 or outcomes[0] not in _OUTCOMES:
        raise MalformedRecording(where, f"has the outcome {outcomes}, expected one of {', '.join(_OUTCOMES)}")
    read = Read(name, tuple(_decoded(list[Any], content.get("of"), f"{where}.of")), outcomes[0], content[outcomes[0]])
    _decoded(_answer_type(read), read.answer, f"{where}.{read.outcome}")
    if name == "test_metric_filter" and len(read.of) != 3:
        raise MalformedRecording(f"{where}.of", "has not three elements")
    return read


# --------------------------------------------------------------------------- recording


class RecordingAccount:
    """Hands every read on to another account, and remembers it. Implements `Account`."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._reads: dict[str, Read] = {}
        self._lock = Lock()

    def recording(self, evaluated_at: datetime, parameters: Mapping[str, object]) -> Recording:
        """Everything so far. `parameters` are the rule's, as they were given."""
        with self._lock:
            reads = tuple(self._reads.values())
        given = {name: str(value) for name, value in parameters.items()}
        return Recording(self.account_id, self.region, self.partition, evaluated_at, given, reads)

    @property
    def account_id(self) -> str:
        return self._account.account_id

    @property
    def region(self) -> str:
        return self._account.region

    @property
    def partition(self) -> str:
        return self._account.partition

    def _recorded(self, name: str, of: tuple[Any, ...], read: Callable[[], T]) -> T:
        asked = tuple(_encoded(each) for each in of)
        try:
            answer = read()
        except EvaluationFailed as error:
            self._remember(Read(name, asked, "failed", str(error)))
            raise
        outcome = next((outcome for outcome, kind in _REFUSALS.items() if isinstance(answer, kind)), "answer")
        self._remember(Read(name, asked, outcome, _encoded(answer)))
        return answer

    def _remember(self, read: Read) -> None:
        with self._lock:
            self._reads.setdefault(read.key, read)

    def trails(self) -> tuple[Trail, ...] | Unreadable:
        return self._recorded("trails", (), self._account.trails)

    def trail_status(self, trail: Trail) -> TrailStatus | NotFound | Unreadable:
        return self._recorded("trail_status", (trail.trail_arn,), lambda: self._account.trail_status(trail))

    def event_selectors(self, trail: Trail) -> EventSelectors | NotFound | Unreadable:
        return self._recorded("event_selectors", (trail.trail_arn,), lambda: self._account.event_selectors(trail))

    def log_group(self, log_group: LogGroupId) -> LogGroup | NotFound | Unreadable:
        return self._recorded("log_group", (log_group,), lambda: self._account.log_group(log_group))

    def metric_filters(self, log_group: LogGroupId) -> tuple[MetricFilter, ...] | NotFound | Unreadable:
        return self._recorded("metric_filters", (log_group,), lambda: self._account.metric_filters(log_group))

    def metric_filters_publishing(
        self, place: Place, metric_namespace: str, metric_name: str
    ) -> tuple[MetricFilter, ...] | Unreadable:
        return self._recorded(
            "metric_filters_publishing",
            (place, metric_namespace, metric_name),
            lambda: self._account.metric_filters_publishing(place, metric_namespace, metric_name),
        )

    def alarms_on_metric(self, place: Place, metric: Metric) -> tuple[MetricAlarm, ...] | Unreadable:
        return self._recorded(
            "alarms_on_metric", (place, metric), lambda: self._account.alarms_on_metric(place, metric)
        )

    def alarms(self, place: Place) -> AlarmListing | Unreadable:
        return self._recorded("alarms", (place,), lambda: self._account.alarms(place))

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> tuple[AlarmMuteRule, ...] | Unreadable:
        return self._recorded(
            "alarm_mute_rules", (place, alarm_name), lambda: self._account.alarm_mute_rules(place, alarm_name)
        )

    def alarm_actions_history(
        self, place: Place, alarm_name: str, alarm_type: AlarmType
    ) -> tuple[AlarmHistoryItem, ...] | Unreadable:
        return self._recorded(
            "alarm_actions_history",
            (place, alarm_name, alarm_type),
            lambda: self._account.alarm_actions_history(place, alarm_name, alarm_type),
        )

    def topic(self, topic_arn: str) -> Topic | NotFound | Unreadable:
        return self._recorded("topic", (topic_arn,), lambda: self._account.topic(topic_arn))

    def subscriptions(self, topic_arn: str) -> tuple[Subscription, ...] | NotFound | Unreadable:
        return self._recorded("subscriptions", (topic_arn,), lambda: self._account.subscriptions(topic_arn))

    def subscription_attributes(self, subscription_arn: str) -> SubscriptionAttributes | NotFound | Unreadable:
        return self._recorded(
            "subscription_attributes",
            (subscription_arn,),
            lambda: self._account.subscription_attributes(subscription_arn),
        )

    def key(self, topic_arn: str, key_id: str) -> Key | NotFound | Unreadable:
        return self._recorded("key", (topic_arn, key_id), lambda: self._account.key(topic_arn, key_id))

    def test_metric_filter(
        self, place: Place, filter_pattern: str, messages: Sequence[str]
    ) -> frozenset[int] | Unreadable:
        return self._recorded(
            "test_metric_filter",
            (place, filter_pattern, tuple(messages)),
            lambda: self._account.test_metric_filter(place, filter_pattern, messages),
        )

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        return self._account.side_by_side(*reads)


# --------------------------------------------------------------------------- replaying


class RecordedAccount:
    """Answers from a recording. Implements `Account`; raises `EvaluationFailed` for a read that was never made."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._reads = {read.key: read for read in recording.reads}

    @property
    def account_id(self) -> str:
        return self._recording.account_id

    @property
    def region(self) -> str:
        return self._recording.region

    @property
    def partition(self) -> str:
        return self._recording.partition

    def _replayed(self, name: str, *of: Any) -> Any:
        read = self._reads.get(Read(name, tuple(_encoded(each) for each in of), "", None).key)
        if read is None:
            asked = ", ".join(str(each) for each in of if not isinstance(each, tuple))
            raise EvaluationFailed(
                f"the recording holds no {name}({asked}): other parameters or another version asked for less"
            )
        if read.outcome == "failed":
            raise EvaluationFailed(str(read.answer))
        return _decoded(_answer_type(read), read.answer, name)

    def trails(self) -> Any:
        return self._replayed("trails")

    def trail_status(self, trail: Trail) -> Any:
        return self._replayed("trail_status", trail.trail_arn)

    def event_selectors(self, trail: Trail) -> Any:
        return self._replayed("event_selectors", trail.trail_arn)

    def log_group(self, log_group: LogGroupId) -> Any:
        return self._replayed("log_group", log_group)

    def metric_filters(self, log_group: LogGroupId) -> Any:
        return self._replayed("metric_filters", log_group)

    def metric_filters_publishing(self, place: Place, metric_namespace: str, metric_name: str) -> Any:
        return self._replayed("metric_filters_publishing", place, metric_namespace, metric_name)

    def alarms_on_metric(self, place: Place, metric: Metric) -> Any:
        return self._replayed("alarms_on_metric", place, metric)

    def alarms(self, place: Place) -> Any:
        return self._replayed("alarms", place)

    def alarm_mute_rules(self, place: Place, alarm_name: str) -> Any:
        return self._replayed("alarm_mute_rules", place, alarm_name)

    def alarm_actions_history(self, place: Place, alarm_name: str, alarm_type: AlarmType) -> Any:
        return self._replayed("alarm_actions_history", place, alarm_name, alarm_type)

    def topic(self, topic_arn: str) -> Any:
        return self._replayed("topic", topic_arn)

    def subscriptions(self, topic_arn: str) -> Any:
        return self._replayed("subscriptions", topic_arn)

    def subscription_attributes(self, subscription_arn: str) -> Any:
        return self._replayed("subscription_attributes", subscription_arn)

    def key(self, topic_arn: str, key_id: str) -> Any:
        return self._replayed("key", topic_arn, key_id)

    def test_metric_filter(self, place: Place, filter_pattern: str, messages: Sequence[str]) -> Any:
        return self._replayed("test_metric_filter", place, filter_pattern, tuple(messages))

    def side_by_side(self, *reads: Callable[[], Any]) -> tuple[Any, ...]:
        return tuple(read() for read in reads)


# --------------------------------------------------------------------------- values as JSON

_VALUES: Mapping[str, Any] = {
    "trails": tuple[Trail, ...],
    "trail_status": TrailStatus,
    "event_selectors": EventSelectors,
    "log_group": LogGroup,
    "metric_filters": tuple[MetricFilter, ...],
    "metric_filters_publishing": tuple[MetricFilter, ...],
    "alarms_on_metric": tuple[MetricAlarm, ...],
    "alarms": AlarmListing,
    "alarm_mute_rules": tuple[AlarmMuteRule, ...],
    "alarm_actions_history": tuple[AlarmHistoryItem, ...],
    "topic": Topic,
    "subscriptions": tuple[Subscription, ...],
    "subscription_attributes": SubscriptionAttributes,
    "key": Key,
    "test_metric_filter": frozenset[int],
}
_REFUSALS: Mapping[str, type] = {"unreadable": Unreadable, "not_found": NotFound}
_OUTCOMES = ("answer", *_REFUSALS, "failed")


def _answer_type(read: Read) -> Any:
    if read.outcome == "failed":
        return str
    return _REFUSALS.get(read.outcome, _VALUES[read.name])


def _encoded(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encoded(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(_encoded(each) for each in value)
    if is_dataclass(value):
        return {each.name: _encoded(getattr(value, each.name)) for each in fields(value)}
    return value


def _decoded(kind: Any, value: Any, where: str) -> Any:
    """The value of a type that the resources use. Raises `MalformedRecording`."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return value
    if origin in (types.UnionType, typing.Union):
        (some,) = (each for each in arguments if each is not types.NoneType)
        return None if value is None else _decoded(some, value, where)
    if origin in (tuple, frozenset, list):
        return _decoded_elements(origin, arguments, value, where)
    if origin is dict:
        _expect(isinstance(value, dict), where, "an object", value)
        return {name: _decoded(arguments[1], each, f"{where}.{name}") for name, each in value.items()}
    if is_dataclass(kind):
        return _decoded_dataclass(kind, value, where)
    if issubclass(kind, Enum) or kind is datetime:
        try:
            return kind(value) if issubclass(kind, Enum) else datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise MalformedRecording(where, f"is {value!r}, expected {_named(kind)}") from None
    accepted = (int, float) if kind is float else kind
    _expect(isinstance(value, accepted) and (kind is bool or not isinstance(value, bool)), where, _named(kind), value)
    return value


def _decoded_elements(origin: Any, arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    _expect(isinstance(value, list), where, "a list", value)
    if origin is tuple and arguments[-1] is not Ellipsis:
        _expect(len(value) == len(arguments), where, f"a list of {len(arguments)}", value)
        kinds = arguments
    else:
        kinds = arguments[:1] * len(value)
    return origin(
        _decoded(kind, each, f"{where}[{number}]") for number, (kind, each) in enumerate(zip(kinds, value, strict=True))
    )


def _decoded_dataclass(kind: Any, value: Any, where: str) -> Any:
    """Members that are missing take their default; unknown ones would silently be lost and are refused."""
    _expect(isinstance(value, dict), where, "an object", value)
    hints = _hints(kind)
    if unknown := sorted(value.keys() - hints.keys()):
        raise MalformedRecording(f"{where}.{unknown[0]}", "is unknown to this version")
    for each in fields(kind):
        if each.name not in value and each.default is MISSING and each.default_factory is MISSING:
            raise MalformedRecording(f"{where}.{each.name}", "is missing")
    return kind(**{name: _decoded(hints[name], each, f"{where}.{name}") for name, each in value.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _expect(holds: bool, where: str, expected: str, value: Any) -> None:
    if not holds:
        raise MalformedRecording(where, "is missing" if value is None else f"is {value!r}, expected {expected}")


def _named(kind: type) -> str:
    names = {str: "a string", int: "a whole number", float: "a number", bool: "true or false", datetime: "a time"}
    if issubclass(kind, Enum):
        return f"one of {', '.join(str(each.value) for each in kind)}"
    return names.get(kind, kind.__name__)


# --------------------------------------------------------------------------- redaction

_URL = r"https?://[^\s\"'<>\\]+"
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PHONE = r"\+\d{8,15}(?!\d)"
_ACCOUNT_ID = r"(?<!\d)\d{12}(?!\d)"
_IDENTIFYING = re.compile("|".join((_URL, _EMAIL, _PHONE, _ACCOUNT_ID)))
_PEOPLE = ("email", "email-json", "sms", "http", "https")


def _endpoints(reads: Sequence[Read]) -> tuple[str, ...]:
    """Where people are told, as the subscriptions spell it, the longest first."""
    listed = [
        each for read in reads if read.name == "subscriptions" and read.outcome == "answer" for each in read.answer
    ]
    found = {each["endpoint"] for each in listed if each["protocol"] in _PEOPLE and each["endpoint"]}
    return tuple(sorted(found, key=lambda endpoint: (-len(endpoint), endpoint)))


class _Redaction:
    """One stand-in for each thing, whatever the order in which they are met."""

    def __init__(self, endpoints: Sequence[str]) -> None:
        known = [re.escape(endpoint) for endpoint in endpoints]
        self._identifying = re.compile("|".join((*known, _IDENTIFYING.pattern)))
        self._stand_ins: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def text(self, text: str) -> str:
        """The text with everything identifying replaced."""
        return self._identifying.sub(lambda match: self._stand_in(match.group()), text)

    def value(self, value: Any) -> Any:
        """The same for every text in a JSON value."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(each) for each in value]
            case dict():
                return {name: self.value(each) for name, each in value.items()}
            case _:
                return value

    def _stand_in(self, original: str) -> str:
        if original not in self._stand_ins:
            shape = _shape_of(original)
            number = self._counts[shape] = self._counts.get(shape, 0) + 1
            self._stand_ins[original] = shape.format(number)
        return self._stand_ins[original]


def _shape_of(original: str) -> str:
    if original.startswith(("http://", "https://")):
        return original.partition("://")[0] + "://endpoint-{}.example.com/"
    if "@" in original:
        return "person-{}@example.com"
    if re.fullmatch(_ACCOUNT_ID, original):
        return "{:012d}"
    return "+1555{:07d}"
