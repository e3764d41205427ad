"""Reads what AWS Config shows of this account, and what its rule asks for. Changes nothing."""

import json
from typing import Any

import boto3
from botocore.exceptions import ClientError


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def read_verdict(events: dict[str, str], context: object) -> dict[str, Any]:
    """COMPLIANT only when every result of the rule for this account says so, NONE when there is no result.

    The requirement is the rule's own: its parameters as AWS Config has them, so that both ask for the same.
    """
    config = boto3.client("config")
    rules = _rules(config, events["ConfigRuleName"])
    names = [rule["ConfigRuleName"] for rule in rules] or [events["ConfigRuleName"]]
    results = [
        (name, result)
        for name in names
        for result in _results(config, name)
        if result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] == events["AccountId"]
    ]
    failing = [(name, result) for name, result in results if result["ComplianceType"] != "COMPLIANT"]
    failed, shown = (failing or results or [(names[0], {"ComplianceType": "NONE"})])[0]
    annotation = shown.get("Annotation") or "none"
    if annotation.startswith("Cannot evaluate: "):
        raise CannotRepair(f"Rule {failed} has parameters that it does not take. {annotation}")
    asked = [_asked(rule) for rule in rules if not failing or rule["ConfigRuleName"] in dict(failing)]
    if any(each != asked[0] for each in asked):
        raise CannotRepair(f"Rules {', '.join(names)} ask for different things: name one of them as ConfigRuleName.")
    given = asked[0] if asked else {}
    return {
        "ConfigRuleNames": names,
        "Compliance": shown["ComplianceType"],
        "Annotation": annotation,
        "Requirement": {**given, "RequiredFilterPattern": given.get("RequiredFilterPattern") or events["Default"]},
    }


def _rules(config: Any, given: str) -> list[Any]:
    """The rule by its name, and as conformance packs and organization rules rename it; at most the 25 of one call."""
    prefixes = (f"{given}-conformance-pack-", f"OrgConfigRule-{given}-")
    rules = []
    for page in config.get_paginator("describe_config_rules").paginate():
        rules += page["ConfigRules"]
    return [each for each in rules if each["ConfigRuleName"] == given or each["ConfigRuleName"].startswith(prefixes)][
        :25
    ]


def _asked(rule: Any) -> dict[str, str]:
    """The parameters that say what has to be there. As the rule reads them, a blank one counts as not given."""
    parameters = json.loads(rule.get("InputParameters") or "{}")
    names = ("RequiredFilterPattern", "AdditionalEventNames", "TopicArns", "MaxRearmSeconds")
    return {name: text for name in names if (text := str(parameters.get(name, "")).strip())}


def _results(config: Any, name: str) -> list[dict[str, Any]]:
    pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(ConfigRuleName=name)
    try:
        return [result for page in pages for result in page["EvaluationResults"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchConfigRuleException":
            return []
        raise
