"""Which mute rules leave an alarm without a moment at which an event tells nobody."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.alarm import muted
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.resources import AlarmMuteRule

from ..chain.accounts import assessed
from ..fake_account import a_monitored_account

NIGHT = "arn:aws:cloudwatch:us-east-1:111122223333:alarm-mute-rule:night"


def a_mute_rule(status: str = "SCHEDULED", expression: str | None = None, duration: str | None = None) -> AlarmMuteRule:
    schedule = {"Expression": expression, "Duration": duration}
    answer: dict[str, Any] = {"Rule": {"Schedule": {name: each for name, each in schedule.items() if each is not None}}}
    return AlarmMuteRule.from_api({"AlarmMuteRuleArn": NIGHT, "Status": status}, answer)


@pytest.mark.parametrize(
    ("rule", "detail"),
    [
        (a_mute_rule("ACTIVE"), "mute rule night is active"),
        (a_mute_rule("ACTIVE", "at(2026-11-24T00:00)", "P1D"), "mute rule night is active"),
        (
            a_mute_rule(expression="cron(0 20 * * *)", duration="PT12H"),
            "mute rule night mutes it at every cron(0 20 * * *) for PT12H",
        ),
        (
            a_mute_rule(expression="cron(0 2 * * SUN)", duration="PT1M"),
            "mute rule night mutes it at every cron(0 2 * * SUN) for PT1M",
        ),
        (
            a_mute_rule(expression="cron(0 1 1 JAN,JUL *)", duration="PT6H"),
            "mute rule night mutes it at every cron(0 1 1 JAN,JUL *) for PT6H",
        ),
        (
            a_mute_rule(expression="cron(30 18 * * MON-FRI)", duration="P2DT12H"),
            "mute rule night mutes it at every cron(30 18 * * MON-FRI) for P2DT12H",
        ),
    ],
)
def test_an_alarm_is_muted_now_or_again_and_again(rule: AlarmMuteRule, detail: str) -> None:
    found = muted((rule,), "config-changes")
    assert found is not None
    assert (str(found.id), found.subject, found.detail) == ("alarm-muted", "config-changes", detail)


@pytest.mark.parametrize(
    "rule",
    [
        a_mute_rule("SCHEDULED", "at(2026-12-24T00:00)", "P15D"),
        a_mute_rule("SCHEDULED", "at(2027-05-10T14:00:30)", "PT1M"),
        a_mute_rule("EXPIRED", "cron(0 20 * * *)", "PT12H"),
        a_mute_rule("EXPIRED"),
    ],
)
def test_a_single_window_ahead_and_what_has_expired_are_no_matter(rule: AlarmMuteRule) -> None:
    assert muted((rule,), "config-changes") is None


@pytest.mark.parametrize(
    "rule",
    [
        a_mute_rule("SCHEDULED"),
        a_mute_rule("SCHEDULED", ""),
        a_mute_rule("SCHEDULED", "rate(1 day)", "PT1H"),
        a_mute_rule("SCHEDULED", "cron(0 20 * *)", "PT1H"),
        a_mute_rule("SCHEDULED", "cron(0 20 * * ? *)", "PT1H"),
        a_mute_rule("SCHEDULED", "at()", "PT1H"),
        a_mute_rule("SCHEDULED", "at(2026-02-30T00:00)", "PT1H"),
        a_mute_rule("SCHEDULED", "at(cron(0 20 * * *))", "PT1H"),
        a_mute_rule("PAUSED", "at(2026-12-24T00:00)", "PT1H"),
    ],
)
def test_a_schedule_that_is_not_understood_is_not_verified(rule: AlarmMuteRule) -> None:
    found = muted((rule,), "config-changes")
    assert found is not None
    assert str(found.id) == "alarm-mute-unverified"
    assert found.detail == f"mute rule night is {rule.status}, its schedule {rule.expression or 'not known'}"


def test_one_of_several_is_enough() -> None:
    ahead = a_mute_rule(expression="at(2026-12-24T00:00)", duration="P1D")
    nightly = a_mute_rule(expression="cron(0 20 * * *)", duration="PT12H")
    for rules, verdict in (((ahead,), Compliance.COMPLIANT), ((ahead, nightly), Compliance.NON_COMPLIANT)):
        account = a_monitored_account(mute_rules=tuple(("config-changes", rule) for rule in rules))
        assert assessed(account).compliance is verdict
