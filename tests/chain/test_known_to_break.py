"""Of two settings of one kind that both keep an account from being compliant, one is known to break it, one is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.report import annotation
from config_changes_alarm.resources import LogGroup, LogGroupId

from ..fake_account import ACCOUNT, LOG_GROUP, REGION, FakeAccount, a_composite, a_filter, a_monitored_account, an_alarm
from .accounts import assessed

APPLICATION = LogGroupId("aws", ACCOUNT, REGION, "/aws/lambda/app")


def own(**members: Any) -> FakeAccount:
    return a_monitored_account(filters=(a_filter(**members),))


def beside(pattern: str, log_group: LogGroupId = LOG_GROUP, **members: Any) -> FakeAccount:
    """Another filter publishes to the metric too."""
    other = a_filter(pattern, "other", log_group=log_group, **members)
    return a_monitored_account(log_groups=(LogGroup(LOG_GROUP), LogGroup(APPLICATION)), filters=(a_filter(), other))


def of_class(log_group_class: str) -> FakeAccount:
    return a_monitored_account(log_groups=(LogGroup(LOG_GROUP, log_group_class),))


def composite(rule: str) -> FakeAccount:
    return a_monitored_account(metric_alarms=(an_alarm(alarm_actions=()),), composite_alarms=(a_composite(rule),))


SIGN_INS = "{ $.eventName = ConsoleLogin }"
PAIRS = (
    ("metric value", own(metric_value="0"), own(metric_value="$.requestParameters.count")),
    ("default value of another filter", beside(SIGN_INS, default_value=1.0), beside("ERROR", APPLICATION)),
    ("value of another filter", beside(SIGN_INS, metric_value="-1"), beside(SIGN_INS, metric_value="$.count")),
    ("pattern of another filter", beside("{ $.readOnly IS TRUE }"), beside('{ $.eventName == "ListUsers" }')),
    (
        "selection criteria",
        own(field_selection_criteria='@aws.region = "eu-west-1"'),
        own(field_selection_criteria='@aws.user = "root"'),
    ),
    ("log group class", of_class("INFREQUENT_ACCESS"), of_class("ESSENTIALS")),
    ("delivery class", of_class("DELIVERY"), of_class("A_NEWER_ONE")),
    ("composite", composite("ALARM(config-changes) OR TRUE"), composite("NOT OK(config-changes)")),
)


@pytest.mark.parametrize(("words", "known", "unknown"), PAIRS, ids=[words for words, *_ in PAIRS])
def test_whether_something_is_known_to_break_shows(words: str, known: FakeAccount, unknown: FakeAccount) -> None:
    broken, open_ = assessed(known), assessed(unknown)
    assert (broken.compliance, broken.disproved) == (Compliance.NON_COMPLIANT, True)
    assert (open_.compliance, open_.disproved) == (Compliance.NON_COMPLIANT, False)
    assert "would go unnoticed" in annotation(broken)
    assert "could not be verified" in annotation(open_)
    assert all(event.counterexample is None for event in open_.events)


def test_a_path_that_may_hold_leaves_open_what_breaks_another() -> None:
    doubtful = a_filter(name="doubtful", metric_value="$.count", metric_name="Doubtful")
    found = assessed(replace(own(metric_value="0"), filters=(a_filter(metric_value="0"), doubtful)))
    assert not found.disproved
    assert found.reasons[0].id == "metric-value-unverified"
