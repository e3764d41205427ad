"""The stacks of an organization: `organization.yaml`, `member-role.yaml`, `log-group-reader-role.yaml`.

    AWS Config in a member  ->  function in the central account  ->  role in the member  (-> role of the log archive)

The function's own role may do nothing but assume the members' role; the members' role trusts that one role; the log
archive's role trusts the members' role within the organization.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cloudformation import dump, equals, excused, get_att, negation, ref, sub, when
from .conformance_pack import pack
from .function_resources import (
    function_conditions,
    function_parameters,
    function_resources,
    role_conditions,
    role_parameters,
    role_properties,
)
from .permissions import EVALUATOR, LOG_GROUP_READER, WRITES_LOG, Permission, may_assume, policy
from .rule_parameters import (
    RESOURCE_TYPES,
    given,
    input_parameters_json,
    template_parameters,
    trigger_conditions,
    trigger_parameters,
)
from .single_account import rule_description

__all__ = ["MEMBER_ROLE", "log_group_reader_role", "member_role", "organization"]

MEMBER_ROLE = "ConfigChangesAlarmRule-Member"
LOG_GROUP_READER_ROLE = "ConfigChangesAlarmRule-LogGroupReader"
_RULE_ID = "ConfigChangesAlarm"
_AS_RULE, _AS_PACK = "organization-rule", "organization-conformance-pack"


def organization() -> Mapping[str, Any]:
    """For the management account or a delegated administrator of AWS Config."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "ConfigChangesAlarmRule for an organization - the function and the rule in every member account",
        "Parameters": {
            **function_parameters(),
            "RolloutAs": {
                "Type": "String",
                "Description": "A rule in every member account, or a conformance pack with the rule.",
                "Default": _AS_RULE,
                "AllowedValues": [_AS_RULE, _AS_PACK],
            },
            "ExcludedAccounts": {
                "Type": "CommaDelimitedList",
                "Description": "Accounts without the rule, separated by commas, such as those without AWS Config.",
                "Default": "",
            },
            **trigger_parameters(),
            **template_parameters(AssumeRoleMode="true", ExecutionRoleName=MEMBER_ROLE),
        },
        "Rules": {
            "TheMembersRole": {
                "Assertions": [
                    {
                        "Assert": negation(equals(ref("ExecutionRoleName"), "")),
                        "AssertDescription": "ExecutionRoleName is the role that member-role.yaml makes.",
                    },
                    {
                        "Assert": equals(ref("AssumeRoleMode"), "true"),
                        "AssertDescription": "Other accounts can be evaluated with a role of theirs only.",
                    },
                ],
            }
        },
        "Conditions": {
            **given(),
            **function_conditions(),
            **trigger_conditions(),
            "AsRule": equals(ref("RolloutAs"), _AS_RULE),
            "AsPack": equals(ref("RolloutAs"), _AS_PACK),
            "ExcludesAccounts": negation(equals({"Fn::Join": ["", ref("ExcludedAccounts")]}, "")),
        },
        "Resources": {
            **function_resources((_assume_member_role(), WRITES_LOG), source_account=False),
            "OrganizationRule": _organization_rule(),
            "OrganizationPack": _organization_pack(),
        },
        "Outputs": {
            "FunctionArn": {"Description": "For other conformance packs.", "Value": get_att("Function", "Arn")},
            "FunctionRoleArn": {
                "Description": "What member-role.yaml takes as FunctionRoleArn.",
                "Value": get_att("Role", "Arn"),
            },
        },
    }


def _assume_member_role() -> Permission:
    return may_assume("${ExecutionRoleName}", "Evaluates a member account with that account's role.")


def _excluded() -> Any:
    return when("ExcludesAccounts", ref("ExcludedAccounts"))


def _organization_rule() -> Mapping[str, Any]:
    return {
        "Type": "AWS::Config::OrganizationConfigRule",
        "Condition": "AsRule",
        "DependsOn": "Permission",
        "Properties": {
            "OrganizationConfigRuleName": ref("RuleName"),
            "ExcludedAccounts": _excluded(),
            "OrganizationCustomRuleMetadata": {
                "Description": rule_description(),
                "LambdaFunctionArn": get_att("Function", "Arn"),
                "OrganizationConfigRuleTriggerTypes": [
                    when("TriggeredByChanges", "ConfigurationItemChangeNotification"),
                    when("TriggeredByChanges", "OversizedConfigurationItemChangeNotification"),
                    "ScheduledNotification",
                ],
                "MaximumExecutionFrequency": ref("MaximumExecutionFrequency"),
                "ResourceTypesScope": when("TriggeredByChanges", list(RESOURCE_TYPES)),
                "InputParameters": input_parameters_json(),
            },
        },
    }


