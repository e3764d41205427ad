"""What is known of a verdict, a hop or a break, with the mark and the name of the colour that every report gives it.

Proved, disproved and not verified are three things: what was denied, hidden or is undocumented has a mark and a colour
of its own.
"""

from __future__ import annotations

from enum import Enum

from config_changes_alarm.assessment import Assessment, Hop

from ..evaluation import Outcome
from .states import State, state_of
from .tree import FirstBreak, first_break

__all__ = ["WORST_FIRST", "Mark", "hop_marks", "mark_of"]


class Mark(Enum):
    """Its value is what it means, in words."""

    HOLDS = "holds"
    BREAKS = "breaks"
    UNVERIFIED = "could not be verified"
    BEYOND = "not reached"
    NOT_APPLICABLE = "not applicable"
    NOT_EVALUATED = "not evaluated"

    @property
    def sign(self) -> str:
        """What tells it from the others, also without colour."""
        return _SIGNS[self][0]

    @property
    def plain(self) -> str:
        """The same in ASCII."""
        return _SIGNS[self][1]

    @property
    def colour(self) -> str:
        """`good`, `bad`, `open` for what is not known, and `faint` for what is neither."""
        return _SIGNS[self][2]


_SIGNS = {
    Mark.HOLDS: ("✓", "+", "good"),
    Mark.BREAKS: ("✗", "X", "bad"),
    Mark.UNVERIFIED: ("?", "?", "open"),
    Mark.BEYOND: ("·", ".", "faint"),
    Mark.NOT_APPLICABLE: ("–", "-", "open"),
    Mark.NOT_EVALUATED: ("!", "!", "bad"),
}


WORST_FIRST = (Mark.NOT_EVALUATED, Mark.BREAKS, Mark.UNVERIFIED, Mark.NOT_APPLICABLE, Mark.HOLDS)
"""The marks that a verdict may have, in the order in which they need attention."""


_MARKS = {
    State.PROVED: Mark.HOLDS,
    State.DISPROVED: Mark.BREAKS,
    State.NOT_VERIFIED: Mark.UNVERIFIED,
    State.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
    State.NOT_EVALUATED: Mark.NOT_EVALUATED,
}


def mark_of(judged: Outcome | Assessment) -> Mark:
    """That of the verdict, or that there is none."""
    return _MARKS[state_of(judged)]


def hop_marks(assessment: Assessment) -> dict[Hop, Mark]:
    """Of every hop as it was judged, up to the first break; beyond it nothing is told."""
    broken = first_break(assessment)
    return {hop: _of_hop(assessment, broken, hop) for hop in Hop}


def _of_hop(assessment: Assessment, broken: FirstBreak | None, hop: Hop) -> Mark:
    if broken is None or hop < broken.hop:
        return Mark.HOLDS
    if hop > broken.hop:
        return Mark.BEYOND
    return Mark.BREAKS if assessment.disproved else Mark.UNVERIFIED
