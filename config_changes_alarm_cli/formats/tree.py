"""The paths that were followed, as trees: what they have in common stands once, and what breaks them where it does.

Every picture of the chain is made from these trees, so that the text, the page and the drawing never disagree. The
break that the verdict names is decisive, and the path to it comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from config_changes_alarm.assessment import Assessment, Chain, Compliance, Hop, Step
from config_changes_alarm.findings import CATALOGUE, FindingId, Reason

from .causes import Cause, cause_of, caused_by, listed, told

__all__ = [
    "HOP_NAMES",
    "Branch",
    "Break",
    "FirstBreak",
    "Forest",
    "Weight",
    "carried",
    "first_break",
    "forest",
    "proved",
]

HOP_NAMES = {
    Hop.TRAIL: "trail",
    Hop.LOG_GROUP: "log group",
    Hop.METRIC_FILTER: "metric filter",
    Hop.ALARM: "alarm",
    Hop.TOPIC: "topic",
    Hop.SUBSCRIPTION: "subscription",
}

_PROVED = {
    Hop.TRAIL: "multi-Region, logging, delivering",
    Hop.LOG_GROUP: "exists and evaluates metric filters",
    Hop.METRIC_FILTER: "publishes a value above zero for each match",
    Hop.ALARM: "one event takes it to ALARM and it returns to OK, its actions run",
    Hop.TOPIC: "lets the alarm publish",
    Hop.SUBSCRIPTION: "confirmed, takes the alarm's message",
}
"""What has been proved of a resource when a path goes on beyond it."""

_PROVED_OF_CHILD = "one event takes it to ALARM and it returns to OK"
"""Of an alarm that only a composite alarm listens to: its own actions were not judged."""


_MISSING_BEYOND = frozenset(
    {
        FindingId.NO_METRIC_FILTER,
        FindingId.NO_ALARM,
        FindingId.NO_SUBSCRIPTION,
        FindingId.SUBSCRIPTION_PENDING,
        FindingId.SUBSCRIPTION_FILTERED,
        FindingId.SUBSCRIPTION_FILTER_UNVERIFIED,
        FindingId.QUEUE_MISSING,
        FindingId.QUEUE_DENIES_TOPIC,
        FindingId.QUEUE_KEY_DENIES_TOPIC,
        FindingId.QUEUE_KEY_POLICY_DENIES_TOPIC,
        FindingId.FUNCTION_DENIES_TOPIC,
        FindingId.ENDPOINT_UNVERIFIED,
    }
)
"""What breaks a path beyond the resource at which it ends: the resource itself is as it should be."""

_FOUND_LATER = {FindingId.ALARM_ACTION_FAILED: Hop.ALARM}
"""What is found only when a path was followed further than the hop that it is about."""


class Weight(IntEnum):
    """What a break means for the verdict, strongest first."""

    DECISIVE = 0
    """The verdict names it."""
    NAMED = 1
    """It is why some required event is not covered."""
    ASIDE = 2
    """It breaks a path, and mending it alone changes no verdict."""


@dataclass(frozen=True, slots=True)
class FirstBreak:
    """Where the verdict's own break lies: the hop, why, and the resources that lead there."""

    hop: Hop
    reason: Reason
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """What breaks paths at a resource, once for all events that it breaks alike.

    `beyond` says that the resource is as it should be, and that what should come next is not there. What only could not
    be verified does not `disprove`; of the decisive break the verdict says whether it does. `reason` is the first of
    those that are told together, `words` say them all.
    """

    reason: Reason
    words: str
    events: tuple[str, ...]
    weight: Weight
    beyond: bool
    disproves: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A resource with everything that was followed beyond it.

    `breaks` are those at this resource, the decisive one first. `sure` and `maybe` are the required events that paths
    through it carry always, and sometimes or undecidedly. It is `whole` when a path through it is needed to prove that
    some event reaches a person, and `first` when it lies on the path to the decisive break, or on the first whole path.
    """

    step: Step
    breaks: tuple[Break, ...]
    sure: frozenset[str]
    maybe: frozenset[str]
    whole: bool
    first: bool
    branches: tuple[Branch, ...]

    @property
    def ends(self) -> tuple[Branch | Break, ...]:
        """What follows it as it is read: the path that comes first, what breaks here, the other paths."""
        first = tuple(branch for branch in self.branches if branch.first)
        return *first, *self.breaks, *(branch for branch in self.branches if not branch.first)

    @property
    def sound(self) -> bool:
        """Whether all that `proved` says of it has been proved: a path goes on, or lacks only what comes next."""
        return bool(self.branches) or all(broken.beyond for broken in self.breaks)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with the resource itself that matters to the verdict."""
        known = self.sound and all(broken.beyond for broken in self.breaks)
        followed = self.whole or (self.first and bool(self.branches))
        return known or (followed and all(broken.weight is Weight.ASIDE for broken in self.breaks))


