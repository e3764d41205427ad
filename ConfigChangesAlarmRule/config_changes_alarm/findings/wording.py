"""A reason in words, as the reports give it, with the commands of its remedy ready for the shell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .catalogue import CATALOGUE
from .legible import quoted
from .reason import FindingId, Reason

__all__ = ["Finding", "filled", "finding", "places"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason in words, as the reports give it. `step` is the next step in a few words, `remedy` how to take it."""

    id: FindingId
    subject: str
    summary: str
    step: str
    remedy: str


_PLACE = re.compile(r"{(\w+)}")
_DERIVED = {
    "topic_region": ("topic_arn", 3),
    "topic_name": ("topic_arn", 5),
    "role_name": ("role_arn", 5),
    "operation_name": ("operation", 1),
}


def _facts(reason: Reason) -> dict[str, str]:
    facts = dict(reason.facts)
    for name, (whole, part) in _DERIVED.items():
        pieces = facts.get(whole, "").split(":", 5)
        if name not in facts and len(pieces) > part:
            facts[name] = pieces[part].rsplit("/", 1)[-1]
    return facts


def places(id: FindingId) -> frozenset[str]:  # noqa: A002
    """The facts that the commands of a kind's remedy need."""
    return frozenset(_PLACE.findall(CATALOGUE[id].remedy))


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The commands with their facts, quoted for the shell.

    `<fact>` stands for one that is not known, `<fact-that-cannot-be-typed>` for one that no command line can hold.
    """

    def value(match: re.Match[str]) -> str:
        name, fact = match[1].replace("_", "-"), facts.get(match[1])
        if fact is None:
            return f"<{name}>"
        return quoted(fact) or f"<{name}-that-cannot-be-typed>"

    return _PLACE.sub(value, template)


def finding(reason: Reason) -> Finding:
    """The reason in words, with the account's own names in the remedy's commands."""
    kind = CATALOGUE[reason.id]
    sentence = kind.sentence.replace("{subject}", reason.subject)
    summary = f"{sentence}: {reason.detail}" if reason.detail else sentence
    return Finding(reason.id, reason.subject, summary, kind.step, filled(kind.remedy, _facts(reason)))
