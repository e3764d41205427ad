"""The verdict as an OCSF Compliance Finding, which Security Lake, Security Hub and most SIEMs read.

One finding an account, Region and control, always with the same id. SARIF is left out on purpose: it locates results
in the text of files, and an account has none. Source: schema.ocsf.io, 1.5, compliance_finding.
"""

from __future__ import annotations

from typing import Any

from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated
from .identity import GENERATOR, finding_id, number_of
from .provenance import Provenance

__all__ = ["as_ocsf"]

_VERSION = "1.5.0"
_PASS, _WARNING, _FAIL = (1, "Pass"), (2, "Warning"), (3, "Fail")
"""A warning is a check that "did not yield a result due to missing information"."""


def as_ocsf(evaluated: Evaluated) -> list[dict[str, Any]]:
    """Its Compliance Finding (class 2003), as a list of one."""
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    status_id, status = _status(assessment)
    milliseconds = int(evaluated.evaluated_at.timestamp() * 1000)
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
            "product": {"name": GENERATOR, "vendor_name": GENERATOR, "version": known.version},
        },
        "finding_info": {
            "uid": finding_id(assessment),
            "title": known.title,
            "desc": annotation(assessment),
            "created_time": milliseconds,
            "types": list(dict.fromkeys(str(reason.id) for reason in assessment.reasons)),
        },
        "compliance": {
            "control": number_of(assessment.control),
            "standards": ["CIS AWS Foundations Benchmark"] if assessment.control else [],
            "requirements": list(known.requirements),
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
                "cloud_partition": evaluated.recording.partition,
            }
        ],
        "remediation": {"desc": _remedy(assessment)},
        "unmapped": {
            "unnoticed_events": [event.name for event in assessment.events if event.disproved],
            "unverified_events": [event.name for event in assessment.events if not event.verified],
            "control_id": known.control,
            "required_filter_pattern": known.required_filter_pattern,
            "parameters": {each.name: each.value for each in known.parameters},
            "relaxed": {each.name: each.lets_pass for each in known.relaxed},
            "exceptions": list(map(str, known.exceptions)),
        },
    }
    return [found]


def _status(assessment: Assessment) -> tuple[int, str]:
    match assessment.compliance:
        case Compliance.COMPLIANT:
            return _PASS
        case Compliance.NON_COMPLIANT:
            return _FAIL if assessment.disproved else _WARNING
        case Compliance.NOT_APPLICABLE:
            return _WARNING


def _remedy(assessment: Assessment) -> str:
    """The next step of the first finding with its commands; of a compliant account, that there is none."""
    if not assessment.reasons:
        return "Nothing to do."
    told = finding(assessment.reasons[0])
    return f"{told.step}: {told.remedy}"