@dataclass(frozen=True, slots=True)
class Forest:
    """A tree for every trail, and what broke before the first resource."""

    roots: tuple[Branch, ...]
    unfollowed: tuple[Break, ...]


def forest(assessment: Assessment) -> Forest:
    """In the order of what matters: the decisive break first, then whole paths, then the others."""
    return _Planting(assessment).forest()


def first_break(assessment: Assessment) -> FirstBreak | None:
    """Where the most telling reason lies; none where the control is COMPLIANT."""
    if not assessment.reasons:
        return None
    reason = assessment.reasons[0]
    ending = [chain for chain in assessment.chains if reason in chain.reasons] or [
        chain for chain in assessment.chains if _told(reason) in map(_told, chain.reasons)
    ]
    if not ending:  # no path is broken: it is the patterns together that do not match every record
        carrying = [chain for chain in assessment.chains if _concerns(reason, chain)]
        steps = carrying[0].steps[: Hop.METRIC_FILTER] if carrying else ()
        return FirstBreak(Hop.METRIC_FILTER, reason, steps)
    path = max(ending, key=lambda chain: chain.progress)
    steps = _leading_to(reason, path)
    if not steps:
        return FirstBreak(Hop.TRAIL, reason, ())
    return FirstBreak(Hop(steps[-1].hop + (reason.id in _MISSING_BEYOND)), reason, steps)


def _leading_to(reason: Reason, chain: Chain) -> tuple[Step, ...]:
    """The steps of a broken path up to the one that the reason is about."""
    about = _FOUND_LATER.get(reason.id, Hop.SUBSCRIPTION)
    return tuple(step for step in chain.steps if step.hop <= about)


def _told(reason: Reason) -> tuple[str, ...]:
    """What a reason says: the facts for its remedy may differ from path to path."""
    return reason.id, reason.subject, reason.detail


def _concerns(gap: Reason, chain: Chain) -> bool:
    metric_filter = chain.metric_filter
    return metric_filter is not None and {
        ("filter_name", metric_filter.filter_name),
        ("log_group_name", metric_filter.log_group.name),
        ("region", metric_filter.log_group.region),
    } <= set(gap.facts)


def proved(branch: Branch, events: Sequence[str]) -> str:
    """What has been proved of a branch that is sound, in words; `events` are the required ones."""
    hop = branch.step.hop
    if hop is Hop.ALARM and branch.branches and all(each.step.hop is Hop.ALARM for each in branch.branches):
        return _PROVED_OF_CHILD
    if hop is Hop.METRIC_FILTER and branch.sure | branch.maybe:
        return f"matches {carried(branch, events)}, {_PROVED[hop]}"
    return _PROVED[hop]


def carried(branch: Branch, events: Sequence[str]) -> str:
    """The required events that a branch carries, in words; `events` are all of them, in their order."""
    sure = [name for name in events if name in branch.sure]
    maybe = [name for name in events if name in branch.maybe]
    words = [listed(sure, events)] if sure else []
    words += [f"some records of {listed(maybe, events)}"] if maybe else []
    return " and ".join(words)


