"""The report as Markdown, for pull requests, wikis and the summary of a CI run.

Nothing that comes from the account is more than text there: what Markdown or HTML would read is escaped. The chain is
a Mermaid picture, which GitHub and GitLab draw.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from config_changes_alarm.report import annotation

from ..evaluation import Evaluated, NotEvaluated, Outcome
from .marks import mark_of
from .mermaid import as_mermaid
from .provenance import Provenance
from .states import State, state_of
from .tree import HOP_NAMES, first_break
from .words import fates, remedies, why

__all__ = ["as_markdown", "as_markdown_table", "code_span", "escaped"]


def as_markdown(evaluated: Evaluated) -> str:
    """The report of one account and control."""
    return "\n".join(_report(evaluated)) + "\n"


def as_markdown_table(outcomes: Sequence[Outcome]) -> str:
    """A row an account and control, and below it whatever weakens a verdict."""
    return "\n".join(_table(outcomes)) + "\n"


# --------------------------------------------------------------------------- one


def _report(evaluated: Evaluated) -> Iterator[str]:
    assessment, known, state = evaluated.assessment, Provenance.of(evaluated), state_of(evaluated)
    yield f"## {mark_of(evaluated).sign} {escaped(state)}: account {assessment.account_id}, {assessment.region}"
    yield f"\n{escaped(annotation(assessment))}"
    for notice in known.notices:
        yield f"\n> {escaped(notice)}"
    yield "\n### Would somebody be told?\n"
    yield "| | events | |\n| --- | --- | --- |"
    for fate in fates(evaluated):
        yield f"| {fate.mark.sign} | {escaped(', '.join(fate.events))} | {escaped(fate.words)} |"
    yield "\n### The chain\n"
    yield from _fenced("mermaid", as_mermaid(evaluated))
    mending = remedies(assessment)
    if mending:
        yield "\n### What to do"
    for number, remedy in enumerate(mending, 1):
        yield f"\n{number}. {escaped(f'{remedy.step}. {remedy.why}')}\n"
        yield from _fenced("sh", remedy.commands, "   ")
    missed = next((event for event in assessment.events if event.counterexample), None)
    if missed is not None:
        yield f"\n### A CloudTrail record of {escaped(missed.name)} that would go unnoticed\n"
        yield from _fenced("json", json.dumps(json.loads(missed.counterexample or ""), indent=2))
    yield "\n### What this rests on\n"
    yield f"- evaluated {known.minute} by config-changes-alarm {known.version}"
    yield f"- control: {escaped(known.title)} ({', '.join((known.control, *known.requirements))})"
    yield f"- required: {code_span(known.required_filter_pattern)}"
    given = ", ".join(code_span(str(each)) for each in known.parameters)
    yield f"- parameters: {given or 'as they are by default'}"


# --------------------------------------------------------------------------- several


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    counts = Counter(state_of(outcome) for outcome in outcomes)
    yield f"## {', '.join(f'{counts[state]} {escaped(state)}' for state in State if counts[state])}\n"
    yield "| | account | name | Region | control | verdict | first break | |\n" + "| --- " * 8 + "|"
    for outcome in outcomes:
        yield f"| {' | '.join(map(escaped, _row(outcome)))} |"
    known = [(outcome, Provenance.of(outcome)) for outcome in outcomes if isinstance(outcome, Evaluated)]
    notices = [
        f"- {escaped(f'{outcome.assessment.account_id} {outcome.assessment.region}, {each.control}: {notice}')}"
        for outcome, each in known
        for notice in each.notices
    ]
    yield from ("", *notices) if notices else ()
    latest = max((each for _, each in known), key=lambda each: each.evaluated_at, default=None)
    if latest is not None:
        yield f"\nEvaluated {latest.minute} by config-changes-alarm {latest.version}."
    for title, pattern in dict.fromkeys((each.title, each.required_filter_pattern) for _, each in known):
        yield f"\n{escaped(title)}: required {code_span(pattern)}"
    given = dict.fromkeys(str(each) for _, one in known for each in one.parameters if each.name != "Control")
    yield f"\nParameters: {', '.join(map(code_span, given)) or 'as they are by default'}."


def _row(outcome: Outcome) -> tuple[str, ...]:
    state = state_of(outcome)
    if isinstance(outcome, NotEvaluated):
        controls = ", ".join(outcome.controls)
        return (
            mark_of(outcome).sign,
            outcome.account_id,
            outcome.name,
            outcome.region,
            controls,
            state,
            "",
            outcome.problem,
        )
    assessment = outcome.assessment
    broken = first_break(assessment)
    hop = "" if broken is None else HOP_NAMES[broken.hop]
    verdict = f"{state}, accepted" if outcome.tolerated else state.value
    control_id = Provenance.of(outcome).control
    whose = assessment.account_id, outcome.name, assessment.region, control_id
    return mark_of(outcome).sign, *whose, verdict, hop, why(assessment)


# --------------------------------------------------------------------------- text in Markdown


def escaped(text: str) -> str:
    """As it is read: every character that could be markup is escaped."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&$])", r"\\\1", text)


def code_span(text: str) -> str:
    """In a code span, whatever backticks it has, and in a table too."""
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _fenced(language: str, text: str, indent: str = "") -> Iterator[str]:
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = (f"{fence}{language}", *text.rstrip("\n").splitlines(), fence)
    yield "\n".join(f"{indent}{line}" for line in lines)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
