"""Laws of the hops: none can be missing, and only another whole chain makes up for one."""

from __future__ import annotations

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import CATALOGUE, FindingId
from config_changes_alarm.resources import LogGroup, LogGroupId, Metric, Topic
from hypothesis import given, settings
from hypothesis import strategies as st

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    REGION,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import adding, assessed
from .breaks import BREAKS, Break, encrypted


@pytest.mark.parametrize("account", [a_monitored_account(), encrypted("Enabled")(a_monitored_account())])
def test_the_account_that_is_broken_in_these_tests_is_compliant(account: FakeAccount) -> None:
    found = assessed(account)
    assert (found.compliance, found.reasons) == (Compliance.COMPLIANT, ())


@pytest.mark.parametrize("break_", BREAKS, ids=lambda break_: break_.words)
def test_breaking_one_hop_is_non_compliant_and_the_first_finding_names_that_hop(break_: Break) -> None:
    found = assessed(break_.change(a_monitored_account()))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert found.reasons[0].id is break_.finding
    assert not any(event.covered for event in found.events)
    assert {event.verified for event in found.events} == {CATALOGUE[break_.finding].disproves}
    assert all(bool(event.counterexample) is event.verified for event in found.events)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(BREAKS), min_size=1, max_size=4, unique_by=lambda each: each.words))
def test_breaking_more_mends_nothing(breaks: list[Break]) -> None:
    account = a_monitored_account()
    for each in breaks:
        account = each.change(account)
    assert assessed(account).compliance is Compliance.NON_COMPLIANT


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BREAKS))
def test_a_second_whole_chain_is_enough(break_: Break) -> None:
    """Everything once more under other names: whatever is broken in the first, unless AWS refuses to show both."""
    second = LogGroupId("aws", ACCOUNT, REGION, "second/logs")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:second"
    account = break_.change(a_monitored_account())
    account = adding(
        configured_trails=ConfiguredTrail(a_trail("second", second), logging()),
        log_groups=LogGroup(second),
        filters=a_filter(name="second", log_group=second, metric_name="Second"),
        metric_alarms=an_alarm("second", metric=Metric("CIS", "Second"), alarm_actions=(topic,)),
        topics=Topic(topic, ACCOUNT, DEFAULT_TOPIC_POLICY.replace("security-notices", "second")),
        subscribed=a_subscription(arn=f"{topic}:2f0e0d0c-0b0a-4908-8706-050403020100"),
    )(account)
    refused = break_.finding is FindingId.CANNOT_READ
    assert assessed(account).compliance is (Compliance.NON_COMPLIANT if refused else Compliance.COMPLIANT)
