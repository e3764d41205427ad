"""What AWS calls things, and where they are: ARNs, places, log groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

__all__ = ["Arn", "LogGroupId", "MalformedArn", "Place"]


class MalformedArn(Exception):
    """A text that should be an ARN is not one."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not an ARN (arn:partition:service:region:account:resource)")


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account_id:resource`; `resource` may itself hold colons."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `MalformedArn`."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[1] or not parts[2] or not parts[5]:
            raise MalformedArn(text)
        return cls(*parts[1:])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account_id}:{self.resource}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Regional resource lives."""

    account_id: str
    region: str

    def __str__(self) -> str:
        return f"{self.account_id}/{self.region}"


@dataclass(frozen=True, slots=True)
class LogGroupId:
    """A log group's whole identity: a name alone says nothing about account or Region."""

    partition: str
    account_id: str
    region: str
    name: str

    @classmethod
    def parse(cls, arn: str) -> Self:
        """From `arn:aws:logs:REGION:ACCOUNT:log-group:NAME[:*]`. Raises `MalformedArn`."""
        parsed = Arn.parse(arn)
        kind, _, name = parsed.resource.partition(":")
        name = name.removesuffix(":*")
        if parsed.service != "logs" or kind != "log-group" or not name:
            raise MalformedArn(arn)
        return cls(parsed.partition, parsed.account_id, parsed.region, name)

    @property
    def place(self) -> Place:
        return Place(self.account_id, self.region)

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:logs:{self.region}:{self.account_id}:log-group:{self.name}"

    def __str__(self) -> str:
        return self.name
