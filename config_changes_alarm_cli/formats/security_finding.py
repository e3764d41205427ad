"""AWS Security Finding Format, for Security Hub's BatchImportFindings.

One finding an account, Region and control, the same one at every evaluation: its id does not change, so that Security
Hub updates it. The workflow's status is Security Hub's own and the user's, and not given. Limits and names: Security
Hub user guide, "AWS Security Finding Format"; API reference, AwsSecurityFinding.
"""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import Any

from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from .identity import GENERATOR, finding_id, requirements_of, title_of

__all__ = ["as_security_findings"]

_TYPE = "Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark"
_STATUS = {
    Compliance.COMPLIANT: "PASSED",
    Compliance.NON_COMPLIANT: "FAILED",
    Compliance.NOT_APPLICABLE: "NOT_AVAILABLE",
}


def as_security_findings(assessment: Assessment, evaluated_at: datetime, partition: str) -> list[dict[str, Any]]:
    """What BatchImportFindings takes as Findings."""
    account, region = assessment.account_id, assessment.region
    at = evaluated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    failed = assessment.compliance is Compliance.NON_COMPLIANT
    told = [finding(reason) for reason in assessment.reasons]
    security_finding: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": finding_id(assessment),
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": GENERATOR,
        "AwsAccountId": account,
        "Types": [_TYPE],
        "CreatedAt": at,
        "UpdatedAt": at,
        "Severity": {"Label": "LOW" if failed else "INFORMATIONAL"},
        "Title": title_of(assessment.control),
        "Description": _cut(annotation(assessment), 1024),
        "Resources": [
            {"Type": "AwsAccount", "Id": f"AWS::::Account:{account}", "Partition": partition, "Region": region}
        ],
        "Compliance": _compliance(assessment),
        "RecordState": "ACTIVE",
        "ProductFields": {
            f"{GENERATOR}/{event.name}": "covered"
            if event.covered
            else "would go unnoticed"
            if event.disproved
            else "not verified"
            for event in assessment.events[:20]
        }
        | {f"{GENERATOR}/finding/{number}": str(each.id) for number, each in enumerate(told[:20], 1)},
    }
    if failed and told:
        text = f"{told[0].step}: {told[0].remedy}"
        security_finding["Remediation"] = {"Recommendation": {"Text": _cut(text, 512)}}
    return [security_finding]


def _compliance(assessment: Assessment) -> dict[str, Any]:
    """With what it is required by; a list that is empty is left out."""
    requirements = list(requirements_of(assessment.control))
    related = {"RelatedRequirements": requirements} if requirements else {}
    return {"Status": _STATUS[assessment.compliance], **related}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else textwrap.shorten(text, length, placeholder=" ...")
