"""What every judgement of this package answers: yes, or no with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from ..findings import FindingId, Reason
from ..resources import Arn

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


def proposed_policy(name: str, policy: str | None) -> tuple[tuple[str, str], ...]:
    """The fact that has the policy of the remedy, JSON text; none where nothing can be proposed."""
    return () if policy is None else ((name, policy),)
