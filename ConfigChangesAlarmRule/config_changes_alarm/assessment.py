"""The verdict on an account: for each required event whether somebody is told, and the paths that were followed.

`chain.assess` makes it; reports put it into words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from .control import Control
from .filter_pattern import Pattern
from .findings import Reason, legible
from .resources import MetricFilter

__all__ = ["Assessment", "Chain", "Compliance", "EventOutcome", "Hop", "Step"]


class Compliance(StrEnum):
    """AWS Config's verdicts that this rule gives."""

    COMPLIANT = "COMPLIANT"
    NON_COMPLIANT = "NON_COMPLIANT"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Hop(IntEnum):
    """The links of the chain, in its order."""

    TRAIL = 1
    LOG_GROUP = 2
    METRIC_FILTER = 3
    ALARM = 4
    TOPIC = 5
    SUBSCRIPTION = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One resource on a path, by the name a person knows it by. `facts` say which one it is and what it is set to."""

    hop: Hop
    name: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """One path as far as it was followed. It is whole when nothing breaks it.

    `sure` are the names of the required events that its pattern always matches, `maybe` those it matches sometimes or
    undecidedly; both only events that its trail captures. Of a path that ends at its trail, `maybe` are those that it
    ends for.
    """

    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...] = ()
    sure: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    pattern: Pattern | None = None
    metric_filter: MetricFilter | None = None

    @property
    def whole(self) -> bool:
        return not self.reasons and bool(self.steps) and self.steps[-1].hop is Hop.SUBSCRIPTION

    @property
    def disproved(self) -> bool:
        """Whether something is known that breaks it; a path that is broken otherwise could only not be verified."""
        return any(map(_disproves, self.reasons))

    @property
    def depth(self) -> Hop:
        """The hop at which it ends, or breaks."""
        return self.steps[-1].hop if self.steps else Hop.TRAIL

    @property
    def progress(self) -> tuple[Hop, int]:
        """How far it got: a composite alarm is further than its child."""
        return self.depth, len(self.steps)

    def reaching(self, hop: Hop, name: str, **facts: str) -> Chain:
        return replace(self, steps=(*self.steps, Step(hop, name, tuple(facts.items()))))

    def broken(self, *reasons: Reason) -> Chain:
        return replace(self, reasons=(*self.reasons, *(self._placed(reason) for reason in reasons)))

    def _placed(self, reason: Reason) -> Reason:
        """The reason with what the path knows and its remedy may need: names, and the metric that is to be watched."""
        if self.metric_filter is None:
            return reason
        path = self.metric_filter.names
        alarm = next((step.name for step in self.steps if step.hop is Hop.ALARM), None)
        if alarm is not None:
            path["alarm_name"] = alarm
        watched = {"namespace", "metric_name"}
        facts = path | {name: value for name, value in reason.facts if name not in watched & path.keys()}
        return replace(reason, facts=tuple(facts.items()))

    def name_of(self, hop: Hop) -> str | None:
        return next((step.name for step in reversed(self.steps) if step.hop is hop), None)


def _disproves(reason: Reason) -> bool:
    from .findings import CATALOGUE

    return CATALOGUE[reason.id].disproves


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """One required event: covered, which is proved; or not, and why.

    `verified` says that the answer is known. An event that is neither covered nor verified is not disproved either:
    something was denied, hidden or undocumented. Only of a disproved event there is a `counterexample`: a CloudTrail
    record (JSON text) that would go unnoticed.

    `excused` names whose records may go unnoticed, on purpose, and some of them do: the answer is about all others.
    """

    name: str
    covered: bool
    reasons: tuple[Reason, ...] = ()
    counterexample: str | None = None
    verified: bool = True
    excused: tuple[str, ...] = ()

    @property
    def disproved(self) -> bool:
        return self.verified and not self.covered


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict with everything that led to it. `chains` holds every path that was followed, whole ones first.

    All that people read of it is legible: names, settings and details. The facts from which commands are made, and the
    metric filters, are as AWS has them.

    `control` is the control of the catalogue that was judged; none where it was a pattern that is none of theirs.
    """

    account_id: str
    region: str
    compliance: Compliance
    events: tuple[EventOutcome, ...]
    chains: tuple[Chain, ...]
    control: Control | None = None

    def __post_init__(self) -> None:
        """Nothing decides any more, so that names may be written as they can be read."""
        object.__setattr__(self, "account_id", legible(self.account_id))
        object.__setattr__(self, "region", legible(self.region))
        object.__setattr__(self, "events", tuple(map(_legible_event, self.events)))
        object.__setattr__(self, "chains", tuple(map(_legible_chain, self.chains)))

    @property
    def disproved(self) -> bool:
        """Whether some required event is known to go unnoticed: otherwise what is missing could not be verified."""
        return any(event.disproved for event in self.events)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why events are not covered, the most telling first, each once: what disproves one, what left one unverified;
        then what breaks other paths.
        """
        if self.compliance is Compliance.COMPLIANT:
            return ()
        uncovered = [event for event in self.events if not event.covered]
        told = [reason for event in sorted(uncovered, key=lambda each: not each.verified) for reason in event.reasons]
        others = [reason for chain in self.chains for reason in chain.reasons]
        unique: dict[tuple[str, ...], Reason] = {}
        for reason in (*told, *others):
            unique.setdefault((reason.id, reason.subject, reason.detail), reason)
        return tuple(unique.values())


def _legible_event(event: EventOutcome) -> EventOutcome:
    return replace(event, name=legible(event.name), reasons=tuple(map(_legible_reason, event.reasons)))


def _legible_chain(chain: Chain) -> Chain:
    steps = tuple(
        Step(step.hop, legible(step.name), tuple((name, legible(value)) for name, value in step.facts))
        for step in chain.steps
    )
    sure, maybe = frozenset(map(legible, chain.sure)), frozenset(map(legible, chain.maybe))
    return replace(chain, steps=steps, reasons=tuple(map(_legible_reason, chain.reasons)), sure=sure, maybe=maybe)


def _legible_reason(reason: Reason) -> Reason:
    return replace(reason, subject=legible(reason.subject), detail=legible(reason.detail))
