"""The verdict as an OCSF Compliance Finding, which Security Lake, Security Hub and most SIEMs read.

One finding an account, Region and control, always with the same id. SARIF is left out on purpose: it locates results
in the text of files, and an account has none. Source: schema.ocsf.io, 1.5, compliance_finding.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from .identity import GENERATOR, finding_id, number_of, requirements_of, title_of

__all__ = ["as_ocsf"]

_VERSION = "1.5.0"
_STATUS = {
    Compliance.COMPLIANT: (1, "Pass"),
    Compliance.NON_COMPLIANT: (3, "Fail"),
    Compliance.NOT_APPLICABLE: (0, "Unknown"),
}


def as_ocsf(assessment: Assessment, evaluated_at: datetime, partition: str) -> list[dict[str, Any]]:
    """Its Compliance Finding (class 2003), as a list of one."""
    status_id, status = _STATUS[assessment.compliance]
    milliseconds = int(evaluated_at.timestamp() * 1000)
    failed = assessment.compliance is Compliance.NON_COMPLIANT
    found = {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "severity_id": 2 if failed else 1,
        "severity": "Low" if failed else "Informational",
        "time": milliseconds,
        "message": annotation(assessment),
        "metadata": {
            "version": _VERSION,
            "product": {"name": GENERATOR, "vendor_name": GENERATOR, "version": __version__},
        },
        "finding_info": {
            "uid": finding_id(assessment),
            "title": title_of(assessment.control),
            "desc": annotation(assessment),
            "created_time": milliseconds,
            "types": list(dict.fromkeys(str(reason.id) for reason in assessment.reasons)),
        },
        "compliance": {
            "control": number_of(assessment.control),
            "standards": ["CIS AWS Foundations Benchmark"] if assessment.control else [],
            "requirements": list(requirements_of(assessment.control)),
            "status": status,
            "status_id": status_id,
        },
        "cloud": {
            "provider": "AWS",
            "region": assessment.region,
            "account": {"uid": assessment.account_id, "type": "AWS Account", "type_id": 10},
        },
        "resources": [
            {
                "uid": assessment.account_id,
                "type": "AWS::::Account",
                "region": assessment.region,
                "cloud_partition": partition,
            }
        ],
        "remediation": {"desc": _remedy(assessment)},
        "unmapped": {"unnoticed_events": [event.name for event in assessment.events if event.disproved]},
    }
    return [found]


def _remedy(assessment: Assessment) -> str:
    """The next step of the first finding with its commands; of a compliant account, that there is none."""
    if not assessment.reasons:
        return "Nothing to do."
    told = finding(assessment.reasons[0])
    return f"{told.step}: {told.remedy}"
