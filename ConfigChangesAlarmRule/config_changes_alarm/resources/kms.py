"""What KMS says of a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from .answers import Answer, required, text

__all__ = ["Key"]


@dataclass(frozen=True, slots=True)
class Key:
    """DescribeKey and, for a customer managed key, GetKeyPolicy's JSON text."""

    arn: str
    key_manager: str
    key_state: str
    policy: str | None = field(default=None)
    key_spec: str | None = None

    @classmethod
    def from_api(cls, answer: Answer, policy: str | None = None) -> Self:
        metadata: Answer = required(answer, "KeyMetadata", dict)
        return cls(
            arn=required(metadata, "Arn", str),
            key_manager=required(metadata, "KeyManager", str),
            key_state=required(metadata, "KeyState", str),
            policy=policy,
            key_spec=text(metadata, "KeySpec"),
        )
