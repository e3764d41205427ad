"""What AWS itself says of a pattern, asked with TestMetricFilter.

An answer settles the very message that was asked about. So it can refute a pattern, and never prove one.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..account import Account, MatchesOf, Unreadable
from ..resources import MetricFilter

__all__ = ["MAX_TEST_MESSAGES", "matched_by_aws", "unmatched_by_aws"]

MAX_TEST_MESSAGES = 50
"""As many as one TestMetricFilter call takes (CloudWatch Logs API reference)."""


def matched_by_aws(
    account: Account, metric_filter: MetricFilter, messages: Sequence[str]
) -> frozenset[int] | Unreadable:
    """Which messages AWS says the filter matches. None is left out: a message not asked about is not settled."""
    matched: set[int] = set()
    for start in range(0, len(messages), MAX_TEST_MESSAGES):
        answer = account.ask(
            MatchesOf(
                metric_filter.log_group.place,
                metric_filter.filter_pattern,
                tuple(messages[start : start + MAX_TEST_MESSAGES]),
            )
        )
        if isinstance(answer, Unreadable):
            return answer
        matched |= {start + number for number in answer}
    return frozenset(matched)


def unmatched_by_aws(
    account: Account, metric_filters: Sequence[MetricFilter], messages: Sequence[str]
) -> tuple[str, ...]:
    """The messages that AWS says none of the filters matches; none where it was not allowed to be asked of them all."""
    left = tuple(messages)
    for metric_filter in metric_filters:
        if not left:
            break
        answer = matched_by_aws(account, metric_filter, left)
        if isinstance(answer, Unreadable):
            return ()
        left = tuple(message for number, message in enumerate(left) if number not in answer)
    return left
