"""The exit status of verdicts, once their report is where it is wanted."""

from __future__ import annotations

from collections.abc import Sequence, Set

from config_changes_alarm.assessment import Compliance

from ..evaluation import Evaluated, Outcome
from ..plan import PlannedAssessment
from ..reports import Reports

__all__ = ["exit_of", "exit_of_planned", "report"]

_COMPLIANT, _DISPROVED, _NOT_EVALUATED, _NOT_APPLICABLE, _NOT_VERIFIED = range(5)
_WORST_FIRST = (_NOT_EVALUATED, _DISPROVED, _NOT_VERIFIED, _COMPLIANT, _NOT_APPLICABLE)


def report(evaluated: Evaluated, reports: Reports) -> int:
    """Of one account and control; returns the exit status. Raises `Problem`."""
    reports.write((evaluated,))
    return _exit(evaluated)


def exit_of(outcomes: Sequence[Outcome]) -> int:
    """Of several together the worst: 2 if any could not be evaluated, then 1, 4, 0, and 3 where none is applicable."""
    found = {_exit(outcome) if isinstance(outcome, Evaluated) else _NOT_EVALUATED for outcome in outcomes}
    return _worst(found)


def exit_of_planned(made: Sequence[PlannedAssessment]) -> int:
    """Of several controls the worst: 1, 4, 0, and 3 where none is applicable."""
    return _worst({_exit(each) for each in made})


def _worst(found: Set[int]) -> int:
    return next((status for status in _WORST_FIRST if status in found), _NOT_EVALUATED)


def _exit(made: Evaluated | PlannedAssessment) -> int:
    """Of what is not accepted: an account all of whose open events are counts as COMPLIANT."""
    if made.tolerated:
        return _COMPLIANT
    match made.assessment.compliance:
        case Compliance.COMPLIANT:
            return _COMPLIANT
        case Compliance.NOT_APPLICABLE:
            return _NOT_APPLICABLE
        case Compliance.NON_COMPLIANT:
            return _DISPROVED if any(event.disproved for event in made.counted) else _NOT_VERIFIED
