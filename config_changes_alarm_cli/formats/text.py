"""The text report. Verdict and next step come last, where a person looks: beside the prompt.

The chain as a tree, what becomes of every event, what to do, the verdict. A record that would go unnoticed is long, so
that it is shown only where more is asked for (`verbose`).
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Hashable, Iterator

from config_changes_alarm.assessment import Compliance, Hop
from config_changes_alarm.findings import CATALOGUE
from config_changes_alarm.report import annotation
from rich.console import RenderableType
from rich.text import Text
from rich.tree import Tree

from ..evaluation import Evaluated
from .identity import numbers_in_words
from .marks import Mark, hop_marks, mark_of
from .provenance import Provenance
from .shell import pasteable
from .style import PLAIN, NarrowTree, Style, hanging
from .tree import HOP_NAMES, Branch, Break, Weight, forest, proved
from .words import Remedy, fates, named, remedies

__all__ = ["as_text"]


def as_text(evaluated: Evaluated, style: Style = PLAIN) -> str:
    """The whole report. Its last line ends with a line feed."""
    return style.printed(*_Report(evaluated, style).parts())


class _Report:
    def __init__(self, evaluated: Evaluated, style: Style) -> None:
        self.evaluated = evaluated
        self.assessment = assessment = evaluated.assessment
        self.known = Provenance.of(evaluated)
        self.style = style
        self.mark = mark_of(evaluated)
        self.events = [event.name for event in assessment.events]
        self.shown: set[Hashable] = set()

    def parts(self) -> Iterator[RenderableType]:
        yield from self._known()
        yield from self._chain()
        if self.style.verbose:
            yield from self._unnoticed()
        yield from self._fates()
        yield from self._remedies()
        yield from self._verdict()

    def _known(self) -> Iterator[RenderableType]:
        """Whose report it is, and what it rests on."""
        known = self.known
        yield Text.assemble((f"{known.control}: {known.title}", "strong"))
        yield Text(numbers_in_words(self.assessment.control) or "no control of the benchmark", style="faint")
        yield Text(
            f"account {self.assessment.account_id}, {self.assessment.region}, {known.minute}, version {known.version}"
        )
        yield hanging(("required: ",), Text(known.required_filter_pattern, style="faint"))
        parameters = [str(each) for each in known.parameters if each.name != "Control"]  # which the first line names
        if parameters:
            yield hanging(("parameters: ",), Text(", ".join(parameters), style="faint"))
        for notice in known.notices:
            yield hanging((Text("! ", style="open"),), notice)
        yield Text("")

    # ------------------------------------------------------------------- the chain

    def _chain(self) -> Iterator[RenderableType]:
        yield Text("The chain", style="strong")
        planted = forest(self.assessment)
        tree = NarrowTree("", hide_root=True, guide_style="faint")
        for broken in planted.unfollowed:
            tree.add(self._break(broken))
        for root in planted.roots:
            self._grow(tree, root)
        yield tree

    def _grow(self, tree: Tree, branch: Branch) -> None:
        name = branch.step.name if branch.step.hop is Hop.SUBSCRIPTION else _named(branch)
        beyond = _beyond(branch)
        again = beyond in self.shown and bool(branch.branches)
        self.shown.add(beyond)
        told = ", as above" if again else f": {proved(branch, self.events)}" if branch.sound else ""
        mark = Mark.HOLDS if branch.holds else Mark.BEYOND
        grown = tree.add(hanging((self.style.marked(mark, faint=not branch.whole), " "), f"{name}{told}"))
        if again:
            return
        for end in branch.ends:
            if isinstance(end, Branch):
                self._grow(grown, end)
            else:
                grown.add(self._break(end))

    def _break(self, broken: Break) -> RenderableType:
        """What breaks, and why that matters unless it does not matter to the verdict."""
        mark = Mark.BREAKS if broken.disproves else Mark.UNVERIFIED
        words, id_ = broken.words, broken.reason.id
        told = f"{words}. {CATALOGUE[id_].why} [{id_}]"
        match broken.weight:
            case Weight.DECISIVE:
                label = "BROKEN HERE" if broken.disproves else "NOT VERIFIED HERE"
                style = "decisive" if broken.disproves else "decisive-open"
                return hanging((self.style.marked(mark), " "), Text.assemble((label, style), f" {told}"))
            case Weight.NAMED:
                return hanging((self.style.marked(mark), " "), told)
            case Weight.ASIDE:
                return hanging((self.style.marked(Mark.BEYOND), " "), Text(f"{words} [{id_}]", style="faint"))

    # ------------------------------------------------------------------- the events

    def _fates(self) -> Iterator[RenderableType]:
        yield self._heading("Would somebody be told?")
        for fate in fates(self.evaluated):
            yield hanging(("  ", self.style.marked(fate.mark), " "), f"{named(fate.events)} {fate.words}")

    def _unnoticed(self) -> Iterator[RenderableType]:
        event = next((event for event in self.assessment.events if event.counterexample), None)
        if event is not None and event.counterexample is not None:
            yield self._heading(f"A CloudTrail record of {event.name} that would go unnoticed")
            yield _verbatim(textwrap.indent(json.dumps(json.loads(event.counterexample), indent=2), "  "))

    # ------------------------------------------------------------------- what to do

    def _remedies(self) -> Iterator[RenderableType]:
        mending = remedies(self.assessment)
        if mending:
            yield self._heading("What to do")
        for number, remedy in enumerate(mending, 1):
            yield from self._remedy(number, remedy)

    def _remedy(self, number: int, remedy: Remedy) -> Iterator[RenderableType]:
        yield hanging((f"  {number}. ",), f"{remedy.step}.")
        yield _verbatim("\n".join(pasteable(remedy.commands, self.style.width, "     ")))

    # ------------------------------------------------------------------- the verdict

    def _verdict(self) -> Iterator[RenderableType]:
        assessment = self.assessment
        where = f"  account {assessment.account_id}, {assessment.region}, {self.known.control}"
        yield Text("")
        yield Text.assemble((str(assessment.compliance), f"verdict-{self.mark.colour}"), where)
        if self.known.notices:
            yield Text.assemble("  ", ("! ", "open"), f"{self._weakened()}: see the beginning")
        if assessment.compliance is not Compliance.COMPLIANT:
            hops = [Text.assemble(f"{HOP_NAMES[hop]} ", self.style.marked(mark)) for hop, mark in self._hops()]
            yield Text.assemble("  ", Text(" > ", style="faint").join(hops))
        yield hanging(("  ",), annotation(assessment))

    def _weakened(self) -> str:
        """How many parameters and exceptions weaken the verdict."""
        counts = ((len(self.known.relaxed), "relaxed parameter"), (len(self.known.exceptions), "exception"))
        return " and ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count)

    def _hops(self) -> Iterator[tuple[Hop, Mark]]:
        yield from hop_marks(self.assessment).items()

    def _heading(self, text: str) -> Text:
        return Text.assemble("\n", (text, "strong"))


def _named(branch: Branch) -> str:
    return f"{HOP_NAMES[branch.step.hop]} {branch.step.name}"


def _verbatim(text: str) -> Text:
    """Lines that are copied as they are, however long."""
    return Text(text, no_wrap=True)


def _beyond(branch: Branch) -> Hashable:
    """A resource and all that follows it, whatever leads there: what is the same needs to be shown once."""
    return branch.step, tuple(broken.words for broken in branch.breaks), tuple(map(_beyond, branch.branches))
