"""What a plan would leave, for people, for a pull request and for programs.

The verdicts are not those of an account: they say "would be", and what was assumed for them. No command is printed:
what is missing is made in the configuration, at the address that stands beside each link.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Compliance, EventOutcome, Hop, Step
from config_changes_alarm.control import id_of
from config_changes_alarm.findings import CATALOGUE, Reason, finding, legible

from ..plan import Assumption, PlannedAssessment, is_unplanned
from .text import PLAIN, Style
from .tree import HOP_NAMES

__all__ = ["PLANNED", "planned"]

PLANNED = ("text", "markdown", "json")
"""The formats of what would be."""

_UNPLANNED_STEP = (
    "Name one resource for it in the configuration, say what is there beside the plan (--assume-trail, "
    "--assume-topic), or evaluate the account after apply"
)


_HOLDS, _BREAKS, _UNVERIFIED = "✓", "✗", "?"
_PLAIN_MARKS = {_HOLDS: "+", _BREAKS: "X", _UNVERIFIED: "?"}


def planned(format_name: str, made: Sequence[PlannedAssessment], style: Style = PLAIN) -> str:
    """The report, control by control; `style` is for text."""
    match format_name:
        case "json":
            return _as_json(made)
        case "markdown":
            return _as_markdown(made)
        case _:
            return _as_text(made, style)


def _verdict(made: PlannedAssessment) -> str:
    if made.tolerated:
        return f"would be {made.assessment.compliance}, accepted"
    match made.assessment.compliance:
        case Compliance.NON_COMPLIANT if not any(event.disproved for event in made.counted):
            return "would be NON_COMPLIANT, because something could not be verified"
        case Compliance.COMPLIANT:
            return "would be COMPLIANT, if what is assumed holds"
        case compliance:
            return f"would be {compliance}"


def _step(reason: Reason) -> str:
    return _UNPLANNED_STEP if is_unplanned(reason) else finding(reason).step


def _mark(reason: Reason) -> str:
    return _BREAKS if CATALOGUE[reason.id].disproves else _UNVERIFIED


def _fates(made: PlannedAssessment) -> Sequence[tuple[str, Sequence[str], str]]:
    """What would become of the required events: a mark, the events that fare alike, and how."""
    found: dict[tuple[str, str], list[str]] = {}
    for event in made.assessment.events:
        mark = _HOLDS if event.covered else _BREAKS if event.disproved else _UNVERIFIED
        found.setdefault((mark, _fate(made, event)), []).append(event.name)
    return [(mark, names, fate) for (mark, fate), names in found.items()]


def _fate(made: PlannedAssessment, event: EventOutcome) -> str:
    if not event.covered:
        return "would go unnoticed" if event.disproved else "could not be verified"
    whole = (chain for chain in made.assessment.chains if chain.whole and event.name in chain.sure | chain.maybe)
    return "would reach " + " and ".join(dict.fromkeys(chain.name_of(Hop.SUBSCRIPTION) or "" for chain in whole))


def _breaks(made: PlannedAssessment) -> Sequence[tuple[Reason, str]]:
    """Why events are not covered, each with the address of the resource at which its path ends."""
    told = dict.fromkeys(reason for event in made.assessment.events for reason in event.reasons)
    ends = {reason: chain.steps[-1:] for chain in reversed(made.assessment.chains) for reason in chain.reasons}
    return [(reason, next((made.addresses.get(step, "") for step in ends.get(reason, ())), "")) for reason in told]


def _by_address(assumed: Sequence[Assumption]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for each in assumed:
        found.setdefault(each.address or "the plan as a whole", []).append(each.text)
    return found


def _name(step: Step) -> str:
    return step.name if step.hop is Hop.SUBSCRIPTION else f"{HOP_NAMES[step.hop]} {step.name}"


# --------------------------------------------------------------------------- for people


def _as_text(made: Sequence[PlannedAssessment], style: Style) -> str:
    """Control by control, each with its verdict last, where a terminal shows it. Ends with a line feed."""
    return "\n\n".join("\n".join(map(legible, _lines(each, style))) for each in made) + "\n"


def _lines(made: PlannedAssessment, style: Style) -> Iterator[str]:
    assessment = made.assessment
    yield f"{id_of(assessment.control)}, account {assessment.account_id}, {assessment.region}"
    yield from ("", "Assumed, because a plan cannot know it")
    for address, texts in _by_address(made.assumed).items():
        yield f"  {address}"
        for text in texts:
            yield from _wrapped("    - ", text, style)
    yield from ("", "The chain that the plan would leave")
    yield from _chain(made, style)
    yield from ("", "Would somebody be told?")
    for mark, names, fate in _fates(made):
        yield from _wrapped(f"  {_sign(mark, style)} ", f"{', '.join(names)}: {fate}", style)
    for use in made.uses:
        yield from _wrapped("  ! ", str(use), style)
    yield from ("", _verdict(made))
    for reason, address in _breaks(made):
        yield from _wrapped(f"  {_sign(_mark(reason), style)} ", f"{finding(reason).summary} [{reason.id}]", style)
        if address:
            yield f"    at {address}"
        yield from _wrapped("    ", f"{_step(reason)}.", style)


def _chain(made: PlannedAssessment, style: Style) -> Iterator[str]:
    """The paths, whole ones first; what several have in common stands once."""
    shown: set[tuple[Step, ...]] = set()
    for chain in made.assessment.chains:
        for depth, step in enumerate(chain.steps):
            path = chain.steps[: depth + 1]
            if path not in shown:
                shown.add(path)
                address = made.addresses.get(step)
                yield f"  {'  ' * depth}{_name(step)}" + (f"  ({address})" if address else "")
        for reason in chain.reasons:
            start = f"  {'  ' * len(chain.steps)}{_sign(_mark(reason), style)} "
            yield from _wrapped(start, finding(reason).summary, style)
    if not made.assessment.chains:
        yield "  nothing of it"


def _wrapped(prefix: str, text: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        max(style.width, len(prefix) + 24),
        initial_indent=prefix,
        subsequent_indent=" " * len(prefix),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sign(mark: str, style: Style) -> str:
    return mark if style.unicode else _PLAIN_MARKS[mark]


# --------------------------------------------------------------------------- for a pull request


def _as_markdown(made: Sequence[PlannedAssessment]) -> str:
    """A comment or a job's summary: each control with its breaks; what is assumed is folded."""
    return "\n".join(line for each in made for line in _markdown(each))


