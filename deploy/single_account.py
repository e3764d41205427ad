"""The stack of one account: `deploy/single-account.yaml`; and the role alone, for RDK: `deploy/function-role.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cloudformation import Value, condition, equals, get_att, negation, ref, when
from .function_resources import (
    function_conditions,
    function_parameters,
    function_resources,
    log_conditions,
    log_group,
    log_parameters,
    role,
    role_conditions,
    role_parameters,
)
from .permissions import EVALUATOR, TELLS_OF_FAILURES, WRITES_LOG, Permission, may_assume
from .remediation import remediation_conditions, remediation_parameters, remediation_resources, remediation_rules
from .rule_parameters import (
    RESOURCE_TYPES,
    given,
    input_parameters,
    template_parameters,
    trigger_conditions,
    trigger_parameters,
)

__all__ = ["config_rule", "function_role", "rule_description", "single_account"]

DESCRIPTION = (
    "Proves that somebody is told when AWS Config is changed: trail, log group, metric filter, alarm, topic and "
    "confirmed subscription (CIS AWS Foundations 3.9 / 4.9 / 5.9)."
)
"""Of the rule, as AWS Config shows it, where no parameter names another control."""

_OF_ANOTHER = (
    "Proves that somebody is told of what its parameter Control or RequiredFilterPattern asks for: trail, log group, "
    "metric filter, alarm, topic and confirmed subscription."
)


def rule_description() -> Value:
    """Of a rule that takes every parameter."""
    return when("GivenControl", _OF_ANOTHER, when("GivenRequiredFilterPattern", _OF_ANOTHER, DESCRIPTION))


def single_account() -> Mapping[str, Any]:
    """Function and rule. The rule evaluates with the function's own role: Config's service-linked role takes nobody."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "ConfigChangesAlarmRule in one account and Region - the function, its role, the AWS Config rule",
        "Parameters": {
            **function_parameters(),
            "MakeRule": {
                "Type": "String",
                "Description": "false makes the function alone, for conformance packs that hold the rule.",
                "Default": "true",
                "AllowedValues": ["true", "false"],
            },
            **trigger_parameters(),
            **template_parameters(AssumeRoleMode="false"),
            **remediation_parameters(),
        },
        "Rules": {
            "ARoleToAssume": {
                "RuleCondition": equals(ref("AssumeRoleMode"), "true"),
                "Assertions": [
                    {
                        "Assert": negation(equals(ref("ExecutionRoleName"), "")),
                        "AssertDescription": "AssumeRoleMode true needs ExecutionRoleName.",
                    }
                ],
            },
            **remediation_rules(),
        },
        "Conditions": {
            **given(),
            **function_conditions(),
            **trigger_conditions(),
            "MakesRule": equals(ref("MakeRule"), "true"),
            "AssumesRole": equals(ref("AssumeRoleMode"), "true"),
            **remediation_conditions(),
            "Remediates": {"Fn::And": [condition("GivenRemediationDocument"), condition("MakesRule")]},
        },
        "Resources": {
            **function_resources((*EVALUATOR, WRITES_LOG), source_account=True, conditional=_other_roles()),
            "Rule": {"Condition": "MakesRule", **config_rule()},
            **remediation_resources(),
        },
        "Outputs": {
            "RuleName": {"Condition": "MakesRule", "Description": "The rule in AWS Config.", "Value": ref("Rule")},
            "FunctionArn": {
                "Description": "The function, for conformance packs.",
                "Value": get_att("Function", "Arn"),
            },
            "RoleArn": {
                "Description": "The function's role, for the trust of LogGroupAccountRoleName.",
                "Value": get_att("Role", "Arn"),
            },
        },
    }


def _other_roles() -> Mapping[str, Permission]:
    execution = Permission(
        "AssumeExecutionRole",
        ("sts:AssumeRole",),
        ("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${ExecutionRoleName}",),
        "Evaluates with another role of the account.",
    )
    return {"GivenLogGroupAccountRoleName": _log_group_account_role(), "AssumesRole": execution}


def _log_group_account_role() -> Permission:
    return may_assume("${LogGroupAccountRoleName}", "Reads the account that an organization's trail delivers to.")


def config_rule(
    description: str | None = None, parameters: Mapping[str, Value] | None = None, triggered: bool = True
) -> Mapping[str, Any]:
    """Periodic, because filters and subscriptions are not recorded; and, where `triggered`, at once after what is."""
    periodic = {
        "EventSource": "aws.config",
        "MessageType": "ScheduledNotification",
        "MaximumExecutionFrequency": ref("MaximumExecutionFrequency"),
    }
    changes = [
        _change("ConfigurationItemChangeNotification"),
        _change("OversizedConfigurationItemChangeNotification"),
    ]
    scope = {"Scope": when("TriggeredByChanges", {"ComplianceResourceTypes": list(RESOURCE_TYPES)})}
    return {
        "Type": "AWS::Config::ConfigRule",
        "DependsOn": "Permission",
        "Properties": {
            "ConfigRuleName": ref("RuleName"),
            "Description": rule_description() if description is None else description,
            "InputParameters": input_parameters() if parameters is None else parameters,
            **(scope if triggered else {}),
            "Source": {
                "Owner": "CUSTOM_LAMBDA",
                "SourceIdentifier": get_att("Function", "Arn"),
                "SourceDetails": [*(changes if triggered else ()), periodic],
            },
        },
    }


def _change(message_type: str) -> Value:
    return when("TriggeredByChanges", {"EventSource": "aws.config", "MessageType": message_type})


def function_role() -> Mapping[str, Any]:
    """The role for a function that RDK makes: RDK's own may read everything and assume any role."""
    parameters = function_parameters()
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The least-privilege role of the function that RDK deploys for ConfigChangesAlarmRule",
        "Parameters": {
            "RuleName": {
                **parameters["RuleName"],
                "Description": "Name of the function and, with the Region, of the role.",
                "Default": "RDK-Rule-Function-ConfigChangesAlarmRule",
            },
            "LogGroupAccountRoleName": template_parameters()["LogGroupAccountRoleName"],
            "FailureDestinationArn": parameters["FailureDestinationArn"],
            **log_parameters(),
            **role_parameters(),
        },
        "Conditions": {
            "GivenLogGroupAccountRoleName": given()["GivenLogGroupAccountRoleName"],
            "HasFailureDestination": function_conditions()["HasFailureDestination"],
            **log_conditions(),
            **role_conditions(),
        },
        "Resources": {
            "Role": role(
                (*EVALUATOR, WRITES_LOG),
                {
                    "GivenLogGroupAccountRoleName": _log_group_account_role(),
                    "HasFailureDestination": TELLS_OF_FAILURES,
                },
            ),
            "LogGroup": log_group(),
        },
        "Outputs": {"RoleArn": {"Description": "For rdk deploy --lambda-role-arn.", "Value": get_att("Role", "Arn")}},
    }
