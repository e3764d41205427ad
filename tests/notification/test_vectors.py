"""The vectors of topic policies, keys and filter policies: enough cases of every answer."""

from __future__ import annotations

from config_changes_alarm.notification.access_policy import Decision
from config_changes_alarm.truth import Truth

from ..vectors import vectors

TOPIC_POLICIES, KEYS, FILTER_POLICIES = (
    vectors(__file__, "topic_policies"),
    vectors(__file__, "keys"),
    vectors(__file__, "filter_policies"),
)


def test_there_are_enough_cases_of_every_answer() -> None:
    assert len(TOPIC_POLICIES) + len(KEYS) + len(FILTER_POLICIES) >= 160
    assert {case["decision"] for case in TOPIC_POLICIES} == {decision.value for decision in Decision}
    assert {case["passes"] for case in FILTER_POLICIES} == {each.value for each in Truth}
