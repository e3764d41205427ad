"""The catalogue of controls: what the monitoring section of CIS AWS Foundations asks for, control by control.

`catalogue.json` beside it holds the facts, `docs/controls.schema.json` says what they look like. It is data, not code:
reading it takes a tenth of a millisecond, and only the controls that are asked for are built and parsed.

What a control means is its events, of one service, and a condition on their records; the published texts say the same,
some of them with mistakes. A call that AWS has retired leaves no records and is not required. An event that a later
version of the benchmark adds is required, unless the control is named by its number in an earlier one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self

from ..filter_pattern import JsonPattern, PatternSyntaxError, parse

__all__ = [
    "CUSTOM",
    "DEFAULT_CONTROL",
    "Control",
    "ControlEvent",
    "PublishedPattern",
    "Role",
    "UnknownControl",
    "Verdict",
    "control",
    "control_ids",
    "controls",
    "id_of",
    "known_call",
    "published_as",
    "published_patterns",
]

DEFAULT_CONTROL = "aws-config-changes"
CUSTOM = "custom"
"""What is judged where it is no control of the catalogue."""

_FILE = Path(__file__).with_name("catalogue.json")
_Entry = Mapping[str, Any]


class UnknownControl(Exception):
    """No control is known by that name; the text says what is."""


class Role(StrEnum):
    """What a published text is to its control: demanded, as good as that, or published and wrong."""

    REQUIRED = "required"
    ALTERNATIVE = "alternative"
    MISTAKE = "mistake"


class Verdict(StrEnum):
    """What a published text is worth as the pattern of a metric filter."""

    COVERED = "covered"
    TOO_BROAD = "too broad"
    MISSED = "missed"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class PublishedPattern:
    """A filter pattern as it was published for a control. `versions` are of the benchmark, or say who else has it."""

    pattern: str
    role: Role
    versions: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""
    verdict: Verdict = Verdict.COVERED


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """A call that a control asks for, or that may be added to it.

    `since` is the version of the benchmark that added it later than the others. A retired call can no longer be made,
    so that there are no records of it. `request` and `response` are examples of what it sends and returns; `returns`
    says whether it returns anything, None where that is not known.
    """

    name: str
    since: str | None = None
    retired: bool = False
    request: Mapping[str, Any] | None = field(default=None, compare=False)
    response: Mapping[str, Any] | None = field(default=None, compare=False)
    returns: bool | None = None

    @classmethod
    def _from(cls, entry: _Entry) -> Self:
        response = entry.get("response")
        return cls(
            entry["name"],
            entry.get("since"),
            entry.get("retired", False),
            entry.get("request"),
            response,
            bool(response) if "response" in entry else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """One control of the benchmark. Two are the same only if they are one object: `control` builds each once.

    `words` say what happens, as the subject of a sentence: "... would go unnoticed". `numbers` are by version of the
    benchmark. `source` is the service of its events, none where any will do; then `events` is empty and `condition`
    says which records are meant. `more_events` are calls that are not required but known.

    Of its records: `read_only` is that of all of them, none where either occurs. `regions` are those of a global
    service by partition. `members` is what other members may hold: no values mean that a record never has the member.
    `samples` are what they have, besides or instead of what any call has.

    `notes` are sentences for people. `version` is that of the benchmark by which it was named, none if it was named
    otherwise.
    """

    id: str
    title: str
    words: str
    numbers: Mapping[str, str]
    profile: str
    severity: str | None
    security_hub: str | None
    pack_entry: str
    source: str | None
    event_types: tuple[str, ...]
    read_only: bool | None
    regions: Mapping[str, str]
    failed_calls: bool
    events: tuple[ControlEvent, ...]
    condition: str | None
    published: tuple[PublishedPattern, ...]
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    samples: tuple[Mapping[str, Any], ...] = ()
    more_events: tuple[ControlEvent, ...] = ()
    notes: tuple[str, ...] = ()
    version: str | None = None

    @property
    def event_names(self) -> tuple[str, ...]:
        """The calls that are required: not those that are retired, nor those that a later version added."""
        return tuple(each.name for each in self.events if not each.retired and self._asked_for(each))

    @property
    def pattern(self) -> str:
        """What the control means, as a filter pattern."""
        names = " || ".join(f"($.eventName = {name})" for name in self.event_names)
        parts = [f"($.eventSource = {self.source})"] if self.source else []
        parts += [f"({names})" if len(self.event_names) > 1 else names] if names else []
        parts += [self.condition] if self.condition else []
        return f"{{ {' && '.join(parts)} }}"

    @property
    def filter_pattern(self) -> str:
        """The text that a metric filter should have: the newest that the benchmark demands."""
        demanded = [each for each in self.published if each.role is Role.REQUIRED]
        own = [each for each in demanded if self.version in each.versions]
        return (own or demanded)[-1].pattern

    @property
    def requirements(self) -> tuple[str, ...]:
        """Its numbers in the versions of the benchmark, as `control` takes them."""
        return tuple(f"CIS-{version}/{number}" for version, number in self.numbers.items())

    def _asked_for(self, event: ControlEvent) -> bool:
        return self.version is None or event.since is None or _ordered(self.version) >= _ordered(event.since)

    @classmethod
    def _from(cls, entry: _Entry) -> Self:
        return cls(
            id=entry["id"],
            title=entry["title"],
            words=entry["words"],
            numbers=entry["numbers"],
            profile=entry["profile"],
            severity=entry["severity"],
            security_hub=entry["security_hub"],
            pack_entry=entry["pack_entry"],
            source=entry["source"],
            event_types=tuple(entry["event_types"]),
            read_only=entry["read_only"],
            regions=entry.get("regions", {}),
            failed_calls=entry["failed_calls"],
            events=tuple(map(ControlEvent._from, entry["events"])),
            more_events=tuple(map(ControlEvent._from, entry.get("more_events", ()))),
            condition=entry["condition"],
            published=tuple(map(_published, entry["published"])),
            members={path: tuple(values) for path, values in entry.get("members", {}).items()},
            samples=tuple(entry.get("samples", ())),
            notes=tuple(entry["notes"]),
        )


def _published(entry: _Entry) -> PublishedPattern:
    return PublishedPattern(
        entry["pattern"],
        Role(entry["role"]),
        tuple(entry["versions"]),
        tuple(entry["sources"]),
        entry.get("note", ""),
        Verdict(entry.get("verdict", "covered")),
    )


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


# --------------------------------------------------------------------------- finding a control


@cache
def _entries() -> Mapping[str, _Entry]:
    return {entry["id"]: entry for entry in json.loads(_FILE.read_text(encoding="utf-8"))}


@cache
def _built(id: str) -> Control:  # noqa: A002
    return Control._from(_entries()[id])


@cache
def _in_version(id: str, version: str) -> Control:  # noqa: A002
    return replace(_built(id), version=version)


def control(name: str) -> Control:
    """By its id, its number in a version of the benchmark, Security Hub's id or its entry in AWS's conformance packs.

    Case does not matter. Raises `UnknownControl`.
    """
    sought = name.strip().lower()
    for id_, entry in _entries().items():
        if sought in (id_, entry["pack_entry"], (entry["security_hub"] or id_).lower()):
            return _built(id_)
        for version, number in entry["numbers"].items():
            if sought == f"cis-{version}/{number}":
                return _in_version(id_, version)
    raise UnknownControl(
        "a control by its number such as CIS-5.0/4.9, Security Hub's id such as CloudWatch.9, its entry in AWS's "
        f"conformance packs such as alarm-aws-config-change, or its id: {', '.join(_entries())}"
    )


def id_of(judged: Control | None) -> str:
    """What reports call it."""
    return CUSTOM if judged is None else judged.id


def control_ids() -> tuple[str, ...]:
    """In the order of the benchmark."""
    return tuple(_entries())


def controls() -> tuple[Control, ...]:
    """All of them, in the order of the benchmark."""
    return tuple(_built(id_) for id_ in _entries())


def published_as(pattern: JsonPattern, text: str) -> Control | None:
    """The control that the pattern was published for, in the last version of the benchmark that has it.

    The same pattern, not the same text: white space, quotes and parentheses may differ. `text` is what was parsed;
    what does not have its words need not be parsed to be known to differ.
    """
    words = _words(text)
    for id_, entry in _entries().items():
        for published in entry["published"]:
            if _words(published["pattern"]) == words and _parsed(published["pattern"]) == pattern:
                version = _version_of(entry, published)
                return _built(id_) if version is None else _in_version(id_, version)
        built = _built(id_) if entry["events"] and entry["events"][0]["name"].lower() in words else None
        if built is not None and _words(built.pattern) == words and _parsed(built.pattern) == pattern:
            return built
    return None


def _version_of(entry: _Entry, published: _Entry) -> str | None:
    """The last version of the benchmark that has the text, none if that is the newest or the text is not of one."""
    numbered = [version for version in entry["numbers"] if version in published["versions"]]
    return None if not numbered or numbered[-1] == list(entry["numbers"])[-1] else numbered[-1]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _parsed(text: str) -> object:
    try:
        return parse(text)
    except PatternSyntaxError:
        return None


@cache
def published_patterns(asked: Control) -> tuple[JsonPattern, ...]:
    """The patterns that are as good as what the control means, because they were published for it."""
    good = (each for each in asked.published if each.role is not Role.MISTAKE)
    parsed = (_parsed(each.pattern) for each in good)
    return tuple(pattern for pattern in parsed if isinstance(pattern, JsonPattern))


# --------------------------------------------------------------------------- what is known of calls


def known_call(source: str, name: str) -> tuple[Control, ControlEvent] | None:
    """A call that a control of the catalogue asks for, or that may be added to it, with that control."""
    for id_, entry in _entries().items():
        if entry["source"] == source:
            asked = _built(id_)
            for event in (*asked.events, *asked.more_events):
                if event.name == name:
                    return asked, event
    return None
