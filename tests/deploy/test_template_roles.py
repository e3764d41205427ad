"""The roles of the templates: what they may do, and who may assume them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deploy.permissions import EVALUATOR, LOG_GROUP_READER, TELLS_OF_FAILURES, WRITES_LOG, actions_of

from .test_templates import WITH_A_ROLE, stack


def statements(template: Mapping[str, Any], role: str) -> list[Mapping[str, Any]]:
    """Of a role's policy, those under a condition too."""
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    found = policy["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in found]


def actions(template: Mapping[str, Any], role: str = "Role") -> set[str]:
    return {action for statement in statements(template, role) for action in statement["Action"]}


def test_every_role_comes_from_the_one_list() -> None:
    evaluator, assume = actions_of(EVALUATOR), {"sts:AssumeRole"}
    of_lambda = actions_of([WRITES_LOG, TELLS_OF_FAILURES])
    assert actions(stack("single-account")) == evaluator | of_lambda | assume
    assert actions(stack("function-role")) == evaluator | of_lambda | assume
    assert actions(stack("organization")) == of_lambda | assume
    assert actions(stack("member-role")) == evaluator | assume
    assert actions(stack("log-group-reader-role")) == actions_of(LOG_GROUP_READER)


@pytest.mark.parametrize("name", WITH_A_ROLE)
def test_nobody_may_assume_any_role_or_a_role_of_another_organization(name: str) -> None:
    for statement in statements(stack(name), "Role"):
        if "sts:AssumeRole" in statement["Action"]:
            resource = statement["Resource"]["Fn::Sub"]
            assert resource.endswith("RoleName}")
            same_account = ":${AWS::AccountId}:" in resource
            same_organization = statement.get("Condition") == {
                "StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}
            }
            assert same_account or same_organization


def trust(name: str) -> Mapping[str, Any]:
    (statement,) = stack(name)["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    found: Mapping[str, Any] = statement
    return found


def test_the_member_s_role_trusts_the_function_s_role_alone() -> None:
    assert trust("member-role")["Condition"] == {"ArnEquals": {"aws:PrincipalArn": {"Ref": "FunctionRoleArn"}}}
    assert trust("member-role")["Principal"] == {
        "AWS": {"Fn::Select": [4, {"Fn::Split": [":", {"Ref": "FunctionRoleArn"}]}]}
    }


def test_the_reader_s_role_trusts_the_evaluator_s_roles_of_the_organization_alone() -> None:
    assert trust("log-group-reader-role")["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": {"Ref": "OrganizationId"}},
        "ArnLike": {"aws:PrincipalArn": {"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/${EvaluatorRoleName}"}},
    }


@pytest.mark.parametrize("name", ["single-account", "organization", "function-role"])
def test_the_function_s_role_trusts_lambda_alone(name: str) -> None:
    assert trust(name) == {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }


def test_aws_config_may_invoke_the_function_for_this_account_alone() -> None:
    assert stack("single-account")["Resources"]["Permission"]["Properties"] == {
        "FunctionName": {"Fn::GetAtt": ["Function", "Arn"]},
        "Action": "lambda:InvokeFunction",
        "Principal": "config.amazonaws.com",
        "SourceAccount": {"Ref": "AWS::AccountId"},
    }


# --------------------------------------------------------------------------- the pack of AWS
