"""Laws of the whole chain: no hop can be missing, and what has nothing to do with the chain changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import ANNOTATION_LIMIT, annotation
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    AlarmHistoryItem,
    AlarmMuteRule,
    EventSelector,
    EventSelectors,
    Key,
    LogGroup,
    LogGroupId,
    Metric,
    Topic,
    TrailStatus,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from .fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    LOG_GROUP,
    METRIC,
    NOW,
    REGION,
    SUBSCRIPTION,
    TOPIC,
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

REQUIREMENT = Requirement.parse()


def assessed(account: FakeAccount) -> Assessment:
    found = assess(account.opened(), REQUIREMENT, NOW)
    assert 0 < len(annotation(found)) <= ANNOTATION_LIMIT
    return found


@dataclass(frozen=True)
class Break:
    """One hop of the compliant account broken, and the finding that has to say so first."""

    words: str
    finding: FindingId
    change: Callable[[FakeAccount], FakeAccount]


def trail(words: str, finding: FindingId, selectors: EventSelectors | None = None, **members: Any) -> Break:
    """A trail that differs."""

    def change(account: FakeAccount) -> FakeAccount:
        changed = [
            replace(had, trail=replace(had.trail, **members), selectors=selectors or had.selectors)
            for had in account.configured_trails[:1]
        ]
        return replace(account, configured_trails=(*changed, *account.configured_trails[1:]))

    return Break(words, finding, change)


def status(words: str, finding: FindingId, found: TrailStatus) -> Break:
    def change(account: FakeAccount) -> FakeAccount:
        changed = [replace(had, status=found) for had in account.configured_trails[:1]]
        return replace(account, configured_trails=(*changed, *account.configured_trails[1:]))

    return Break(words, finding, change)


def of_filter(words: str, finding: FindingId, pattern: str | None = None, **members: Any) -> Break:
    made = a_filter(**members) if pattern is None else a_filter(pattern, **members)
    return Break(words, finding, lambda account: replace(account, filters=(made, *account.filters[1:])))


def of_alarm(words: str, finding: FindingId, **members: Any) -> Break:
    made = an_alarm(**members)
    return Break(words, finding, lambda account: replace(account, metric_alarms=(made, *account.metric_alarms[1:])))


def of_topic(words: str, finding: FindingId, **members: Any) -> Break:
    made = replace(Topic(TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY), **members)
    return Break(words, finding, lambda account: replace(account, topics=(made, *account.topics[1:])))


def of_subscription(words: str, finding: FindingId, *args: Any, **attributes: Any) -> Break:
    made = a_subscription(*args, **attributes)
    return Break(words, finding, lambda account: replace(account, subscribed=(made, *account.subscribed[1:])))


def without(words: str, finding: FindingId, member: str) -> Break:
    """The compliant account's own one removed."""

    def change(account: FakeAccount) -> FakeAccount:
        fewer: dict[str, Any] = {member: getattr(account, member)[1:]}
        return replace(account, **fewer)

    return Break(words, finding, change)


def refused(operation: str) -> Break:
    def change(account: FakeAccount) -> FakeAccount:
        return account.refusing(operation)

    return Break(f"{operation} denied", FindingId.CANNOT_READ, change)


