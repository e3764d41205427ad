"""Any number of everything, linked at random: an event is covered exactly where a way leads to a person."""

from __future__ import annotations

from dataclasses import dataclass

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.resources import AlarmMuteRule, LogGroup, LogGroupId, Metric, Topic
from hypothesis import given, settings
from hypothesis import strategies as st

from ..fake_account import (
    ACCOUNT,
    DEFAULT_TOPIC_POLICY,
    REGION,
    TOPIC,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_subscription,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import NAMES, assessed

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
        """The events that reach somebody: every way from trail to subscription, tried one by one.

        A metric leads nowhere if a filter of a log group without a trail publishes to it too.
        """
        known = {group for _, group in self.trails}
        noisy = {metric for of_group, _, metric in self.filters if of_group not in known}
        return {
            event
            for logs, group in self.trails
            for of_group, events, metric in self.filters
            for on_metric, fault, topics in self.alarms
            for number, (publishes, state) in enumerate(self.topics)
            for event in events
            if logs
            and group == of_group
            and metric == on_metric
            and metric not in noisy
            and not fault
            and number in topics
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
some_events = st.frozensets(st.sampled_from(NAMES), min_size=2) | st.just(frozenset(NAMES))
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
    whole = network.reached() == set(NAMES)
    assert found.compliance is (Compliance.COMPLIANT if whole else Compliance.NON_COMPLIANT)
    assert whole or found.reasons
