"""The register of exceptions: what may be otherwise on purpose, why, and until when.

A TOML file has a table for each, in the array `exceptions`:

    [[exceptions]]
    identity = "arn:aws:iam::123456789012:role/deployer"
    reason = "Deploys AWS Config itself, and is reviewed every week"
    expires = 2027-03-31

    [[exceptions]]
    finding = "alarm-does-not-rearm"
    subject = "config-changes"
    reason = "Moves to the new topic in the spring"
    expires = 2027-04-30

An `identity` may go unnoticed: whatever anybody else does is still proved. A `finding` is accepted where it is about
`subject`: the verdict stays what it is, and the exit status does not count events that go unnoticed for accepted
reasons alone. `account` and `control` restrict either to one. An exception counts to the end of the day on which it
expires (UTC); one that has expired does not count, and reports say so, as they do of one that excuses nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.control import CUSTOM, UnknownControl, control, id_of
from config_changes_alarm.filter_pattern import JsonPattern, parse
from config_changes_alarm.findings import FindingId, Reason, legible

__all__ = [
    "NO_EXCEPTIONS",
    "AcceptedFinding",
    "Entry",
    "ExcusedIdentity",
    "MalformedRegister",
    "Register",
    "Standing",
    "Use",
    "accepted_events",
]

_IDENTITY = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:user|role)/[\w+=,.@/-]*[\w+=,.@-]", re.ASCII)
"""The ARN of a user or a role, with its path. It has no `*`, which would stand for others in a filter pattern."""


class MalformedRegister(Exception):
    """What an exception lacks, or has that is none; the text says of which, and what it takes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What every exception has: why, until when, and the account and the control it is for, empty for any."""

    reason: str
    expires: date
    account: str
    control: str

    def expired(self, at: datetime) -> bool:
        return at.astimezone(UTC).date() > self.expires

    def concern(self, account_id: str, control_id: str) -> bool:
        return self.account in ("", account_id) and self.control in ("", control_id)


@dataclass(frozen=True, slots=True)
class ExcusedIdentity:
    """A user or a role that may go unnoticed."""

    arn: str
    limits: Limits

    @property
    def pattern(self) -> JsonPattern:
        """What matches exactly its records, and those of the role's sessions.

        Who acts is `userIdentity.arn`; a session's role is `sessionContext.sessionIssuer.arn` (CloudTrail user guide,
        "CloudTrail userIdentity element"). A record with neither is nobody's, and is not excused.
        """
        pattern = parse(
            f'{{ $.userIdentity.arn = "{self.arn}" || $.userIdentity.sessionContext.sessionIssuer.arn = "{self.arn}" }}'
        )
        assert isinstance(pattern, JsonPattern)
        return pattern

    def __str__(self) -> str:
        return f"{self.arn} may go unnoticed"


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding about one resource that is accepted."""

    finding: FindingId
    subject: str
    limits: Limits

    def __str__(self) -> str:
        return f"{self.finding} of {self.subject} is accepted"


Entry: TypeAlias = ExcusedIdentity | AcceptedFinding


class Standing(StrEnum):
    """What has become of an exception in an evaluation."""

    COUNTS = "counts"
    IDLE = "excuses nothing"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Use:
    """An exception in one evaluation. `events` are the required events that it excuses or accepts something of."""

    entry: Entry
    standing: Standing
    events: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In one sentence, without a full stop."""
        limits = self.entry.limits
        match self.standing:
            case Standing.COUNTS:
                more = f" and {len(self.events) - 1} more" if len(self.events) > 1 else ""
                state = f"until {limits.expires} ({self.events[0]}{more})"
            case Standing.IDLE:
                state = f"until {limits.expires}, which excuses nothing here"
            case Standing.EXPIRED:
                state = f"until {limits.expires}, which has expired and does not count"
        return f"{self.entry} {state}: {limits.reason}"


@dataclass(frozen=True, slots=True)
class Register:
    """All exceptions that were made."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises `MalformedRegister` and `OSError`."""
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise MalformedRegister(f"it is no TOML: {error}") from None
        others = sorted(content.keys() - {"exceptions"})
        if others:
            raise MalformedRegister(f"unknown key {others[0]!r}, expected [[exceptions]]")
        return cls.parse(content.get("exceptions", ()))

    @classmethod
    def parse(cls, entries: object) -> Self:
        """From the array of tables, as TOML has read it. Raises `MalformedRegister`."""
        if not isinstance(entries, (list, tuple)) or not all(isinstance(each, dict) for each in entries):
            raise MalformedRegister("exceptions are tables, each below a line [[exceptions]]")
        return cls(tuple(_entry(each, f"exception {number}") for number, each in enumerate(entries, 1)))

    def excused(self, account_id: str, control_id: str, at: datetime) -> Mapping[str, JsonPattern]:
        """The patterns of the identities that may go unnoticed, by their ARNs."""
        return MappingProxyType(
            {
                each.arn: each.pattern
                for each in self.entries
                if isinstance(each, ExcusedIdentity)
                and each.limits.concern(account_id, control_id)
                and not each.limits.expired(at)
            }
        )

    def uses(self, assessment: Assessment, at: datetime) -> tuple[Use, ...]:
        """What has become of every exception that concerns the account and the control, in their order."""
        control_id = id_of(assessment.control)
        return tuple(
            _use(each, assessment, at)
            for each in self.entries
            if each.limits.concern(assessment.account_id, control_id)
        )


NO_EXCEPTIONS = Register()


def accepted_events(assessment: Assessment, uses: Sequence[Use]) -> frozenset[str]:
    """The required events that are not covered for reasons that are all accepted."""
    accepted = {
        (use.entry.finding, use.entry.subject)
        for use in uses
        if use.standing is Standing.COUNTS and isinstance(use.entry, AcceptedFinding)
    }
    return frozenset(
        event.name
        for event in assessment.events
        if not event.covered and event.reasons and accepted.issuperset(map(_about, event.reasons))
    )


def _about(reason: Reason) -> tuple[FindingId, str]:
    return reason.id, reason.subject


def _use(entry: Entry, assessment: Assessment, at: datetime) -> Use:
    if entry.limits.expired(at):
        return Use(entry, Standing.EXPIRED)
    match entry:
        case ExcusedIdentity(arn=arn):
            events = tuple(event.name for event in assessment.events if arn in event.excused)
        case AcceptedFinding(finding=finding, subject=subject):
            events = tuple(
                event.name for event in assessment.events if (finding, subject) in map(_about, event.reasons)
            )
    return Use(entry, Standing.COUNTS if events else Standing.IDLE, events)


# --------------------------------------------------------------------------- reading a register

_LIMITS = ("reason", "expires", "account", "control")


def _entry(table: Mapping[str, Any], whose: str) -> Entry:
    """From its table. Raises `MalformedRegister`."""
    try:
        match table:
            case {"identity": _, "finding": _}:
                raise _Unacceptable("identity and finding are both given, expected one of the two")
            case {"identity": arn}:
                _known(table, ("identity", *_LIMITS))
                return ExcusedIdentity(_text("identity", arn, _IDENTITY, _ARN), _limits(table))
            case {"finding": finding}:
                _known(table, ("finding", "subject", *_LIMITS))
                return AcceptedFinding(_finding(finding), _given(table, "subject"), _limits(table))
            case _:
                raise _Unacceptable("expected identity or finding")
    except _Unacceptable as error:
        raise MalformedRegister(f"{whose}: {error}") from None


class _Unacceptable(Exception):
    """What is wrong with a table."""


_ANY = re.compile(r".*\S.*", re.DOTALL)
_ARN = "the ARN of an IAM user or role, without wildcards"


def _known(table: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in table:
        if name not in names:
            raise _Unacceptable(f"unknown key {name!r}, expected {', '.join(names)}")


def _text(name: str, value: object, form: re.Pattern[str], takes: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _Unacceptable(f"{name} is {value!r}, expected {takes}")
    return legible(value)


def _given(table: Mapping[str, Any], name: str) -> str:
    if name not in table:
        raise _Unacceptable(f"{name} is missing")
    return _text(name, table[name], _ANY, "a text")


def _finding(value: Any) -> FindingId:
    try:
        return FindingId(value)
    except ValueError:
        raise _Unacceptable(f"finding is {value!r}, expected the id of a finding, such as alarm-muted") from None


def _limits(table: Mapping[str, Any]) -> Limits:
    reason = _given(table, "reason")
    if "expires" not in table:
        raise _Unacceptable("expires is missing: an exception has a date on which it is looked at again")
    expires = table["expires"]
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise _Unacceptable(f"expires is {str(expires)!r}, expected a date without quotes, such as 2027-03-31")
    account = _text("account", table.get("account", ""), re.compile(r"(\d{12})?"), "the twelve digits of an account")
    return Limits(reason, expires, account, _control(table.get("control", "")))


def _control(value: object) -> str:
    if value == "" or value == CUSTOM:
        return str(value)
    try:
        return control(_text("control", value, _ANY, "a control")).id
    except UnknownControl as known:
        raise _Unacceptable(f"control is {value!r}, expected {known}") from None
