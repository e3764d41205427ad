"""What is told when no path is whole: what breaks the one that got furthest, and what was not read."""

from __future__ import annotations

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId

from ..fake_account import a_filter, a_monitored_account, an_alarm
from .accounts import assessed, told

F = FindingId


def test_the_path_that_got_furthest_is_told_first_and_the_others_after_it() -> None:
    account = a_monitored_account(
        filters=(a_filter(metric_value="0", name="no-value"), a_filter()),
        metric_alarms=(an_alarm("silent", threshold=2.0), an_alarm()),
        subscribed=(),
    )
    found = assessed(account)
    assert told(found) == [
        (F.NO_SUBSCRIPTION, "security-notices"),
        (F.ALARM_NEVER_FIRES, "silent"),
        (F.METRIC_VALUE, "no-value"),
    ]


def test_a_refused_read_is_told_as_such_and_not_as_a_missing_filter() -> None:
    """Prowler #12645, aws-secure-environment-accelerator #875."""
    account = a_monitored_account().refusing("logs:DescribeMetricFilters")
    found = assessed(account)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert [reason.id for reason in found.reasons] == [F.CANNOT_READ]
    assert found.reasons[0].detail == "logs:DescribeMetricFilters denied (AccessDenied)"
