"""The Lambda function with all that belongs to it, as every stack has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cloudformation import Value, equals, get_att, negation, ref, sub, when
from .permissions import Permission, policy
from .rule_parameters import FREQUENCIES
from .settings import Settings

__all__ = [
    "function_conditions",
    "function_parameters",
    "function_resources",
    "log_group",
    "role",
]

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

_HOURS = dict(zip(FREQUENCIES, (1, 3, 6, 12, 24), strict=True))
_LONGEST = FREQUENCIES[-1]
_GRACE_HOURS = 2
"""AWS Config promises no minute; Lambda retries for up to an hour when it is busy."""


def function_parameters() -> Mapping[str, Any]:
    """Where the code lies, how often to evaluate, whom to tell when the rule itself fails."""
    return {
        "RuleName": {
            "Type": "String",
            "Description": "Name of the rule, the function and, with the Region, the function's role.",
            "Default": "ConfigChangesAlarmRule",
            "AllowedPattern": "^[A-Za-z][A-Za-z0-9-]{0,39}$",
        },
        "CodeBucket": {
            "Type": "String",
            "Description": "S3 bucket of this Region that holds the packages, see make upload.",
            "MinLength": 3,
        },
        "CodeKey": {"Type": "String", "Description": "Key of ConfigChangesAlarmRule.zip.", "MinLength": 1},
        "LayerKey": {"Type": "String", "Description": "Key of layer.zip.", "MinLength": 1},
        "MaximumExecutionFrequency": {
            "Type": "String",
            "Description": "How often the rule evaluates, beside changes of trails, alarms and topics.",
            "Default": "TwentyFour_Hours",
            "AllowedValues": list(FREQUENCIES),
        },
        "AlarmTopicArn": {
            "Type": "String",
            "Description": "SNS topic to tell when the rule itself fails or stops. Empty: only the alarms show.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        },
        "LogRetentionInDays": {
            "Type": "Number",
            "Description": "How long the function's log is kept.",
            "Default": 90,
            "AllowedValues": [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557],
        },
    }


def function_conditions() -> Mapping[str, Any]:
    """What the resources below depend on."""
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


def function_resources(
    permissions: tuple[Permission, ...], source_account: bool, conditional: Mapping[str, Permission] | None = None
) -> Mapping[str, Any]:
    """Function, layer, role, log group, AWS Config's permission, and what watches the watcher.

    `conditional` permissions hold where their condition does.
    """
    settings = Settings.load()
    return {
        "Role": role(permissions, conditional or {}),
        "Layer": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {
                "LayerName": sub("${RuleName}-libraries"),
                "Description": "rdklib and boto3, as requirements/lambda.txt pins them",
                "Content": {"S3Bucket": ref("CodeBucket"), "S3Key": ref("LayerKey")},
                "CompatibleRuntimes": [settings.runtime],
                "LicenseInfo": "Apache-2.0",
            },
        },
        "LogGroup": log_group(),
        "Function": {
            "Type": "AWS::Lambda::Function",
            "DependsOn": "LogGroup",
            "Properties": {
                "FunctionName": ref("RuleName"),
                "Description": "Proves that somebody is told when AWS Config is changed",
                "Runtime": settings.runtime,
                "Handler": settings.handler,
                "Timeout": settings.timeout_seconds,
                "MemorySize": settings.memory_mb,
                "Role": get_att("Role", "Arn"),
                "Layers": [ref("Layer")],
                "Code": {"S3Bucket": ref("CodeBucket"), "S3Key": ref("CodeKey")},
            },
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": get_att("Function", "Arn"),
                "Action": "lambda:InvokeFunction",
                "Principal": "config.amazonaws.com",
                **({"SourceAccount": ref("AWS::AccountId")} if source_account else {}),
            },
        },
        "FailedEvaluations": _failed_evaluations(),
        "MissingEvaluations": _missing_evaluations(),
    }


def role(permissions: tuple[Permission, ...], conditional: Mapping[str, Permission]) -> Mapping[str, Any]:
    """The function's role."""
    document = policy(permissions)
    statements = [when(name, permission.statement()) for name, permission in conditional.items()]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": sub("${RuleName}-${AWS::Region}"),
            "Description": "Reads the alarm chain of AWS Config changes and reports to AWS Config",
            "AssumeRolePolicyDocument": _TRUST,
            "Policies": [
                {
                    "PolicyName": "rule",
                    "PolicyDocument": {**document, "Statement": [*document["Statement"], *statements]},
                }
            ],
        },
    }


def log_group() -> Mapping[str, Any]:
    """Made here and not by Lambda, so that it ends some day and the role may not make log groups."""
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "LogGroupName": sub("/aws/lambda/${RuleName}"),
            "RetentionInDays": ref("LogRetentionInDays"),
        },
    }


def _failed_evaluations() -> Mapping[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": sub("${RuleName}-failed-evaluations"),
            "AlarmDescription": "The rule could not evaluate: AWS Config goes on showing its last verdict.",
            "Namespace": "AWS/Lambda",
            "MetricName": "Errors",
            "Dimensions": [{"Name": "FunctionName", "Value": ref("Function")}],
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [when("HasAlarmTopic", ref("AlarmTopicArn"))],
        },
    }


def _missing_evaluations() -> Mapping[str, Any]:
    """An hour without a successful evaluation has no value or 0; too many of them in a row are an alarm."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": sub("${RuleName}-missing-evaluations"),
            "AlarmDescription": "No evaluation succeeded for longer than the rule's frequency. Is AWS Config on?",
            "Metrics": [
                {
                    "Id": "succeeded",
                    "Label": "Evaluations that succeeded",
                    "Expression": "FILL(invocations, 0) - FILL(errors, 0)",
                    "ReturnData": True,
                },
                *(_hourly(name) for name in ("Invocations", "Errors")),
            ],
            "EvaluationPeriods": _silent_hours(),
            "Threshold": 1,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            "AlarmActions": [when("HasAlarmTopic", ref("AlarmTopicArn"))],
            "OKActions": [when("HasAlarmTopic", ref("AlarmTopicArn"))],
        },
    }


def _hourly(metric_name: str) -> Mapping[str, Any]:
    return {
        "Id": metric_name.lower(),
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Lambda",
                "MetricName": metric_name,
                "Dimensions": [{"Name": "FunctionName", "Value": ref("Function")}],
            },
            "Period": 3600,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }
