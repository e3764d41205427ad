"""The verdict as an OCSF Compliance Finding, which Security Lake, Security Hub and most SIEMs read.

One finding an account, Region and control, always with the same id. What could not be evaluated is such a finding
without a result. SARIF is left out on purpose: it locates results in the text of files, and an account has none.
Source: schema.ocsf.io, 1.5, compliance_finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.findings import finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .identity import GENERATOR, finding_id, named, number_of, partition_of, requirements_of, title_of
from .provenance import Provenance
from .states import State, state_of

__all__ = ["as_ocsf"]

_VERSION = "1.5.0"
_PASS, _WARNING, _FAIL = (1, "Pass"), (2, "Warning"), (3, "Fail")
_STATUS = {
    State.PROVED: _PASS,
    State.DISPROVED: _FAIL,
    State.NOT_VERIFIED: _WARNING,
    State.NOT_APPLICABLE: _WARNING,
    State.NOT_EVALUATED: _WARNING,
}
"""A warning is a check that "did not yield a result due to missing information"."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a finding says, whatever it is about. `whose` is the account's id, or the name of one that has none yet."""

    whose: str
    account_id: str
    region: str
    partition: str
    control_id: str
    at: datetime
    status: tuple[int, str]
    failed: bool
    message: str
    remedy: str
    types: tuple[str, ...] = ()
    unmapped: Mapping[str, Any] = field(default_factory=dict)


def as_ocsf(outcome: Outcome) -> list[dict[str, Any]]:
    """Its Compliance Findings (class 2003): one, or one for each control without a verdict."""
    if isinstance(outcome, Evaluated):
        return [_finding(_evaluated(outcome))]
    return [_finding(_not_evaluated(outcome, control_id)) for control_id in outcome.controls]


def _evaluated(evaluated: Evaluated) -> _Told:
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    return _Told(
        assessment.account_id,
        assessment.account_id,
        assessment.region,
        evaluated.recording.partition,
        known.control,
        evaluated.evaluated_at,
        _STATUS[state_of(evaluated)],
        assessment.compliance is Compliance.NON_COMPLIANT,
        annotation(assessment),
        _remedy(assessment),
        tuple(dict.fromkeys(str(reason.id) for reason in assessment.reasons)),
        {
            "unnoticed_events": [event.name for event in assessment.events if event.disproved],
            "unverified_events": [event.name for event in assessment.events if not event.verified],
            "control_id": known.control,
            "required_filter_pattern": known.required_filter_pattern,
            "parameters": {each.name: each.value for each in known.parameters},
            "relaxed": {each.name: each.lets_pass for each in known.relaxed},
            "exceptions": list(map(str, known.exceptions)),
        },
    )


def _not_evaluated(outcome: NotEvaluated, control_id: str) -> _Told:
    return _Told(
        outcome.account_id or outcome.name,
        outcome.account_id,
        outcome.region,
        partition_of(outcome.region),
        control_id,
        outcome.evaluated_at,
        _STATUS[State.NOT_EVALUATED],
        False,
        f"The account {State.NOT_EVALUATED}: {outcome.problem}",
        "Let the account be read, and evaluate it again.",
        unmapped={"control_id": control_id, "account_name": outcome.name},
    )


def _finding(told: _Told) -> dict[str, Any]:
    status_id, status = told.status
    milliseconds = int(told.at.timestamp() * 1000)
    judged = named(told.control_id)
    account = {"account": {"uid": told.account_id, "type": "AWS Account", "type_id": 10}} if told.account_id else {}
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "severity_id": 2 if told.failed else 1,
        "severity": "Low" if told.failed else "Informational",
        "time": milliseconds,
        "message": told.message,
        "metadata": {
            "version": _VERSION,
            "product": {"name": GENERATOR, "vendor_name": GENERATOR, "version": __version__},
        },
        "finding_info": {
            "uid": finding_id(told.whose, told.region, told.control_id),
            "title": title_of(judged),
            "desc": told.message,
            "created_time": milliseconds,
            "types": list(told.types),
        },
        "compliance": {
            "control": number_of(judged),
            "standards": ["CIS AWS Foundations Benchmark"] if judged else [],
            "requirements": list(requirements_of(judged)),
            "status": status,
            "status_id": status_id,
        },
        "cloud": {"provider": "AWS", "region": told.region, **account},
        "resources": [
            {
                "uid": told.whose,
                "type": "AWS::::Account",
                "region": told.region,
                "cloud_partition": told.partition,
            }
        ],
        "remediation": {"desc": told.remedy},
        "unmapped": dict(told.unmapped),
    }


def _remedy(assessment: Assessment) -> str:
    """The next step of the first finding with its commands; of a compliant account, that there is none."""
    if not assessment.reasons:
        return "Nothing to do."
    told = finding(assessment.reasons[0])
    return f"{told.step}: {told.remedy}"
