"""The reasons that several hops give: AWS refused a read, a metric filter is no good, or there is none."""

from __future__ import annotations

from ..account import Unreadable
from ..findings import FindingId, Reason
from ..resources import MetricFilter
from .context import Context, Source

__all__ = ["filter_reason", "no_metric_filter", "unread", "unread_of"]


def unread(read: Unreadable) -> Reason:
    """A refused read as a reason."""
    detail = read.detail
    facts = (("operation", read.operation),)
    if read.operation == "sts:AssumeRole":
        return Reason(
            FindingId.LOG_GROUP_ROLE_NOT_ASSUMABLE, read.subject, detail, (*facts, ("role_arn", read.subject))
        )
    return Reason(FindingId.CANNOT_READ, read.subject, detail, facts)


def unread_of(context: Context, read: Unreadable, account_id: str, subject: str, operation: str) -> Reason:
    """A refused read of what an account has: another one has to allow it, whatever the rule's own role may do.

    `operation` is the read that it takes there, an IAM action.
    """
    no_role = read.error_code == "NoRoleGiven"
    if account_id == context.account.account_id or (read.operation == "sts:AssumeRole" and not no_role):
        return unread(read)
    role_name = context.requirement.log_group_account_role_name
    detail = "LogGroupAccountRoleName is not given" if no_role else read.detail
    facts = (("operation", operation), ("account_id", account_id), *((("role_name", role_name),) if role_name else ()))
    return Reason(FindingId.CANNOT_READ_ELSEWHERE, f"{subject} of account {account_id}", detail, facts)


def filter_reason(id: FindingId, metric_filter: MetricFilter, detail: str) -> Reason:  # noqa: A002
    """What is wrong with a metric filter."""
    return Reason(id, metric_filter.filter_name, detail, tuple(metric_filter.names.items()))


def no_metric_filter(source: Source) -> Reason:
    """That none of a log group's filters could carry an event."""
    facts = (
        ("region", source.log_group.region),
        ("log_group_arn", source.log_group.arn),
        ("log_group_name", source.log_group.name),
    )
    match len(source.metric_filters):
        case 0:
            detail = "it has none at all"
        case 1:
            detail = "its only filter does not match it"
        case count:
            detail = f"none of its {count} filters matches it"
    return Reason(FindingId.NO_METRIC_FILTER, source.log_group.name, detail, facts)
