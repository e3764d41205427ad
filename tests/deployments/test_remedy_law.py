"""A law over generated accounts: no remedy ever turns what another required pattern covers into something missed.

The accounts have controls of other purposes that work, and this control in every state of disrepair: filters of any
pattern, metrics that are shared, alarms whose names are those that a remedy would like to give. With DEEP=1 many more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

from config_changes_alarm.assessment import Assessment
from config_changes_alarm.findings import finding
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement
from config_changes_alarm.resources import (
    EventSelector,
    EventSelectors,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    Topic,
)
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    EVERYTHING,
    LOG_GROUP,
    REGION,
    TOPIC,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_subscription,
    a_trail,
    alarm_arn,
    an_alarm,
    logging,
)
from .breaks import EVENTS, without
from .carrying_out import carried_out
from .commands import Call, calls_of, decided
from .remedies import assessing, covered, decisions, harm, lost, of_the_control

OTHERS = {
    "iam": "{ $.eventSource = iam.amazonaws.com && ($.eventName = DeleteRolePolicy || $.eventName = PutRolePolicy) }",
    "cloudtrail": "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }",
    "kms": "{ $.eventSource = kms.amazonaws.com && ($.eventName = DisableKey || $.eventName = ScheduleKeyDeletion) }",
    "root": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }',
}
"""Other controls of which the accounts have some, with a filter and an alarm that work."""

CONTROL = DEFAULT_REQUIRED_FILTER_PATTERN
OF_THE_CONTROL = (
    CONTROL,
    without(CONTROL, EVENTS[1]),
    without(without(CONTROL, EVENTS[2]), EVENTS[3]),
    CONTROL.replace("{ ", '{ ($.userIdentity.sessionContext.sessionIssuer.userName != "deploy") && ', 1),
    CONTROL.replace("{ ", "{ $.readOnly IS FALSE || ", 1),
)
PATTERNS = (*OF_THE_CONTROL, "", "ERROR", "{ $.eventSource = config.amazonaws.com }", *OTHERS.values())
NAMES = (
    "config-changes-alarm",
    "config-changes",
    "ConfigChangesAlarm",
    "config-changes-alarm-2",
    "EventCount",
    *OTHERS,
)
METRICS = tuple(
    Metric(namespace, name)
    for namespace in ("LogMetrics", "CIS")
    for name in ("ConfigChangesAlarm", "EventCount", "ConfigChanges", *OTHERS)
)
PEOPLE = f"arn:aws:sns:{REGION}:{ACCOUNT}:people"
APPLICATION = LogGroupId("aws", ACCOUNT, REGION, "/aws/lambda/app")
TO_CLOUDWATCH = DEFAULT_TOPIC_POLICY.replace('{"AWS":"*"}', '{"Service":"cloudwatch.amazonaws.com"}').replace(
    ',"Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}', ""
)
TO_EVENTS = TO_CLOUDWATCH.replace("cloudwatch.", "events.")

names, metrics = st.sampled_from(NAMES), st.sampled_from(METRICS)


@st.composite
def filters(draw: st.DrawFn, patterns: tuple[str, ...]) -> MetricFilter:
    metric = draw(metrics)
    return a_filter(
        draw(st.sampled_from(patterns)),
        draw(names),
        metric_name=metric.metric_name,
        metric_namespace=metric.namespace,
        metric_value=draw(st.sampled_from(("1", "1", "0", "2"))),
        default_value=draw(st.sampled_from((None, None, 0.0))),
        unit=draw(st.sampled_from((None, None, "Count"))),
        log_group=draw(st.sampled_from((LOG_GROUP, LOG_GROUP, LOG_GROUP, APPLICATION))),
    )


@st.composite
def alarms(draw: st.DrawFn, seen: tuple[Metric, ...]) -> MetricAlarm:
    name = draw(names)
    return an_alarm(
        name,
        alarm_arn=alarm_arn(name),
        metric=draw(st.sampled_from(seen) | metrics),
        alarm_actions=draw(st.sampled_from(((TOPIC,), (PEOPLE,), (TOPIC, PEOPLE), ()))),
        ok_actions=draw(st.sampled_from(((), (PEOPLE,)))),
        statistic=draw(st.sampled_from(("Sum", "Sum", "Maximum", "Average"))),
        threshold=draw(st.sampled_from((1.0, 1.0, 0.0, 3.0))),
        comparison_operator=draw(st.sampled_from(("GreaterThanOrEqualToThreshold", "GreaterThanThreshold"))),
        evaluation_periods=draw(st.sampled_from((1, 1, 3))),
        unit=draw(st.sampled_from((None, None, "Count"))),
        actions_enabled=draw(st.sampled_from((True, True, True, False))),
    )


def working(name: str, metric: Metric) -> tuple[MetricFilter, MetricAlarm]:
    """Another control's filter and alarm, which notify people of its events."""
    made = a_filter(OTHERS[name], name, metric_name=metric.metric_name, metric_namespace=metric.namespace)
    return made, an_alarm(name, alarm_arn=alarm_arn(name), metric=metric, alarm_actions=(PEOPLE,))


