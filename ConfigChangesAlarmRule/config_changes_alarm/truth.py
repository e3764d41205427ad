"""Three truth values (Kleene): what is not known stays unknown, unless the rest settles it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

__all__ = ["Truth", "every", "negated", "some", "truth"]


class Truth(Enum):
    """Whether something holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def truth(holds: bool | None) -> Truth:
    """What is known of a condition; None is unknown."""
    return Truth.UNKNOWN if holds is None else Truth.YES if holds else Truth.NO


def every(values: Iterable[Truth]) -> Truth:
    """The conjunction; YES of nothing."""
    found = set(values)
    return Truth.NO if Truth.NO in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES


def some(values: Iterable[Truth]) -> Truth:
    """The disjunction; NO of nothing."""
    found = set(values)
    return Truth.YES if Truth.YES in found else Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NO


def negated(value: Truth) -> Truth:
    """The negation; what is unknown stays so."""
    match value:
        case Truth.YES:
            return Truth.NO
        case Truth.NO:
            return Truth.YES
        case Truth.UNKNOWN:
            return Truth.UNKNOWN
