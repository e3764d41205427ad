"""Which filter policies let an alarm's message through: vectors, and any JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import hands_over
from config_changes_alarm.notification.filter_policy import passes
from config_changes_alarm.resources import CompositeAlarm, MetricAlarm, Subscription, SubscriptionAttributes
from config_changes_alarm.truth import Truth
from hypothesis import given
from hypothesis import strategies as st

from ..api_answers import SUBSCRIPTION, a_composite, a_subscription, an_alarm
from ..vectors import vectors
from .topics import ALARM, refused

FILTER_POLICIES = vectors(__file__, "filter_policies")


@pytest.mark.parametrize("case", FILTER_POLICIES, ids=lambda case: case["name"])
def test_a_filter_policy_lets_the_message_pass(case: dict[str, Any]) -> None:
    text = json.dumps(case["policy"])
    assert passes(text, case["scope"], ALARM) is Truth(case["passes"])
    attributes = SubscriptionAttributes(SUBSCRIPTION, False, text, case["scope"])
    expected = {
        "yes": None,
        "no": FindingId.SUBSCRIPTION_FILTERED,
        "unknown": FindingId.SUBSCRIPTION_FILTER_UNVERIFIED,
    }
    found = hands_over(Subscription.from_api(a_subscription()), attributes, ALARM)
    assert refused(found) is expected[case["passes"]]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_a_filter_policy_that_cannot_be_read_passes_nothing_for_certain(text: str) -> None:
    assert passes(text, "MessageBody", ALARM) is Truth.UNKNOWN


COMPOSITE = CompositeAlarm.from_api(a_composite("security", 'ALARM("config-changes")', AlarmDescription="security"))
MATH = MetricAlarm.from_api({**an_alarm(Metrics=[{"Id": "e1", "Expression": "m1"}]), "MetricName": None})


@pytest.mark.parametrize("alarm", [COMPOSITE, MATH], ids=["composite", "metric math"])
def test_only_a_plain_metric_alarm_is_known_to_tell_its_metric(alarm: MetricAlarm | CompositeAlarm) -> None:
    assert passes('{"Trigger": {"MetricName": ["ConfigChanges"]}}', "MessageBody", alarm) is Truth.UNKNOWN
    assert passes('{"Trigger": {"MetricName": ["Errors"]}}', "MessageBody", alarm) is Truth.UNKNOWN
    assert passes('{"OldStateValue": [{"anything-but": "ALARM"}]}', "MessageBody", alarm) is Truth.YES
    assert passes('{"OldStateValue": ["ALARM"]}', "MessageBody", alarm) is Truth.NO


def test_an_alarm_that_has_a_description_tells_it() -> None:
    assert passes('{"AlarmDescription": ["security"]}', "MessageBody", COMPOSITE) is Truth.YES
    assert passes('{"AlarmDescription": ["cost"]}', "MessageBody", COMPOSITE) is Truth.NO


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["ALARM", "OK", "config-changes", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("NewStateValue", "AlarmName", "OldStateValue", "Trigger", "MetricName", "AlarmActions"),
                    *("x", "$or", "prefix", "exists", "anything-but", "numeric"),
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["MessageBody", "MessageAttributes"]))
def test_any_json_has_an_answer(filter_policy: Any, scope: str) -> None:
    assert passes(json.dumps(filter_policy), scope, ALARM) in Truth