def muted(account: FakeAccount) -> FakeAccount:
    rule = AlarmMuteRule(f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:holiday", "ACTIVE")
    return replace(account, mute_rules=(("config-changes", rule),))


def failed_last_time(account: FakeAccount) -> FakeAccount:
    item = AlarmHistoryItem(NOW - timedelta(hours=1), f"Failed to execute action {TOPIC}. Received error: denied")
    return replace(account, history=(("config-changes", item),))


def encrypted(key_state: str) -> Callable[[FakeAccount], FakeAccount]:
    """The topic encrypted with a customer managed key that admits CloudWatch and is in this state."""
    policy = (
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},'
        '"Action":["kms:GenerateDataKey*","kms:Decrypt"],"Resource":"*"}]}'
    )
    key = Key(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f0e0d0c", "CUSTOMER", key_state, policy)

    def change(account: FakeAccount) -> FakeAccount:
        topics = tuple(replace(topic, kms_master_key_id="alias/topics") for topic in account.topics[:1])
        return replace(account, topics=(*topics, *account.topics[1:]), keys=(("alias/topics", key),))

    return change


F = FindingId
BREAKS = (
    without("no trail", F.NO_TRAIL, "configured_trails"),
    trail("single-Region trail", F.TRAIL_SINGLE_REGION, is_multi_region_trail=False),
    trail("trail without log group", F.TRAIL_NO_LOG_GROUP, cloud_watch_logs_log_group_arn=None),
    trail(
        "log group of another account",
        F.LOG_GROUP_IN_ANOTHER_ACCOUNT,
        cloud_watch_logs_log_group_arn=f"arn:aws:logs:{REGION}:999999999999:log-group:{LOG_GROUP.name}:*",
    ),
    trail(
        "same-named log group of another Region",
        F.LOG_GROUP_MISSING,
        cloud_watch_logs_log_group_arn=f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:{LOG_GROUP.name}:*",
    ),
    status("trail stopped", F.TRAIL_NOT_LOGGING, logging(is_logging=False)),
    status("delivery error", F.TRAIL_DELIVERY_ERROR, logging(latest_cloud_watch_logs_delivery_error="AccessDenied")),
    status(
        "last delivery a week ago",
        F.TRAIL_DELIVERY_STALE,
        logging(latest_cloud_watch_logs_delivery_time=NOW - timedelta(days=7)),
    ),
    trail("reads only", F.TRAIL_SELECTORS_MISS_EVENT, EventSelectors((EventSelector(read_write_type="ReadOnly"),))),
    trail(
        "data events only",
        F.TRAIL_SELECTORS_MISS_EVENT,
        EventSelectors((), (AdvancedEventSelector((AdvancedFieldSelector("eventCategory", equals=("Data",)),)),)),
    ),
    without("log group deleted", F.LOG_GROUP_MISSING, "log_groups"),
    Break(
        "log group of the infrequent access class",
        F.LOG_GROUP_CLASS,
        lambda account: replace(
            account, log_groups=(LogGroup(LOG_GROUP, "INFREQUENT_ACCESS"), *account.log_groups[1:])
        ),
    ),
    without("no metric filter", F.NO_METRIC_FILTER, "filters"),
    of_filter("pattern for another source", F.NO_METRIC_FILTER, "{ $.eventSource = ec2.amazonaws.com }"),
    of_filter("pattern for the root user alone", F.PATTERN_MISSES_EVENT, "{ $.userIdentity.type = Root }"),
    of_filter("pattern for everything", F.PATTERN_MATCHES_ROUTINE, ""),
    of_filter("metric value 0", F.METRIC_VALUE, metric_value="0"),
    of_filter("metric value from the event", F.METRIC_VALUE, metric_value="$.eventVersion"),
    of_filter("default value 1", F.METRIC_DEFAULT_VALUE, default_value=1.0),
    of_filter("dimensions", F.METRIC_DIMENSIONS, dimensions=(("User", "$.userIdentity.userName"),)),
    of_filter("field selection criteria", F.FILTER_SELECTION_CRITERIA, field_selection_criteria='@aws.region = "x"'),
    of_filter("transformed logs", F.FILTER_ON_TRANSFORMED_LOGS, apply_on_transformed_logs=True),
    without("no alarm", F.NO_ALARM, "metric_alarms"),
    of_alarm("alarm on another namespace", F.ALARM_ON_ANOTHER_METRIC, metric=Metric("Elsewhere", METRIC.metric_name)),
    of_alarm("threshold 2", F.ALARM_NEVER_FIRES, threshold=2.0),
    of_alarm("missing data breaching", F.ALARM_ALWAYS_ON, treat_missing_data="breaching"),
    of_alarm("actions disabled", F.ALARM_ACTIONS_DISABLED, actions_enabled=False),
    of_alarm("no actions", F.ALARM_NO_TOPIC, alarm_actions=()),
    of_alarm("a Lambda function as action", F.ALARM_NO_TOPIC, alarm_actions=("arn:aws:lambda:x:1:function:f",)),
    Break("muted", F.ALARM_MUTED, muted),
    Break("last action failed", F.ALARM_ACTION_FAILED, failed_last_time),
    without("topic deleted", F.TOPIC_MISSING, "topics"),
    of_topic("empty topic policy", F.TOPIC_POLICY_DENIES_ALARM, policy='{"Statement":[]}'),
    of_topic("AWS managed key", F.TOPIC_KEY_DENIES_ALARM, kms_master_key_id="alias/aws/sns"),
    Break("customer managed key disabled", F.TOPIC_KEY_DENIES_ALARM, encrypted("Disabled")),
    Break("customer managed key about to be deleted", F.TOPIC_KEY_DENIES_ALARM, encrypted("PendingDeletion")),
    of_topic("key deleted", F.TOPIC_KEY_DENIES_ALARM, kms_master_key_id="alias/topics"),
    of_topic("FIFO without deduplication", F.TOPIC_FIFO_UNVERIFIED, fifo_topic=True),
    without("no subscription", F.NO_SUBSCRIPTION, "subscribed"),
    of_subscription("subscription pending", F.SUBSCRIPTION_PENDING, "PendingConfirmation"),
    of_subscription("subscription deleted", F.NO_SUBSCRIPTION, "Deleted"),
    of_subscription("subscription pending after all", F.SUBSCRIPTION_PENDING, pending_confirmation=True),
    of_subscription("filter policy", F.SUBSCRIPTION_FILTERED, filter_policy='{"severity":["high"]}'),
    refused("cloudtrail:DescribeTrails"),
    refused("cloudtrail:GetTrailStatus"),
    refused("cloudtrail:GetEventSelectors"),
    refused("logs:DescribeLogGroups"),
    refused("logs:DescribeMetricFilters"),
    refused("cloudwatch:ListAlarmMuteRules"),
    refused("sns:GetTopicAttributes"),
    refused("sns:ListSubscriptionsByTopic"),
    refused("sns:GetSubscriptionAttributes"),
)


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
    assert all(event.counterexample for event in found.events)


# --------------------------------------------------------------------------- what has nothing to do with it

OTHER_GROUP = LogGroupId("aws", ACCOUNT, REGION, "application/logs")
OTHER_METRIC = Metric("Application", "Errors")
OTHER_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:operations"
ENTRY = "arn:aws:sns:us-east-1:123456789012:operations:1f0e0d0c-0b0a-4908-8706-050403020100"

Addition = Callable[[FakeAccount], FakeAccount]


def adding(**members: Any) -> Addition:
    """More of them, behind those that the account has."""

    def change(account: FakeAccount) -> FakeAccount:
        more: dict[str, Any] = {name: (*getattr(account, name), made) for name, made in members.items()}
        return replace(account, **more)

    return change


UNRELATED: dict[str, Addition] = {
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
        topics=Topic(OTHER_TOPIC, ACCOUNT, DEFAULT_TOPIC_POLICY.replace("config-changes", "operations")),
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
        topics=Topic(topic, ACCOUNT, DEFAULT_TOPIC_POLICY.replace("config-changes", "second")),
        subscribed=a_subscription(arn=f"{topic}:2f0e0d0c-0b0a-4908-8706-050403020100"),
    )(account)
    refused = break_.finding is FindingId.CANNOT_READ
    assert assessed(account).compliance is (Compliance.NON_COMPLIANT if refused else Compliance.COMPLIANT)


# --------------------------------------------------------------------------- any number of everything, linked at random

EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")
GROUPS = tuple(LogGroupId("aws", ACCOUNT, REGION, f"group-{number}") for number in range(2))
METRICS = tuple(Metric("CIS", f"Changes{number}") for number in range(2))
TOPICS = tuple(f"arn:aws:sns:{REGION}:{ACCOUNT}:topic-{number}" for number in range(2))


@dataclass(frozen=True)
class Network:
    """Which resource is sound, and where it leads: all that the account below is made of."""

    trails: tuple[tuple[bool, int], ...]  # logging, to group
    filters: tuple[tuple[int, frozenset[str], int], ...]  # of group, for events, to metric
    alarms: tuple[tuple[int, str, frozenset[int]], ...]  # on metric, its fault or "", to topics
    topics: tuple[tuple[bool, str], ...]  # lets publish, state of its subscription

    def reached(self) -> set[str]:
        """The events that reach somebody: every way from trail to subscription, tried one by one."""
        return {
            event
            for logs, group in self.trails
            for of_group, events, metric in self.filters
            for on_metric, fault, topics in self.alarms
            for number, (publishes, state) in enumerate(self.topics)
            for event in events
            if logs and group == of_group and metric == on_metric and not fault and number in topics
            if publishes and state == "confirmed"
        }

    def account(self) -> FakeAccount:
        return FakeAccount(
            configured_trails=tuple(
                ConfiguredTrail(a_trail(f"trail-{number}", GROUPS[group]), logging(is_logging=logs))
                for number, (logs, group) in enumerate(self.trails)
            ),
            log_groups=tuple(LogGroup(group) for group in GROUPS),
            filters=tuple(
                a_filter(
                    "{ $.eventSource = config.amazonaws.com && ("
                    + " || ".join(f"$.eventName = {event}" for event in sorted(events))
                    + ") }",
                    f"filter-{number}",
                    log_group=GROUPS[group],
                    metric_name=METRICS[metric].metric_name,
                )
                for number, (group, events, metric) in enumerate(self.filters)
            ),
            metric_alarms=tuple(
                an_alarm(
                    f"alarm-{number}",
                    metric=METRICS[metric],
                    alarm_actions=tuple(TOPICS[topic] for topic in sorted(topics)),
                    actions_enabled=fault != "actions disabled",
                    threshold=2.0 if fault == "threshold" else 1.0,
                )
                for number, (metric, fault, topics) in enumerate(self.alarms)
            ),
            mute_rules=tuple(
                (f"alarm-{number}", AlarmMuteRule(f"arn:aws:cloudwatch:x:1:alarm-mute-rule:{number}", "ACTIVE"))
                for number, (_, fault, _) in enumerate(self.alarms)
                if fault == "muted"
            ),
            topics=tuple(
                Topic(arn, ACCOUNT, DEFAULT_TOPIC_POLICY.replace(TOPIC, arn) if publishes else '{"Statement":[]}')
                for arn, (publishes, _) in zip(TOPICS, self.topics, strict=True)
            ),
            subscribed=tuple(
                a_subscription(state, arn=f"{arn}:5f0e0d0c-0b0a-4908-8706-050403020100")
                for arn, (_, state) in zip(TOPICS, self.topics, strict=True)
                if state != "none"
            ),
        )


mostly = st.sampled_from((True, True, True, True, False))
either = st.integers(0, 1)
some_events = st.frozensets(st.sampled_from(EVENTS), min_size=2) | st.just(frozenset(EVENTS))
networks = st.builds(
    Network,
    st.lists(st.tuples(mostly, either), min_size=1, max_size=3).map(tuple),
    st.lists(st.tuples(either, some_events, either), min_size=2, max_size=5).map(tuple),
    st.lists(
        st.tuples(
            either,
            st.sampled_from(("", "", "", "", "actions disabled", "threshold", "muted")),
            st.frozensets(either, min_size=1),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    st.tuples(*[st.tuples(mostly, st.sampled_from(("confirmed",) * 4 + ("PendingConfirmation", "none")))] * 2),
)


@settings(max_examples=200, deadline=None)
@given(networks)
def test_an_event_is_covered_exactly_where_a_way_leads_from_a_trail_to_a_person(network: Network) -> None:
    found = assessed(network.account())
    assert {event.name for event in found.events if event.covered} == network.reached()
    whole = network.reached() == set(EVENTS)
    assert found.compliance is (Compliance.COMPLIANT if whole else Compliance.NON_COMPLIANT)
    assert whole or found.reasons
