"""Reads what AWS Config shows of this account. Changes nothing."""

from typing import Any

import boto3
from botocore.exceptions import ClientError


def read_verdict(events: dict[str, str], context: object) -> dict[str, Any]:
    """COMPLIANT only when every result of the rule for this account says so, NONE when there is no result."""
    config = boto3.client("config")
    names = _names(config, events["ConfigRuleName"])
    results = [
        result
        for name in names
        for result in _results(config, name)
        if result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] == events["AccountId"]
    ]
    failing = [result for result in results if result["ComplianceType"] != "COMPLIANT"]
    shown = (failing or results or [{"ComplianceType": "NONE"}])[0]
    return {
        "ConfigRuleNames": names,
        "Compliance": shown["ComplianceType"],
        "Annotation": shown.get("Annotation") or "none",
    }


def _names(config: Any, given: str) -> list[str]:
    """The rule by its name, and as conformance packs and organization rules rename it; at most the 25 of one call."""
    prefixes = (f"{given}-conformance-pack-", f"OrgConfigRule-{given}-")
    names = []
    for page in config.get_paginator("describe_config_rules").paginate():
        names += [rule["ConfigRuleName"] for rule in page["ConfigRules"]]
    return [name for name in names if name == given or name.startswith(prefixes)][:25] or [given]


def _results(config: Any, name: str) -> list[dict[str, Any]]:
    pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(ConfigRuleName=name)
    try:
        return [result for page in pages for result in page["EvaluationResults"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchConfigRuleException":
            return []
        raise
