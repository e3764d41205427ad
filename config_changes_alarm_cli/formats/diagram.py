"""The chain as a drawing: every resource once, in columns from the trail to the subscription, and what breaks it.

A break is a node of its own at the end of a link, so that it has a place, a name and an explanation. The columns follow
the hops; a composite alarm stands in a column after its child's. Within a column the order follows the neighbours
(barycentre sweeps), and rows are the least-squares positions with a distance of at least one: short, rarely crossing
links, without a layout library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from config_changes_alarm.assessment import Assessment, Hop, Step
from config_changes_alarm.findings import FindingId, Reason

from .tree import HOP_NAMES, Branch, breaks_beyond, proved, roots, unfollowed

__all__ = ["Diagram", "Link", "Node", "Strength", "diagram"]

_SWEEPS = 8


class Strength(Enum):
    """What is known of a link, strongest first."""

    WHOLE = "whole"
    """It belongs to a whole path."""
    HOLDS = "holds"
    """It holds, but no whole path uses it."""
    BROKEN = "broken"
    """It leads to a break."""


@dataclass(frozen=True, slots=True)
class Node:
    """A resource, or a break (`reason`). `row` counts node heights from the top; `events` are those it may concern.

    `proved` says what has been proved of a sound resource; the most where several paths lead through it.
    """

    id: str
    column: int
    row: float
    kind: str
    name: str
    events: frozenset[str]
    step: Step | None = None
    reason: Reason | None = None
    whole: bool = False
    sound: bool = False
    proved: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """From node to node, by their ids."""

    source: str
    target: str
    strength: Strength
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Nodes by column, then from top to bottom; every link leads to a later column."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    columns: int
    rows: float


@dataclass(frozen=True, slots=True)
class _Break:
    """What breaks the paths that end at a resource. Its reasons may differ in the path that led there, no more."""

    step: Step | None
    id: FindingId
    subject: str
    detail: str

    @classmethod
    def of(cls, step: Step | None, reason: Reason) -> _Break:
        return cls(step, reason.id, reason.subject, reason.detail)


_Key = Step | _Break
"""What makes a node."""


@dataclass(slots=True)
class _Drawn:
    column: int
    events: set[str]
    whole: bool = False
    sound: bool = False
    proved: str = ""
    reason: Reason | None = None


def diagram(assessment: Assessment) -> Diagram:
    """The drawing of an assessment."""
    return _Drawing(assessment).finished()


class _Drawing:
    def __init__(self, assessment: Assessment) -> None:
        self.events = [event.name for event in assessment.events]
        self.gaps = {
            reason: {event.name for event in assessment.events if reason in event.reasons}
            for event in assessment.events
            for reason in event.reasons
        }
        self.drawn: dict[_Key, _Drawn] = {}
        self.links: dict[tuple[_Key, _Key], set[str]] = {}
        self.strengths: dict[tuple[_Key, _Key], Strength] = {}
        self.alarm_columns = max((_alarms(chain.steps) for chain in assessment.chains), default=1) or 1
        for reason in unfollowed(assessment):
            self._node(_Break.of(None, reason), 0, self.events).reason = reason
        for root in roots(assessment):
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

    def _branch(self, branch: Branch, parent: Step | None, alarms_before: int) -> None:
        step = branch.step
        events = self._events_of(branch)
        drawn = self._node(step, self._column(step, alarms_before), events)
        drawn.whole |= branch.whole
        drawn.sound |= branch.sound
        drawn.proved = max(drawn.proved, proved(branch) if branch.sound else "", key=len)
        if parent is not None:
            self._link(parent, step, Strength.WHOLE if branch.whole else Strength.HOLDS, events)
        after = self._column(step, alarms_before) + 1
        for reason in branch.reasons:
            self._break(step, reason, after, events)
        for reason in branch.gaps:
            self._break(step, reason, after, self.gaps.get(reason, ()))
        for further in branch.branches:
            self._branch(further, step, alarms_before + (step.hop is Hop.ALARM))

    def _events_of(self, branch: Branch) -> frozenset[str]:
        """Before any filter a path may carry every event."""
        known = branch.sure | branch.maybe
        return known if known or branch.step.hop > Hop.LOG_GROUP else frozenset(self.events)

    def _break(self, step: Step, reason: Reason, column: int, events: Iterable[str]) -> None:
        key = _Break.of(step, reason)
        self._node(key, column, events).reason = reason
        self._link(step, key, Strength.BROKEN, events)

    def _node(self, key: _Key, column: int, events: Iterable[str]) -> _Drawn:
        drawn = self.drawn.setdefault(key, _Drawn(column, set()))
        drawn.column = max(drawn.column, column)
        drawn.events |= set(events)
        return drawn

    def _link(self, source: _Key, target: _Key, strength: Strength, events: Iterable[str]) -> None:
        self.links.setdefault((source, target), set()).update(events)
        if self.strengths.get((source, target)) is not Strength.WHOLE:
            self.strengths[source, target] = strength

    def finished(self) -> Diagram:
        columns = _ordered(_by_column(self.drawn), list(self.links))
        rows = _rows(columns, list(self.links))
        ids = {key: f"n{number}" for number, key in enumerate((key for column in columns for key in column), 1)}
        nodes = tuple(self._made(key, ids[key], rows[key]) for column in columns for key in column)
        links = tuple(
            Link(ids[source], ids[target], self.strengths[source, target], frozenset(events))
            for (source, target), events in self.links.items()
        )
        height = max(rows.values(), default=0.0) + 1
        return Diagram(nodes, links, len(columns), height)

    def _made(self, key: _Key, node_id: str, row: float) -> Node:
        drawn = self.drawn[key]
        events = frozenset(drawn.events)
        if isinstance(key, Step):
            kind = HOP_NAMES[key.hop]
            return Node(
                node_id, drawn.column, row, kind, key.name, events, key, None, drawn.whole, drawn.sound, drawn.proved
            )
        reason = drawn.reason
        assert reason is not None
        kind = "missing" if key.step is None or breaks_beyond(reason) else "broken"
        return Node(node_id, drawn.column, row, kind, reason.id, events, None, reason)


def _alarms(steps: Sequence[Step]) -> int:
    return sum(step.hop is Hop.ALARM for step in steps)


# --------------------------------------------------------------------------- placing


def _by_column(drawn: Mapping[_Key, _Drawn]) -> list[list[_Key]]:
    count = max((each.column for each in drawn.values()), default=0) + 1
    return [[key for key, each in drawn.items() if each.column == column] for column in range(count)]


def _neighbours(links: Sequence[tuple[_Key, _Key]]) -> tuple[dict[_Key, list[_Key]], dict[_Key, list[_Key]]]:
    before: dict[_Key, list[_Key]] = {}
    after: dict[_Key, list[_Key]] = {}
    for source, target in links:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    return before, after


def _ordered(columns: list[list[_Key]], links: Sequence[tuple[_Key, _Key]]) -> list[list[_Key]]:
    """Every column ordered by where its neighbours stand, swept from both sides."""
    before, after = _neighbours(links)
    for neighbours, swept in _sweeps(columns, before, after):
        at = {key: float(number) for column in columns for number, key in enumerate(column)}
        for column in swept:
            column.sort(key=lambda key: _mean(at, neighbours.get(key, []), at[key]))
            at.update({key: float(number) for number, key in enumerate(column)})
    return columns


def _rows(columns: list[list[_Key]], links: Sequence[tuple[_Key, _Key]]) -> dict[_Key, float]:
    before, after = _neighbours(links)
    rows = {key: float(number) for column in columns for number, key in enumerate(column)}
    for neighbours, swept in _sweeps(columns, before, after):
        for column in swept:
            wanted = [_mean(rows, neighbours.get(key, []), rows[key]) for key in column]
            rows.update(zip(column, _apart(wanted), strict=True))
    top = min(rows.values(), default=0.0)
    return {key: round(row - top, 3) for key, row in rows.items()}


def _sweeps(
    columns: list[list[_Key]], before: dict[_Key, list[_Key]], after: dict[_Key, list[_Key]]
) -> Iterator[tuple[dict[_Key, list[_Key]], list[list[_Key]]]]:
    for _ in range(_SWEEPS):
        yield after, columns[::-1]
        yield before, columns


def _mean(at: Mapping[_Key, float], keys: Sequence[_Key], otherwise: float) -> float:
    return sum(at[key] for key in keys) / len(keys) if keys else otherwise


def _apart(wanted: Sequence[float]) -> list[float]:
    """The positions in the same order, at least 1 apart, that are nearest to the wanted ones by least squares.

    Isotonic regression of `wanted[i] - i` by pooling adjacent violators.
    """
    pools: list[list[float]] = []  # each: the sum and the count of what is pooled
    for number, position in enumerate(wanted):
        pools.append([position - number, 1.0])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    means = [total / count for total, count in pools for _ in range(int(count))]
    return [mean + number for number, mean in enumerate(means)]
