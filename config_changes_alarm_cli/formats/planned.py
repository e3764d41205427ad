"""What a plan would leave, for people, for a pull request and for programs.

The verdicts are not those of an account: they say "would be", and what was assumed for them. No command is printed:
what is missing is made in the configuration, at the address that stands beside each link.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config_changes_alarm import __version__
from config_changes_alarm.assessment import Compliance, EventOutcome, Hop, Step
from config_changes_alarm.control import id_of
from config_changes_alarm.findings import CATALOGUE, Reason, finding, legible
from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from ..plan import Assumption, PlannedAssessment, is_unplanned
from .identity import title_of
from .markdown import code_span, escaped
from .marks import Mark, mark_of
from .style import PLAIN, NarrowTree, Style, hanging
from .tree import HOP_NAMES, Branch, Break, forest
from .words import named

__all__ = ["PLANNED", "planned"]

PLANNED = ("text", "markdown", "json")
"""The formats of what would be."""

_UNPLANNED_STEP = (
    "Name one resource for it in the configuration, say what is there beside the plan (--assume-trail, "
    "--assume-topic), or evaluate the account after apply"
)


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


def _mark(reason: Reason) -> Mark:
    return Mark.BREAKS if CATALOGUE[reason.id].disproves else Mark.UNVERIFIED


def _fates(made: PlannedAssessment) -> Sequence[tuple[Mark, Sequence[str], str]]:
    """What would become of the required events: a mark, the events that fare alike, and how."""
    found: dict[tuple[Mark, str], list[str]] = {}
    for event in made.assessment.events:
        mark = Mark.HOLDS if event.covered else Mark.BREAKS if event.disproved else Mark.UNVERIFIED
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
    return "\n".join(style.printed(*_parts(each, style)) for each in made)


def _parts(made: PlannedAssessment, style: Style) -> Iterator[RenderableType]:
    assessment = made.assessment
    yield Text(f"{id_of(assessment.control)}: {title_of(assessment.control)}", style="strong")
    yield Text(f"account {assessment.account_id}, {assessment.region}, version {__version__}")
    for use in made.uses:
        yield hanging((Text("! ", style="open"),), legible(str(use)))
    yield Text("\nAssumed, because a plan cannot know it", style="strong")
    for address, texts in _by_address(made.assumed).items():
        yield hanging(("  ",), legible(address))
        for text in texts:
            yield hanging(("    - ",), Text(legible(text), style="faint"))
    yield Text("\nThe chain that the plan would leave", style="strong")
    yield _chain(made, style)
    yield Text("\nWould somebody be told?", style="strong")
    for mark, names, fate in _fates(made):
        yield hanging(("  ", style.marked(mark), " "), legible(f"{named(names)} {fate}"))
    yield Text("")
    yield Text(_verdict(made), style=f"verdict-{mark_of(assessment).colour}")
    for reason, address in _breaks(made):
        summary = legible(f"{finding(reason).summary} [{reason.id}]")
        yield hanging(("  ", style.marked(_mark(reason)), " "), summary)
        if address:
            yield hanging(("    ",), legible(f"at {address}"))
        yield hanging(("    ",), f"{_step(reason)}.")


def _chain(made: PlannedAssessment, style: Style) -> Tree:
    planted = forest(made.assessment)
    tree = NarrowTree("", hide_root=True, guide_style="faint")
    for broken in planted.unfollowed:
        _end(tree, broken, style)
    for root in planted.roots:
        _grow(tree, root, made, style)
    return tree


def _grow(tree: Tree, branch: Branch, made: PlannedAssessment, style: Style) -> None:
    """Each resource with its address in the configuration."""
    mark = Mark.HOLDS if branch.holds else Mark.BEYOND
    address = made.addresses.get(branch.step)
    told = f"{_name(branch.step)} ({address})" if address else _name(branch.step)
    grown = tree.add(hanging((style.marked(mark, faint=not branch.whole), " "), legible(told)))
    for end in branch.ends:
        if isinstance(end, Branch):
            _grow(grown, end, made, style)
        else:
            _end(grown, end, style)


def _end(tree: Tree, broken: Break, style: Style) -> None:
    mark = Mark.BREAKS if broken.disproves else Mark.UNVERIFIED
    tree.add(hanging((style.marked(mark), " "), legible(broken.words)))


# --------------------------------------------------------------------------- for a pull request


def _as_markdown(made: Sequence[PlannedAssessment]) -> str:
    """A comment or a job's summary: each control with its breaks; what is assumed is folded."""
    return "\n".join(line for each in made for line in _markdown(each))


def _markdown(made: PlannedAssessment) -> Iterator[str]:
    assessment = made.assessment
    yield f"## {mark_of(assessment).sign} {escaped(id_of(assessment.control))} {_verdict(made)}"
    yield f"\nAccount {assessment.account_id}, {assessment.region}.\n"
    for reason, address in _breaks(made):
        where = f" at {code_span(legible(address))}" if address else ""
        yield f"- **{escaped(legible(finding(reason).summary))}**{where}. {escaped(_step(reason))}."
    for mark, names, fate in _fates(made):
        yield f"- {mark.sign} {escaped(named(names))} {escaped(legible(fate))}."
    for use in made.uses:
        yield f"- ! {escaped(legible(str(use)))}"
    yield "\n<details><summary>Assumed, because a plan cannot know it</summary>\n"
    for address, texts in _by_address(made.assumed).items():
        yield from (f"- {code_span(legible(address))}: {escaped(legible(text))}" for text in texts)
    yield "\n</details>\n"


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
