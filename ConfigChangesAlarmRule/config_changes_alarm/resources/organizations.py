"""What AWS Organizations says of an organization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .answers import Answer, required

__all__ = ["Organization"]


@dataclass(frozen=True, slots=True)
class Organization:
    """DescribeOrganization. `id` is `o-` and what follows it."""

    id: str

    @classmethod
    def from_api(cls, answer: Answer) -> Self:
        organization: Answer = required(answer, "Organization", dict)
        return cls(required(organization, "Id", str))
