"""AWS Security Finding Format, for Security Hub's BatchImportFindings.

One finding an account, Region and control, the same one at every evaluation: its id does not change, so that Security
Hub updates it, severity included, which a provider updates in FindingProviderFields. What could not be evaluated is the
same finding without a verdict; of an account whose id is not known there can be none. The workflow's status is Security
Hub's own and the user's, and not given. Limits and names: Security Hub user guide, "AWS Security Finding Format"; API
reference, AwsSecurityFinding and Compliance.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Assessment, Compliance, EventOutcome
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .identity import GENERATOR, finding_id, named, partition_of, requirements_of, title_of
from .provenance import Provenance
from .states import State, state_of

__all__ = ["as_security_findings"]

_TYPE = "Software and Configuration Checks/Industry and Regulatory Standards/CIS AWS Foundations Benchmark"
_MOST_FIELDS, _MOST_EVENTS, _LONGEST_FIELD = 50, 20, 2048
_STATUS = {
    State.PROVED: "PASSED",
    State.DISPROVED: "FAILED",
    State.NOT_VERIFIED: "WARNING",
    State.NOT_APPLICABLE: "NOT_AVAILABLE",
    State.NOT_EVALUATED: "NOT_AVAILABLE",
}
"""WARNING is for missing information; NOT_AVAILABLE for a check that could not be performed, and what AWS Config calls
NOT_APPLICABLE.
"""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a finding says, whatever it is about. `fields` are ProductFields, the most important first."""

    account_id: str
    region: str
    partition: str
    control_id: str
    at: datetime
    status: str
    failed: bool
    description: str
    fields: Mapping[str, str] = field(default_factory=dict)
    remedy: str = ""


def as_security_findings(outcome: Outcome) -> list[dict[str, Any]]:
    """What BatchImportFindings takes as Findings."""
    if isinstance(outcome, Evaluated):
        return [_finding(_evaluated(outcome))]
    if not re.fullmatch(r"\d{12}", outcome.account_id) or not outcome.region:
        return []
    return [_finding(_not_evaluated(outcome, control_id)) for control_id in outcome.controls]


def _evaluated(evaluated: Evaluated) -> _Told:
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    failed = assessment.compliance is Compliance.NON_COMPLIANT
    first = finding(assessment.reasons[0]) if failed and assessment.reasons else None
    return _Told(
        assessment.account_id,
        assessment.region,
        evaluated.recording.partition,
        known.control,
        known.evaluated_at,
        _STATUS[state_of(evaluated)],
        failed,
        annotation(assessment),
        _fields(assessment, known),
        f"{first.step}: {first.remedy}" if first else "",
    )


def _not_evaluated(outcome: NotEvaluated, control_id: str) -> _Told:
    return _Told(
        outcome.account_id,
        outcome.region,
        partition_of(outcome.region),
        control_id,
        outcome.evaluated_at,
        _STATUS[State.NOT_EVALUATED],
        False,
        f"The account {State.NOT_EVALUATED}: {outcome.problem}",
        {"version": __version__, "control": control_id},
    )


def _fields(assessment: Assessment, known: Provenance) -> dict[str, str]:
    """What the verdict rests on, then events and findings."""
    return {
        "version": known.version,
        "control": known.control,
        "required-filter-pattern": known.required_filter_pattern,
        **{f"relaxed/{each.name}": each.lets_pass for each in known.relaxed},
        **{f"exception/{number}": str(use) for number, use in enumerate(known.exceptions, 1)},
        **{f"parameter/{each.name}": each.value for each in known.parameters},
        **{event.name: _outcome(event) for event in assessment.events[:_MOST_EVENTS]},
        **{f"finding/{number}": str(reason.id) for number, reason in enumerate(assessment.reasons, 1)},
    }


def _outcome(event: EventOutcome) -> str:
    if event.covered:
        return "covered"
    return "would go unnoticed" if event.disproved else "not verified"


def _finding(told: _Told) -> dict[str, Any]:
    account, region, partition = told.account_id, told.region, told.partition
    at = f"{told.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    severity = {"Label": "LOW" if told.failed else "INFORMATIONAL"}
    made: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": finding_id(account, region, told.control_id),
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": GENERATOR,
        "AwsAccountId": account,
        "Types": [_TYPE],
        "CreatedAt": at,
        "UpdatedAt": at,
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": [_TYPE]},
        "Title": title_of(named(told.control_id)),
        "Description": _cut(told.description, 1024),
        "Resources": [
            {"Type": "AwsAccount", "Id": f"AWS::::Account:{account}", "Partition": partition, "Region": region}
        ],
        "Compliance": _compliance(told),
        "RecordState": "ACTIVE",
        "ProductFields": {
            f"{GENERATOR}/{name}": _cut(value, _LONGEST_FIELD)
            for name, value in islice(told.fields.items(), _MOST_FIELDS)
        },
    }
    if told.remedy:
        made["Remediation"] = {"Recommendation": {"Text": _cut(told.remedy, 512)}}
    return made


def _compliance(told: _Told) -> dict[str, Any]:
    """With what it is required by; a list that is empty is left out."""
    requirements = list(requirements_of(named(told.control_id)))
    related = {"RelatedRequirements": requirements} if requirements else {}
    return {"Status": told.status, **related}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else textwrap.shorten(text, length, placeholder=" ...")
