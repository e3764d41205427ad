"""A plan judged: what would be of the account after apply, and what is assumed because a plan cannot know it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from config_changes_alarm.account import ListingSource
from config_changes_alarm.assessment import Assessment, Chain, Compliance, EventOutcome, Hop, Step
from config_changes_alarm.findings import FindingId, Reason
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroupId, MalformedArn

from ..evaluation import judged
from ..exceptions import NO_EXCEPTIONS, Register, Use, accepted_events
from .attributes import Attributes
from .document import MalformedPlan, Plan
from .places import NOTHING_TOLD, Places, Told
from .references import References
from .source import NOTHING, Granted, PlanSource

__all__ = ["Assumption", "PlannedAssessment", "judge"]

_IN_GENERAL = (
    "nothing beside the plan stands in its way: no other filter publishes to the metric, no policy of the organization "
    "denies it",
)
_NOT_READ = ("aws_cloudformation_stack", "aws_cloudformation_stack_set_instance")


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a plan cannot know. `address` is the resource that it is about, empty for the plan as a whole."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedAssessment:
    """What would be, with what has become of the exceptions that were made.

    `addresses` are the resources of the plan by the steps of the paths.
    """

    assessment: Assessment
    uses: tuple[Use, ...]
    assumed: tuple[Assumption, ...]
    addresses: Mapping[Step, str]

    @property
    def counted(self) -> tuple[EventOutcome, ...]:
        """The required events that are not covered, and not accepted either."""
        accepted = accepted_events(self.assessment, self.uses)
        return tuple(event for event in self.assessment.events if not event.covered and event.name not in accepted)

    @property
    def tolerated(self) -> bool:
        """Whether some events are not covered, and all of these are accepted."""
        return not self.counted and not all(event.covered for event in self.assessment.events)


def judge(
    plan: Plan,
    requirements: Sequence[Requirement],
    now: datetime,
    told: Told = NOTHING_TOLD,
    granted: Granted = NOTHING,
    register: Register = NO_EXCEPTIONS,
) -> tuple[PlannedAssessment, ...]:
    """One assessment for each requirement, by the rule's own walk. Raises `UnknownPlace` and `MalformedPlan`.

    `told` and `granted` are what a person says that the plan does not; `register` has the exceptions that were made.
    """
    try:
        references = References(plan)
        attributes = Attributes(references, Places.of(plan, references, told))
        source = PlanSource(plan, attributes, granted, now)
    except (AttributeError, KeyError, MalformedArn, TypeError, ValueError) as error:
        raise MalformedPlan(f"its resources have values that the provider would not take: {error}") from None
    shared = ListingSource(source)
    made = (judged(shared.account(), each, now, register) for each in requirements)
    return tuple(_planned(plan, source, each, register, now) for each in made)


def _planned(
    plan: Plan, source: PlanSource, assessment: Assessment, register: Register, now: datetime
) -> PlannedAssessment:
    assessment = _on_what_is_granted(source, assessment)
    addresses = {
        step: address
        for chain in assessment.chains
        for step in chain.steps
        if (address := _address(source, chain, step)) is not None
    }
    uses = register.uses(assessment, now)
    return PlannedAssessment(assessment, uses, _assumptions(plan, source, assessment, addresses), addresses)


def _address(source: PlanSource, chain: Chain, step: Step) -> str | None:
    if step.hop is Hop.METRIC_FILTER:
        return None if chain.metric_filter is None else source.filter_addresses.get(chain.metric_filter.identity)
    return source.addresses.get(dict(step.facts).get("arn", ""))


# --------------------------------------------------------------------------- what is beside the plan


def _on_what_is_granted(source: PlanSource, assessment: Assessment) -> Assessment:
    """The assessment, in which a path from a trail that nobody says there is proves nothing.

    It is followed all the same, because what breaks beyond the trail is broken whoever fills the log group.
    """
    refused = {arn: group for arn, group in source.assumed_trails.items() if not source.is_granted(group)}
    relying = {
        event.name for event in assessment.events if event.covered and _relies_on(refused, event.name, assessment)
    }
    if not relying:
        return assessment
    chains = tuple(
        chain.broken(_no_trail(refused[arn])) if (arn := _trail_of(chain)) in refused and chain.whole else chain
        for chain in assessment.chains
    )
    reasons = {name: chain.reasons for chain in reversed(chains) if chain.reasons for name in chain.sure | chain.maybe}
    events = tuple(
        replace(event, covered=False, verified=False, reasons=reasons[event.name]) if event.name in relying else event
        for event in assessment.events
    )
    return replace(assessment, compliance=Compliance.NON_COMPLIANT, events=events, chains=chains)


def _relies_on(refused: Container[str], name: str, assessment: Assessment) -> bool:
    """Whether an event is covered by paths from these trails, unless another path alone covers it."""
    carrying = [chain for chain in assessment.chains if chain.whole and name in chain.sure | chain.maybe]
    alone = any(name in chain.sure and _trail_of(chain) not in refused for chain in carrying)
    return not alone and any(_trail_of(chain) in refused for chain in carrying)


def _trail_of(chain: Chain) -> str:
    return next((dict(step.facts).get("arn", "") for step in chain.steps if step.hop is Hop.TRAIL), "")


def _no_trail(group: LogGroupId) -> Reason:
    detail = f"no trail that fills log group {group} is in the plan: give --assume-trail {group} if there is one"
    return Reason(FindingId.CANNOT_READ, group.name, detail, (("operation", "plan"),))


# --------------------------------------------------------------------------- what is assumed


def _assumptions(
    plan: Plan, source: PlanSource, assessment: Assessment, addresses: Mapping[Step, str]
) -> tuple[Assumption, ...]:
    """Of the resources on whole paths, or where there is none on all of them; and of the plan."""
    chains = [chain for chain in assessment.chains if chain.whole] or assessment.chains
    on_paths = {addresses[step] for chain in chains for step in chain.steps if step in addresses}
    noted, links = source.attributes.assumed, {*source.addresses.values(), *source.filter_addresses.values()}
    told_of = _with_what_they_need(
        on_paths, {each: noted[each] for each in noted if each in on_paths or each not in links}
    )
    named = [Assumption(address, text) for address, texts in noted.items() if address in told_of for text in texts]
    general = [*source.attributes.places.assumed, *_trails_beside(source, chains), *_unread(plan), *_IN_GENERAL]
    if not plan.is_complete:
        general.append("what the plan leaves out, because it is for a part of the configuration, is as it should be")
    order = {address: number for number, address in enumerate(_in_order(chains, addresses))}
    return (
        *sorted(named, key=lambda each: order.get(each.address, len(order))),
        *(Assumption("", text) for text in general),
    )


def _with_what_they_need(addresses: set[str], noted: Mapping[str, Sequence[str]]) -> set[str]:
    """The resources on the paths, and those that name them or that they name: policies, keys, endpoints."""
    found = set(addresses)
    while True:
        more = {
            each
            for each in noted.keys() - found
            if any(_mentions(text, other) for text in noted[each] for other in found)
            or any(_mentions(text, each) for other in found for text in noted.get(other, ()))
        }
        if not more:
            return found
        found |= more


def _mentions(text: str, address: str) -> bool:
    return f" {address} " in f" {text.replace(',', ' ')} "


def _in_order(chains: Sequence[Chain], addresses: Mapping[Step, str]) -> Sequence[str]:
    steps = sorted({step for chain in chains for step in chain.steps}, key=lambda step: (step.hop, step.name))
    return [addresses[step] for step in steps if step in addresses]


def _trails_beside(source: PlanSource, chains: Sequence[Chain]) -> Sequence[str]:
    used = {_trail_of(chain) for chain in chains}
    groups = (group for arn, group in source.assumed_trails.items() if arn in used)
    return [f"a working multi-Region trail beside the plan fills log group {group}" for group in groups]


def _unread(plan: Plan) -> Sequence[str]:
    """Resources that may be links of the chain and are not read."""
    types = {each.type for each in plan.resources.values() if each.mode == "managed"}
    unread = sorted(each for each in types if each in _NOT_READ or each.startswith("awscc_"))
    return [f"resources of the type {each} are not judged" for each in unread]
