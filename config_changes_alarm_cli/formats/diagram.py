"""The chain as a graph to be drawn: every resource once with what breaks it, in columns from trail to subscription.

What breaks a resource stands in its node. Where the resource is as it should be and nothing comes next, what is missing
is a node of its own in the next column. A composite alarm stands in a column after its child's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from config_changes_alarm.assessment import Assessment, Hop, Step

from .marks import Mark, hop_marks
from .tree import HOP_NAMES, Branch, Break, Weight, forest, proved

__all__ = ["Column", "Diagram", "Link", "Node", "Strength", "diagram"]


class Strength(Enum):
    """What is known of a link, strongest first."""

    WHOLE = "whole"
    """All records of some event take it on their way to a person."""
    HOLDS = "holds"
    """It holds, but that proves nothing of a whole path."""
    BROKEN = "broken"
    """It leads to what is missing, or not every record takes it."""
    UNVERIFIED = "unverified"
    """As broken, but that could only not be verified."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, and how its hop was judged."""

    name: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Node:
    """A resource (`step`), or what is missing in its place. `events` are those it may concern.

    `proved` says what has been proved of a sound resource, the most where several paths lead through it. `breaks` are
    the strongest first. `first` are the nodes of the path that comes first: to the decisive break, or the first whole.
    """

    id: str
    column: int
    kind: str
    name: str
    events: frozenset[str]
    step: Step | None
    breaks: tuple[Break, ...]
    whole: bool
    first: bool
    proved: str

    @property
    def weight(self) -> Weight | None:
        """That of its strongest break."""
        return self.breaks[0].weight if self.breaks else None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it that matters to the verdict."""
        return not self.breaks or ((self.whole or self.first) and self.weight is Weight.ASIDE)

    @property
    def mark(self) -> Mark:
        if self.holds:
            return Mark.HOLDS if self.proved else Mark.BEYOND
        return Mark.BREAKS if self.breaks[0].disproves else Mark.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Link:
    """From node to node, by their ids. A gap leaves some records out: what lies beyond it is as it should be."""

    source: str
    target: str
    strength: Strength
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Diagram:
    """The nodes of the path that comes first, then the others by column; every link leads to a later column."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Missing:
    """What is missing beyond a resource, or before any: one node for one sentence."""

    step: Step | None
    words: str


_Key = Step | _Missing


@dataclass(slots=True)
class _Drawn:
    column: int
    events: set[str] = field(default_factory=set)
    breaks: dict[str, Break] = field(default_factory=dict)
    whole: bool = False
    first: bool = False
    proved: str = ""


def diagram(assessment: Assessment) -> Diagram:
    """The graph of an assessment."""
    return _Drawing(assessment).finished()


