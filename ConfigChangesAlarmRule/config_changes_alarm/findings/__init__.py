"""What can break the chain: a reason as the hops give it, the catalogue of its kinds, and a reason in words.

Imports the standard library alone. Must never know how a break is found.

A deciding module that finds the chain broken returns a `Reason`: which kind of break (`FindingId`), the resource
it concerns, one clause of detail, and the facts that the remedy's commands need. The catalogue gives every kind
its words; `finding` turns a reason into what a person reads.
"""

from .catalogue import CATALOGUE, Kind
from .legible import legible
from .reason import FindingId, Reason
from .wording import Finding, filled, finding, places

__all__ = ["CATALOGUE", "Finding", "FindingId", "Kind", "Reason", "filled", "finding", "legible", "places"]
