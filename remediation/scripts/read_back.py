"""Reads back what has to be there now, and says in words what was made, what was found and what a person has to do."""

from typing import Any

import boto3


class NotThere(Exception):
    """What was put cannot be read back."""


def read_back(events: dict[str, Any], context: object) -> dict[str, str]:
    """Raises NotThere. The step is tried again, because AWS may show a change a little later."""
    state = events["State"]
    numbers = [key.removeprefix("FilterPattern") for key in state if key.startswith("FilterPattern")]
    plain = state["Topic"] == "Missing" and state["KeyArn"] == "none"
    parts = {
        "Topic": f"topic {state['TopicArn']}{' (not encrypted: no KmsKeyArn was given)' if plain else ''}",
        "Subscription": f"subscription of {state['SubscriptionEndpoint']}",
        **{
            f"Filter{number}": f"metric filter {state[f'FilterName{number}']} of log group {state['LogGroupName']}"
            for number in numbers
        },
        "Alarm": f"alarm {state['AlarmName']}",
    }
    subscriptions = _subscriptions(state)
    there = {
        "Topic": True,  # or listing its subscriptions would have failed
        "Subscription": state["Subscription"] == "NotGiven" or any(_is_given(state, one) for one in subscriptions),
        **{f"Filter{number}": _has_filter(state, state[f"FilterName{number}"]) for number in numbers},
        "Alarm": _has_alarm(state),
    }
    missing = [words for part, words in parts.items() if not there[part]]
    if missing:
        raise NotThere(f"Not there after it was put: {', '.join(missing)}. Run the runbook again.")
    created = ", ".join(words for part, words in parts.items() if state[part] == "Missing") or "nothing"
    return {
        "Anything": "unchanged" if created == events["Changed"] == "nothing" else "changed",
        "Created": created,
        "Found": ", ".join(words for part, words in parts.items() if state[part] == "Present") or "nothing",
        "Remaining": "; ".join(_remaining(state, subscriptions, events["Remaining"])) or "nothing",
    }


def _subscriptions(state: dict[str, str]) -> list[Any]:
    sns = boto3.client("sns", region_name=state["Region"])
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=state["TopicArn"])
    return [subscription for page in pages for subscription in page["Subscriptions"]]


def _is_given(state: dict[str, str], subscription: Any) -> bool:
    given = (state["SubscriptionProtocol"], state["SubscriptionEndpoint"])
    found = (subscription["Protocol"], subscription["Endpoint"])
    return found == given and subscription["SubscriptionArn"] != "Deleted"


def _has_filter(state: dict[str, str], name: str) -> bool:
    logs = boto3.client("logs", region_name=state["Region"])
    group = state["LogGroupName"]
    found = logs.describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]
    return any(each["filterName"] == name for each in found)


def _has_alarm(state: dict[str, str]) -> bool:
    cloudwatch = boto3.client("cloudwatch", region_name=state["Region"])
    alarms = cloudwatch.describe_alarms(AlarmNames=[state["AlarmName"]], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
    return any(state["TopicArn"] in alarm["AlarmActions"] and alarm["ActionsEnabled"] for alarm in alarms)


def _remaining(state: dict[str, str], subscriptions: list[Any], left: str) -> list[str]:
    remaining = [] if left == "nothing" else [left]
    given = [each for each in subscriptions if _is_given(state, each)]
    if any(each["SubscriptionArn"] == "PendingConfirmation" for each in given):
        remaining.append(
            f"{state['SubscriptionEndpoint']} has to confirm with the link in the message from SNS, within two days"
        )
    elif not any(each["SubscriptionArn"].startswith("arn:") for each in subscriptions):
        remaining.append(
            f"nobody is subscribed to topic {state['TopicArn']}: give SubscriptionEndpoint, or subscribe somebody"
        )
    for each in given:
        if each["SubscriptionArn"].startswith("arn:") and _filtered(state["Region"], each["SubscriptionArn"]):
            remaining.append(
                f"{each['SubscriptionArn']} has a filter policy: it has to let the alarm's message through"
            )
    return remaining


def _filtered(region: str, subscription_arn: str) -> bool:
    sns = boto3.client("sns", region_name=region)
    answer = sns.get_subscription_attributes(SubscriptionArn=subscription_arn)
    return bool(answer["Attributes"].get("FilterPolicy"))
