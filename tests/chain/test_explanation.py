"""What is told when no path is whole: what breaks the one that got furthest, and what was not read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId, finding
from config_changes_alarm.resources import Metric

from ..fake_account import LOG_GROUP, FakeAccount, a_filter, a_monitored_account, an_alarm
from .accounts import CONTROL, NAMES, assessed, joined, told

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


# --------------------------------------------------------------------------- which filter is to blame

ROOT = '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'
OF_OTHERS = {
    "root usage": ROOT,
    "heartbeat": "",
    "every write": "{ $.readOnly IS FALSE }",
    "all but one call": "{ $.eventName != AssumeRole }",
    "failed calls": '{ $.errorCode = "AccessDenied*" }',
    "one role": '{ $.userIdentity.arn = "*:role/deploy" }',
    "all but one Region": '{ $.awsRegion != "eu-west-1" }',
}
"""Filters that are meant for something else, and match some of the required events or all of them."""


def monitored_otherwise(pattern: str, account: FakeAccount | None = None) -> FakeAccount:
    """The account with a filter of another purpose and that one's own alarm."""
    account = account or a_monitored_account(filters=(), metric_alarms=())
    other = a_filter(pattern, "other", metric_name="Other")
    watched = an_alarm("other", metric=Metric("CIS", "Other"))
    return replace(account, filters=(other, *account.filters), metric_alarms=(watched, *account.metric_alarms))


@pytest.mark.parametrize("pattern", OF_OTHERS.values(), ids=OF_OTHERS)
def test_without_a_filter_for_the_control_no_other_is_to_blame(pattern: str) -> None:
    assert told(assessed(monitored_otherwise(pattern))) == [(F.NO_METRIC_FILTER, "CloudTrail/logs")]


@pytest.mark.parametrize("pattern", OF_OTHERS.values(), ids=OF_OTHERS)
def test_beside_the_control_s_own_filter_no_other_is_named(pattern: str) -> None:
    own = a_monitored_account(filters=(a_filter(joined(*NAMES[:3])),))
    found = assessed(monitored_otherwise(pattern, own))
    assert told(found) == [(F.PATTERN_MISSES_EVENT, "config-calls")]
    own = a_monitored_account(metric_alarms=(an_alarm(threshold=2.0),))
    assert told(assessed(monitored_otherwise(pattern, own))) == [(F.ALARM_NEVER_FIRES, "config-changes")]


def test_what_another_purpose_sees_of_the_events_still_counts() -> None:
    """Together the two filters see everybody."""
    others = a_filter(CONTROL[:-2] + ' && ($.userIdentity.type != "Root") }')
    typeless = a_filter(CONTROL[:-2] + " && ($.userIdentity.type NOT EXISTS) }", "typeless")
    account = a_monitored_account(filters=(others, typeless))
    assert told(assessed(account))[0] == (F.PATTERN_MISSES_EVENT, "config-calls")
    rest = replace(monitored_otherwise("{ $.userIdentity.type = Root }", account))
    assert assessed(rest).compliance is Compliance.COMPLIANT


def test_the_filter_that_carries_most_events_is_to_blame() -> None:
    """The other one gets further, but with one event alone."""
    account = a_monitored_account(
        filters=(a_filter(joined(NAMES[0]), "one", metric_name="One"), a_filter(joined(*NAMES[:3]))),
        metric_alarms=(an_alarm("one", metric=Metric("CIS", "One")), an_alarm(threshold=2.0)),
        subscribed=(),
    )
    found = assessed(account)
    assert told(found)[0] == (F.ALARM_NEVER_FIRES, "config-changes")
    assert (F.PATTERN_MISSES_EVENT, "config-calls") in told(found)
    assert (F.PATTERN_MISSES_EVENT, "one") not in told(found)


# --------------------------------------------------------------------------- what a != leaves out


def test_an_exception_is_shown_with_whom_it_excepts_and_that_missing_is_missed() -> None:
    issuer = "$.userIdentity.sessionContext.sessionIssuer.userName"
    account = a_monitored_account(filters=(a_filter(CONTROL[:-2] + f' && ({issuer} != "deploy") }}'),))
    found = assessed(account)
    words = 'only when userIdentity.sessionContext.sessionIssuer.userName is present but is not "deploy"'
    assert words in found.reasons[0].detail
    for event in found.events:
        record = json.loads(event.counterexample or "{}")
        assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "deploy"


@pytest.mark.parametrize("pattern", ['{ $.eventName = "Put*" }', '{ $.eventName = "Delete*" }'])
def test_a_filter_that_counts_all_day_is_not_widened_by_what_it_does_not_match(pattern: str) -> None:
    """What is published to its metric too reaches nobody: the alarm stays on."""
    other = a_filter(pattern, "other", metric_name="Other")
    found = assessed(a_monitored_account(filters=(other,), metric_alarms=()))
    assert told(found)[0] == (F.NO_METRIC_FILTER, LOG_GROUP.name)
    assert "metricName=Other" not in finding(found.reasons[0]).remedy
