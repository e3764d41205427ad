"""The reasons that several hops give: a read that AWS refused, and what is wrong with a metric filter."""

from __future__ import annotations

from ..account import Unreadable
from ..findings import FindingId, Reason
from ..resources import MetricFilter
from .context import Context

__all__ = ["filter_facts", "filter_reason", "unread"]


def unread(read: Unreadable) -> Reason:
    """A refused read as a reason."""
    detail = f"{read.operation} denied ({read.error_code})"
    facts = (("operation", read.operation),)
    if read.operation == "sts:AssumeRole":
        return Reason(
            FindingId.LOG_GROUP_ROLE_NOT_ASSUMABLE, read.subject, detail, (*facts, ("role_arn", read.subject))
        )
    return Reason(FindingId.CANNOT_READ, read.subject, detail, facts)


def filter_reason(context: Context, id: FindingId, metric_filter: MetricFilter, detail: str) -> Reason:  # noqa: A002
    """What is wrong with a metric filter, with what its remedy needs."""
    return Reason(id, metric_filter.filter_name, detail, filter_facts(context, metric_filter))


def filter_facts(context: Context, metric_filter: MetricFilter) -> tuple[tuple[str, str], ...]:
    """The filter's names, and the pattern that it should have."""
    return (*metric_filter.names.items(), ("required_filter_pattern", str(context.requirement.pattern)))
