"""The rule's remediation in stacks and packs: the runbook of `remediation/`, named by a parameter, off by default.

The runbook's document is made once an account and Region by remediation/stack.yaml, its role by
remediation/automation-role.yaml. A document of another content has another name, so its version 1 is pinned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cloudformation import Value, equals, negation, ref, sub, when

__all__ = [
    "remediation_conditions",
    "remediation_configuration",
    "remediation_parameters",
    "remediation_resources",
    "remediation_rules",
]

_ROLE = "ConfigChangesAlarmRule-Remediation"


def remediation_parameters() -> Mapping[str, Any]:
    """Of a stack."""
    return {
        "RemediationDocument": {
            "Type": "String",
            "Description": "Name of the runbook that mends what the rule finds broken. Empty: off.",
            "Default": "",
            "AllowedPattern": "^$|^[A-Za-z0-9_.-]{3,128}$",
        },
        "RemediationAutomatic": {
            "Type": "String",
            "Description": "Whether AWS Config runs it by itself. Needs RemediationEndpoint or RemediationTopicArn.",
            "Default": "false",
            "AllowedValues": ["true", "false"],
        },
        "RemediationRoleName": {
            "Type": "String",
            "Description": "The role that the runbook works with (AutomationAssumeRole).",
            "Default": _ROLE,
            "AllowedPattern": "^[A-Za-z0-9_+=,.@/-]{1,512}$",
        },
        "RemediationEndpoint": {
            "Type": "String",
            "Description": "E-mail address that the runbook subscribes. Empty: nobody is subscribed.",
            "Default": "",
            "AllowedPattern": "^$|^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$",
        },
        "RemediationTopicArn": {
            "Type": "String",
            "Description": "The topic that the alarm shall notify. Empty: the runbook makes one.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        },
        "RemediationName": {
            "Type": "String",
            "Description": "Name of the topic, the metric's namespace, the filter and the alarm that it makes.",
            "Default": "ConfigChangesAlarmRule",
            "AllowedPattern": "^[A-Za-z0-9_-]{1,220}$",
        },
        "RemediationKmsKeyArn": {
            "Type": "String",
            "Description": "Customer managed key for the topic that it makes. Empty: the topic is not encrypted.",
            "Default": "",
            "AllowedPattern": "^$|^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$",
        },
    }


def remediation_conditions() -> Mapping[str, Any]:
    """Which of them are given."""
    names = ("RemediationDocument", "RemediationEndpoint", "RemediationTopicArn", "RemediationKmsKeyArn")
    return {f"Given{name}": negation({"Fn::Equals": [ref(name), ""]}) for name in names}


def remediation_rules() -> Mapping[str, Any]:
    """Of a stack: automatic remediation that can never succeed is refused."""
    given = [negation(equals(ref(name), "")) for name in ("RemediationEndpoint", "RemediationTopicArn")]
    return {
        "SomebodyIsTold": {
            "RuleCondition": equals(ref("RemediationAutomatic"), "true"),
            "Assertions": [
                {
                    "Assert": negation(equals(ref("RemediationDocument"), "")),
                    "AssertDescription": "RemediationAutomatic needs RemediationDocument: there is nothing to run.",
                },
                {
                    "Assert": {"Fn::Or": given},
                    "AssertDescription": (
                        "RemediationAutomatic needs RemediationEndpoint or RemediationTopicArn: without one nobody is "
                        "subscribed, and AWS Config runs the runbook in vain until it blocks it."
                    ),
                },
            ],
        }
    }


def remediation_resources() -> Mapping[str, Any]:
    """In a stack, where a whole resource may depend on a condition: on the runbook and the rule."""
    role = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RemediationRoleName}")
    configuration = remediation_configuration(ref("Rule"), role)
    return {"Remediation": {"Condition": "Remediates", **configuration}}


def remediation_configuration(rule_name: Value, role_arn: Value) -> Mapping[str, Any]:
    """Of the rule with this name. The account's id arrives as RESOURCE_ID.

    The rule's parameters are not handed over: the runbook reads them from the rule, so that both ask for the same.
    """
    return {
        "Type": "AWS::Config::RemediationConfiguration",
        "Properties": {
            "ConfigRuleName": rule_name,
            "TargetType": "SSM_DOCUMENT",
            "TargetId": ref("RemediationDocument"),
            "TargetVersion": "1",
            "Automatic": _automatic(),
            "MaximumAutomaticAttempts": 3,
            "RetryAttemptSeconds": 3600,
            "Parameters": {
                "AutomationAssumeRole": _static(role_arn),
                "AccountId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
                "ConfigRuleName": _static(rule_name),
                "Name": _static(ref("RemediationName")),
                "SubscriptionEndpoint": when("GivenRemediationEndpoint", _static(ref("RemediationEndpoint"))),
                "TopicArn": when("GivenRemediationTopicArn", _static(ref("RemediationTopicArn"))),
                "KmsKeyArn": when("GivenRemediationKmsKeyArn", _static(ref("RemediationKmsKeyArn"))),
            },
        },
    }


def _automatic() -> Value:
    """Never where nobody would be subscribed. A conformance pack has no rules that could refuse it."""
    wanted = ref("RemediationAutomatic")
    return when("GivenRemediationEndpoint", wanted, when("GivenRemediationTopicArn", wanted, "false"))


def _static(value: Value) -> Mapping[str, Any]:
    return {"StaticValue": {"Values": [value]}}
