"""Walks the chain of an account and says whether every required event reaches a person.

    trail -> log group -> metric filter -> metric -> alarm -> SNS topic -> confirmed subscription

`assess` follows every path that could carry a required event, side by side where reads are independent, and stops
as soon as whole paths together cover all of them. Coverage is proved on the union: four filters with one event each
are as good as one. Only before it would say NON_COMPLIANT does it list all alarms, for metric math and composites.

Soundness: an event counts as covered only when `covers` proves it for the patterns of whole paths whose trail captures
the event. AWS's own answers (TestMetricFilter) may refute a pattern and settle single messages; they prove nothing.
Each module that judges a hop accepts only what it can prove; what could not be read is a reason, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from ..account import Account
from ..assessment import Assessment, Chain, Compliance, EventOutcome
from ..filter_pattern import JsonPattern
from ..findings import FindingId, Reason
from ..requirement import Requirement, UnverifiableAccount
from .context import Context, Sources
from .coverage import outcomes_of
from .filters import candidates_of, follow_metric_filter, unfiltered
from .metrics import listing_metrics_of
from .sources import find_sources

__all__ = ["assess"]


def assess(
    account: Account,
    requirement: Requirement,
    now: datetime,
    excused: Mapping[str, JsonPattern] = MappingProxyType({}),
) -> Assessment:
    """Proves that every required event reaches a person, or says which does not and why.

    `excused` are patterns of records that may go unnoticed on purpose, by name. No parameter of the rule names one, so
    that the function never has any.

    Raises `EvaluationFailed` when AWS could not be asked; whatever it answers leads to an assessment.
    """
    context = replace(Context.of(account, requirement, now), excused=excused)
    sources, broken = find_sources(context)
    candidates = sorted(
        (candidate for source in sources.values() for candidate in candidates_of(context, source)),
        key=lambda candidate: (-len(candidate.sure), -len(candidate.maybe)),
    )
    chains, outcomes = _followed(context, sources, candidates)
    chains = tuple(sorted(chains, key=lambda chain: (chain.whole, chain.progress), reverse=True)) + broken
    unverifiable = _unverifiable(requirement, broken)
    if outcomes and _all_covered(outcomes):
        compliance = Compliance.COMPLIANT
    elif unverifiable and all(outcome.covered or outcome.name in unverifiable for outcome in outcomes):
        compliance = Compliance.NOT_APPLICABLE
        outcomes = tuple(_put_off(outcome, unverifiable) for outcome in outcomes)
    else:
        from .explanation import explained

        compliance = Compliance.NON_COMPLIANT
        outcomes = tuple(explained(context, outcome, chains, sources) for outcome in outcomes)
    chains = tuple(chain for chain in chains if not chain.disproved or _told_of(context, chain))
    chains += unfiltered(sources, chains)
    if compliance is Compliance.NON_COMPLIANT:
        from .proposals import Proposals

        proposals = Proposals(context, sources)
        outcomes, chains = tuple(map(proposals.of_outcome, outcomes)), tuple(map(proposals.of_chain, chains))
    return Assessment(account.account_id, account.region, compliance, outcomes, chains, requirement.control)


def _told_of(context: Context, chain: Chain) -> bool:
    """Whether a broken path is this control's business: those of filters that are meant for something else are not."""
    if chain.metric_filter is None:
        return True
    from .explanation import meant_for_control

    return meant_for_control(context, chain)


def _followed(
    context: Context, sources: Sources, candidates: Sequence[Chain]
) -> tuple[tuple[Chain, ...], tuple[EventOutcome, ...]]:
    """The paths beyond the candidates, no more of them than it takes to cover every event, and what they cover."""
    first, rest = _first_wave(context, candidates)
    context = listing_metrics_of(context, first)
    chains = _follow_all(context, sources, first)
    outcomes = outcomes_of(context, chains)
    if not _all_covered(outcomes):
        context = listing_metrics_of(context, rest)
        chains += _follow_all(context, sources, rest)
        outcomes = outcomes_of(context, chains)
    if not _all_covered(outcomes):
        from .listed_alarms import with_listed_alarms

        chains = with_listed_alarms(context, sources, chains)
        outcomes = outcomes_of(context, chains)
    return chains, outcomes


def _first_wave(context: Context, candidates: Sequence[Chain]) -> tuple[list[Chain], list[Chain]]:
    """The fewest filters, greedily, that together could cover every event; and the others."""
    first: list[Chain] = []
    rest: list[Chain] = []
    open_events = set(context.events)
    for candidate in candidates:
        (first if candidate.sure & open_events else rest).append(candidate)
        open_events -= candidate.sure
    return first, rest


def _follow_all(context: Context, sources: Sources, candidates: Sequence[Chain]) -> tuple[Chain, ...]:
    results = context.account.side_by_side(
        *(partial(follow_metric_filter, context, sources, candidate) for candidate in candidates)
    )
    return tuple(chain for result in results for chain in result)


def _all_covered(outcomes: Iterable[EventOutcome]) -> bool:
    return all(outcome.covered for outcome in outcomes)


def _unverifiable(requirement: Requirement, broken: Iterable[Chain]) -> dict[str, tuple[Reason, ...]]:
    """The events that may reach a log group in another account, with the reasons, where the rule puts those off."""
    if requirement.unverifiable_account is not UnverifiableAccount.NOT_APPLICABLE:
        return {}
    paths = [chain for chain in broken if any(_in_another_account(reason) for reason in chain.reasons)]
    return {name: chain.reasons for chain in reversed(paths) for name in chain.maybe}


def _in_another_account(reason: Reason) -> bool:
    return reason.id is FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT


def _put_off(outcome: EventOutcome, unverifiable: Mapping[str, tuple[Reason, ...]]) -> EventOutcome:
    """An event that is not known to be covered, nor to be missed."""
    if outcome.covered:
        return outcome
    return replace(outcome, verified=False, counterexample=None, reasons=unverifiable[outcome.name])
