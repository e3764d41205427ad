"""The rule as a conformance pack, for PutConformancePack and PutOrganizationConformancePack: `conformance-pack/`.

A pack holds rules and remediations and nothing else. AWS's own packs use Ref, Fn::If and conditions inside properties;
more is not documented, so there is a file with the remediation and one without. In a pack the rule is to have the name
of AWS's entry `alarm-aws-config-change`, which a person has to attest: the same block replaces it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .alarms import frequency_parameter
from .cloudformation import ref
from .remediation import remediation_conditions, remediation_configuration, remediation_parameters
from .rule_parameters import given, template_parameters, trigger_conditions, trigger_parameters
from .single_account import config_rule

__all__ = ["ENTRY", "pack"]

ENTRY = ("AlarmAwsConfigChange", "alarm-aws-config-change")
"""Logical id and name of the entry in AWS's packs for CIS AWS Foundations (AWS_CONFIG_PROCESS_CHECK)."""


def pack(rule_id: str, rule_name: str, remediation: bool = False, **defaults: str) -> Mapping[str, Any]:
    """A pack with the one rule; `defaults` as for `template_parameters`."""
    parameters = {
        "LambdaFunctionArn": {
            "Type": "String",
            "Description": "The rule's function, as single-account.yaml and organization.yaml put it out.",
        },
        "MaximumExecutionFrequency": frequency_parameter(),
        **trigger_parameters(),
        **template_parameters(**{"AssumeRoleMode": "false", **defaults}),
    }
    rule = config_rule()
    properties = {**rule["Properties"], "ConfigRuleName": rule_name}
    properties["Source"] = {**properties["Source"], "SourceIdentifier": ref("LambdaFunctionArn")}
    resources: dict[str, Any] = {rule_id: {"Type": rule["Type"], "Properties": properties}}
    conditions = {**given(), **trigger_conditions()}
    if remediation:
        parameters |= _remediation_parameters()
        configuration = remediation_configuration(rule_name, ref("RemediationRoleArn"))
        resources[f"{rule_id}Remediation"] = {"DependsOn": rule_id, **configuration}
        unused = "GivenRemediationDocument"
        conditions |= {name: each for name, each in remediation_conditions().items() if name != unused}
    return {"Parameters": parameters, "Conditions": conditions, "Resources": resources}


def _remediation_parameters() -> Mapping[str, Any]:
    """As in a stack, except that a pack cannot build the role's ARN and always has the runbook."""
    parameters = dict(remediation_parameters())
    document = {**parameters.pop("RemediationDocument")}
    del document["Default"], parameters["RemediationRoleName"]
    return {
        "RemediationDocument": {
            **document,
            "Description": "Name of the runbook that mends what the rule finds broken.",
            "AllowedPattern": "^[A-Za-z0-9_.-]{3,128}$",
        },
        "RemediationRoleArn": {
            "Type": "String",
            "Description": (
                "The role of the pack's own account that the runbook works with. In an organization's pack it would "
                "be one role for all accounts, which Automation refuses: see docs/deploying.md."
            ),
        },
        **parameters,
    }