class _Drawing:
    def __init__(self, assessment: Assessment) -> None:
        self.events = [event.name for event in assessment.events]
        self.drawn: dict[_Key, _Drawn] = {}
        self.links: dict[tuple[_Key, _Key], tuple[Strength, set[str]]] = {}
        self.alarm_columns = max((_alarms(chain.steps) for chain in assessment.chains), default=1) or 1
        self.marks = hop_marks(assessment)
        planted = forest(assessment)
        for broken in planted.unfollowed:
            self._missing(None, broken, 0)
        for root in planted.roots:
            self._branch(root, None, 0)

    def _column(self, step: Step, alarms_before: int) -> int:
        match step.hop:
            case Hop.TRAIL | Hop.LOG_GROUP | Hop.METRIC_FILTER:
                return int(step.hop) - 1
            case Hop.ALARM:
                return 3 + alarms_before
            case Hop.TOPIC:
                return 3 + self.alarm_columns
            case Hop.SUBSCRIPTION:
                return 4 + self.alarm_columns

    def _columns(self) -> tuple[Column, ...]:
        alarms = ["alarm", *["composite alarm"] * (self.alarm_columns - 1)]
        named = [(hop, name) for hop in Hop for name in (alarms if hop is Hop.ALARM else [HOP_NAMES[hop]])]
        return tuple(Column(name, self._mark(hop, number)) for number, (hop, name) in enumerate(named))

    def _mark(self, hop: Hop, column: int) -> Mark:
        """That of a hop; of several columns of alarms that of the one with the break."""
        broken = [drawn.column for drawn in self.drawn.values() if _decisive(drawn.breaks.values())]
        if hop is not Hop.ALARM or self.marks[hop] is Mark.BEYOND or not broken or column == broken[0]:
            return self.marks[hop]
        return Mark.HOLDS if column < broken[0] else Mark.BEYOND

    def _branch(self, branch: Branch, parent: Branch | None, alarms_before: int) -> None:
        step = branch.step
        column = self._column(step, alarms_before)
        events = self._events_of(branch)
        drawn = self._node(step, column, events)
        drawn.whole |= branch.whole
        drawn.first |= branch.first
        drawn.proved = max(drawn.proved, proved(branch, self.events) if branch.sound else "", key=len)
        if parent is not None:
            self._link(parent.step, step, _strength(parent, branch), events)
        for broken in branch.breaks:
            if broken.beyond:
                self._missing(step, broken, max(column + 1, self._after(step)))
            else:
                _add(drawn.breaks, broken)
        for further in branch.branches:
            self._branch(further, branch, alarms_before + (step.hop is Hop.ALARM))

    def _after(self, step: Step) -> int:
        """The column of what comes after a hop."""
        return 3 + self.alarm_columns if step.hop is Hop.ALARM else 0

    def _missing(self, step: Step | None, broken: Break, column: int) -> None:
        key = _Missing(step, broken.words)
        drawn = self._node(key, column, broken.events or self.events)
        _add(drawn.breaks, broken)
        drawn.first |= broken.weight is Weight.DECISIVE
        if step is not None:
            self._link(step, key, Strength.BROKEN if broken.disproves else Strength.UNVERIFIED, broken.events)

    def _events_of(self, branch: Branch) -> frozenset[str]:
        """Before any filter a path may carry every event."""
        known = branch.sure | branch.maybe
        return known if known or branch.step.hop > Hop.LOG_GROUP else frozenset(self.events)

    def _node(self, key: _Key, column: int, events: Iterable[str]) -> _Drawn:
        drawn = self.drawn.setdefault(key, _Drawn(column))
        drawn.column = max(drawn.column, column)
        drawn.events |= set(events)
        return drawn

    def _link(self, source: _Key, target: _Key, strength: Strength, events: Iterable[str]) -> None:
        known, carried = self.links.get((source, target), (strength, set()))
        strongest = min(known, strength, key=list(Strength).index)
        self.links[source, target] = strongest, carried | set(events)

    def finished(self) -> Diagram:
        columns = self._columns()
        keys = sorted(self.drawn, key=lambda key: (not self.drawn[key].first, self.drawn[key].column))
        ids = {key: f"n{number}" for number, key in enumerate(keys, 1)}
        nodes = tuple(self._made(key, ids[key], columns) for key in keys)
        links = tuple(
            Link(ids[source], ids[target], strength, frozenset(events))
            for (source, target), (strength, events) in self.links.items()
        )
        return Diagram(nodes, links, columns)

    def _made(self, key: _Key, node_id: str, columns: tuple[Column, ...]) -> Node:
        drawn = self.drawn[key]
        breaks = tuple(sorted(drawn.breaks.values(), key=lambda broken: broken.weight))
        step = key if isinstance(key, Step) else None
        kind = columns[drawn.column].name if step is None else HOP_NAMES[step.hop]
        name = "" if step is None else step.name
        return Node(
            node_id, drawn.column, kind, name, frozenset(drawn.events), step,
            breaks, drawn.whole, drawn.first, drawn.proved,
        )  # fmt: skip


def _strength(parent: Branch, branch: Branch) -> Strength:
    if branch.whole:
        return Strength.WHOLE
    gaps = [broken for broken in parent.breaks if not broken.beyond]
    if not gaps:
        return Strength.HOLDS
    return Strength.BROKEN if any(broken.disproves for broken in gaps) else Strength.UNVERIFIED


def _decisive(breaks: Iterable[Break]) -> bool:
    return any(broken.weight is Weight.DECISIVE for broken in breaks)


def _add(breaks: dict[str, Break], broken: Break) -> None:
    """The same break on several paths weighs what it weighs most."""
    known = breaks.get(broken.words, broken)
    breaks[broken.words] = min(known, broken, key=lambda each: each.weight)


def _alarms(steps: Sequence[Step]) -> int:
    return sum(step.hop is Hop.ALARM for step in steps)
