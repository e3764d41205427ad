"""The report of one account and control as JSON: the verdict, what it rests on, and the chain itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from config_changes_alarm.assessment import Assessment, Chain, Step
from config_changes_alarm.findings import Reason, finding
from config_changes_alarm.report import annotation

from ..evaluation import Evaluated
from ..exceptions import AcceptedFinding, ExcusedIdentity, Use
from .identity import finding_id
from .provenance import Provenance
from .tree import HOP_NAMES, first_break

__all__ = ["as_json"]


def as_json(evaluated: Evaluated) -> dict[str, Any]:
    """Ready for json.dumps; docs/report.schema.json says what it holds."""
    assessment, known = evaluated.assessment, Provenance.of(evaluated)
    broken = first_break(assessment)
    return {
        "account": assessment.account_id,
        "region": assessment.region,
        "control": known.control,
        "title": known.title,
        "requirements": list(known.requirements),
        "finding_id": finding_id(assessment.account_id, assessment.region, known.control),
        "compliance": str(assessment.compliance),
        "annotation": annotation(assessment),
        "broken_at": None if broken is None else HOP_NAMES[broken.hop],
        "evaluated_at": known.second,
        "version": known.version,
        "required_filter_pattern": known.required_filter_pattern,
        "parameters": {each.name: each.value for each in known.parameters},
        "relaxed": [{"parameter": each.name, "lets_pass": each.lets_pass} for each in known.relaxed],
        "exceptions": [_exception(use) for use in known.exceptions],
        "events": {
            event.name: {
                "covered": event.covered,
                "verified": event.verified,
                "counterexample": json.loads(event.counterexample) if event.counterexample else None,
                "excused": list(event.excused),
                "accepted": event.name in evaluated.accepted,
            }
            for event in assessment.events
        },
        "findings": [{**_told(reason), "remedy": finding(reason).remedy} for reason in assessment.reasons],
        "chain": _paths(assessment),
    }


def _exception(use: Use) -> dict[str, Any]:
    match use.entry:
        case ExcusedIdentity(arn=arn):
            excepted = {"identity": arn}
        case AcceptedFinding(finding=kind, subject=subject):
            excepted = {"finding": str(kind), "subject": subject}
    limits = use.entry.limits
    return {
        **excepted,
        "reason": limits.reason,
        "expires": str(limits.expires),
        "standing": str(use.standing),
        "events": list(use.events),
    }


def _told(reason: Reason) -> dict[str, str]:
    told = finding(reason)
    return {"id": str(told.id), "subject": told.subject, "summary": told.summary}


def _paths(assessment: Assessment) -> list[dict[str, Any]]:
    """Every path that was followed, whole ones first."""
    names = [event.name for event in assessment.events]
    return [_path(chain, names) for chain in assessment.chains]


def _path(chain: Chain, names: Sequence[str]) -> dict[str, Any]:
    return {
        "whole": chain.whole,
        "always": [name for name in names if name in chain.sure],
        "sometimes": [name for name in names if name in chain.maybe - chain.sure],
        "steps": [_step(step) for step in chain.steps],
        "reasons": [_told(reason) for reason in chain.reasons],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"hop": HOP_NAMES[step.hop], "name": step.name, "settings": dict(step.facts)}
