"""AWS Security Finding Format, for Security Hub's BatchImportFindings.

One finding an account, Region and control, the same one at every evaluation: its id does not change, so that Security
Hub updates it. The workflow's status is Security Hub's own and the user's, and not given. Limits and names: Security
Hub user guide, "AWS Security Finding Format"; API reference, AwsSecurityFinding.
"""

from __future__ import annotations

import textwrap
from itertools import islice
from typing import Any

from config_changes_alarm.assessment import Assessment, Compliance, EventOutcome
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated
from .identity import GENERATOR, finding_id
from .provenance import Provenance

__all__ = ["as_security_findings"]

_TYPE = "Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark"
_MOST_FIELDS, _MOST_EVENTS, _LONGEST_FIELD = 50, 20, 2048


def as_security_findings(evaluated: Evaluated) -> list[dict[str, Any]]:
    """What BatchImportFindings takes as Findings."""
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    account, region, partition = assessment.account_id, assessment.region, evaluated.recording.partition
    failed = assessment.compliance is Compliance.NON_COMPLIANT
    severity = {"Label": "LOW" if failed else "INFORMATIONAL"}
    security_finding: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": finding_id(assessment),
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": GENERATOR,
        "AwsAccountId": account,
        "Types": [_TYPE],
        "CreatedAt": known.second,
        "UpdatedAt": known.second,
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": [_TYPE]},
        "Title": known.title,
        "Description": _cut(annotation(assessment), 1024),
        "Resources": [
            {"Type": "AwsAccount", "Id": f"AWS::::Account:{account}", "Partition": partition, "Region": region}
        ],
        "Compliance": _compliance(assessment, known),
        "RecordState": "ACTIVE",
        "ProductFields": _product_fields(assessment, known),
    }
    if failed and assessment.reasons:
        told = finding(assessment.reasons[0])
        text = f"{told.step}: {told.remedy}"
        security_finding["Remediation"] = {"Recommendation": {"Text": _cut(text, 512)}}
    return [security_finding]


def _product_fields(assessment: Assessment, known: Provenance) -> dict[str, str]:
    """What the verdict rests on, then events and findings, as far as there is room."""
    fields = {
        "version": known.version,
        "control": known.control,
        "required-filter-pattern": known.required_filter_pattern,
        **{f"parameter/{each.name}": each.value for each in known.parameters},
        **{f"relaxed/{each.name}": each.lets_pass for each in known.relaxed},
        **{f"exception/{number}": str(use) for number, use in enumerate(known.exceptions, 1)},
        **{event.name: _outcome(event) for event in assessment.events[:_MOST_EVENTS]},
        **{f"finding/{number}": str(reason.id) for number, reason in enumerate(assessment.reasons, 1)},
    }
    return {f"{GENERATOR}/{name}": _cut(value, _LONGEST_FIELD) for name, value in islice(fields.items(), _MOST_FIELDS)}


def _outcome(event: EventOutcome) -> str:
    if event.covered:
        return "covered"
    return "would go unnoticed" if event.disproved else "not verified"


def _compliance(assessment: Assessment, known: Provenance) -> dict[str, Any]:
    """With what it is required by; a list that is empty is left out."""
    related = {"RelatedRequirements": list(known.requirements)} if known.requirements else {}
    return {"Status": _status(assessment), **related}


def _status(assessment: Assessment) -> str:
    """WARNING is for missing information, NOT_AVAILABLE for what AWS Config calls NOT_APPLICABLE."""
    match assessment.compliance:
        case Compliance.COMPLIANT:
            return "PASSED"
        case Compliance.NON_COMPLIANT:
            return "FAILED" if assessment.disproved else "WARNING"
        case Compliance.NOT_APPLICABLE:
            return "NOT_AVAILABLE"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else textwrap.shorten(text, length, placeholder=" ...")
