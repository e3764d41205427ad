"""What remedies print makes something beside what is there, under names that nothing has."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import FindingId, Reason, finding
from config_changes_alarm.resources import (
    AlarmMuteRule,
    Metric,
)

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    METRIC,
    REGION,
    TOPIC,
    FakeAccount,
    a_composite,
    a_filter,
    a_monitored_account,
    a_subscription,
    an_alarm,
)
from .accounts import CONTROL, NAMES, assessed, joined, with_alarm, with_filter, with_topic

F = FindingId
THREE_OF_FOUR = joined(*NAMES[:3])
OUR_METRIC = Metric("LogMetrics", "ConfigChangesAlarm")


def of_kind(found: Assessment, kind: FindingId) -> Reason:
    return next(reason for reason in found.reasons if reason.id is kind)


def commands(account: FakeAccount, kind: FindingId, **parameters: str) -> list[dict[str, str]]:
    """The options of each command of the remedy, with the service and the operation as `call`."""
    made = []
    for line in finding(of_kind(assessed(account, **parameters), kind)).remedy.splitlines():
        words = shlex.split(line, comments=True)
        options = dict(zip(words[3::2], words[4::2], strict=True))
        made.append({"call": " ".join(words[1:3]), **{name.removeprefix("--"): each for name, each in options.items()}})
    return made


# --------------------------------------------------------------------------- a second filter


@pytest.mark.parametrize(
    ("members", "transformation"),
    [
        ({}, "metricName=ConfigChanges,metricNamespace=CIS,metricValue=1"),
        (
            {"metric_value": "2", "unit": "Count", "default_value": 0.0},
            "metricName=ConfigChanges,metricNamespace=CIS,metricValue=2,defaultValue=0.0,unit=Count",
        ),
        (
            {"metric_name": "Config changes, all"},
            '[{"metricName":"Config changes, all","metricNamespace":"CIS","metricValue":"1"}]',
        ),
    ],
)
def test_widening_adds_a_second_filter_to_the_metric_as_it_is(members: dict[str, object], transformation: str) -> None:
    (put,) = commands(with_filter(filter_pattern=THREE_OF_FOUR, **members), F.PATTERN_MISSES_EVENT)
    assert (put["call"], put["filter-name"]) == ("logs put-metric-filter", "config-changes-alarm")
    assert put["metric-transformations"] == transformation
    assert put["filter-pattern"].startswith("{")


def test_a_second_filter_of_one_that_publishes_nothing_usable_has_a_metric_of_its_own() -> None:
    (put,) = commands(with_filter(filter_pattern=THREE_OF_FOUR, metric_value="0"), F.PATTERN_MISSES_EVENT)
    assert put["metric-transformations"] == "metricName=ConfigChangesAlarm,metricNamespace=LogMetrics,metricValue=1"


# --------------------------------------------------------------------------- names that are taken


def test_no_name_is_proposed_that_something_has() -> None:
    taken = a_filter("{ $.eventName = StopLogging }", "config-changes-alarm", metric_name="Trail")
    on_our_metric = a_filter("{ $.eventName = DeleteTrail }", "other", metric_name=OUR_METRIC.metric_name)
    on_our_metric = replace(
        on_our_metric,
        metric_transformations=(
            replace(on_our_metric.metric_transformations[0], metric_namespace=OUR_METRIC.namespace),
        ),
    )
    account = a_monitored_account(filters=(taken, on_our_metric))
    (put,) = commands(account, F.NO_METRIC_FILTER)
    assert put["filter-name"] == "config-changes-alarm-2"
    assert "metricName=ConfigChangesAlarm-2," in put["metric-transformations"]


@pytest.mark.parametrize("watched", [{"metric": OUR_METRIC}], ids=["by an alarm"])
def test_a_metric_that_something_else_watches_is_taken(watched: dict[str, Metric]) -> None:
    account = a_monitored_account(filters=(), metric_alarms=(an_alarm("shop", **watched),))
    (put,) = commands(account, F.NO_METRIC_FILTER)
    assert "metricName=ConfigChangesAlarm-2," in put["metric-transformations"]


def test_alarms_of_every_kind_have_names() -> None:
    account = a_monitored_account(
        metric_alarms=(an_alarm(threshold=2.0), an_alarm("config-changes-alarm", metric=Metric("Shop", "Orders"))),
        composite_alarms=(a_composite("ALARM(config-changes-alarm)", "config-changes-alarm-2"),),
    )
    (put,) = commands(account, F.ALARM_NEVER_FIRES)
    assert put["alarm-name"] == "config-changes-alarm-3"


def test_what_may_not_be_looked_up_is_left_to_the_person() -> None:
    account = a_monitored_account(filters=()).refusing("cloudwatch:DescribeAlarms")
    remedy = finding(of_kind(assessed(account), F.NO_METRIC_FILTER)).remedy
    assert set(re.findall("<[a-z-]+>", remedy)) == {"<new-metric-name>"}


def test_two_metrics_get_alarms_of_two_names() -> None:
    account = a_monitored_account(
        filters=(a_filter(), a_filter(name="second", metric_name="Second")),
        metric_alarms=(),
    )
    found = assessed(account)
    names = {dict(reason.facts)["second_alarm_name"] for reason in found.reasons if reason.id is F.NO_ALARM}
    assert names == {"config-changes-alarm", "config-changes-alarm-2"}


def test_what_one_report_proposes_twice_is_the_same() -> None:
    """Two filters that are too broad: one filter for the control is enough."""
    broad = "{ $.eventSource = config.amazonaws.com }"
    account = a_monitored_account(filters=(a_filter(broad), a_filter(broad, "second", metric_name="Second")))
    found = assessed(account)
    remedies = {finding(reason).remedy.splitlines()[0] for reason in found.reasons}
    assert len(found.reasons) == 2
    assert len(remedies) == 1


def test_another_control_s_commands_have_names_of_their_own() -> None:
    account = a_monitored_account(filters=())
    trails = "{ ($.eventName = CreateTrail) || ($.eventName = DeleteTrail) }"
    tables = "{ ($.eventName = CreateRoute) || ($.eventName = DeleteRoute) }"
    asked = [commands(account, F.NO_METRIC_FILTER, RequiredFilterPattern=each) for each in (CONTROL, trails, tables)]
    assert len({put["filter-name"] for (put,) in asked}) == 3
    assert len({put["metric-transformations"] for (put,) in asked}) == 3


# --------------------------------------------------------------------------- alarms beside alarms


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"threshold": 2.0}, F.ALARM_NEVER_FIRES),
        ({"treat_missing_data": "breaching"}, F.ALARM_ALWAYS_ON),
        ({"period": 86_400}, F.ALARM_DOES_NOT_REARM),
        ({"statistic": "tm90"}, F.ALARM_UNPROVABLE),
        ({"metric": Metric("Shop", METRIC.metric_name)}, F.ALARM_ON_ANOTHER_METRIC),
    ],
)
def test_an_alarm_that_is_no_good_stays_and_gets_one_beside_it(members: dict[str, object], kind: FindingId) -> None:
    (put,) = commands(with_alarm(**members), kind)
    assert (put["call"], put["alarm-name"]) == ("cloudwatch put-metric-alarm", "config-changes-alarm")
    assert (put["namespace"], put["metric-name"], put["alarm-actions"]) == ("CIS", "ConfigChanges", TOPIC)


def test_an_alarm_beside_fires_on_what_one_event_publishes() -> None:
    account = replace(with_alarm(threshold=2.0), filters=(a_filter(metric_value="0.5"),))
    (put,) = commands(account, F.ALARM_NEVER_FIRES)
    assert put["threshold"] == "0.5"


def test_a_mute_rule_is_left_to_those_who_made_it() -> None:
    rule = AlarmMuteRule(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:holiday", "ACTIVE")
    (put,) = commands(a_monitored_account(mute_rules=(("config-changes", rule),)), F.ALARM_MUTED)
    assert (put["call"], put["alarm-name"]) == ("cloudwatch put-metric-alarm", "config-changes-alarm")


def test_only_an_accepted_topic_is_proposed() -> None:
    accepted = f"arn:aws:sns:{REGION}:{ACCOUNT}:accepted"
    (put,) = commands(with_alarm(threshold=2.0), F.ALARM_NEVER_FIRES, TopicArns=accepted)
    assert put["alarm-actions"] == accepted


def test_a_filter_that_is_too_broad_stays_and_the_new_one_notifies_whom_it_notified() -> None:
    account = with_filter(filter_pattern="{ $.eventSource = config.amazonaws.com }")
    put_filter, put_alarm = commands(account, F.PATTERN_MATCHES_ROUTINE)
    assert put_filter["filter-name"] == "config-changes-alarm"
    assert (put_alarm["namespace"], put_alarm["metric-name"]) == ("LogMetrics", "ConfigChangesAlarm")
    assert put_alarm["alarm-actions"] == TOPIC


# --------------------------------------------------------------------------- what replaces says so


def test_a_topic_policy_keeps_every_statement() -> None:
    events = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    account = with_topic(policy=json.dumps({"Statement": [events]}))
    remedy = finding(of_kind(assessed(account), F.TOPIC_POLICY_DENIES_ALARM)).remedy
    assert remedy.endswith("# 'keeps every statement that is there'")
    (put,) = commands(account, F.TOPIC_POLICY_DENIES_ALARM)
    assert events in json.loads(put["attribute-value"])["Statement"]


def test_a_statement_that_has_to_go_is_shown() -> None:
    deny = {"Sid": "NobodyElse", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
    statements = [*json.loads(DEFAULT_TOPIC_POLICY)["Statement"], deny]
    account = with_topic(policy=json.dumps({"Statement": statements}))
    remedy = finding(of_kind(assessed(account), F.TOPIC_POLICY_DENIES_ALARM)).remedy
    assert f"# 'replaces {json.dumps(deny)}'" in remedy


def test_a_key_that_is_replaced_is_shown() -> None:
    remedy = finding(of_kind(assessed(with_topic(kms_master_key_id="alias/aws/sns")), F.TOPIC_KEY_DENIES_ALARM)).remedy
    assert remedy.endswith("# replaces alias/aws/sns")


def test_a_subscriber_keeps_his_filter_policy() -> None:
    account = a_monitored_account(subscribed=(a_subscription(filter_policy='{"severity":["high"]}'),))
    assert [each["call"] for each in commands(account, F.SUBSCRIPTION_FILTERED)] == ["sns subscribe"]
