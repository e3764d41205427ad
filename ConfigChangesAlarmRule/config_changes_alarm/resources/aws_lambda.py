"""What Lambda says of a function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .answers import Answer, required

__all__ = ["Function"]


@dataclass(frozen=True, slots=True)
class Function:
    """GetPolicy of a function, a version or an alias: the JSON text of who may invoke it."""

    function_arn: str
    policy: str

    @classmethod
    def from_api(cls, answer: Answer, function_arn: str) -> Self:
        return cls(function_arn, required(answer, "Policy", str))
