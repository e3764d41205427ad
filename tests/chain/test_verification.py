"""Proved, disproved, or not verified: what is denied, hidden or undocumented is never said to go unnoticed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import annotation
from config_changes_alarm.resources import LogGroup, LogGroupId

from ..fake_account import ACCOUNT, LOG_GROUP, REGION, ConfiguredTrail, a_filter, a_monitored_account, a_trail, logging
from .accounts import CONTROL, NAMES, ORGANIZATION, assessed, joined, told, with_filter

F = FindingId
ELSEWHERE = ConfiguredTrail(ORGANIZATION, logging())
"""An organization's trail, whose log group may not be read."""


def states(found: Assessment) -> dict[str, tuple[bool, bool]]:
    """Of every event whether it is covered and whether that is verified."""
    assert all((event.counterexample is None) is not event.disproved for event in found.events)
    return {event.name: (event.covered, event.verified) for event in found.events}


def test_every_event_of_a_compliant_account_is_covered_and_verified() -> None:
    assert states(assessed(a_monitored_account())) == dict.fromkeys(NAMES, (True, True))


def test_a_setting_that_breaks_the_only_path_disproves_it() -> None:
    found = assessed(a_monitored_account(subscribed=()))
    assert states(found) == dict.fromkeys(NAMES, (False, True))
    assert found.disproved
    assert "StopConfigurationRecorder and 3 more would go unnoticed." in annotation(found)


@pytest.mark.parametrize(
    "operation",
    [
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:GetEventSelectors",
        "logs:DescribeLogGroups",
        "logs:DescribeMetricFilters",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:ListAlarmMuteRules",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:GetSubscriptionAttributes",
    ],
)
def test_a_denied_read_disproves_nothing(operation: str) -> None:
    found = assessed(a_monitored_account().refusing(operation))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert states(found) == dict.fromkeys(NAMES, (False, False))
    assert not found.disproved
    assert "StopConfigurationRecorder and 3 more could not be verified." in annotation(found)


def test_what_is_denied_behind_a_broken_link_changes_nothing() -> None:
    account = with_filter(metric_value="0").refusing("sns:GetTopicAttributes")
    assert states(assessed(account)) == dict.fromkeys(NAMES, (False, True))


def test_a_listing_that_is_denied_may_hide_the_alarm_that_tells_somebody() -> None:
    found = assessed(a_monitored_account(metric_alarms=()).refusing("cloudwatch:DescribeAlarms"))
    assert states(found) == dict.fromkeys(NAMES, (False, False))
    assert found.reasons[0].id is F.CANNOT_READ


def test_a_broken_path_beside_one_that_is_hidden_is_told_after_it() -> None:
    """What the hidden one does decides, so it comes first; the broken one is there to be mended all the same."""
    own = a_monitored_account(subscribed=())
    found = assessed(replace(own, configured_trails=(*own.configured_trails, ELSEWHERE)))
    assert states(found) == dict.fromkeys(NAMES, (False, False))
    assert told(found) == [(F.LOG_GROUP_IN_ANOTHER_ACCOUNT, LOG_GROUP.name), (F.NO_SUBSCRIPTION, "security-notices")]


def test_an_event_that_no_pattern_carries_is_disproved_beside_those_whose_topic_is_hidden() -> None:
    account = with_filter(filter_pattern=joined(*NAMES[:3])).refusing("sns:GetTopicAttributes")
    found = assessed(account)
    assert states(found) == {**dict.fromkeys(NAMES[:3], (False, False)), NAMES[3]: (False, True)}
    assert found.disproved
    assert found.reasons[0].id is F.PATTERN_MISSES_EVENT
    assert "PutConfigurationRecorder would go unnoticed." in annotation(found)


def test_what_a_whole_path_and_a_hidden_one_miss_together_is_disproved() -> None:
    """The whole path carries Root alone, the hidden one all but one user: another user is seen by both or by none."""
    hidden = LogGroupId("aws", ACCOUNT, REGION, "hidden")
    root = a_filter(CONTROL[:-2] + ' && ($.userIdentity.type = "Root") }', "root")
    narrowed = CONTROL[:-2] + ' && ($.awsRegion = "eu-west-1") }'
    account = a_monitored_account(
        filters=(root, a_filter(narrowed, "region", log_group=hidden, metric_name="$unread", metric_value="1")),
        log_groups=(LogGroup(LOG_GROUP), LogGroup(hidden)),
        configured_trails=(
            ConfiguredTrail(a_trail(), logging()),
            ConfiguredTrail(a_trail("second", hidden), logging()),
        ),
    ).refusing("cloudwatch:DescribeAlarms")
    found = assessed(account)
    assert states(found) == dict.fromkeys(NAMES, (False, True))
    record = json.loads(found.events[0].counterexample or "")
    assert record["userIdentity"]["type"] != "Root"
    assert record["awsRegion"] != "eu-west-1"


def test_a_pattern_that_cannot_be_read_disproves_nothing() -> None:
    found = assessed(a_monitored_account(filters=(a_filter("{ $.eventName == Stop* }", "odd"),)))
    assert states(found) == dict.fromkeys(NAMES, (False, False))
