"""An account after somebody has carried out commands in it, and what they took away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from config_changes_alarm.resources import (
    EventSelectors,
    Key,
    LogGroupId,
    MetricAlarm,
    MetricFilter,
    Subscription,
    SubscriptionAttributes,
    Topic,
)

from ..fake_account import ACCOUNT, REGION, ConfiguredTrail, FakeAccount, logging
from .commands import Call

Change = Callable[[FakeAccount, Mapping[str, Any]], FakeAccount]
"""What a call's parameters make of an account."""

ADMITTING_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/admits-cloudwatch"
ADMITTING = (
    '{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},'
    '"Action":["kms:GenerateDataKey*","kms:Decrypt"],"Resource":"*"}]}'
)


def carried_out(account: FakeAccount, calls: tuple[Call, ...]) -> FakeAccount:
    """The account as AWS would show it then. Whoever is asked to confirm a subscription does."""
    for call in calls:
        looks = call.operation.split(":")[1].startswith(("Describe", "Get", "List"))
        account = account if looks else _CHANGES[call.operation](account, call.parameters)
    return account


def alarm_of(put: Mapping[str, Any]) -> MetricAlarm:
    """What DescribeAlarms shows of an alarm that was put."""
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{put['AlarmName']}"
    return MetricAlarm.from_api({"AlarmArn": arn, "StateValue": "OK", "ActionsEnabled": True, **put})


def _put_metric_filter(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    made = MetricFilter.from_api(given, LogGroupId("aws", ACCOUNT, REGION, given["logGroupName"]))
    assert made.log_group in {each.id for each in account.log_groups}
    kept = (
        each for each in account.filters if (each.log_group, each.filter_name) != (made.log_group, made.filter_name)
    )
    return replace(account, filters=(*kept, made))


def _put_metric_alarm(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    made = alarm_of(given)
    alarms = {each.alarm_name: each for each in (*account.metric_alarms, made)}
    return replace(account, metric_alarms=tuple(alarms.values()))


def _enable_alarm_actions(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    named = given["AlarmNames"]
    alarms = (
        replace(each, actions_enabled=True) if each.alarm_name in named else each for each in account.metric_alarms
    )
    return replace(account, metric_alarms=tuple(alarms))


def _set_topic_attributes(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    member = {"Policy": "policy", "KmsMasterKeyId": "kms_master_key_id"}[given["AttributeName"]]
    value: dict[str, Any] = {member: given["AttributeValue"]}
    changed = replace(account, topics=_with_topic(account, given["TopicArn"], lambda topic: replace(topic, **value)))
    key = (ADMITTING_KEY, Key(ADMITTING_KEY, "CUSTOMER", "Enabled", ADMITTING))
    return replace(changed, keys=(*account.keys, key)) if given["AttributeValue"] == ADMITTING_KEY else changed


def _with_topic(account: FakeAccount, arn: str, change: Callable[[Topic], Topic]) -> tuple[Topic, ...]:
    assert arn in {each.topic_arn for each in account.topics}
    return tuple(change(each) if each.topic_arn == arn else each for each in account.topics)


def _put_key_policy(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    assert given["KeyId"] in {key.arn for _, key in account.keys}
    keys = (
        (name, replace(key, policy=given["Policy"]) if key.arn == given["KeyId"] else key) for name, key in account.keys
    )
    return replace(account, keys=tuple(keys))


def _subscribe(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    arn = f"{given['TopicArn']}:11111111-1111-1111-1111-{len(account.subscribed):012}"
    made = Subscription(arn, given["Protocol"], given["Endpoint"], given["TopicArn"], ACCOUNT)
    return replace(account, subscribed=(*account.subscribed, (made, SubscriptionAttributes(arn))))


def _set_queue_attributes(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
    url, policy = given["QueueUrl"], given["Attributes"]["Policy"]
    assert url in {each.queue_url for each in account.queues}
    queues = (replace(each, policy=policy) if each.queue_url == url else each for each in account.queues)
    return replace(account, queues=tuple(queues))


def _of_trail(change: Callable[[ConfiguredTrail, Mapping[str, Any]], ConfiguredTrail]) -> Change:
    def changed(account: FakeAccount, given: Mapping[str, Any]) -> FakeAccount:
        named = given.get("Name", given.get("TrailName"))
        assert named in {each.trail.trail_arn for each in account.configured_trails}
        trails = (change(each, given) if each.trail.trail_arn == named else each for each in account.configured_trails)
        return replace(account, configured_trails=tuple(trails))

    return changed


def _update_trail(had: ConfiguredTrail, given: Mapping[str, Any]) -> ConfiguredTrail:
    members = {
        "IsMultiRegionTrail": "is_multi_region_trail",
        "CloudWatchLogsLogGroupArn": "cloud_watch_logs_log_group_arn",
    }
    changes: dict[str, Any] = {member: given[name] for name, member in members.items() if name in given}
    return replace(had, trail=replace(had.trail, **changes))


def _put_event_selectors(had: ConfiguredTrail, given: Mapping[str, Any]) -> ConfiguredTrail:
    return replace(had, selectors=EventSelectors.from_api(given))


_CHANGES: Mapping[str, Change] = {
    "logs:PutMetricFilter": _put_metric_filter,
    "cloudwatch:PutMetricAlarm": _put_metric_alarm,
    "cloudwatch:EnableAlarmActions": _enable_alarm_actions,
    "sns:SetTopicAttributes": _set_topic_attributes,
    "sns:Subscribe": _subscribe,
    "sqs:SetQueueAttributes": _set_queue_attributes,
    "kms:PutKeyPolicy": _put_key_policy,
    "cloudtrail:UpdateTrail": _of_trail(_update_trail),
    "cloudtrail:PutEventSelectors": _of_trail(_put_event_selectors),
    "cloudtrail:StartLogging": _of_trail(lambda had, _: replace(had, status=logging())),
}
"""What each operation that a remedy may use changes."""


# --------------------------------------------------------------------------- what is gone


def taken_away(before: FakeAccount, after: FakeAccount) -> frozenset[str]:
    """What was there before and is not, or is not as it was: by kind and name."""
    return frozenset(f"{kind} {name}" for kind, name, _ in _things(before) - _things(after))


def _things(account: FakeAccount) -> frozenset[tuple[str, str, str]]:
    return frozenset(_each_thing(account))


def _each_thing(account: FakeAccount) -> Iterator[tuple[str, str, str]]:
    for each in account.filters:
        yield "metric filter", each.filter_name, repr(each)
    for alarm in account.metric_alarms:
        yield "alarm", alarm.alarm_name, repr(replace(alarm, actions_enabled=True))
        if alarm.actions_enabled:
            yield "actions of alarm", alarm.alarm_name, ""
    for topic in account.topics:
        for statement in _statements(topic.policy):
            yield "policy statement of topic", topic.topic_arn.rsplit(":", 1)[-1], statement
    for queue in account.queues:
        for statement in _statements(queue.policy):
            yield "policy statement of queue", queue.queue_arn, statement
    for name, key in account.keys:
        for statement in _statements(key.policy):
            yield "policy statement of key", name, statement
    for subscription, attributes in account.subscribed:
        yield "subscription", subscription.endpoint, repr((subscription, attributes))
    for trail in account.configured_trails:
        for selector in (*trail.selectors.event_selectors, *trail.selectors.advanced_event_selectors):
            yield "event selector of trail", trail.trail.name, repr(selector)


def _statements(policy: str | None) -> list[str]:
    statements = [] if policy is None else json.loads(policy)["Statement"]
    return [json.dumps(each, sort_keys=True) for each in (statements if isinstance(statements, list) else [statements])]
