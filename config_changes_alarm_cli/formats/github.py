"""The verdicts as annotations of a GitHub Actions run: a line of its log each, which GitHub shows beside the run.

What is disproved or could not be evaluated is an error, what could not be verified a warning, and what nobody may
overlook a notice: what was accepted, excepted or relaxed. Source: GitHub Docs, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config_changes_alarm.report import annotation

from ..evaluation import NotEvaluated, Outcome
from .provenance import Provenance
from .states import State, state_of

__all__ = ["as_github_annotations"]

_COMMANDS = {
    State.DISPROVED: "error",
    State.NOT_EVALUATED: "error",
    State.NOT_VERIFIED: "warning",
    State.NOT_APPLICABLE: "notice",
}
"""How loudly each is said. What is proved is a line of the log."""


def as_github_annotations(outcomes: Sequence[Outcome]) -> str:
    """A line for each verdict, and one for whatever weakens it."""
    return "".join(f"{line}\n" for outcome in outcomes for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    state = state_of(outcome)
    if isinstance(outcome, NotEvaluated):
        where = " ".join(filter(None, (outcome.account_id, outcome.region, outcome.name)))
        yield _command(_COMMANDS[state], f"{where}, {', '.join(outcome.controls)}", f"{state}: {outcome.problem}")
        return
    assessment, known = outcome.assessment, Provenance.of(outcome)
    where = f"{assessment.account_id} {assessment.region}, {known.control}"
    given = "".join(f", {each}" for each in known.parameters)
    about = f"{known.title}, evaluated {known.minute} by version {known.version}{given}"
    text = f"{annotation(assessment)}\n{about}\nrequired {known.required_filter_pattern}"
    if outcome.tolerated:
        yield _command("notice", f"{state}, accepted: {where}", text)
    elif state in _COMMANDS:
        yield _command(_COMMANDS[state], f"{state}: {where}", text)
    else:
        yield f"{state}: {where}: {text}".replace("\n", "; ")
    yield from (_command("notice", where, notice) for notice in known.notices)


def _command(name: str, title: str, text: str) -> str:
    return f"::{name} title={_escaped(title, ':,')}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """What a workflow command would read as its own end or another part of it."""
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
