"""How sure a verdict is, for formats that have a word for each: proved, disproved, or not known and why."""

from __future__ import annotations

from enum import StrEnum

from config_changes_alarm.assessment import Assessment, Compliance

from ..evaluation import NotEvaluated, Outcome

__all__ = ["State", "state_of"]


class State(StrEnum):
    """The values are shown to people."""

    PROVED = "COMPLIANT"
    DISPROVED = "NON_COMPLIANT"
    NOT_VERIFIED = "NON_COMPLIANT, could not be verified"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_EVALUATED = "could not be evaluated"


def state_of(judged: Outcome | Assessment) -> State:
    """Whatever was accepted: that changes no verdict."""
    if isinstance(judged, NotEvaluated):
        return State.NOT_EVALUATED
    assessment = judged if isinstance(judged, Assessment) else judged.assessment
    match assessment.compliance:
        case Compliance.COMPLIANT:
            return State.PROVED
        case Compliance.NON_COMPLIANT:
            return State.DISPROVED if assessment.disproved else State.NOT_VERIFIED
        case Compliance.NOT_APPLICABLE:
            return State.NOT_APPLICABLE
