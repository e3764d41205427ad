"""The text report: the verdict, what becomes of every event, the chain as a tree, and what to type now."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from config_changes_alarm.assessment import Assessment, Compliance, Hop
from config_changes_alarm.findings import Reason, finding
from config_changes_alarm.report import annotation

from .tree import HOP_NAMES, Branch, carried, proved, roots, unfollowed
from .words import outcome_in_words, remedies

__all__ = ["PLAIN", "Style", "as_text", "pasteable"]


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show. `width` is in columns; commands and records may be wider."""

    width: int = 80
    unicode: bool = True
    colour: bool = False
    verbose: bool = False

    def coloured(self, text: str, code: str) -> str:
        """The text in an ANSI colour, where there are colours."""
        return f"\033[{code}m{text}\033[0m" if self.colour and text.strip() else text

    def good(self, text: str) -> str:
        return self.coloured(text, "32")

    def bad(self, text: str) -> str:
        return self.coloured(text, "31")

    def strong(self, text: str) -> str:
        return self.coloured(text, "1")

    def faint(self, text: str) -> str:
        return self.coloured(text, "2")

    @property
    def holds(self) -> str:
        return "✓" if self.unicode else "+"

    @property
    def breaks(self) -> str:
        return "✗" if self.unicode else "X"

    def mark(self, good: bool) -> str:
        """What tells whole from broken, also without colour."""
        return self.good(self.holds) if good else self.bad(self.breaks)


_Event: TypeAlias = tuple[str, tuple[str, bool]]
"""A required event's name, what becomes of it in words, and whether it is covered."""

PLAIN = Style()
"""What a file holds."""


def as_text(assessment: Assessment, style: Style = PLAIN) -> str:
    """The whole report. Its last line ends with a line feed."""
    return "\n".join(_Report(assessment, style).lines()) + "\n"