class _Planting:
    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.events = [event.name for event in assessment.events]
        self.first = first_break(assessment)
        self.decisive = self._cause(self.first.reason) if self.first else None
        self.named = {self._cause(reason) for event in assessment.events for reason in event.reasons}
        self.gaps = _gaps_of(assessment)
        whole = next((chain.steps for chain in assessment.chains if chain.whole), ())
        self.first_steps = self.first.steps if self.first else whole
        self.proving = frozenset(_proving(assessment))

    def _cause(self, reason: Reason) -> Cause:
        return cause_of(reason, self.events)

    def forest(self) -> Forest:
        chains = self.assessment.chains
        placeless = [reason for chain in chains if not chain.steps for reason in chain.reasons]
        placeless += [gap for gap in self.gaps if not any(_concerns(gap, chain) for chain in chains)]
        return Forest(
            self._branches([chain for chain in chains if chain.steps], 0),
            self._breaks((), dict.fromkeys(placeless, frozenset[str]())),
        )

    def _branches(self, chains: Sequence[Chain], depth: int) -> tuple[Branch, ...]:
        by_step: dict[Step, list[Chain]] = {}
        for chain in chains:
            if len(chain.steps) > depth:
                by_step.setdefault(chain.steps[depth], []).append(chain)
        planted = [self._branch(through, depth) for through in by_step.values()]
        return tuple(sorted(planted, key=lambda branch: not branch.first))

    def _branch(self, chains: Sequence[Chain], depth: int) -> Branch:
        path = chains[0].steps[: depth + 1]
        step = path[-1]
        reasons: dict[Reason, frozenset[str]] = {}
        for chain in chains:
            for reason in chain.reasons:
                if len(_leading_to(reason, chain)) == depth + 1:
                    reasons[reason] = reasons.get(reason, frozenset()) | chain.sure | chain.maybe
        if step.hop is Hop.METRIC_FILTER:
            reasons |= {gap: self.gaps[gap] for gap in self.gaps if _concerns(gap, chains[0])}
        sure = frozenset[str]().union(*(chain.sure for chain in chains))
        return Branch(
            step,
            breaks=self._breaks(path, reasons),
            sure=sure,
            maybe=frozenset[str]().union(*(chain.maybe for chain in chains)) - sure,
            whole=any(chain in self.proving for chain in chains),
            first=path == self.first_steps[: depth + 1],
            branches=self._branches(chains, depth + 1),
        )

    def _breaks(self, path: tuple[Step, ...], reasons: dict[Reason, frozenset[str]]) -> tuple[Break, ...]:
        causes = caused_by(reasons, self.events).items()
        breaks = [self._break(path, cause, {each: reasons[each] for each in together}) for cause, together in causes]
        return tuple(sorted(breaks, key=lambda each: each.weight))

    def _break(self, path: tuple[Step, ...], cause: Cause, together: dict[Reason, frozenset[str]]) -> Break:
        reason, weight = next(iter(together)), self._weight(path, cause)
        concerned = frozenset[str]().union(*together.values())
        return Break(
            reason,
            told(list(together), self.events),
            tuple(name for name in self.events if name in concerned),
            weight,
            beyond=not path or reason.id in _MISSING_BEYOND,
            disproves=self.assessment.disproved if weight is Weight.DECISIVE else CATALOGUE[reason.id].disproves,
        )

    def _weight(self, path: tuple[Step, ...], cause: Cause) -> Weight:
        if self.first is not None and cause == self.decisive and path == self.first.steps:
            return Weight.DECISIVE
        return Weight.NAMED if cause in self.named else Weight.ASIDE


def _gaps_of(assessment: Assessment) -> dict[Reason, frozenset[str]]:
    """Why events are not covered although no path is broken there: patterns that do not always match."""
    broken = {_told(reason) for chain in assessment.chains for reason in chain.reasons}
    gaps: dict[Reason, frozenset[str]] = {}
    if assessment.compliance is not Compliance.COMPLIANT:
        for event in assessment.events:
            for reason in event.reasons:
                if _told(reason) not in broken:
                    gaps[reason] = gaps.get(reason, frozenset()) | {event.name}
    return gaps


def _proving(assessment: Assessment) -> Iterator[Chain]:
    """The whole paths that carry every record of an event, or some where only together they carry all of a covered one.

    A path that lets some records through proves nothing of the others.
    """
    whole = [chain for chain in assessment.chains if chain.whole]
    alone = frozenset[str]().union(*(chain.sure for chain in whole))
    together = {event.name for event in assessment.events if event.covered} - alone
    yield from (chain for chain in whole if chain.sure or chain.maybe & together)
