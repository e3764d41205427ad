"""What remedies print makes something beside what is there, under names that nothing has."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import FindingId, Reason, finding
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    AlarmMuteRule,
    EventSelector,
    EventSelectors,
    Metric,
)
from config_changes_alarm.resources.cloudtrail import DataResource

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
from .accounts import CONTROL, NAMES, assessed, joined, with_alarm, with_filter, with_topic, with_trail

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


def test_a_trail_keeps_its_basic_selectors() -> None:
    data = DataResource("AWS::S3::Object", ("arn:aws:s3:::bucket/",))
    reads = EventSelector("ReadOnly", exclude_management_event_sources=("kms.amazonaws.com",), data_resources=(data,))
    (put,) = commands(with_trail(EventSelectors((reads,))), F.TRAIL_SELECTORS_MISS_EVENT)
    assert json.loads(put["event-selectors"]) == [
        {
            "ReadWriteType": "ReadOnly",
            "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::bucket/"]}],
            "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        },
        {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []},
    ]


def test_a_trail_keeps_its_advanced_selectors() -> None:
    fields = (
        AdvancedFieldSelector("eventCategory", equals=("Management",)),
        AdvancedFieldSelector("eventSource", not_equals=("config.amazonaws.com",)),
    )
    selectors = EventSelectors((), (AdvancedEventSelector(fields, "without AWS Config"),))
    (put,) = commands(with_trail(selectors), F.TRAIL_SELECTORS_MISS_EVENT)
    had, added = json.loads(put["advanced-event-selectors"])
    assert had == {
        "Name": "without AWS Config",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "eventSource", "NotEquals": ["config.amazonaws.com"]},
        ],
    }
    assert added == {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}


def test_a_trail_with_as_many_selectors_as_it_may_have_is_left_to_the_person() -> None:
    reads = EventSelectors(tuple(EventSelector("ReadOnly") for _ in range(5)))
    remedy = finding(of_kind(assessed(with_trail(reads)), F.TRAIL_SELECTORS_MISS_EVENT)).remedy
    assert {"<selectors-option>", "<selectors>"} <= set(re.findall("<[a-z-]+>", remedy))


# --------------------------------------------------------------------------- data events

OBJECTS = "{ $.eventSource = s3.amazonaws.com && $.eventName = DeleteObject }"
MESSAGES = "{ $.eventSource = sqs.amazonaws.com && $.eventName = DeleteMessage }"
OF_MANAGEMENT = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
OF_OBJECTS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": False,
    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
}


def remedy_of_data_event(pattern: str, selectors: EventSelectors) -> str:
    account = replace(with_trail(selectors), filters=(a_filter(pattern),))
    return finding(of_kind(assessed(account, RequiredFilterPattern=pattern), F.TRAIL_SELECTORS_MISS_DATA_EVENT)).remedy


def selectors_of(remedy: str, option: str) -> Any:
    words = shlex.split(remedy, comments=True)
    return json.loads(words[words.index(option) + 1])


@pytest.mark.parametrize("selectors", [EventSelectors(), EventSelectors((EventSelector(),))], ids=["default", "basic"])
def test_a_data_event_is_added_to_what_a_trail_records(selectors: EventSelectors) -> None:
    """A trail without selectors records all management events: the new ones replace that too."""
    remedy = remedy_of_data_event(OBJECTS, selectors)
    assert selectors_of(remedy, "--event-selectors") == [OF_MANAGEMENT, OF_OBJECTS]
    assert remedy.endswith(
        "# replaces all selectors of the trail: those that it has are repeated, and what is missing is added"
    )


def test_what_several_events_lack_one_command_adds_for_the_next_would_take_it_away() -> None:
    pattern = (
        "{ ($.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder) || "
        "($.eventSource = s3.amazonaws.com && $.eventName = DeleteObject) || "
        "($.eventSource = sqs.amazonaws.com && $.eventName = DeleteMessage) }"
    )
    reads = (
        AdvancedFieldSelector("eventCategory", equals=("Management",)),
        AdvancedFieldSelector("readOnly", ("true",)),
    )
    account = replace(with_trail(EventSelectors((), (AdvancedEventSelector(reads),))), filters=(a_filter(pattern),))
    found = assessed(account, RequiredFilterPattern=pattern)
    remedies = {finding(reason).remedy for reason in found.reasons}
    assert [reason.id for reason in found.reasons] == [
        F.TRAIL_SELECTORS_MISS_EVENT,
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
    ]
    (remedy,) = remedies
    put = selectors_of(remedy, "--advanced-event-selectors")
    assert [each["FieldSelectors"][-1]["Equals"] for each in put[1:]] == [
        ["Management"],
        ["AWS::S3::Object"],
        ["AWS::SQS::Queue"],
    ]


@pytest.mark.parametrize(
    ("pattern", "kind"), [(OBJECTS, "AWS::S3::Object"), (MESSAGES, "AWS::SQS::Queue")], ids=["S3", "SQS"]
)
def test_a_data_event_is_added_to_advanced_selectors(pattern: str, kind: str) -> None:
    management = AdvancedFieldSelector("eventCategory", equals=("Management",))
    remedy = remedy_of_data_event(pattern, EventSelectors((), (AdvancedEventSelector((management,), "all"),)))
    assert selectors_of(remedy, "--advanced-event-selectors") == [
        {"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
        {
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": [kind]},
            ]
        },
    ]


@pytest.mark.parametrize(
    ("pattern", "selectors"),
    [
        (MESSAGES, EventSelectors((EventSelector(),))),
        (OBJECTS, EventSelectors(tuple(EventSelector() for _ in range(5)))),
        ("{ $.eventCategory = Data && $.eventName = DeleteThing }", EventSelectors()),
    ],
    ids=["a type that basic selectors do not take", "no room", "an unknown service"],
)
def test_selectors_that_could_only_be_replaced_are_left_to_the_person(pattern: str, selectors: EventSelectors) -> None:
    remedy = remedy_of_data_event(pattern, selectors)
    assert {"<selectors-option>", "<selectors>"} <= set(re.findall("<[a-z-]+>", remedy))