class _Report:
    def __init__(self, assessment: Assessment, style: Style) -> None:
        self.assessment = assessment
        self.style = style
        self.events = [event.name for event in assessment.events]
        self.shown: set[Hashable] = set()

    def lines(self) -> Iterator[str]:
        assessment, style = self.assessment, self.style
        good = assessment.compliance is Compliance.COMPLIANT
        verdict = (style.good if good else style.bad)(str(assessment.compliance))
        yield f"{verdict}  account {assessment.account_id}, {assessment.region}"
        yield from self._wrapped("  ", annotation(assessment))
        yield from self._outcomes()
        yield from self._chain()
        yield from self._remedies()
        yield from self._unnoticed()

    def _heading(self, text: str) -> Iterator[str]:
        yield ""
        yield self.style.strong(text)

    def _wrapped(self, prefix: str, text: str, shown: str | None = None, indent: str | None = None) -> Iterator[str]:
        """The text after a prefix, which `shown` replaces with colours; further lines after `indent`, faint."""
        width = max(self.style.width, len(prefix) + 24)
        rest = " " * len(prefix) if indent is None else indent
        lines = textwrap.wrap(
            text, width, initial_indent=prefix, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )
        for number, line in enumerate(lines or [prefix]):
            start, faint = (prefix, shown or prefix) if not number else (rest, self.style.faint(rest))
            yield faint + line[len(start) :]

    # ------------------------------------------------------------------- the events

    def _outcomes(self) -> Iterator[str]:
        yield from self._heading("Would somebody be told?")
        told = [(outcome_in_words(self.assessment, event), event.covered) for event in self.assessment.events]
        rows = [
            (_named([name for name, _ in alike]), words, covered)
            for (words, covered), group in groupby(zip(self.events, told, strict=True), key=lambda each: each[1])
            for alike in _apart(list(group))
        ]
        longest = max((len(names) for names, _, _ in rows), default=0)
        before = ""
        for names, outcome, covered in rows:
            words, before = "likewise" if outcome == before else outcome, outcome
            prefix = f"  {self.style.holds if covered else self.style.breaks} {names:<{longest}}  "
            shown = f"  {self.style.mark(covered)} {names:<{longest}}  "
            yield from self._wrapped(prefix, words, shown)

    # ------------------------------------------------------------------- the chain

    def _chain(self) -> Iterator[str]:
        yield from self._heading("The chain")
        for reason in unfollowed(self.assessment):
            yield from self._break("  ", reason)
        for branch in roots(self.assessment):
            yield from self._tree(branch, "  ", "  ")

    def _tree(self, branch: Branch, prefix: str, indent: str) -> Iterator[str]:
        """`prefix` leads to the resource, `indent` to what is beyond it."""
        style, step = self.style, branch.step
        beyond = _beyond(branch)
        again = beyond in self.shown and bool(branch.branches)
        self.shown.add(beyond)
        name = step.name if step.hop is Hop.SUBSCRIPTION else f"{HOP_NAMES[step.hop]} {step.name}"
        mark = style.holds if branch.sound else style.breaks
        told = ", as above" if again else f": {self._proved(branch)}" if branch.sound else ""
        bar = "│" if style.unicode else "|"
        goes_on = not again and (branch.branches or branch.reasons or branch.gaps)
        more = f"{indent}{bar if goes_on else ' '} "
        start = f"{prefix}{mark} "
        shown = f"{style.faint(prefix)}{style.mark(branch.sound)} "
        yield from self._wrapped(start, f"{name}{told}", shown, more)
        if again:
            return
        ends: list[Reason | Branch] = [*branch.reasons, *branch.gaps, *branch.branches]
        for number, end in enumerate(ends, 1):
            last = number == len(ends)
            joint, gap = ("└ ", "  ") if last else ("├ ", "│ ")
            if not style.unicode:
                joint, gap = ("`- ", "   ") if last else ("|- ", "|  ")
            if isinstance(end, Branch):
                yield from self._tree(end, indent + joint, indent + gap)
            else:
                yield from self._break(indent + joint, end, indent + gap)

    def _proved(self, branch: Branch) -> str:
        if branch.step.hop is Hop.METRIC_FILTER:
            return f"matches {carried(branch, self.events)}" if branch.sure | branch.maybe else "matches"
        return proved(branch)

    def _break(self, prefix: str, reason: Reason, indent: str = "") -> Iterator[str]:
        style = self.style
        start, shown = f"{prefix}{style.breaks} ", f"{style.faint(prefix)}{style.mark(False)} "
        text = f"BROKEN [{reason.id}] {finding(reason).summary}"
        yield from self._wrapped(start, text, shown, f"{indent or ' ' * len(prefix)}  ")

    # ------------------------------------------------------------------- what to do

    def _unnoticed(self) -> Iterator[str]:
        event = next((event for event in self.assessment.events if event.counterexample), None)
        if event is None or event.counterexample is None:
            return
        yield from self._heading(f"A CloudTrail record of {event.name} that would go unnoticed")
        yield textwrap.indent(json.dumps(json.loads(event.counterexample), indent=2), "  ")

    def _remedies(self) -> Iterator[str]:
        mended = remedies(self.assessment)
        if mended:
            yield from self._heading("What to do")
        for number, remedy in enumerate(mended, 1):
            yield from self._wrapped(f"  {number}. ", f"{remedy.step}. {remedy.why}")
            yield from pasteable(remedy.commands, self.style.width, "     ")


_MOST_ROWS = 5
"""Of events that fare alike; more of them are one row."""


def _apart(alike: list[_Event]) -> list[list[_Event]]:
    """Events that fare alike, each in a row of its own unless they are many."""
    return [alike] if len(alike) > _MOST_ROWS else [[each] for each in alike]


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _beyond(branch: Branch) -> Hashable:
    """A resource and all that follows it, whatever leads there: what is the same needs to be shown once."""
    reasons = tuple((reason.id, reason.subject, reason.detail) for reason in (*branch.reasons, *branch.gaps))
    return branch.step, reasons, tuple(map(_beyond, branch.branches))


def pasteable(command: str, width: int, indent: str) -> Iterator[str]:
    """A shell command on lines that a shell takes together; an option stays with its value where both fit.

    A comment at its end goes before it.
    """
    command, _, comment = command.partition("  # ")
    if comment:
        yield from textwrap.wrap(comment, width, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
    words = re.findall(r"(?:'[^']*'|\"[^\"]*\"|\\.|[^\s'\"\\])+", command)
    parts: list[str] = []
    for word in words:
        belongs = bool(parts) and parts[-1].startswith("--") and " " not in parts[-1] and not word.startswith("--")
        if belongs and len(parts[-1]) + len(word) < width:
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    line = indent
    for number, part in enumerate(parts):
        if number and len(line) + len(part) + 3 > width:
            yield f"{line} \\"
            line = f"{indent}    {part}"
        else:
            line += part if not number else f" {part}"
    yield line
