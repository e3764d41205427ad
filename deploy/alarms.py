"""What watches the rule itself, whatever way it was deployed; alone, for a function of RDK, it is `deploy/alarms.yaml`.

AWS Config goes on showing the last verdict of a rule that no longer evaluates. Four ways of falling silent are watched:
evaluations fail, none is made, Lambda throttles them, Lambda drops them. A query shows which account of an
organization has not been evaluated for long: the function's own metrics hide one silent account among thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cloudformation import Value, equals, negation, ref, sub, when
from .rule_parameters import FREQUENCIES

__all__ = ["alarm_conditions", "alarm_parameters", "alarm_resources", "alarms", "frequency_parameter"]

_HOURS = dict(zip(FREQUENCIES, (1, 3, 6, 12, 24), strict=True))
_LONGEST = FREQUENCIES[-1]
_GRACE_HOURS = 2
"""AWS Config promises no minute; Lambda retries for up to an hour when it is busy."""

_QUERY = """\
fields @timestamp
| filter compliance in ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"]
| stats max(@timestamp) as last, latest(compliance) as verdict by account
| sort last asc
| limit 10000"""
"""CloudWatch Logs Insights reads the JSON in each line of the function's log. A failed evaluation has no compliance."""


def frequency_parameter() -> Mapping[str, Any]:
    """As AWS Config takes it."""
    return {
        "Type": "String",
        "Description": "How often the rule evaluates, beside changes of trails, alarms and topics.",
        "Default": "TwentyFour_Hours",
        "AllowedValues": list(FREQUENCIES),
    }


def alarm_parameters() -> Mapping[str, Any]:
    """Whom to tell, and what is too long."""
    return {
        "MaximumExecutionFrequency": frequency_parameter(),
        "AlarmTopicArn": {
            "Type": "String",
            "Description": "SNS topic to tell when the rule itself fails or stops. Empty: only the alarms show.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        },
    }


def alarm_conditions() -> Mapping[str, Any]:
    """What the resources depend on."""
    frequencies = {
        _condition(name): equals(ref("MaximumExecutionFrequency"), name) for name in FREQUENCIES if name != _LONGEST
    }
    return {"HasAlarmTopic": negation(equals(ref("AlarmTopicArn"), "")), **frequencies}


def _condition(frequency: str) -> str:
    return "Every" + frequency.replace("_", "")


def _silent_hours() -> Value:
    """After how many hours without an evaluation something is wrong. A mapping's keys take no underscore."""
    hours: Value = _HOURS[_LONGEST] + _GRACE_HOURS
    for name in FREQUENCIES:
        if name != _LONGEST:
            hours = when(_condition(name), _HOURS[name] + _GRACE_HOURS, hours)
    return hours


def alarm_resources(function: Value, log_group: Value) -> Mapping[str, Any]:
    """For the function of this name, which need not be there yet, and the log group of this name."""
    return {
        "FailedEvaluations": _on_one(
            function,
            "failed-evaluations",
            "Errors",
            "The rule could not evaluate: AWS Config goes on showing its last verdict. The function's log says why.",
        ),
        "MissingEvaluations": _missing_evaluations(function),
        "ThrottledEvaluations": _on_one(
            function,
            "throttled-evaluations",
            "Throttles",
            "Lambda has throttled the function for three hours in a row: evaluations wait, for six hours at most. "
            "Raise its concurrency, or spread the accounts.",
            hours=3,
        ),
        "DroppedEvaluations": _on_one(
            function,
            "dropped-evaluations",
            "AsyncEventsDropped",
            "Lambda gave up an evaluation: AWS Config goes on showing that account's last verdict. "
            "The saved query shows which accounts have not been evaluated for long.",
        ),
        "LastEvaluations": {
            "Type": "AWS::Logs::QueryDefinition",
            "Properties": {
                "Name": sub("${RuleName}/last evaluation of each account"),
                "LogGroupNames": [log_group],
                "QueryString": _QUERY,
            },
        },
    }


def _actions() -> list[Value]:
    return [when("HasAlarmTopic", ref("AlarmTopicArn"))]


def _on_one(function: Value, name: str, metric_name: str, description: str, hours: int = 0) -> Mapping[str, Any]:
    """An alarm on a single event, or with `hours` on one event in each of them."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": sub(f"${{RuleName}}-{name}"),
            "AlarmDescription": description,
            "Namespace": "AWS/Lambda",
            "MetricName": metric_name,
            "Dimensions": [{"Name": "FunctionName", "Value": function}],
            "Statistic": "Sum",
            "Period": 3600 if hours else 300,
            "EvaluationPeriods": hours or 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": _actions(),
        },
    }


def _missing_evaluations(function: Value) -> Mapping[str, Any]:
    """ALARM when every evaluation of those hours failed, INSUFFICIENT_DATA when there was none: both tell.

    A new alarm is in INSUFFICIENT_DATA and acts on changes of its state alone, so it tells nobody before it has seen
    a first evaluation and then none for too long. Were missing data breaching, it would ring when it is made.
    """
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": sub("${RuleName}-missing-evaluations"),
            "AlarmDescription": (
                "No evaluation succeeded for longer than the rule's frequency. Is the rule still there, may AWS Config "
                "invoke the function, may the function assume its role? Rules evaluate also while the recorder is off."
            ),
            "Metrics": [
                {
                    "Id": "succeeded",
                    "Label": "Evaluations that succeeded",
                    "Expression": "invocations - errors",
                    "ReturnData": True,
                },
                *(_hourly(function, name) for name in ("Invocations", "Errors")),
            ],
            "EvaluationPeriods": _silent_hours(),
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "missing",
            "AlarmActions": _actions(),
            "InsufficientDataActions": _actions(),
        },
    }


def _hourly(function: Value, metric_name: str) -> Mapping[str, Any]:
    return {
        "Id": metric_name.lower(),
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Lambda",
                "MetricName": metric_name,
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
            },
            "Period": 3600,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }


def alarms() -> Mapping[str, Any]:
    """The stack that watches a function of RDK."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What watches the function of ConfigChangesAlarmRule that RDK has deployed",
        "Parameters": {
            "RuleName": {
                "Type": "String",
                "Description": "Name of the function.",
                "Default": "RDK-Rule-Function-ConfigChangesAlarmRule",
                "AllowedPattern": "^[A-Za-z][A-Za-z0-9-]{0,39}$",
            },
            **alarm_parameters(),
        },
        "Conditions": alarm_conditions(),
        "Resources": alarm_resources(ref("RuleName"), sub("/aws/lambda/${RuleName}")),
    }
