"""The Lambda function with all that belongs to it, as every stack has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .alarms import alarm_conditions, alarm_parameters, alarm_resources
from .cloudformation import equals, excused, get_att, negation, ref, sub, when
from .permissions import TELLS_OF_FAILURES, Permission, policy
from .settings import ARCHITECTURES, RUNTIMES, Settings

__all__ = [
    "function_conditions",
    "function_parameters",
    "function_resources",
    "log_conditions",
    "log_group",
    "log_parameters",
    "role",
    "role_conditions",
    "role_parameters",
    "role_properties",
]

_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Days that CloudWatch Logs takes; the last are ten years."""

_EVERY_MEMBER = (
    "AWS Config calls it for every member, and AWS sets no organization in calls of services. The function may assume "
    "no role outside its organization."
)


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
        "Runtime": {
            "Type": "String",
            "Description": "The function's Lambda runtime. The same packages run on each.",
            "Default": Settings.load().runtime,
            "AllowedValues": list(RUNTIMES),
        },
        "Architecture": {
            "Type": "String",
            "Description": "The function's processor. The same packages run on both.",
            "Default": Settings.load().architecture,
            "AllowedValues": list(ARCHITECTURES),
        },
        **alarm_parameters(),
        "FailureDestinationArn": {
            "Type": "String",
            "Description": "SNS topic or SQS queue that is told of each evaluation that Lambda gave up. Empty: none.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:(sns|sqs):[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        },
        "ReservedConcurrency": {
            "Type": "String",
            "Description": "How many evaluations may run at a time. Empty: as many as the account allows.",
            "Default": "",
            "AllowedPattern": "^$|^[1-9][0-9]{0,4}$",
        },
        **log_parameters(),
        **role_parameters(),
    }


def log_parameters() -> Mapping[str, Any]:
    """Of the function's log."""
    return {
        "LogRetentionInDays": {
            "Type": "Number",
            "Description": "How long the function's log is kept.",
            "Default": 90,
            "AllowedValues": [*_RETENTIONS],
        },
        "LogGroupKeyArn": {
            "Type": "String",
            "Description": "KMS key for the function's log; its policy has to admit CloudWatch Logs. Empty: AWS's own.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$",
        },
    }


def role_parameters() -> Mapping[str, Any]:
    """Of every role that a template makes."""
    return {
        "RolePath": {
            "Type": "String",
            "Description": "Path of the role. Where another role or rule names this one, the path belongs to its name.",
            "Default": "/",
            "AllowedPattern": "^/([A-Za-z0-9_+=,.@-]+/){0,8}$",
        },
        "PermissionsBoundaryArn": {
            "Type": "String",
            "Description": "Policy that bounds what the role may do. Empty: none.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]{1,512}$",
        },
    }


def role_conditions() -> Mapping[str, Any]:
    """What `role_properties` depend on."""
    return {"HasPermissionsBoundary": negation(equals(ref("PermissionsBoundaryArn"), ""))}


def role_properties() -> Mapping[str, Any]:
    """What the parameters say of a role."""
    boundary = when("HasPermissionsBoundary", ref("PermissionsBoundaryArn"))
    return {"Path": ref("RolePath"), "PermissionsBoundary": boundary}


def log_conditions() -> Mapping[str, Any]:
    """What the log group depends on."""
    return {"HasLogGroupKey": negation(equals(ref("LogGroupKeyArn"), ""))}


def function_conditions() -> Mapping[str, Any]:
    """What the resources below depend on."""
    return {
        **alarm_conditions(),
        **log_conditions(),
        **role_conditions(),
        "HasFailureDestination": negation(equals(ref("FailureDestinationArn"), "")),
        "ReservesConcurrency": negation(equals(ref("ReservedConcurrency"), "")),
    }


def function_resources(
    permissions: tuple[Permission, ...], source_account: bool, conditional: Mapping[str, Permission] | None = None
) -> Mapping[str, Any]:
    """Function, layer, role, log group, AWS Config's permission, and what watches the watcher.

    `conditional` permissions hold where their condition does.
    """
    settings = Settings.load()
    return {
        "Role": role(permissions, {**(conditional or {}), "HasFailureDestination": TELLS_OF_FAILURES}),
        "Layer": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {
                "LayerName": sub("${RuleName}-libraries"),
                "Description": "rdklib and boto3, as requirements/lambda.txt pins them",
                "Content": {"S3Bucket": ref("CodeBucket"), "S3Key": ref("LayerKey")},
                "CompatibleRuntimes": list(RUNTIMES),
                "LicenseInfo": "Apache-2.0",
            },
        },
        "LogGroup": log_group(),
        "Function": {
            "Type": "AWS::Lambda::Function",
            "DependsOn": "LogGroup",
            **excused(
                CKV_AWS_116="FailureDestinationArn is told of what Lambda gave up, with more than a dead letter has.",
                CKV_AWS_117="It calls public AWS APIs only and holds no data; a VPC would need an endpoint for each.",
            ),
            "Properties": {
                "FunctionName": ref("RuleName"),
                "Description": "Proves that somebody is told when AWS Config is changed",
                "Runtime": ref("Runtime"),
                "Architectures": [ref("Architecture")],
                "Handler": settings.handler,
                "Timeout": settings.timeout_seconds,
                "MemorySize": settings.memory_mb,
                "Role": get_att("Role", "Arn"),
                "ReservedConcurrentExecutions": when("ReservesConcurrency", ref("ReservedConcurrency")),
                "Layers": [ref("Layer")],
                "Code": {"S3Bucket": ref("CodeBucket"), "S3Key": ref("CodeKey")},
            },
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            **({} if source_account else excused(CKV_AWS_364=_EVERY_MEMBER)),
            "Properties": {
                "FunctionName": get_att("Function", "Arn"),
                "Action": "lambda:InvokeFunction",
                "Principal": "config.amazonaws.com",
                **({"SourceAccount": ref("AWS::AccountId")} if source_account else {}),
            },
        },
        "GivenUp": {
            "Type": "AWS::Lambda::EventInvokeConfig",
            "Condition": "HasFailureDestination",
            "Properties": {
                "FunctionName": ref("Function"),
                "Qualifier": "$LATEST",
                "DestinationConfig": {"OnFailure": {"Destination": ref("FailureDestinationArn")}},
            },
        },
        **alarm_resources(ref("Function"), ref("LogGroup")),
    }


def role(permissions: tuple[Permission, ...], conditional: Mapping[str, Permission]) -> Mapping[str, Any]:
    """The function's role."""
    document = policy(permissions)
    statements = [when(name, permission.statement()) for name, permission in conditional.items()]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": sub("${RuleName}-${AWS::Region}"),
            **role_properties(),
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
            "KmsKeyId": when("HasLogGroupKey", ref("LogGroupKeyArn")),
        },
    }
