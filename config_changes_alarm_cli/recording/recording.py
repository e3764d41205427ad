"""The file: an evaluation's reads, with its time and its parameters. Version 1 of the format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from .reads import Read
from .redaction import Redaction
from .values import MalformedRecording, decoded

VERSION = 1
_FORMAT = "config-changes-alarm recording"
_PEOPLE = ("email", "email-json", "sms", "http", "https")


@dataclass(frozen=True, slots=True)
class Recording:
    """An evaluation's reads, in the order in which they were first asked for, with its time and its parameters."""

    account_id: str
    region: str
    partition: str
    evaluated_at: datetime
    parameters: Mapping[str, str]
    reads: tuple[Read, ...]

    def redacted(self) -> Recording:
        """The same recording without ids of accounts and organizations, addresses, telephone numbers and URLs."""
        redaction = Redaction(_endpoints(self.reads))
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
        if path.is_file() or not path.exists():  # a device or a pipe stays what it is
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Raises `MalformedRecording`, `UnicodeDecodeError` or `OSError`."""
        return cls.parse(path.read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> Recording:
        """From what a file holds. Raises `MalformedRecording`."""
        try:
            content = json.loads(text)
        except ValueError as error:
            raise MalformedRecording("", f"not JSON: {error}") from None
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise MalformedRecording("format", f"is not {_FORMAT!r}")
        if content.get("version") != VERSION:
            raise MalformedRecording(
                "version", f"is {content.get('version')!r}, this program replays version {VERSION}"
            )
        reads = decoded(list[dict[str, Any]], content.get("reads"), "reads")
        return cls(
            account_id=decoded(str, content.get("account_id"), "account_id"),
            region=decoded(str, content.get("region"), "region"),
            partition=decoded(str, content.get("partition"), "partition"),
            evaluated_at=decoded(datetime, content.get("evaluated_at"), "evaluated_at"),
            parameters=decoded(dict[str, str], content.get("parameters"), "parameters"),
            reads=tuple(Read.parse(each, f"reads[{number}]") for number, each in enumerate(reads)),
        )


def _endpoints(reads: Sequence[Read]) -> tuple[str, ...]:
    """Where people are told, as the subscriptions spell it, the longest first."""
    listed = [
        each for read in reads if read.name == "subscriptions" and read.outcome == "answer" for each in read.answer
    ]
    found = {each["endpoint"] for each in listed if each["protocol"] in _PEOPLE and each["endpoint"]}
    return tuple(sorted(found, key=lambda endpoint: (-len(endpoint), endpoint)))
