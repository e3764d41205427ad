"""What has nothing to do with the chain changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.resources import AlarmMuteRule, LogGroup, LogGroupId, Metric, Topic
from hypothesis import given, settings
from hypothesis import strategies as st

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    LOG_GROUP,
    METRIC,
    REGION,
    SUBSCRIPTION,
    ConfiguredTrail,
    FakeAccount,
    a_composite,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import Change, adding, assessed
from .breaks import BREAKS, Break

OTHER_GROUP = LogGroupId("aws", ACCOUNT, REGION, "application/logs")
OTHER_METRIC = Metric("Application", "Errors")
OTHER_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:operations"
ENTRY = "arn:aws:sns:us-east-1:123456789012:operations:1f0e0d0c-0b0a-4908-8706-050403020100"

UNRELATED: dict[str, Change] = {
    "a trail without log group": adding(configured_trails=ConfiguredTrail(a_trail("archive", None), logging())),
    "a trail to another log group": adding(
        configured_trails=ConfiguredTrail(a_trail("second", OTHER_GROUP), logging()), log_groups=LogGroup(OTHER_GROUP)
    ),
    "a stopped trail": adding(
        configured_trails=ConfiguredTrail(a_trail("old", OTHER_GROUP), logging(is_logging=False))
    ),
    "a single-Region trail": adding(
        configured_trails=ConfiguredTrail(a_trail("regional", OTHER_GROUP, is_multi_region_trail=False), logging())
    ),
    "an organization's trail": adding(
        configured_trails=ConfiguredTrail(
            a_trail(
                "organization",
                LogGroupId("aws", "999999999999", REGION, LOG_GROUP.name),
                trail_arn=f"arn:aws:cloudtrail:{REGION}:999999999999:trail/organization",
                is_organization_trail=True,
            ),
            logging(),
        )
    ),
    "a filter for another control": adding(
        filters=a_filter("{ $.eventName = ConsoleLogin }", "sign-in", metric_name="SignIn")
    ),
    "a filter for everything, on another metric": adding(filters=a_filter("", "all", metric_name="All")),
    "a filter that AWS took and nobody can read": adding(filters=a_filter("{ $.a == b }", "odd", metric_name="Odd")),
    "a filter of another log group": adding(
        log_groups=LogGroup(OTHER_GROUP),
        filters=a_filter("ERROR", "errors", log_group=OTHER_GROUP, metric_name="Errors"),
    ),
    "an alarm on another metric": adding(metric_alarms=an_alarm("errors", metric=OTHER_METRIC)),
    "an alarm in ALARM on another metric": adding(
        metric_alarms=an_alarm("cpu", metric=OTHER_METRIC, state_value="ALARM", alarm_actions=(OTHER_TOPIC,))
    ),
    "an alarm on another namespace": adding(
        metric_alarms=an_alarm("alike", metric=Metric("Elsewhere", METRIC.metric_name), alarm_actions=())
    ),
    "a composite alarm on another alarm": adding(composite_alarms=a_composite("ALARM(errors)", "operations")),
    "a composite alarm in a rule nobody can read": adding(composite_alarms=a_composite("AT_LEAST(2", "odd")),
    "a mute rule on another alarm": adding(
        mute_rules=("errors", AlarmMuteRule(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:x", "ACTIVE"))
    ),
    "another topic": adding(topics=Topic(OTHER_TOPIC, ACCOUNT, '{"Statement":[]}')),
    "another topic with a subscription": adding(
        topics=Topic(OTHER_TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY.replace("security-notices", "operations")),
        subscribed=a_subscription(arn=ENTRY),
    ),
    "a pending subscription": adding(
        subscribed=a_subscription("PendingConfirmation", "carol@example.com", SUBSCRIPTION.replace(":0f", ":3f"))
    ),
    "a deleted subscription": adding(
        subscribed=a_subscription("Deleted", "dave@example.com", SUBSCRIPTION.replace(":0f", ":4f"))
    ),
}

some_unrelated = st.lists(st.sampled_from(sorted(UNRELATED)), unique=True, max_size=6)
in_front = st.booleans()


def with_unrelated(account: FakeAccount, words: list[str], in_front: bool) -> FakeAccount:
    """The additions, behind the account's own resources or before them: AWS lists in no promised order."""
    for each in words:
        account = UNRELATED[each](account)
    if not in_front:
        return account
    members = ("configured_trails", "filters", "metric_alarms", "composite_alarms", "topics", "subscribed")
    turned: dict[str, Any] = {name: tuple(reversed(getattr(account, name))) for name in members}
    return replace(account, **turned)


@pytest.mark.parametrize("words", UNRELATED)
def test_one_unrelated_resource_changes_nothing(words: str) -> None:
    assert assessed(UNRELATED[words](a_monitored_account())).compliance is Compliance.COMPLIANT


@settings(max_examples=60, deadline=None)
@given(some_unrelated, in_front)
def test_unrelated_resources_never_spoil_a_whole_chain(words: list[str], in_front: bool) -> None:
    found = assessed(with_unrelated(a_monitored_account(), words, in_front))
    assert found.compliance is Compliance.COMPLIANT


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(BREAKS), some_unrelated, in_front)
def test_unrelated_resources_never_mend_a_broken_chain(break_: Break, words: list[str], in_front: bool) -> None:
    found = assessed(with_unrelated(break_.change(a_monitored_account()), words, in_front))
    assert found.compliance is Compliance.NON_COMPLIANT
    told = {reason.id for reason in found.reasons}
    near = ("no-", "pattern-misses")  # nothing there carries the event: what was added may then come nearer
    assert told if break_.finding.startswith(near) else break_.finding in told
