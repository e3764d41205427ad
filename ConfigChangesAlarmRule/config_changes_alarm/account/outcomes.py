"""The ways AWS may not answer.

Not read is never absent: a read that AWS refuses is `Unreadable`, a resource that AWS says does not exist is
`NotFound`, and a read that failed for a passing reason raises `EvaluationFailed`, so that no verdict is given.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EvaluationFailed", "NotFound", "Unreadable"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """AWS refused a read. `operation` is an IAM action (`logs:DescribeMetricFilters`), `error_code` AWS's own code.

    `sts:AssumeRole` means that the role for another account could not be assumed; `subject` is then the role's ARN,
    otherwise what was to be read.
    """

    operation: str
    error_code: str
    subject: str = ""

    @property
    def detail(self) -> str:
        """What happened, for a person."""
        return f"{self.operation} denied ({self.error_code})"


@dataclass(frozen=True, slots=True)
class NotFound:
    """AWS says that the resource does not exist."""

    subject: str


class EvaluationFailed(Exception):
    """No verdict can be given: AWS was throttling or unreachable, credentials had expired, an answer made no sense.

    Neither a ClientError nor a ValueError, because rdklib swallows those and leaves the old verdict standing.
    """
