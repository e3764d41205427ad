"""Accounts that grow in one dimension, as plain values: what an evaluation of them may cost grows no faster.

Every one is NON_COMPLIANT in the way that makes the walk look at all there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from config_changes_alarm.resources import CompositeAlarm, LogGroup, Metric, MetricFilter, Topic

from tests.fake_account import (
    LOG_GROUP,
    METRIC,
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

__all__ = ["DIMENSIONS"]


def _filters(size: int, *, own_metrics: bool) -> tuple[MetricFilter, ...]:
    """Different patterns, so that nothing is the same twice."""
    pattern = (
        "{{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
        "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)"
        "||($.eventName=PutConfigurationRecorder)||($.eventName=Another{})) }}"
    )
    return tuple(
        a_filter(pattern.format(number), f"filter-{number}", **({"metric_name": f"Of{number}"} if own_metrics else {}))
        for number in range(size)
    )


def filters_on_one_metric(size: int) -> FakeAccount:
    """Filters of the control that share a metric without an alarm."""
    return a_monitored_account(filters=_filters(size, own_metrics=False), metric_alarms=())


def filters_with_own_metrics(size: int) -> FakeAccount:
    """Filters of the control, each with a metric of its own and without an alarm."""
    return a_monitored_account(filters=_filters(size, own_metrics=True), metric_alarms=())


def filters_with_own_alarms(size: int) -> FakeAccount:
    """Filters of the control, each with a metric and an alarm of its own, and nobody subscribed."""
    alarms = tuple(an_alarm(f"of-{n}", metric=Metric(METRIC.namespace, f"Of{n}")) for n in range(size))
    return a_monitored_account(filters=_filters(size, own_metrics=True), metric_alarms=alarms, subscribed=())


def filters_of_something_else(size: int) -> FakeAccount:
    """Filters that match none of the events, beside no other."""
    filters = tuple(a_filter(f"{{ $.eventName = Another{n} }}", f"filter-{n}") for n in range(size))
    return a_monitored_account(filters=filters)


def alarms_on_the_metric(size: int) -> FakeAccount:
    """Alarms on the control's metric that never fire."""
    alarms = tuple(an_alarm(f"alarm-{number}", threshold=1_000.0) for number in range(size))
    return a_monitored_account(metric_alarms=alarms)


def alarms_elsewhere(size: int) -> FakeAccount:
    """Alarms on other metrics, and the control's missing."""
    alarms = tuple(an_alarm(f"alarm-{n}", metric=Metric("AWS/EC2", f"Metric{n}")) for n in range(size))
    return a_monitored_account(metric_alarms=alarms)


def alarms_and_filters(size: int) -> FakeAccount:
    """As many filters of the control as alarms, and no alarm on any of their metrics."""
    return replace(alarms_elsewhere(size), filters=_filters(size, own_metrics=True))


def composites(size: int) -> FakeAccount:
    """Composite alarms over other alarms, and the control's without an action."""
    above = tuple(_over_two(number) for number in range(size))
    return a_monitored_account(metric_alarms=(an_alarm(alarm_actions=()),), composite_alarms=above)


def composites_above(size: int) -> FakeAccount:
    """Composite alarms over the control's own, which has no action, and over one that is in ALARM all the time."""
    held = an_alarm("held", state_value="ALARM", metric=Metric("AWS/EC2", "Held"))
    above = tuple(a_composite("ALARM(config-changes) OR ALARM(held)", f"above-{number}") for number in range(size))
    return a_monitored_account(metric_alarms=(an_alarm(alarm_actions=()), held), composite_alarms=above)


def _over_two(number: int) -> CompositeAlarm:
    return a_composite(f'ALARM("one-{number}") OR ALARM("two-{number}")', f"composite-{number}")


def trails(size: int) -> FakeAccount:
    """Trails with log groups, filters and metrics of their own, and no alarm."""
    groups = tuple(replace(LOG_GROUP, name=f"trail-{number}") for number in range(size))
    return a_monitored_account(
        configured_trails=tuple(
            ConfiguredTrail(a_trail(f"trail-{n}", each), logging()) for n, each in enumerate(groups)
        ),
        log_groups=tuple(LogGroup(each, "STANDARD") for each in groups),
        filters=tuple(a_filter(metric_name=f"Of{n}", log_group=each) for n, each in enumerate(groups)),
        metric_alarms=(),
    )


def trails_into_one_log_group(size: int) -> FakeAccount:
    """Trails that fill the same log group, whose filter has no alarm."""
    filled = tuple(ConfiguredTrail(a_trail(f"trail-{number}"), logging()) for number in range(size))
    return a_monitored_account(configured_trails=filled, metric_alarms=())


def topics(size: int) -> FakeAccount:
    """Topics that the alarm notifies, and nobody subscribed to any."""
    arns = tuple(f"{TOPIC}-{number}" for number in range(size))
    return a_monitored_account(
        metric_alarms=(an_alarm(alarm_actions=arns),),
        topics=tuple(Topic(arn, arn.split(":")[4], None) for arn in arns),
        subscribed=(),
    )


def subscriptions(size: int) -> FakeAccount:
    """Subscriptions that drop the alarm's message."""
    dropping = (
        a_subscription(
            arn=f"{TOPIC}:{number:08d}-0000-4000-8000-000000000000",
            endpoint=f"{number}@example.com",
            filter_policy='{"team": ["other"]}',
        )
        for number in range(size)
    )
    return a_monitored_account(subscribed=tuple(dropping))


DIMENSIONS: Mapping[str, Callable[[int], FakeAccount]] = {
    "filters of the control on one metric": filters_on_one_metric,
    "filters of the control with metrics of their own": filters_with_own_metrics,
    "filters of the control with alarms of their own": filters_with_own_alarms,
    "filters of something else": filters_of_something_else,
    "alarms on the metric": alarms_on_the_metric,
    "alarms on other metrics": alarms_elsewhere,
    "alarms on other metrics, and as many filters": alarms_and_filters,
    "composite alarms over other alarms": composites,
    "composite alarms over the control's own": composites_above,
    "trails with chains of their own": trails,
    "trails into one log group": trails_into_one_log_group,
    "topics": topics,
    "subscriptions that drop the message": subscriptions,
}
