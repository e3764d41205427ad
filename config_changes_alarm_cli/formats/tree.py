"""The paths that were followed, as trees: what they have in common stands once.

Every picture of the chain is made from these trees, so that the text, the page and the diagrams never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config_changes_alarm.assessment import Assessment, Chain, Hop, Step
from config_changes_alarm.findings import FindingId, Reason

__all__ = ["HOP_NAMES", "Branch", "breaks_beyond", "carried", "gaps_of", "proved", "roots", "unfollowed"]

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
    Hop.METRIC_FILTER: "publishes a value above zero for every event that it matches",
    Hop.ALARM: "one event takes it to ALARM, it comes back, its actions run",
    Hop.TOPIC: "lets the alarm publish",
    Hop.SUBSCRIPTION: "confirmed, takes the alarm's message",
}
"""What has been proved of a resource when a path goes on beyond it."""

_PROVED_OF_CHILD = "one event takes it to ALARM, it comes back"
"""Of an alarm that only a composite alarm listens to: its own actions were not judged."""


_MISSING_BEYOND = frozenset(
    {
        FindingId.NO_METRIC_FILTER,
        FindingId.NO_ALARM,
        FindingId.NO_SUBSCRIPTION,
        FindingId.SUBSCRIPTION_PENDING,
        FindingId.SUBSCRIPTION_FILTERED,
        FindingId.SUBSCRIPTION_FILTER_UNVERIFIED,
    }
)
"""What breaks a path beyond the resource at which it ends: the resource itself is as it should be."""


def breaks_beyond(reason: Reason) -> bool:
    """Whether it is not the resource at which a path ends that breaks it, but that nothing comes next."""
    return reason.id in _MISSING_BEYOND


@dataclass(frozen=True, slots=True)
class Branch:
    """A resource with everything that was followed beyond it.

    `reasons` break paths that end here; `gaps` are required events that a metric filter here does not always match.
    `sure` and `maybe` are the required events that paths through it carry always, and sometimes or undecidedly. It is
    `whole` when some path through it is.
    """

    step: Step
    reasons: tuple[Reason, ...]
    gaps: tuple[Reason, ...]
    sure: frozenset[str]
    maybe: frozenset[str]
    whole: bool
    branches: tuple[Branch, ...]

    @property
    def sound(self) -> bool:
        """Whether all that `proved` says of it has been proved: a path goes on, or lacks only what comes next."""
        return bool(self.branches) or all(map(breaks_beyond, self.reasons))


def proved(branch: Branch) -> str:
    """What has been proved of a branch that is sound, in words."""
    if branch.branches and all(beyond.step.hop is Hop.ALARM for beyond in branch.branches):
        return _PROVED_OF_CHILD
    return _PROVED[branch.step.hop]


def roots(assessment: Assessment) -> tuple[Branch, ...]:
    """One tree for every trail, in the order of the paths: whole ones first."""
    return _branches([chain for chain in assessment.chains if chain.steps], 0, gaps_of(assessment))


def gaps_of(assessment: Assessment) -> tuple[Reason, ...]:
    """Why events are not covered although no path is broken there: patterns that do not always match."""
    told = dict.fromkeys(reason for event in assessment.events for reason in event.reasons)
    broken = {reason for chain in assessment.chains for reason in chain.reasons}
    return tuple(reason for reason in told if reason not in broken)


def unfollowed(assessment: Assessment) -> tuple[Reason, ...]:
    """What broke before the first resource."""
    return tuple(dict.fromkeys(reason for chain in assessment.chains if not chain.steps for reason in chain.reasons))


def _branches(chains: Sequence[Chain], depth: int, gaps: Sequence[Reason]) -> tuple[Branch, ...]:
    by_step: dict[Step, list[Chain]] = {}
    for chain in chains:
        if len(chain.steps) > depth:
            by_step.setdefault(chain.steps[depth], []).append(chain)
    return tuple(_branch(step, through, depth, gaps) for step, through in by_step.items())


def _branch(step: Step, chains: Sequence[Chain], depth: int, gaps: Sequence[Reason]) -> Branch:
    ending = (chain for chain in chains if len(chain.steps) == depth + 1)
    sure = frozenset[str]().union(*(chain.sure for chain in chains))
    return Branch(
        step,
        reasons=tuple(dict.fromkeys(reason for chain in ending for reason in chain.reasons)),
        gaps=tuple(gap for gap in gaps if step.hop is Hop.METRIC_FILTER and _concerns(gap, chains[0])),
        sure=sure,
        maybe=frozenset[str]().union(*(chain.maybe for chain in chains)) - sure,
        whole=any(chain.whole for chain in chains),
        branches=_branches(chains, depth + 1, gaps),
    )


def _concerns(gap: Reason, chain: Chain) -> bool:
    metric_filter = chain.metric_filter
    return metric_filter is not None and {
        ("filter_name", metric_filter.filter_name),
        ("log_group_name", metric_filter.log_group.name),
        ("region", metric_filter.log_group.region),
    } <= set(gap.facts)


def carried(branch: Branch, events: Sequence[str]) -> str:
    """The required events that a branch carries, in words; `events` are all of them, in their order."""
    sure = [name for name in events if name in branch.sure]
    maybe = [name for name in events if name in branch.maybe]
    if len(sure) == len(events):
        return "the required event" if len(events) == 1 else f"all {len(events)} events"
    words = [", ".join(sure)] if sure else []
    words += [f"some {', '.join(maybe)}"] if maybe else []
    return " and ".join(words)
