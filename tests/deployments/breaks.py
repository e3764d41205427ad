"""Each way to break the control's chain in an account that somebody has deployed, whatever it is called there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from config_changes_alarm.findings import FindingId
from config_changes_alarm.resources import Metric, MetricAlarm, MetricFilter

from ..fake_account import FakeAccount

EVENTS = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")


@dataclass(frozen=True, slots=True)
class Break:
    """One hop broken. The first finding has to be one of `findings`; the annotation names one of `subjects`."""

    words: str
    change: Callable[[FakeAccount], FakeAccount]
    findings: frozenset[FindingId]
    subjects: Callable[[FakeAccount], frozenset[str]]

    def __str__(self) -> str:
        return self.words


def filters_of_the_control(account: FakeAccount) -> list[MetricFilter]:
    """Those that somebody meant for the control: they speak of its events."""
    return [each for each in account.filters if EVENTS[0] in each.filter_pattern]


def alarms_of_the_control(account: FakeAccount) -> list[MetricAlarm]:
    made = [made for each in filters_of_the_control(account) for made in each.metric_transformations]
    metrics = {Metric(each.metric_namespace, each.metric_name) for each in made}
    return [each for each in account.metric_alarms if each.metric in metrics]


def topics_of_the_control(account: FakeAccount) -> frozenset[str]:
    return frozenset(arn for alarm in alarms_of_the_control(account) for arn in alarm.alarm_actions)


# --------------------------------------------------------------------------- what is changed


def with_pattern(account: FakeAccount, change: Callable[[str], str]) -> FakeAccount:
    own = filters_of_the_control(account)
    return replace(
        account,
        filters=tuple(
            replace(each, filter_pattern=change(each.filter_pattern)) if each in own else each
            for each in account.filters
        ),
    )


def with_alarm(account: FakeAccount, change: Callable[[MetricAlarm], MetricAlarm]) -> FakeAccount:
    own = alarms_of_the_control(account)
    alarms = tuple(change(each) if each in own else each for each in account.metric_alarms)
    return replace(account, metric_alarms=alarms)


def without(pattern: str, event: str) -> str:
    """The pattern without the alternative that names the event."""
    alternative = rf"\(\s*\$\.eventName\s*=\s*{event}\s*\)"
    shorter = re.sub(rf"\s*\|\|\s*{alternative}|{alternative}\s*\|\|\s*", "", pattern)
    assert event in pattern
    assert event not in shorter
    return shorter


def _filter_gone(account: FakeAccount) -> FakeAccount:
    own = filters_of_the_control(account)
    return replace(account, filters=tuple(each for each in account.filters if each not in own))


def _no_action(account: FakeAccount) -> FakeAccount:
    return with_alarm(account, lambda alarm: replace(alarm, alarm_actions=()))


def _threshold_3(account: FakeAccount) -> FakeAccount:
    return with_alarm(account, lambda alarm: replace(alarm, threshold=3.0))


def _elsewhere(account: FakeAccount) -> FakeAccount:
    def moved(alarm: MetricAlarm) -> MetricAlarm:
        assert alarm.metric is not None
        return replace(alarm, metric=replace(alarm.metric, namespace="Elsewhere"))

    return with_alarm(account, moved)


def _single_region(account: FakeAccount) -> FakeAccount:
    return replace(
        account,
        configured_trails=tuple(
            replace(each, trail=replace(each.trail, is_multi_region_trail=False)) for each in account.configured_trails
        ),
    )


def _for_events_only(account: FakeAccount) -> FakeAccount:
    def policy(arn: str) -> str:
        publisher = {"Service": "events.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": publisher, "Action": "sns:Publish", "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return replace(account, topics=tuple(replace(each, policy=policy(each.topic_arn)) for each in account.topics))


def _aws_managed_key(account: FakeAccount) -> FakeAccount:
    topics = tuple(replace(each, kms_master_key_id="alias/aws/sns") for each in account.topics)
    return replace(account, topics=topics)


def _nobody(account: FakeAccount) -> FakeAccount:
    return replace(account, subscribed=())


# --------------------------------------------------------------------------- what has to be named


def _trails(account: FakeAccount) -> frozenset[str]:
    return frozenset(f"Trail {each.trail.name} " for each in account.configured_trails)


def _log_groups(account: FakeAccount) -> frozenset[str]:
    return frozenset(f"Log group {each.id.name} " for each in account.log_groups)


def _filters(account: FakeAccount) -> frozenset[str]:
    return frozenset(f"Metric filter {each.filter_name} " for each in filters_of_the_control(account))


def _alarms(account: FakeAccount) -> frozenset[str]:
    return frozenset(f"Alarm {each.alarm_name} " for each in alarms_of_the_control(account))


def _alarms_or_metric(account: FakeAccount) -> frozenset[str]:
    return _alarms(account) | {f"metric {each.metric}." for each in alarms_of_the_control(account)}


def _topics(account: FakeAccount) -> frozenset[str]:
    return frozenset(f"Topic {arn.rsplit(':', 1)[-1]} " for arn in topics_of_the_control(account))


F = FindingId


def _one_event_gone(event: str) -> Break:
    def change(account: FakeAccount) -> FakeAccount:
        return with_pattern(account, lambda pattern: without(pattern, event))

    return Break(f"{event} gone", change, frozenset({F.PATTERN_MISSES_EVENT}), _filters)


BREAKS = (
    Break("filter gone", _filter_gone, frozenset({F.NO_METRIC_FILTER}), _log_groups),
    *map(_one_event_gone, EVENTS[1:]),
    Break("no action", _no_action, frozenset({F.ALARM_NO_TOPIC}), _alarms),
    Break("threshold 3", _threshold_3, frozenset({F.ALARM_NEVER_FIRES}), _alarms),
    Break("single Region", _single_region, frozenset({F.TRAIL_SINGLE_REGION}), _trails),
    Break("events-only topic policy", _for_events_only, frozenset({F.TOPIC_POLICY_DENIES_ALARM}), _topics),
    Break("AWS managed key", _aws_managed_key, frozenset({F.TOPIC_KEY_DENIES_ALARM}), _topics),
    Break("other namespace", _elsewhere, frozenset({F.ALARM_ON_ANOTHER_METRIC, F.NO_ALARM}), _alarms_or_metric),
    Break("nobody subscribed", _nobody, frozenset({F.NO_SUBSCRIPTION}), _topics),
)
