"""The rule as a conformance pack, for PutConformancePack and PutOrganizationConformancePack: `conformance-pack/`.

A pack holds rules and remediations and nothing else. AWS's own packs use Ref, Fn::If and conditions inside properties;
more is not documented, so there is a file with the remediation and one without. In a pack the rule is to have the name
of AWS's entry `alarm-aws-config-change`, which a person has to attest: the same block replaces it there. So do the
blocks of `monitoring_pack`, whose conditions on whole rules are CloudFormation's, which AWS Config deploys packs with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config_changes_alarm.control import DEFAULT_CONTROL, Control, controls

from .alarms import frequency_parameter
from .cloudformation import equals, ref
from .remediation import remediation_conditions, remediation_configuration, remediation_parameters
from .rule_parameters import given, input_parameters, template_parameters, trigger_conditions, trigger_parameters
from .single_account import config_rule

__all__ = ["ENTRY", "monitoring_pack", "pack"]

ENTRY = ("AlarmAwsConfigChange", "alarm-aws-config-change")
"""Logical id and name of the entry in AWS's packs for CIS AWS Foundations (AWS_CONFIG_PROCESS_CHECK)."""


def pack(rule_id: str, rule_name: str, remediation: bool = False, **defaults: str) -> Mapping[str, Any]:
    """A pack with the one rule; `defaults` as for `template_parameters`."""
    parameters = {
        **_function_parameters(),
        **template_parameters(**{"AssumeRoleMode": "false", **defaults}),
    }
    resources: dict[str, Any] = {rule_id: _in_pack(config_rule(), rule_name)}
    conditions = {**given(), **trigger_conditions()}
    if remediation:
        parameters |= _remediation_parameters()
        configuration = remediation_configuration(rule_name, ref("RemediationRoleArn"))
        resources[f"{rule_id}Remediation"] = {"DependsOn": rule_id, **configuration}
        unused = "GivenRemediationDocument"
        conditions |= {name: each for name, each in remediation_conditions().items() if name != unused}
    return {"Parameters": parameters, "Conditions": conditions, "Resources": resources}


def _function_parameters() -> Mapping[str, Any]:
    """Which function, and when it evaluates."""
    return {
        "LambdaFunctionArn": {
            "Type": "String",
            "Description": "The rule's function, as single-account.yaml and organization.yaml put it out.",
        },
        "MaximumExecutionFrequency": frequency_parameter(),
        **trigger_parameters(),
    }


def _in_pack(rule: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The rule of a stack, with a name and a function of its own."""
    properties = {**rule["Properties"], "ConfigRuleName": name}
    properties["Source"] = {**properties["Source"], "SourceIdentifier": ref("LambdaFunctionArn")}
    return {"Type": rule["Type"], "Properties": properties}


_OF_ONE_CONTROL = ("Control", "RequiredFilterPattern", "AdditionalEventNames", "IncludeFailedCalls")
"""Rule parameters that cannot be the same for several controls."""


def monitoring_pack(**defaults: str) -> Mapping[str, Any]:
    """A rule for every control of the catalogue, on one function, with the names of the entries in AWS's packs.

    Changes lead to an evaluation of one rule alone, or one changed alarm would start fifteen evaluations.
    """
    parameters = {
        name: each
        for name, each in template_parameters(**{"AssumeRoleMode": "false", **defaults}).items()
        if name not in _OF_ONE_CONTROL
    }
    return {
        "Parameters": {**_function_parameters(), **parameters, **dict(map(_choice, controls()))},
        "Conditions": {
            **{name: each for name, each in given().items() if name.removeprefix("Given") in parameters},
            **trigger_conditions(),
            **{_condition(control): equals(ref(_name(control)), "true") for control in controls()},
        },
        "Resources": dict(map(_rule_of, controls())),
    }


def _camel(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("-"))


def _name(control: Control) -> str:
    return f"Prove{_camel(control.id)}"


def _condition(control: Control) -> str:
    return f"Proves{_camel(control.id)}"


def _choice(control: Control) -> tuple[str, Mapping[str, Any]]:
    """The parameter that leaves a control out."""
    return _name(control), {
        "Type": "String",
        "Description": f"{control.title}: false leaves its rule out.",
        "Default": "true",
        "AllowedValues": ["true", "false"],
    }


def _rule_of(control: Control) -> tuple[str, Mapping[str, Any]]:
    """Its logical id, and the rule with the name of the entry. In AWS's packs the logical ids are spelled otherwise."""
    values = {name: each for name, each in input_parameters().items() if name not in _OF_ONE_CONTROL}
    description = (
        f"Proves that somebody is told of {control.words}: trail, log group, metric filter, alarm, topic and confirmed "
        f"subscription (CIS AWS Foundations {' / '.join(dict.fromkeys(control.numbers.values()))})."
    )
    rule = config_rule(description, {"Control": control.id, **values}, triggered=control.id == DEFAULT_CONTROL)
    return _camel(control.pack_entry), {"Condition": _condition(control), **_in_pack(rule, control.pack_entry)}


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