def _organization_pack() -> Mapping[str, Any]:
    template = pack(_RULE_ID, "config-changes-alarm", AssumeRoleMode="true", ExecutionRoleName=MEMBER_ROLE)
    names = [name for name in template["Parameters"] if name != "LambdaFunctionArn"]
    optional = given()
    values: list[Any] = [{"ParameterName": "LambdaFunctionArn", "ParameterValue": get_att("Function", "Arn")}]
    for name in names:
        value = {"ParameterName": name, "ParameterValue": ref(name)}
        values.append(when(f"Given{name}", value) if f"Given{name}" in optional else value)
    return {
        "Type": "AWS::Config::OrganizationConformancePack",
        "Condition": "AsPack",
        "DependsOn": "Permission",
        "Properties": {
            "OrganizationConformancePackName": ref("RuleName"),
            "ExcludedAccounts": _excluded(),
            "ConformancePackInputParameters": values,
            "TemplateBody": dump(template, "", short=False),
        },
    }


def member_role() -> Mapping[str, Any]:
    """For a StackSet over the members."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role that ConfigChangesAlarmRule evaluates a member account of an organization with",
        "Parameters": {
            "FunctionRoleArn": {
                "Type": "String",
                "Description": "The function's role, as organization.yaml puts it out.",
                "AllowedPattern": "^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}$",
            },
            "ExecutionRoleName": _role_name_parameter("Name of the role: the rule's ExecutionRoleName.", MEMBER_ROLE),
            "LogGroupAccountRoleName": template_parameters()["LogGroupAccountRoleName"],
            **role_parameters(),
        },
        "Conditions": {
            "GivenLogGroupAccountRoleName": given()["GivenLogGroupAccountRoleName"],
            **role_conditions(),
        },
        "Resources": {"Role": _member_role()},
        "Outputs": {"RoleArn": {"Description": "The member's role.", "Value": get_att("Role", "Arn")}},
    }


def log_group_reader_role() -> Mapping[str, Any]:
    """For the account that the organization's trail delivers to."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role that ConfigChangesAlarmRule reads the log group's account of an organization with",
        "Parameters": {
            "OrganizationId": {
                "Type": "String",
                "Description": "The organization whose accounts may be evaluated.",
                "AllowedPattern": "^o-[a-z0-9]{10,32}$",
            },
            "LogGroupAccountRoleName": _role_name_parameter(
                "Name of the role: the rule's LogGroupAccountRoleName.", LOG_GROUP_READER_ROLE
            ),
            "EvaluatorRoleName": _role_name_parameter(
                "The role that evaluates, with its path: the members' role or, in one account, the function's.",
                MEMBER_ROLE,
                pattern="^[A-Za-z0-9_+=,.@/-]{1,512}$",
            ),
            **role_parameters(),
        },
        "Conditions": role_conditions(),
        "Resources": {"Role": _log_group_reader_role()},
        "Outputs": {"RoleArn": {"Description": "The reader's role.", "Value": get_att("Role", "Arn")}},
    }


def _role_name_parameter(
    description: str, default: str, pattern: str = "^[A-Za-z0-9_+=,.@-]{1,64}$"
) -> Mapping[str, Any]:
    return {
        "Type": "String",
        "Description": description,
        "Default": default,
        "AllowedPattern": pattern,
    }


def _member_role() -> Mapping[str, Any]:
    document = policy(EVALUATOR)
    reader = may_assume("${LogGroupAccountRoleName}", "Reads the account that an organization's trail delivers to.")
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": ref("ExecutionRoleName"),
            **role_properties(),
            "Description": "Lets ConfigChangesAlarmRule evaluate this account",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::Select": [4, {"Fn::Split": [":", ref("FunctionRoleArn")]}]}},
                        "Action": "sts:AssumeRole",
                        "Condition": {"ArnEquals": {"aws:PrincipalArn": ref("FunctionRoleArn")}},
                    }
                ],
            },
            "Policies": [
                {
                    "PolicyName": "rule",
                    "PolicyDocument": {
                        **document,
                        "Statement": [*document["Statement"], when("GivenLogGroupAccountRoleName", reader.statement())],
                    },
                }
            ],
        },
    }


def _log_group_reader_role() -> Mapping[str, Any]:
    evaluators = sub("arn:${AWS::Partition}:iam::*:role/${EvaluatorRoleName}")
    return {
        "Type": "AWS::IAM::Role",
        **excused(CKV_AWS_60="Conditions limit it to roles of one name in one organization; no principal says so."),
        "Properties": {
            "RoleName": ref("LogGroupAccountRoleName"),
            **role_properties(),
            "Description": "Lets ConfigChangesAlarmRule read the filters, alarms and topics behind the trail",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": "sts:AssumeRole",
                        "Condition": {
                            "StringEquals": {"aws:PrincipalOrgID": ref("OrganizationId")},
                            "ArnLike": {"aws:PrincipalArn": evaluators},
                        },
                    }
                ],
            },
            "Policies": [{"PolicyName": "rule", "PolicyDocument": policy(LOG_GROUP_READER)}],
        },
    }