def _markdown(made: PlannedAssessment) -> Iterator[str]:
    assessment = made.assessment
    mark = "✅" if assessment.compliance is Compliance.COMPLIANT else "❌" if assessment.disproved else "❔"
    yield f"### {mark} {_escaped(id_of(assessment.control))} {_verdict(made)}"
    yield ""
    yield f"Account {assessment.account_id}, {assessment.region}."
    yield ""
    for reason, address in _breaks(made):
        where = f" at {_code(address)}" if address else ""
        yield f"- **{_escaped(finding(reason).summary)}**{where}. {_escaped(_step(reason))}."
    for _, names, fate in _fates(made):
        yield f"- {', '.join(map(_code, names))} {_escaped(fate)}."
    for use in made.uses:
        yield f"- exception: {_escaped(str(use))}"
    yield from ("", "<details><summary>Assumed, because a plan cannot know it</summary>", "")
    for address, texts in _by_address(made.assumed).items():
        yield from (f"- {_code(address)}: {_escaped(text)}" for text in texts)
    yield from ("", "</details>", "")


def _escaped(text: str) -> str:
    """As Markdown and HTML show it: names come from the configuration."""
    return "".join(f"&#{ord(each)};" if each in "\\`*_{}[]<>()#+!|&~@" else each for each in legible(text))


def _code(text: str) -> str:
    return f"<code>{_escaped(text)}</code>"


# --------------------------------------------------------------------------- for programs


def _as_json(made: Sequence[PlannedAssessment]) -> str:
    """`{"version", "controls": [...]}`; docs/plan.schema.json says what it holds."""
    return json.dumps({"version": __version__, "controls": [_json(each) for each in made]}, indent=2)


def _json(made: PlannedAssessment) -> dict[str, Any]:
    assessment = made.assessment
    return {
        "account": assessment.account_id,
        "region": assessment.region,
        "control": id_of(assessment.control),
        "would_be": str(assessment.compliance),
        "disproved": assessment.disproved,
        "events": {
            event.name: {
                "covered": event.covered,
                "verified": event.verified,
                "counterexample": json.loads(event.counterexample) if event.counterexample else None,
            }
            for event in assessment.events
        },
        "exceptions": [str(use) for use in made.uses],
        "findings": [
            {
                "id": str(reason.id),
                "subject": reason.subject,
                "summary": finding(reason).summary,
                "step": _step(reason),
                "address": address or None,
            }
            for reason, address in _breaks(made)
        ],
        "chain": [
            {
                "whole": chain.whole,
                "steps": [
                    {"hop": HOP_NAMES[step.hop], "name": step.name, "address": made.addresses.get(step)}
                    for step in chain.steps
                ],
                "reasons": [finding(reason).summary for reason in chain.reasons],
            }
            for chain in assessment.chains
        ],
        "assumed": [{"address": each.address or None, "text": each.text} for each in made.assumed],
    }
