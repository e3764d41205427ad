"""What every judgement of this package answers: yes, or no with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import FindingId, Reason
from ..resources import Arn
from .access_policy import replaced_statements

__all__ = ["Accepts", "AsksOrganization", "Refuses", "proposed_policy", "refusal"]


@dataclass(frozen=True, slots=True)
class Accepts:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Refuses:
    """No, or not provably, because."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class AsksOrganization:
    """It depends on the organization that the account is in, which has not been asked for."""

    account_id: str


def refusal(id: FindingId, topic_arn: str, detail: str = "", *facts: tuple[str, str]) -> Refuses:  # noqa: A002
    """Because of the topic, with what the remedy's commands need of it."""
    region, account_id = Arn.parse(topic_arn).region, Arn.parse(topic_arn).account_id
    known = (("topic_arn", topic_arn), ("topic_region", region), ("account_id", account_id), *facts)
    return Refuses((Reason(id, topic_arn.rsplit(":", 1)[-1], detail, known),))


def proposed_policy(name: str, before: str | None, policy: str | None) -> tuple[tuple[str, str], ...]:
    """The facts that have the policy of the remedy, JSON text, and what it makes of the one before.

    None where nothing can be proposed.
    """
    if policy is None:
        return ()
    replaced = replaced_statements(before or "", policy)
    change = f"replaces {' and '.join(replaced)}" if replaced else "keeps every statement that is there"
    return ((name, policy), ("policy_change", change))
