"""Compares what is there with what has to be there, and refuses before anything is made. Changes nothing.

A chain counts as whole only in the plain forms that this script knows. Anything else is not touched: it is left, and a
chain of the runbook's own is made beside it.

Long on purpose: a step of Systems Manager is one script and can import no other.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.exceptions import ClientError

CONFIRMED = re.compile(r"arn:[^:]+:sns:[^:]+:\d{12}:[^:]+:[0-9a-f-]{36}")
HIDDEN = (
    *("NotFound", "NotFoundException", "ResourceNotFoundException"),
    *("AuthorizationError", "AccessDenied", "AccessDeniedException"),
)
JUDGED = 4  # periods for which an alarm of 1 of 1 looks at a data point that none follows
LEFT = "It is left as it is: choose another Name."
WHOLE = ("Present", "Admits", "Admits")
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def compare(events: dict[str, Any], context: object) -> dict[str, Any]:
    """Each part as Present or Missing. Raises CannotRepair when a name is taken by something different."""
    wanted = {name: value for name, value in events.items() if name not in ("Group", "Requirement")}
    wanted |= {**events["Group"], **_asked(events["Requirement"])}
    target = _target(wanted)
    found = [(*chain, _reach(wanted, chain[2], chain[3])) for chain in _chains(wanted)]
    counting = [target] if wanted["TopicArn"] else wanted["Topics"]
    found = [chain for chain in found if chain[3] in counting or not counting]
    told = [_told(found, number) for number in wanted["Patterns"]]
    if all(told):
        names = [f"{chain[1]['filterName']}, {chain[2]['AlarmName']} and {chain[3]}" for chain in told if chain]
        message = f"Nothing to make: {'; '.join(dict.fromkeys(names))} are there."
        if any(chain[4] == "Pending" for chain in told if chain):
            message += f" {wanted['SubscriptionEndpoint']} still has to confirm."
        return {"Chain": "Whole", "Message": message, "State": {}}
    return {"Chain": "Incomplete", "Message": "Something is missing.", "State": _state(wanted, target, found)}


def _told(found: list[Any], number: str) -> Any:
    """The chain by which somebody is told of one pattern's events, at the latest after the given endpoint's click."""
    for reach in ("Confirmed", "Pending"):
        for chain in found:
            if (chain[0], chain[4]) == (number, reach):
                return chain
    return None


def _state(wanted: dict[str, Any], target: str, found: list[Any]) -> dict[str, str]:
    """What is there and what is missing, of the chain that lacks least, or else of one of the runbook's own."""
    state = {key: value for key, value in wanted.items() if isinstance(value, str)}
    state |= {
        "MetricNamespace": wanted["Name"],
        "MetricName": wanted["Metric"],
        "Unit": "None",
        "AlarmName": _own(wanted),
    }
    base = _told(found, "")
    for _, metric_filter, alarm, topic_arn, reach in [chain for chain in found if chain[0] == ""]:
        alone = reach == "Nobody" and wanted["SubscriptionEndpoint"]
        if base is None and (topic_arn == target or alone):
            base = ("", metric_filter, alarm, topic_arn, reach)
    if base is not None:
        published = base[1]["metricTransformations"][0]
        target = base[3]
        state |= {"MetricNamespace": published["metricNamespace"], "MetricName": published["metricName"]}
        state |= {"Unit": published.get("unit", "None"), "AlarmName": base[2]["AlarmName"], "Alarm": "Present"}
    else:
        state["Alarm"] = _alarm_state(wanted, target)
    state["TopicArn"] = target
    for number, pattern in wanted["Patterns"].items():
        state |= _filter_state(wanted, state, number, pattern)
    alarm_arn = target.replace(":sns:", ":cloudwatch:").rpartition(":")[0] + f":alarm:{state['AlarmName']}"
    return state | _topic_states(wanted, target, alarm_arn)