@st.composite
def accounts(draw: st.DrawFn) -> FakeAccount:
    """Other controls that work, unless something of this control is in their way, and this control in any state."""
    chosen = draw(st.lists(st.sampled_from(sorted(OTHERS)), min_size=1, unique=True))
    others = [working(name, draw(st.just(Metric("CIS", name)) | metrics)) for name in chosen]
    more = draw(st.lists(filters(PATTERNS) | filters(OF_THE_CONTROL), max_size=3))
    made = [made for each in more for made in each.metric_transformations]
    seen = (*(Metric(each.metric_namespace, each.metric_name) for each in made), *METRICS[:1])
    of_filters = {(each.log_group, each.filter_name): each for each in (*more, *(each for each, _ in others))}
    own = draw(st.lists(alarms(seen), max_size=3))
    of_alarms = {each.alarm_name: each for each in (*own, *(each for _, each in others))}
    policies = st.sampled_from((DEFAULT_TOPIC_POLICY, TO_CLOUDWATCH, TO_EVENTS))
    topics = (
        Topic(TOPIC, ACCOUNT, draw(policies), draw(st.sampled_from((None, None, "alias/aws/sns")))),
        Topic(PEOPLE, ACCOUNT, DEFAULT_TOPIC_POLICY.replace(TOPIC, PEOPLE)),
    )
    listening = a_subscription(draw(st.sampled_from(("confirmed", "confirmed", "PendingConfirmation"))))
    people = a_subscription(arn=f"{PEOPLE}:0f0e0d0c-0b0a-4908-8706-050403020101")
    return FakeAccount(
        configured_trails=(draw(trails()),),
        log_groups=(LogGroup(LOG_GROUP, "STANDARD"), LogGroup(APPLICATION, "STANDARD")),
        filters=tuple(of_filters.values()),
        metric_alarms=tuple(of_alarms.values()),
        topics=topics,
        subscribed=draw(st.sampled_from(((listening, people), (listening, people), (people,)))),
    )


@st.composite
def trails(draw: st.DrawFn) -> ConfiguredTrail:
    everything, reads, excluding = (
        EVERYTHING,
        EventSelectors((EventSelector(read_write_type="ReadOnly"),)),
        EventSelectors((EventSelector(exclude_management_event_sources=("kms.amazonaws.com",)),)),
    )
    chosen = draw(st.sampled_from((everything, everything, everything, everything, excluding, reads)))
    several = draw(st.sampled_from((True, True, True, True, True, False)))
    return ConfiguredTrail(a_trail(is_multi_region_trail=several), logging(), chosen)


def remedies(account: FakeAccount, found: Assessment) -> list[str]:
    return [decided(finding(reason).remedy, decisions(account)) for reason in found.reasons]


def occupied(account: FakeAccount, calls: Iterable[Call]) -> FakeAccount:
    """The account where another control already has every name that the calls give."""
    taken = replace(account, filters=(), metric_alarms=())
    for call in calls:
        if call.operation in ("logs:PutMetricFilter", "cloudwatch:PutMetricAlarm"):
            taken = carried_out(taken, (call,))
    had = {(each.log_group, each.filter_name) for each in account.filters}
    alarms = {each.alarm_name for each in account.metric_alarms}
    filters = (replace(each, filter_pattern=OTHERS["iam"]) for each in taken.filters)
    watching = (replace(each, alarm_actions=(PEOPLE,)) for each in taken.metric_alarms)
    return replace(
        account,
        filters=(*account.filters, *(each for each in filters if (each.log_group, each.filter_name) not in had)),
        metric_alarms=(*account.metric_alarms, *(each for each in watching if each.alarm_name not in alarms)),
    )


def harmless(account: FakeAccount, own: frozenset[str]) -> list[Call]:
    """That no remedy for the account takes anything away. Returns what they call."""
    assessed = assessing(account.opened())
    found, told = assessed(Requirement.parse()), covered(OTHERS.values(), assessed)
    event(f"{len(told)} others are covered")
    made: list[Call] = []
    for reason, remedy in zip(found.reasons, remedies(account, found), strict=True):
        event(f"remedy of {reason.id}")
        calls = calls_of(remedy)
        after = carried_out(account, calls)
        assert lost(told, covered(told, assessing(after.opened()))) == [], (reason, remedy)
        assert harm(account, after, remedy, own) == [], (reason, remedy)
        made += calls
    return made


@settings(
    max_examples=1_000 if os.environ.get("DEEP") else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(accounts())
def test_no_remedy_takes_away_what_another_required_pattern_has(account: FakeAccount) -> None:
    own = of_the_control(account)
    for _ in range(3):  # each time the names that were proposed are taken
        account = occupied(account, harmless(account, own))
