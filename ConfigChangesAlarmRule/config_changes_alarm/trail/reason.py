"""A reason that concerns a trail, with the facts that the remedy's commands need of it."""

from __future__ import annotations

from ..findings import FindingId, Reason
from ..resources import Trail

__all__ = ["trail_reason"]


def trail_reason(id: FindingId, trail: Trail, detail: str = "", *more: tuple[str, str]) -> Reason:  # noqa: A002
    """Of the kind, about the trail."""
    facts = (("region", trail.home_region), ("trail_name", trail.name), ("trail_arn", trail.trail_arn), *more)
    return Reason(id, trail.name, detail, facts)