def _asked(requirement: dict[str, str]) -> dict[str, Any]:
    """The rule's parameters as the rule reads them; the events of AdditionalEventNames have patterns of their own.

    The control's text stays as it is for those who compare it letter by letter, and a pattern has 1,024 characters.
    """
    patterns, names = {"": requirement["RequiredFilterPattern"]}, _each(requirement.get("AdditionalEventNames", ""))
    source = requirement["Source"]
    while names:
        taken = next(count for count in range(len(names), 0, -1) if len(_pattern(source, names[:count])) <= 1024)
        patterns[str(len(patterns) + 1)] = _pattern(source, names[:taken])
        names = names[taken:]
    longest = int(requirement.get("MaxRearmSeconds", "86400"))
    period = 300 if longest >= 300 * JUDGED else 60
    # zeros end an alarm after its own periods; without them its one data point is looked at for longer
    zeros = "0" if longest < 60 * JUDGED else "none"
    return {
        **{name: requirement[name] for name in ("Suffix", "Metric", "Description")},
        "Patterns": patterns,
        "Topics": _each(requirement.get("TopicArns", "")),
        "MaxRearmSeconds": str(longest),
        "Period": str(period),
        "DefaultValue": zeros,
    }


def _each(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _pattern(source: str, names: list[str]) -> str:
    calls = "||".join(f"($.eventName={name})" for name in names)
    return "{ ($.eventSource = " + source + ") && (" + calls + ") }"


def _own(wanted: dict[str, Any]) -> str:
    """The name of the alarm and the filter: the control's own, while all controls share the topic and the namespace."""
    return str(wanted["Name"] + wanted["Suffix"])


def _target(wanted: dict[str, Any]) -> str:
    """The topic's ARN. Refuses what can be seen to be wrong in the parameters alone."""
    partition, region, account_id, topics = wanted["Partition"], wanted["Region"], wanted["AccountId"], wanted["Topics"]
    near = [arn for arn in topics if _near(wanted, arn)]
    target: str = wanted["TopicArn"] or (near or [f"arn:{partition}:sns:{region}:{account_id}:{wanted['Name']}"])[0]
    if topics and target not in topics:
        raise CannotRepair(
            f"The rule's TopicArns are {', '.join(topics)}: "
            + (f"TopicArn {target} is none of them." if near else f"none is of account {account_id} and {region}.")
        )
    for name, arn in (("TopicArn", target), ("KmsKeyArn", wanted["KmsKeyArn"])):
        if arn and arn.split(":")[3:5] != [region, account_id]:
            raise CannotRepair(f"{name} is {arn}: it has to be of account {account_id} and {region}, as the alarm.")
    protocol, endpoint = wanted["SubscriptionProtocol"], wanted["SubscriptionEndpoint"]
    form = {"https": "https://.+", "sms": r"\+\d+", "sqs": "arn:.+:sqs:.+", "lambda": "arn:.+:lambda:.+"}
    if endpoint and not re.fullmatch(form.get(protocol, "[^@]+@[^@]+"), endpoint):
        raise CannotRepair(f"SubscriptionEndpoint is {endpoint!r}: that is none of protocol {protocol}.")
    return target


# ---- the metric filter and the alarm


def _spaceless(pattern: str) -> str:
    return re.sub(r"\s*([{}()=!<>|&])\s*", r"\1", pattern).strip()


def _filter_differs(metric_filter: Any, pattern: str) -> str | None:
    if _spaceless(metric_filter.get("filterPattern", "")) != _spaceless(pattern):
        return "another pattern"
    if any(metric_filter.get(name) for name in ("fieldSelectionCriteria", "emitSystemFieldDimensions")):
        return "selection criteria or system dimensions"
    if metric_filter.get("applyOnTransformedLogs") or len(metric_filter["metricTransformations"]) != 1:
        return "transformed events or several metrics"
    published = metric_filter["metricTransformations"][0]
    if published["metricValue"] not in ("1", "1.0") or published.get("defaultValue") not in (None, 0):
        return "another metric value"
    return "dimensions" if published.get("dimensions") else None


def _alarm_differs(
    alarm: Any, namespace: str, name: str, muted: bool, unit: str = "None", longest: int = 86_400, zeros: bool = False
) -> str | None:
    """What keeps a metric alarm from firing on one event of value 1, and on each later one `longest` seconds after."""
    if (alarm.get("Namespace"), alarm.get("MetricName")) != (namespace, name) or alarm.get("Dimensions"):
        return "another metric"
    if alarm.get("Unit", unit) != unit or alarm.get("Statistic") not in ("Sum", "Maximum"):
        return "a unit or another statistic"
    period, periods = alarm["Period"], alarm["EvaluationPeriods"]
    if alarm.get("WarmUpConfiguration") or "WallClockWindow" in (alarm.get("EvaluationWindow") or {}):
        return "a warm-up or a wall-clock window"
    if (
        period < 60
        or period % 60
        or period * periods > 3600
        or period * (periods if zeros else periods + JUDGED - 1) > longest
        or alarm.get("DatapointsToAlarm", periods) != 1
        or (alarm.get("EvaluationInterval", 0) > period)
    ):
        return "other periods"
    if alarm.get("TreatMissingData", "missing") not in ("missing", "notBreaching"):
        return "another treatment of missing data"
    operator, threshold = alarm.get("ComparisonOperator"), alarm.get("Threshold", -1.0)
    if not (operator == "GreaterThanOrEqualToThreshold" and 0 < threshold <= 1) and not (
        operator == "GreaterThanThreshold" and 0 <= threshold < 1
    ):
        return "another threshold"
    since = alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")
    if alarm.get("StateValue") == "ALARM" and since and datetime.now(UTC) - since > timedelta(days=1):
        return "been in ALARM for more than a day"
    if not alarm["ActionsEnabled"]:
        return "its actions disabled"
    return "an active mute rule" if muted else None


def _muted(cloudwatch: Any, name: str) -> bool:
    """Mute rules are newer than some versions of boto3: where it does not know them, none is assumed."""
    if not hasattr(cloudwatch, "list_alarm_mute_rules"):
        return False
    answer = cloudwatch.list_alarm_mute_rules(AlarmName=name, Statuses=["ACTIVE"])
    return bool(answer["AlarmMuteRuleSummaries"])


def _chains(wanted: dict[str, Any]) -> Any:
    """Every plain filter with a plain alarm on its metric, by its pattern and each topic that the alarm notifies."""
    cloudwatch = boto3.client("cloudwatch", region_name=wanted["Region"])
    for metric_filter in _filters(wanted, logGroupName=wanted["LogGroupName"]):
        number = _number(wanted, metric_filter)
        if number is None:
            continue
        published = metric_filter["metricTransformations"][0]
        namespace, name = published["metricNamespace"], published["metricName"]
        sharing = _filters(wanted, metricNamespace=namespace, metricName=name)
        units = {each["metricTransformations"][0].get("unit", "None") for each in sharing}
        if any(_number(wanted, other) is None for other in sharing) or len(units) > 1:
            continue
        zeros = all(each["metricTransformations"][0].get("defaultValue") == 0 for each in sharing)
        alarms = cloudwatch.describe_alarms_for_metric(Namespace=namespace, MetricName=name)["MetricAlarms"]
        for alarm in alarms:
            muted = _muted(cloudwatch, alarm["AlarmName"])
            longest = int(wanted["MaxRearmSeconds"])
            if _alarm_differs(alarm, namespace, name, muted, next(iter(units)), longest, zeros) is None:
                yield from ((number, metric_filter, alarm, arn) for arn in alarm["AlarmActions"] if _near(wanted, arn))


def _number(wanted: dict[str, Any], metric_filter: Any) -> str | None:
    """Which of the patterns a plain filter has."""
    matching = (number for number, pattern in wanted["Patterns"].items() if not _filter_differs(metric_filter, pattern))
    return next(matching, None)


def _near(wanted: dict[str, Any], arn: str) -> bool:
    """Whether it is a topic of this account and Region, and not a FIFO topic, which no person can subscribe to."""
    return arn.split(":")[2:5] == ["sns", wanted["Region"], wanted["AccountId"]] and not arn.endswith(".fifo")


def _filters(wanted: dict[str, Any], **query: Any) -> list[Any]:
    logs = boto3.client("logs", region_name=wanted["Region"])
    pages = logs.get_paginator("describe_metric_filters").paginate(**query)
    return [metric_filter for page in pages for metric_filter in page["metricFilters"]]


def _filter_state(wanted: dict[str, Any], state: dict[str, str], number: str, pattern: str) -> dict[str, str]:
    """Of the filter with one of the patterns on the chain's metric; its keys in the state end with the number."""
    group, metric = wanted["LogGroupName"], (state["MetricNamespace"], state["MetricName"])
    name = _own(wanted) + (f"-{number}" if number else "")
    told = {f"FilterPattern{number}": pattern, f"FilterName{number}": name, f"Filter{number}": "Missing"}
    for found in _filters(wanted, metricNamespace=metric[0], metricName=metric[1]):
        if found["logGroupName"] != group or _number(wanted, found) is None:
            where = f"metric filter {found['filterName']} of log group {found['logGroupName']}"
            if found["filterName"] != name:
                raise CannotRepair(f"Metric {'/'.join(metric)} is published by {where}. {LEFT}")
        elif _number(wanted, found) == number:
            return told | {f"FilterName{number}": found["filterName"], f"Filter{number}": "Present"}
    for found in _filters(wanted, logGroupName=group, filterNamePrefix=name):
        if found["filterName"] == name:
            differs = _filter_differs(found, pattern) or "another metric"
            raise CannotRepair(f"Log group {group} has a metric filter {name} with {differs}. {LEFT}")
    return told


def _alarm_state(wanted: dict[str, Any], target: str) -> str:
    cloudwatch = boto3.client("cloudwatch", region_name=wanted["Region"])
    name, metric = _own(wanted), wanted["Metric"]
    answer = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    differs = "the kind of a composite alarm" if answer.get("CompositeAlarms") else None
    for alarm in answer["MetricAlarms"]:
        longest, zeros = int(wanted["MaxRearmSeconds"]), wanted["DefaultValue"] == "0"
        differs = _alarm_differs(alarm, wanted["Name"], metric, _muted(cloudwatch, name), "None", longest, zeros)
        if differs is None and target not in alarm["AlarmActions"]:
            differs = f"no action to {target}"
    if differs:
        raise CannotRepair(f"There is an alarm {name} with {differs}. {LEFT}")
    return "Present" if answer["MetricAlarms"] else "Missing"


# ---- the topic, its policy, its key and its subscriptions


def _read(call: Any, **request: str) -> Any:
    """The answer, or None for what is not there or not shown."""
    try:
        return call(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] in HIDDEN:
            return None
        raise


def _reach(wanted: dict[str, Any], alarm: Any, topic_arn: str) -> str:
    """Confirmed, or Pending when only the given endpoint's click is missing, or Nobody, or No where more is wrong."""
    states = _topic_states(wanted, topic_arn, alarm["AlarmArn"])
    if (states["Topic"], states["Policy"], states["Key"]) != WHOLE:
        return "No"
    return "Nobody" if (states["Reach"], states["Subscription"]) == ("No", "Missing") else states["Reach"]


def _topic_states(wanted: dict[str, Any], topic_arn: str, alarm_arn: str) -> dict[str, str]:
    sns = boto3.client("sns", region_name=wanted["Region"])
    topic = _read(sns.get_topic_attributes, TopicArn=topic_arn)
    endpoint = "Missing" if wanted["SubscriptionEndpoint"] else "NotGiven"
    if topic is None:
        keys = _key_states(wanted, wanted["KmsKeyArn"], alarm_arn)
        return {"Topic": "Missing", "Policy": "Admits", "Subscription": endpoint, "Reach": "No", **keys}
    attributes, reach = topic["Attributes"], "No"
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    for each in (subscription for page in pages for subscription in page["Subscriptions"]):
        arn = each["SubscriptionArn"]
        given = (each["Protocol"], each["Endpoint"]) == (wanted["SubscriptionProtocol"], wanted["SubscriptionEndpoint"])
        if given and arn != "Deleted":
            endpoint = "Present"
        if CONFIRMED.fullmatch(arn) and _hands_over(sns, arn):
            reach = "Confirmed"
        elif given and arn == "PendingConfirmation" and reach == "No":
            reach = "Pending"
    return {
        "Topic": "Present",
        "Policy": _admits(attributes.get("Policy", ""), ("sns:Publish",), topic_arn, alarm_arn),
        "Subscription": endpoint,
        "Reach": reach,
        **_key_states(wanted, attributes.get("KmsMasterKeyId", ""), alarm_arn),
    }


def _hands_over(sns: Any, subscription_arn: str) -> bool:
    answer = _read(sns.get_subscription_attributes, SubscriptionArn=subscription_arn)
    return bool(answer) and not answer["Attributes"].get("FilterPolicy")


def _key_states(wanted: dict[str, Any], key_id: str, alarm_arn: str) -> dict[str, str]:
    """Whether the alarm may use the key. Only a customer managed key of this account can ever be seen to admit it."""
    if not key_id:
        return {"Key": "Admits", "KeyArn": "none"}
    kms = boto3.client("kms", region_name=wanted["Region"])
    refused = {"Key": "Refuses", "KeyArn": key_id}
    answer = None if key_id.endswith("alias/aws/sns") else _read(kms.describe_key, KeyId=key_id)
    if answer is None or answer["KeyMetadata"]["KeyManager"] != "CUSTOMER":
        return refused
    key = answer["KeyMetadata"]
    policy = _read(kms.get_key_policy, KeyId=key["Arn"], PolicyName="default")
    if policy is None or key["KeyState"] != "Enabled":
        return refused
    return {"Key": _admits(policy["Policy"], KEY_ACTIONS, key["Arn"], alarm_arn), "KeyArn": key["Arn"]}


def _admits(policy: str, actions: tuple[str, ...], resource: str, alarm_arn: str) -> str:
    """Admits when it is plain that the alarm may; Mendable when a further Allow would do; else Refuses."""
    try:
        statements = json.loads(policy)["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        if any(each["Effect"] == "Deny" and not _only_insecure(each) for each in statements):
            return "Refuses"
        allowed = [
            any(each["Effect"] == "Allow" and _covers(each, action, resource, alarm_arn) for each in statements)
            for action in actions
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "Refuses"
    return "Admits" if all(allowed) else "Mendable"


def _only_insecure(statement: Any) -> bool:
    """The usual Deny of requests without TLS; CloudWatch makes none."""
    return bool(statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}})


def _covers(statement: Any, action: str, resource: str, alarm_arn: str) -> bool:
    principal = statement.get("Principal", {})
    named = ["*"] if principal == "*" else _listed(principal.get("AWS")) + _listed(principal.get("Service"))
    return (
        ("*" in named or "cloudwatch.amazonaws.com" in named)
        and any(_like(each.lower(), action.lower()) for each in _listed(statement.get("Action")))
        and any(_like(each, resource) for each in _listed(statement.get("Resource")))
        and all(
            _condition(operator, key.lower(), _listed(values), alarm_arn)
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        )
    )


def _condition(operator: str, key: str, values: list[str], alarm_arn: str) -> bool:
    """Only the conditions that AWS documents for alarms are known to hold."""
    if key in ("aws:sourceaccount", "aws:sourceowner") and operator in ("StringEquals", "StringLike"):
        return alarm_arn.split(":")[4] in values
    if key == "aws:sourcearn" and operator in ("ArnLike", "ArnEquals", "StringLike"):
        return any(value.count(":") > 4 and _like(value, alarm_arn) for value in values)  # fewer parts: not documented
    return False


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _like(pattern: str, text: str) -> bool:
    expression = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None
