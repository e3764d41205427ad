"""Reads what AWS Config shows of this account, and what its rule asks for. Changes nothing."""

import json
import re
from typing import Any

import boto3
from botocore.exceptions import ClientError

DEFAULT = "aws-config-changes"
CONFIG = "config.amazonaws.com"
ANY = "any"
OR_EVENT = {"~": ") || ($.eventName = ", "^": ")||($.eventName="}


class CannotRepair(Exception):
    """What a person has to do before this runbook can."""


def read_verdict(events: dict[str, Any], context: object) -> dict[str, Any]:
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
    asked = [
        _required(events, _asked(rule)) for rule in rules if not failing or rule["ConfigRuleName"] in dict(failing)
    ]
    if any(each != asked[0] for each in asked):
        raise CannotRepair(f"Rules {', '.join(names)} ask for different things: name one of them as ConfigRuleName.")
    return {
        "ConfigRuleNames": names,
        "Compliance": shown["ComplianceType"],
        "Annotation": annotation,
        "Requirement": asked[0] if asked else _required(events, {}),
    }


def _required(events: dict[str, Any], asked: dict[str, str]) -> dict[str, str]:
    """The parameters, with the control's facts in place of its name.

    A control other than the default has a Suffix and a Metric of its own, so that several lie side by side. Whoever
    gives a pattern tells it apart by the runbook's parameter Name.
    """
    given, name = asked.get("RequiredFilterPattern"), asked.pop("Control", DEFAULT)
    asked |= {"Suffix": "", "Metric": "ConfigChanges"}
    if given:
        source = re.search(r"\$\.eventSource\s*=\s*\"?([a-z0-9.-]+\.amazonaws\.com)", given)
        words = "what its rule asks for"
        return {**asked, "Source": source[1] if source else CONFIG, "Words": words, "Description": words}
    for id_, hub, entry, numbers, source, words, pattern in events["Controls"]:
        in_benchmark = [
            f"cis-{version}/{number}"
            for version, chapter in events["Chapters"].items()
            for number in numbers.split()
            if number.startswith(f"{chapter}.")
        ]
        if name.lower() not in (id_, hub.lower() or id_, entry, *in_benchmark):
            continue
        if id_ != DEFAULT:
            asked |= {"Suffix": f".{id_}", "Metric": id_}
        for short, text in OR_EVENT.items():
            pattern = pattern.replace(short, text)
        told = f"{words} (CIS AWS Foundations {numbers.replace(' ', ' / ')})"
        return {**asked, "RequiredFilterPattern": pattern, "Source": source or ANY, "Words": words, "Description": told}
    raise CannotRepair(f"The rule's Control is {name!r}, which this runbook does not know: deploy a newer one.")


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
    names = ("Control", "RequiredFilterPattern", "AdditionalEventNames", "TopicArns", "MaxRearmSeconds")
    return {name: text for name in names if (text := str(parameters.get(name, "")).strip())}


def _results(config: Any, name: str) -> list[dict[str, Any]]:
    pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(ConfigRuleName=name)
    try:
        return [result for page in pages for result in page["EvaluationResults"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchConfigRuleException":
            return []
        raise
