"""The organization's templates and the conformance packs, deployed to the embedded AWS, and what they made."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws
from deploy.package import ROOT

from .cloudformation import kept
from .test_stacks import (
    FUNCTION,
    ORGANIZATION_PACK,
    ORGANIZATION_RULE,
    REMEDIATION,
    TOPIC,
    aws,
    deployed,
    the_policy,
    the_rule,
)

__all__ = ["aws"]  # a fixture

pytestmark = pytest.mark.built

# --------------------------------------------------------------------------- an organization

QUOTED = r'{ $.eventName = "Put*" && $.errorMessage = "a \"quoted\" text" }'
WRITTEN = (
    QUOTED,
    DEFAULT_REQUIRED_FILTER_PATTERN.replace("||", "\n    || "),
    DEFAULT_REQUIRED_FILTER_PATTERN.replace("||", "\r\n\t|| "),
    r"{ $.eventSource = %config\.amazonaws\.com% }",
)


@pytest.mark.parametrize("pattern", WRITTEN)
def test_an_organization_s_rule_gets_its_parameters_as_json_whatever_they_contain(
    pattern: str, aws: EmbeddedAws
) -> None:
    deployed("organization", RequiredFilterPattern=pattern, TopicArns=TOPIC)
    metadata = kept(ORGANIZATION_RULE)["ConfigChangesAlarmRule"]["OrganizationCustomRuleMetadata"]
    parameters = json.loads(metadata["InputParameters"])
    assert parameters == {
        "RequiredFilterPattern": pattern,
        "TopicArns": TOPIC,
        "UnverifiableAccount": "NON_COMPLIANT",
        "AllowRoutineMatches": "false",
        "MaxRearmSeconds": "86400",
        "ExecutionRoleName": "ConfigChangesAlarmRule-Member",
        "AssumeRoleMode": "true",
    }
    assert metadata["LambdaFunctionArn"] == FUNCTION
    assert not kept(ORGANIZATION_PACK)


def test_an_organization_s_pack_gets_the_same(aws: EmbeddedAws) -> None:
    deployed("organization", RolloutAs="organization-conformance-pack", ExcludedAccounts="111122223333,444455556666")
    properties = kept(ORGANIZATION_PACK)["ConfigChangesAlarmRule"]
    given = {each["ParameterName"]: each["ParameterValue"] for each in properties["ConformancePackInputParameters"]}
    assert given["LambdaFunctionArn"] == FUNCTION
    assert (given["AssumeRoleMode"], given["ExecutionRoleName"]) == ("true", "ConfigChangesAlarmRule-Member")
    assert "" not in given.values()
    assert properties["ExcludedAccounts"] == ["111122223333", "444455556666"]
    assert not kept(ORGANIZATION_RULE)


def test_the_central_function_may_do_nothing_but_assume_the_members_role(aws: EmbeddedAws) -> None:
    deployed("organization")
    policy = the_policy(f"ConfigChangesAlarmRule-{REGION}")
    assert set(policy) == {"AssumeRole", "WriteLog"}
    assert policy["AssumeRole"]["Resource"] == "arn:aws:iam::*:role/ConfigChangesAlarmRule-Member"


def test_the_member_s_role_trusts_the_central_account_s_function_role(aws: EmbeddedAws) -> None:
    role_arn = "arn:aws:iam::999988887777:role/ConfigChangesAlarmRule-eu-west-1"
    deployed("member-role", FunctionRoleArn=role_arn)
    role: Any = boto3.client("iam").get_role(RoleName="ConfigChangesAlarmRule-Member")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": "999988887777"}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": role_arn}}
    assert "AssumeRole" not in the_policy("ConfigChangesAlarmRule-Member")


def test_the_reader_s_role_trusts_the_members_of_the_organization(aws: EmbeddedAws) -> None:
    deployed("log-group-reader-role", OrganizationId="o-abcdefghij")
    role: Any = boto3.client("iam").get_role(RoleName="ConfigChangesAlarmRule-LogGroupReader")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"},
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ConfigChangesAlarmRule-Member"},
    }


# --------------------------------------------------------------------------- conformance packs


def put_pack(name: str, **parameters: str) -> None:
    """A pack's template is a CloudFormation template of rules and remediations; AWS Config deploys it as a stack.

    The function has to be there: it is the organization's.
    """
    deployed("organization")
    given: Any = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    body = (ROOT / f"conformance-pack/{name}.yaml").read_text()
    boto3.client("cloudformation").create_stack(StackName="pack", TemplateBody=body, Parameters=given)


@pytest.mark.parametrize(
    ("name", "rule_name"),
    [("config-changes-alarm", "config-changes-alarm"), ("alarm-aws-config-change", "alarm-aws-config-change")],
)
def test_a_pack_makes_the_rule_with_the_parameters_that_are_given(aws: EmbeddedAws, name: str, rule_name: str) -> None:
    put_pack(name, LambdaFunctionArn=FUNCTION, AdditionalEventNames="DeleteConfigurationRecorder")
    rule = the_rule()
    assert (rule["ConfigRuleName"], rule["Source"]["SourceIdentifier"]) == (rule_name, FUNCTION)
    parameters = json.loads(rule["InputParameters"])
    assert "" not in parameters.values()
    assert parameters["AdditionalEventNames"] == "DeleteConfigurationRecorder"
    assert Requirement.parse(parameters).assume_role_mode is False


def test_a_pack_with_remediation_hands_the_account_to_the_runbook(aws: EmbeddedAws) -> None:
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/ConfigChangesAlarmRule-Remediation"
    document = "ConfigChangesAlarmRule-Remediation"
    put_pack(
        "config-changes-alarm-with-remediation",
        LambdaFunctionArn=FUNCTION, RemediationDocument=document, RemediationRoleArn=role, RemediationTopicArn=TOPIC,
    )  # fmt: skip
    properties = kept(REMEDIATION)["config-changes-alarm"]
    assert (properties["TargetId"], properties["TargetVersion"]) == (document, "1")
    assert properties["Parameters"] == {
        "AutomationAssumeRole": {"StaticValue": {"Values": [role]}},
        "AccountId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
        "ConfigRuleName": {"StaticValue": {"Values": ["config-changes-alarm"]}},
        "Name": {"StaticValue": {"Values": ["ConfigChangesAlarmRule"]}},
        "TopicArn": {"StaticValue": {"Values": [TOPIC]}},
    }
