"""Walks the chain of an account and says whether every required event reaches a person.

    trail -> log group -> metric filter -> metric -> alarm -> SNS topic -> confirmed subscription

`assess` follows every path that could carry a required event, side by side where reads are independent, and stops
as soon as whole paths together cover all of them. Coverage is proved on the union: four filters with one event each
are as good as one. Only before it would say NON_COMPLIANT does it list all alarms, for metric math and composites.

Soundness: an event counts as covered only when `covers` proves it (or AWS itself, asked with TestMetricFilter,
matches a record of every kind that stayed undecided) for the patterns of whole paths whose trail captures the event.
Each module that judges a hop accepts only what it can prove; what could not be read is a reason, never a pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from ..account import (
    Account,
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    EventSelectorsOf,
    KeyOf,
    LogGroupOf,
    MatchesOf,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    NotFound,
    SubscriptionAttributesOf,
    SubscriptionsOf,
    TopicOf,
    Trails,
    TrailStatusOf,
    Unreadable,
)
from ..alarm import (
    Fires,
    Notifies,
    Propagates,
    Silent,
    carriers,
    fires,
    last_action_failed,
    muted,
    notifies,
    propagates,
)
from ..assessment import Assessment, Chain, Compliance, EventOutcome, Hop
from ..control import RequiredEvent, narrow, record_model, routine_matches, selected_members, typical_record
from ..filter_pattern import (
    Answer,
    Comparison,
    JsonPattern,
    Name,
    Operator,
    Pattern,
    PatternSyntaxError,
    Selector,
    Text,
    matches,
    parse,
)
from ..findings import FindingId, Reason
from ..metric_filter import Publication, Publishes, Spoiled, alongside, publishes
from ..notification import Accepts, accepts, confirmed, hands_over, key_admits
from ..proof import ANY_RECORD, Covered, Missed, RecordModel, Undecided, covers, never_matches, only_when
from ..requirement import Requirement, UnverifiableAccount
from ..resources import (
    AlarmListing,
    CompositeAlarm,
    EventSelectors,
    LogGroup,
    LogGroupId,
    Metric,
    MetricAlarm,
    MetricFilter,
    Subscription,
    Topic,
    Trail,
    TrailStatus,
)
from ..trail import Captures, Delivers, captures, delivers, log_group_of, may_capture, qualifies

__all__ = ["assess"]


MAX_TEST_MESSAGES = 50
"""As many as one TestMetricFilter call takes (CloudWatch Logs API reference)."""


def assess(account: Account, requirement: Requirement, now: datetime) -> Assessment:
    """Proves that every required event reaches a person, or says which does not and why.

    Raises `EvaluationFailed` when AWS could not be asked; whatever it answers leads to an assessment.
    """
    return _Walk(account, requirement, now).assessment()


@dataclass(frozen=True, slots=True)
class _Source:
    """A log group that a working trail fills with the named events, and its metric filters.

    `selectors` are those of every trail that fills it, none where they were not all read.
    """

    chain: Chain
    trail: Trail
    log_group: LogGroupId
    captured: frozenset[str]
    metric_filters: tuple[MetricFilter, ...]
    selectors: tuple[EventSelectors, ...]

    def may_hold(self, record: Mapping[str, Any]) -> bool:
        """Whether it cannot be ruled out that a trail puts the record into the log group."""
        return not self.selectors or any(may_capture(each, record) for each in self.selectors)


class _Walk:
    """One evaluation. Holds what every step needs; each `_follow_...` method returns the paths beyond its resource."""

    def __init__(self, account: Account, requirement: Requirement, now: datetime) -> None:
        self.account = account
        self.requirement = requirement
        self.now = now
        self.events: Mapping[str, RequiredEvent] = {event.name: event for event in requirement.events}
        self.narrowed = {event.name: narrow(requirement.pattern, event) for event in requirement.events}
        self.models = {event.name: self._model(event) for event in requirement.events}
        self.sources: Mapping[LogGroupId, _Source] = {}
        self.selected = {event.name: self._selected_members(event) for event in requirement.events}

    def _model(self, event: RequiredEvent) -> RecordModel:
        """What is known of the event's records; nothing where the requirement contradicts it: no proof is vacuous."""
        model = record_model(event, self.requirement.include_failed_calls, self.account.account_id)
        contradicted = isinstance(covers(self.narrowed[event.name], (), model), Covered)
        return ANY_RECORD if contradicted else model

    def _selected_members(self, event: RequiredEvent) -> Mapping[str, Any]:
        """What a trail's selectors may test of the event: its source only where all its records have it."""
        narrowed, model = self.narrowed[event.name], self.models[event.name]
        certain = event.source is not None and isinstance(
            covers(narrowed, (_from_source(event.source),), model), Covered
        )
        return selected_members(event, certain)

    # ------------------------------------------------------------------- the verdict

    def assessment(self) -> Assessment:
        sources, broken = self._sources()
        self.sources = {source.log_group: source for source in sources}
        candidates = sorted(
            (candidate for source in sources for candidate in self._candidates(source)),
            key=lambda candidate: (-len(candidate.sure), -len(candidate.maybe)),
        )
        first, rest = self._first_wave(candidates)
        chains = self._follow_all(self._follow_metric_filter, first)
        outcomes = self._outcomes(chains)
        if not all(outcome.covered for outcome in outcomes):
            chains += self._follow_all(self._follow_metric_filter, rest)
            outcomes = self._outcomes(chains)
        if not all(outcome.covered for outcome in outcomes):
            chains += self._follow_listed_alarms(chains)
            outcomes = self._outcomes(chains)
        chains = tuple(sorted(chains, key=lambda chain: (chain.whole, chain.progress), reverse=True)) + broken
        compliance = self._compliance(outcomes, broken)
        if compliance is not Compliance.COMPLIANT:
            outcomes = tuple(self._explained(outcome, chains, sources) for outcome in outcomes)
        chains += self._unfiltered(sources, candidates)
        return Assessment(self.account.account_id, self.account.region, compliance, outcomes, chains)

    def _unfiltered(self, sources: Sequence[_Source], candidates: Sequence[Chain]) -> tuple[Chain, ...]:
        """The paths that end at a log group none of whose filters could carry an event."""
        filtered = {candidate.metric_filter.log_group for candidate in candidates if candidate.metric_filter}
        return tuple(
            source.chain.broken(self._no_metric_filter(source))
            for source in sources
            if source.log_group not in filtered
        )

    def _no_metric_filter(self, source: _Source) -> Reason:
        facts = (
            ("region", source.log_group.region),
            ("log_group_name", source.log_group.name),
            ("required_filter_pattern", str(self.requirement.pattern)),
        )
        count = len(source.metric_filters)
        detail = f"none of its {count} filters matches it" if count else "it has none at all"
        return Reason(FindingId.NO_METRIC_FILTER, source.log_group.name, detail, facts)

    def _compliance(self, outcomes: Sequence[EventOutcome], broken: Iterable[Chain]) -> Compliance:
        if outcomes and all(outcome.covered for outcome in outcomes):
            return Compliance.COMPLIANT
        foreign = any(
            reason.id is FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT for chain in broken for reason in chain.reasons
        )
        if foreign and self.requirement.unverifiable_account is UnverifiableAccount.NOT_APPLICABLE:
            return Compliance.NOT_APPLICABLE
        return Compliance.NON_COMPLIANT

    def _first_wave(self, candidates: Sequence[Chain]) -> tuple[list[Chain], list[Chain]]:
        """The fewest filters, greedily, that together could cover every event; and the others."""
        first: list[Chain] = []
        open_events = set(self.events)
        for candidate in candidates:
            if candidate.sure & open_events:
                open_events -= candidate.sure
                first.append(candidate)
        return first, [candidate for candidate in candidates if candidate not in first]

    def _follow_all(self, follow: Any, chains: Sequence[Chain]) -> tuple[Chain, ...]:
        results = self.account.side_by_side(*(partial(follow, chain) for chain in chains))
        return tuple(chain for result in results for chain in result)

    # ------------------------------------------------------------------- trail and log group

    def _sources(self) -> tuple[tuple[_Source, ...], tuple[Chain, ...]]:
        trails = self.account.ask(Trails())
        if isinstance(trails, Unreadable):
            return (), (Chain((), (unread(trails),)),)
        if not trails:
            facts = (("region", self.account.region),)
            return (), (Chain((), (Reason(FindingId.NO_TRAIL, self.account.region, facts=facts),)),)
        ends = self.account.side_by_side(*(partial(self._follow_trail, trail) for trail in trails))
        sources = tuple(end for end in ends if isinstance(end, _Source))
        return _merged(sources, self._unread(trails, sources)), tuple(end for end in ends if isinstance(end, Chain))

    def _unread(self, trails: Sequence[Trail], sources: Sequence[_Source]) -> frozenset[LogGroupId]:
        """The log groups that a trail fills whose selectors were not read, or are no good for the required events."""
        followed = {source.trail for source in sources}
        groups = (log_group_of(trail) for trail in trails if trail not in followed)
        return frozenset(group for group in groups if isinstance(group, LogGroupId))

    def _follow_trail(self, trail: Trail) -> _Source | Chain:
        chain = Chain(()).reaching(Hop.TRAIL, trail.name, arn=trail.trail_arn)
        if (reason := qualifies(trail)) is not None:
            return chain.broken(reason)
        log_group = log_group_of(trail)
        if isinstance(log_group, Reason):
            return chain.broken(log_group)
        if not self._may_read(log_group):
            return self._unverifiable(chain, trail, log_group)
        status, selectors, group, filters = self.account.side_by_side(
            partial(self.account.ask, TrailStatusOf(trail)),
            partial(self.account.ask, EventSelectorsOf(trail)),
            partial(self.account.ask, LogGroupOf(log_group)),
            partial(self.account.ask, MetricFiltersOf(log_group)),
        )
        reasons, captured = self._judged_trail(trail, status, selectors)
        if reasons:
            return chain.broken(*reasons)
        chain = chain.reaching(Hop.LOG_GROUP, log_group.name, arn=log_group.arn)
        facts = (("region", log_group.region), ("log_group_name", log_group.name))
        match group:
            case Unreadable():
                return chain.broken(unread(group))
            case NotFound():
                return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
            case LogGroup(log_group_class=None | "STANDARD"):
                pass
            case LogGroup(log_group_class=other):
                return chain.broken(Reason(FindingId.LOG_GROUP_CLASS, log_group.name, f"class {other}", facts))
        match filters:
            case Unreadable():
                return chain.broken(unread(filters))
            case NotFound():
                return chain.broken(Reason(FindingId.LOG_GROUP_MISSING, log_group.name, facts=facts))
            case _:
                assert isinstance(selectors, EventSelectors)
                return _Source(chain, trail, log_group, captured, filters, (selectors,))

    def _may_read(self, log_group: LogGroupId) -> bool:
        own = log_group.account_id == self.account.account_id
        return own or self.requirement.log_group_account_role_name is not None

    def _unverifiable(self, chain: Chain, trail: Trail, log_group: LogGroupId) -> Chain:
        """A log group in another account that may not be read. A trail that is known to be stopped stays broken."""
        status = self.account.ask(TrailStatusOf(trail))
        if isinstance(status, TrailStatus):
            judged = delivers(trail, status, self.now)
            if not isinstance(judged, Delivers):
                return chain.broken(*judged.reasons)
        reason = Reason(
            FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT,
            log_group.name,
            f"account {log_group.account_id}, trail {trail.name}",
            (("account_id", log_group.account_id), ("log_group_name", log_group.name)),
        )
        return chain.broken(reason)

    def _judged_trail(
        self,
        trail: Trail,
        status: TrailStatus | NotFound | Unreadable,
        selectors: EventSelectors | NotFound | Unreadable,
    ) -> tuple[tuple[Reason, ...], frozenset[str]]:
        """What breaks the trail; and the names of the required events that it captures."""
        reasons: list[Reason] = []
        if isinstance(status, TrailStatus):
            judged = delivers(trail, status, self.now)
            if not isinstance(judged, Delivers):
                reasons += judged.reasons
        else:
            reasons.append(_absent(status, trail))
        if not isinstance(selectors, EventSelectors):
            return (*reasons, _absent(selectors, trail)), frozenset()
        captured: set[str] = set()
        missed: list[Reason] = []
        for name in self.events:
            verdict = captures(trail, selectors, self.selected[name])
            if isinstance(verdict, Captures):
                captured.add(name)
            else:
                missed.append(verdict.reason)
        if not captured:
            reasons += missed[:1]
        return tuple(reasons), frozenset(captured)

    # ------------------------------------------------------------------- metric filter

    def _candidates(self, source: _Source) -> list[Chain]:
        """The filters of a log group that could carry at least one captured event."""
        candidates = []
        for metric_filter in source.metric_filters:
            step = source.chain.reaching(Hop.METRIC_FILTER, metric_filter.filter_name, **_settings(metric_filter))
            chain = replace(step, metric_filter=metric_filter)
            try:
                pattern = parse(metric_filter.filter_pattern)
            except PatternSyntaxError as error:
                reason = self._filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, error.message)
                candidates.append(replace(chain, maybe=source.captured).broken(reason))
                continue
            sure, maybe = self._carried(pattern, source.captured)
            if sure or maybe:
                candidates.append(replace(chain, pattern=pattern, sure=sure, maybe=maybe))
        return candidates

    def _carried(self, pattern: Pattern, captured: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        sure, maybe = set(), set()
        for name in captured:
            if isinstance(covers(self.narrowed[name], (pattern,), self.models[name]), Covered):
                sure.add(name)
            elif not never_matches(self.narrowed[name], pattern, self.models[name]):
                maybe.add(name)
        return frozenset(sure), frozenset(maybe)

    def _filter_reason(self, id: FindingId, metric_filter: MetricFilter, detail: str) -> Reason:  # noqa: A002
        return Reason(id, metric_filter.filter_name, detail, self._filter_facts(metric_filter))

    def _filter_facts(self, metric_filter: MetricFilter) -> tuple[tuple[str, str], ...]:
        return (*metric_filter.names.items(), ("required_filter_pattern", str(self.requirement.pattern)))

    def _follow_metric_filter(self, chain: Chain) -> tuple[Chain, ...]:
        metric_filter = chain.metric_filter
        assert metric_filter is not None
        if chain.pattern is None:
            return self._tried(chain, metric_filter)
        reasons = self._routine_reasons(metric_filter, chain.pattern)
        published = publishes(metric_filter, self.account.account_id)
        if not isinstance(published, Publishes):
            reasons = (*reasons, *published.reasons)
        if reasons or not isinstance(published, Publishes):
            return (chain.broken(*reasons),)
        publication = published.publication
        alarms, sharing = self.account.side_by_side(
            partial(self.account.ask, AlarmsOn(metric_filter.log_group.place, publication.metric)),
            partial(
                self.account.ask,
                MetricFiltersOn(
                    metric_filter.log_group.place,
                    publication.metric.namespace,
                    publication.metric.metric_name,
                ),
            ),
        )
        shared = self._shared(metric_filter, publication, sharing)
        if isinstance(shared, Reason):
            return (chain.broken(shared),)
        if isinstance(alarms, Unreadable):
            return (chain.broken(unread(alarms)),)
        if not alarms:
            reason = Reason(FindingId.NO_ALARM, str(publication.metric), "", self._filter_facts(metric_filter))
            return (chain.broken(reason),)
        results = self.account.side_by_side(
            *(partial(self._follow_metric_alarm, chain, shared, alarm) for alarm in alarms)
        )
        return tuple(found for result in results for found in result)

    def _routine_matches(
        self, metric_filter: MetricFilter, pattern: Pattern
    ) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The routine events that a filter sees: what no trail puts into its log group is no matter."""
        source = self.sources.get(metric_filter.log_group)
        account_id, region = self.account.account_id, self.account.region
        if source is None:
            return routine_matches(pattern, account_id, region)
        return routine_matches(pattern, account_id, region, source.may_hold)

    def _tried(self, chain: Chain, metric_filter: MetricFilter) -> tuple[Chain, ...]:
        """What AWS itself says of a pattern that cannot be read here: only ever evidence against it.

        Of a pattern that can be read, `covers` knows on which kinds of records the answer hangs, and one record of each
        settles it. Of one that cannot be read nobody knows the kinds, so no number of records that match is a proof.
        Records that do not match tell which events it misses, and an unrelated filter is not named at all.
        """
        samples = [
            (name, message)
            for name in sorted(chain.maybe)
            for message in self.models[name].bases[: max(1, MAX_TEST_MESSAGES // len(chain.maybe))]
            if matches(self.narrowed[name], message) is Answer.MATCH
        ]
        if not samples:
            return (chain,)
        answer = self._matched_by_aws(metric_filter, [message for _, message in samples])
        if isinstance(answer, Unreadable):
            return (chain,)
        seen = {name for number, (name, _) in enumerate(samples) if number in answer}
        missed = next((name for number, (name, _) in enumerate(samples) if number not in answer and name in seen), None)
        if not seen:
            return ()
        if missed is None:
            detail = f"{chain.reasons[0].detail}; AWS matches {len(answer)} samples, which is no proof for all events"
            reason = self._filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, detail)
        else:
            detail = f"AWS itself does not match every {missed}"
            reason = self._filter_reason(FindingId.PATTERN_MISSES_EVENT, metric_filter, detail)
        return (replace(chain, maybe=frozenset(seen), reasons=(reason,)),)

    def _matched_by_aws(self, metric_filter: MetricFilter, messages: Sequence[str]) -> frozenset[int] | Unreadable:
        """Which messages AWS says the filter matches. None is left out: a message not asked about is not settled."""
        matched: set[int] = set()
        for start in range(0, len(messages), MAX_TEST_MESSAGES):
            answer = self.account.ask(
                MatchesOf(
                    metric_filter.log_group.place,
                    metric_filter.filter_pattern,
                    tuple(messages[start : start + MAX_TEST_MESSAGES]),
                )
            )
            if isinstance(answer, Unreadable):
                return answer
            matched |= {start + number for number in answer}
        return frozenset(matched)

    def _routine_reasons(self, metric_filter: MetricFilter, pattern: Pattern | None) -> tuple[Reason, ...]:
        if self.requirement.allow_routine_matches or pattern is None:
            return ()
        matched, doubtful = self._routine_matches(metric_filter, pattern)
        if not matched and doubtful:
            answer = self._matched_by_aws(metric_filter, [message for _, message in doubtful])
            if isinstance(answer, Unreadable):
                detail = f"AWS does not document whether it matches {doubtful[0][0]}"
                return (self._filter_reason(FindingId.PATTERN_UNDECIDED, metric_filter, detail),)
            matched = tuple(doubtful[number][0] for number in sorted(answer))
        if not matched:
            return ()
        detail = f"such as {matched[0]}"
        return (self._filter_reason(FindingId.PATTERN_MATCHES_ROUTINE, metric_filter, detail),)

    def _shared(
        self, metric_filter: MetricFilter, publication: Publication, sharing: tuple[MetricFilter, ...] | Unreadable
    ) -> Publication | Reason:
        """The publication among those of the other filters that publish to the same metric; or which one spoils it."""
        if isinstance(sharing, Unreadable):
            return unread(sharing)
        for other in sharing:
            if (other.log_group, other.filter_name) == (metric_filter.log_group, metric_filter.filter_name):
                continue
            together = alongside(publication, other)
            if isinstance(together, Spoiled):
                return self._filter_reason(FindingId.METRIC_SPOILED, metric_filter, together.detail)
            publication = together
            try:
                matched, doubtful = self._routine_matches(other, parse(other.filter_pattern))
            except PatternSyntaxError:
                matched, doubtful = (), (("events that cannot be told", ""),)
            if (matched or doubtful) and not self.requirement.allow_routine_matches:
                named = matched[0] if matched else doubtful[0][0]
                detail = f"{other.filter_name} matches {named}"
                return self._filter_reason(FindingId.METRIC_SPOILED, metric_filter, detail)
        return publication

    # ------------------------------------------------------------------- alarm

    def _follow_metric_alarm(self, chain: Chain, publication: Publication, alarm: MetricAlarm) -> tuple[Chain, ...]:
        chain = chain.reaching(Hop.ALARM, alarm.alarm_name, arn=alarm.alarm_arn, condition=_condition(alarm))
        fired = self._fires(alarm, publication)
        if not isinstance(fired, Fires):
            return (chain.broken(*fired.reasons),)
        return self._follow_actions(chain, alarm)

    def _fires(self, alarm: MetricAlarm, publication: Publication) -> Fires | Silent:
        companions = self._companions(publication, alarm)
        if isinstance(companions, Unreadable):
            return Silent((unread(companions),))
        return fires(alarm, publication, self.requirement.max_rearm_seconds, self.now, companions)

    def _companions(self, publication: Publication, alarm: MetricAlarm) -> tuple[Publication, ...] | Unreadable:
        """What is known of the other metrics of a metric math alarm: those that only quiet metric filters publish."""
        found: list[Publication] = []
        for metric in dict.fromkeys(query.metric_stat.metric for query in alarm.metrics if query.metric_stat):
            if metric == publication.metric:
                continue
            filters = self.account.ask(MetricFiltersOn(alarm.place, metric.namespace, metric.metric_name))
            if isinstance(filters, Unreadable):
                return filters
            if filters and (companion := self._quiet(metric, filters)) is not None:
                found.append(companion)
        return tuple(found)

    def _quiet(self, metric: Metric, filters: tuple[MetricFilter, ...]) -> Publication | None:
        """What filters publish to a metric, if all of them are known to publish seldom and no other values."""
        published = publishes(filters[0], self.account.account_id)
        if not isinstance(published, Publishes) or published.publication.metric != metric:
            return None
        publication: Publication | Spoiled = published.publication
        for metric_filter in filters:
            if isinstance(publication, Spoiled) or self._noisy(metric_filter):
                return None
            publication = alongside(publication, metric_filter)
        return None if isinstance(publication, Spoiled) else publication

    def _noisy(self, metric_filter: MetricFilter) -> bool:
        """Whether a filter may match routine events."""
        if self.requirement.allow_routine_matches:
            return False
        try:
            return any(self._routine_matches(metric_filter, parse(metric_filter.filter_pattern)))
        except PatternSyntaxError:
            return True

    def _follow_actions(self, chain: Chain, alarm: MetricAlarm | CompositeAlarm) -> tuple[Chain, ...]:
        notified = notifies(alarm)
        if not isinstance(notified, Notifies):
            return (chain.broken(*notified.reasons),)
        paths: tuple[Chain, ...]
        mutes, history, paths = self.account.side_by_side(
            partial(self.account.ask, MuteRulesOf(alarm.place, alarm.alarm_name)),
            partial(self.account.ask, ActionHistoryOf(alarm.place, alarm.alarm_name, alarm.alarm_type)),
            partial(self._follow_topics, chain, alarm, notified.topic_arns),
        )
        if isinstance(mutes, Unreadable):
            return (chain.broken(unread(mutes)),)
        if (reason := muted(mutes, alarm.alarm_name)) is not None:
            return (chain.broken(reason),)
        if isinstance(history, Unreadable):
            return paths
        return tuple(
            path.broken(failure) if path.whole and (failure := last_action_failed(history, arn)) is not None else path
            for arn, path in zip(notified.topic_arns, paths, strict=True)
        )

    def _follow_listed_alarms(self, chains: Sequence[Chain]) -> tuple[Chain, ...]:
        """Metric math, composite alarms, and the alarm that watches nearly the right metric: from the full listing."""
        found: list[Chain] = []
        filters = {
            (chain.metric_filter.log_group, chain.metric_filter.filter_name): chain
            for chain in chains
            if chain.metric_filter is not None and chain.pattern is not None and not chain.whole
        }
        for chain in filters.values():
            metric_filter = chain.metric_filter
            assert metric_filter is not None
            published = publishes(metric_filter, self.account.account_id)
            if not isinstance(published, Publishes) or chain.depth < Hop.METRIC_FILTER:
                continue
            start = replace(
                chain, steps=tuple(step for step in chain.steps if step.hop <= Hop.METRIC_FILTER), reasons=()
            )
            if chain.depth is Hop.METRIC_FILTER and any(
                reason.id not in (FindingId.NO_ALARM, FindingId.CANNOT_READ) for reason in chain.reasons
            ):
                continue
            metric, place = published.publication.metric, metric_filter.log_group.place
            sharing = self.account.ask(MetricFiltersOn(place, metric.namespace, metric.metric_name))
            shared = self._shared(metric_filter, published.publication, sharing)
            if isinstance(shared, Reason):
                continue
            listing = self.account.ask(AlarmsIn(place))
            if isinstance(listing, Unreadable):
                found.append(start.broken(unread(listing)))
                continue
            found += self._follow_listing(start, metric_filter, shared, listing)
        return tuple(found)

    def _follow_listing(
        self, start: Chain, metric_filter: MetricFilter, publication: Publication, listing: AlarmListing
    ) -> list[Chain]:
        found: list[Chain] = []
        for alarm in listing.metric_alarms:
            plain = alarm.metric == publication.metric
            if (not plain and _resembles(alarm, publication, metric_filter)) or (
                alarm.metrics and _reads(alarm, publication)
            ):
                found += self._follow_metric_alarm(start, publication, alarm)
            if not (plain or (alarm.metrics and _reads(alarm, publication))):
                continue
            if not isinstance(self._fires(alarm, publication), Fires):
                continue
            for way in carriers(alarm, listing):
                found += self._follow_composites(start, alarm, way, listing)
        return found

    def _follow_composites(
        self, start: Chain, child: MetricAlarm, way: tuple[CompositeAlarm, ...], listing: AlarmListing
    ) -> tuple[Chain, ...]:
        chain = start.reaching(Hop.ALARM, child.alarm_name, arn=child.alarm_arn, condition=_condition(child))
        for composite in way:
            chain = chain.reaching(
                Hop.ALARM, composite.alarm_name, arn=composite.alarm_arn, condition=composite.alarm_rule
            )
        outcome = propagates(child, way, listing, self.now, self.requirement.max_rearm_seconds)
        if not isinstance(outcome, Propagates):
            return (chain.broken(*outcome.reasons),)
        return self._follow_actions(chain, way[-1])

    # ------------------------------------------------------------------- topic and subscription

    def _follow_topics(
        self, chain: Chain, alarm: MetricAlarm | CompositeAlarm, topic_arns: tuple[str, ...]
    ) -> tuple[Chain, ...]:
        return self.account.side_by_side(*(partial(self._follow_topic, chain, alarm, arn) for arn in topic_arns))

    def _follow_topic(self, chain: Chain, alarm: MetricAlarm | CompositeAlarm, topic_arn: str) -> Chain:
        name = topic_arn.rsplit(":", 1)[-1]
        chain = chain.reaching(Hop.TOPIC, name, arn=topic_arn)
        facts = (("topic_arn", topic_arn), ("alarm_name", alarm.alarm_name), ("region", alarm.place.region))
        accepted = self.requirement.topic_arns
        if accepted and topic_arn not in accepted:
            return chain.broken(Reason(FindingId.TOPIC_NOT_ACCEPTED, name, "", (("topic_arn", min(accepted)),)))
        topic, subscriptions = self.account.side_by_side(
            partial(self.account.ask, TopicOf(topic_arn)), partial(self.account.ask, SubscriptionsOf(topic_arn))
        )
        for read in (topic, subscriptions):
            if isinstance(read, Unreadable):
                return chain.broken(unread(read))
            if isinstance(read, NotFound):
                return chain.broken(Reason(FindingId.TOPIC_MISSING, name, "", facts))
        assert isinstance(topic, Topic)
        assert isinstance(subscriptions, tuple)
        refusals = self._topic_refusals(topic, alarm)
        if refusals:
            return chain.broken(*refusals)
        return self._follow_subscriptions(chain, topic, alarm, subscriptions)

    def _topic_refusals(self, topic: Topic, alarm: MetricAlarm | CompositeAlarm) -> tuple[Reason, ...]:
        verdict = accepts(topic, alarm.alarm_arn)
        if not isinstance(verdict, Accepts):
            return verdict.reasons
        if topic.kms_master_key_id is None:
            return ()
        key = self.account.ask(KeyOf(topic.topic_arn, topic.kms_master_key_id))
        if isinstance(key, Unreadable):
            return (unread(key),)
        admitted = key_admits(topic, key, alarm.alarm_arn)
        return () if isinstance(admitted, Accepts) else admitted.reasons

    def _follow_subscriptions(
        self,
        chain: Chain,
        topic: Topic,
        alarm: MetricAlarm | CompositeAlarm,
        subscriptions: tuple[Subscription, ...],
    ) -> Chain:
        """One confirmed subscription that takes the message is enough; the attributes of the others are not read."""
        candidates = confirmed(topic, subscriptions)
        if not isinstance(candidates, tuple):
            return chain.broken(*candidates.reasons)
        refusals: list[Reason] = []
        for subscription in candidates:
            attributes = self.account.ask(SubscriptionAttributesOf(subscription.subscription_arn))
            match attributes:
                case Unreadable():
                    refusals.append(unread(attributes))
                case NotFound():
                    continue
                case _:
                    verdict = hands_over(subscription, attributes, alarm)
                    if isinstance(verdict, Accepts):
                        name = f"{subscription.protocol} {subscription.endpoint}"
                        return chain.reaching(Hop.SUBSCRIPTION, name, arn=subscription.subscription_arn)
                    refusals += verdict.reasons
        name = topic.topic_arn.rsplit(":", 1)[-1]
        gone = Reason(FindingId.NO_SUBSCRIPTION, name, "", (("topic_arn", topic.topic_arn),))
        return chain.broken(*(refusals[:1] or (gone,)))

    # ------------------------------------------------------------------- what whole paths cover

    def _outcomes(self, chains: Sequence[Chain]) -> tuple[EventOutcome, ...]:
        whole = [chain for chain in chains if chain.whole]
        return tuple(self._outcome(name, whole) for name in self.events)

    def _outcome(self, name: str, whole: Sequence[Chain]) -> EventOutcome:
        carrying = [chain for chain in whole if name in chain.sure | chain.maybe]
        patterns = tuple(dict.fromkeys(chain.pattern for chain in carrying if chain.pattern is not None))
        verdict = covers(self.narrowed[name], patterns, self.models[name])
        match verdict:
            case Covered():
                return EventOutcome(name, covered=True)
            case Missed():
                return EventOutcome(name, covered=False, counterexample=verdict.message)
            case Undecided():
                return self._asked(name, carrying, verdict)

    def _asked(self, name: str, carrying: Sequence[Chain], undecided: Undecided) -> EventOutcome:
        """Puts the undecided records to AWS itself: covered when every one is matched by some whole path's filter."""
        messages = undecided.messages
        matched: set[int] = set()
        refused = not messages
        for chain in carrying:
            if chain.metric_filter is None or refused:
                continue
            answer = self._matched_by_aws(chain.metric_filter, messages)
            if isinstance(answer, Unreadable):
                refused = True
            else:
                matched |= answer
        if not refused and len(matched) == len(messages):
            return EventOutcome(name, covered=True)
        reasons = tuple(
            self._filter_reason(FindingId.PATTERN_UNDECIDED, chain.metric_filter, undecided.reason)
            for chain in carrying
            if chain.metric_filter is not None
        )
        missing = [message for number, message in enumerate(messages) if number not in matched]
        if refused or not missing:
            return EventOutcome(name, covered=False, reasons=reasons)
        return EventOutcome(name, covered=False, counterexample=missing[0])

    # ------------------------------------------------------------------- why an event is not covered

    def _explained(self, outcome: EventOutcome, chains: Sequence[Chain], sources: Sequence[_Source]) -> EventOutcome:
        if outcome.covered:
            return outcome
        message = outcome.counterexample or json.dumps(
            typical_record(self.events[outcome.name], self.account.account_id)
        )
        reasons = outcome.reasons or self._reasons_for(outcome.name, chains, sources)
        return replace(outcome, counterexample=message, reasons=reasons)

    def _reasons_for(self, name: str, chains: Sequence[Chain], sources: Sequence[_Source]) -> tuple[Reason, ...]:
        """What breaks the path that got furthest with this event."""
        carrying = [chain for chain in chains if name in chain.sure and chain.reasons]
        partial_ = [chain for chain in chains if name in chain.maybe]
        best = max(carrying, key=lambda chain: chain.progress, default=None)
        if best is not None:
            return best.reasons
        for chain in sorted(partial_, key=lambda chain: (chain.whole, chain.progress), reverse=True):
            if chain.metric_filter is None:
                continue
            missed = self._filter_reason(FindingId.PATTERN_MISSES_EVENT, chain.metric_filter, self._gap(name, chain))
            return chain.reasons or (missed,)
        near = [chain for chain in chains if chain.sure | chain.maybe and chain.metric_filter is not None]
        if near:
            best = max(near, key=lambda chain: (len(chain.sure), chain.progress))
            assert best.metric_filter is not None
            return (self._filter_reason(FindingId.PATTERN_MISSES_EVENT, best.metric_filter, name),)
        for source in sources:
            return (self._no_metric_filter(source),)
        furthest = max((chain for chain in chains if chain.reasons), key=lambda chain: chain.progress, default=None)
        return () if furthest is None else furthest.reasons

    def _gap(self, name: str, chain: Chain) -> str:
        """Which of an event's records a filter matches, in words."""
        patterns = () if chain.pattern is None else (chain.pattern,)
        condition = only_when(self.narrowed[name], patterns, self.models[name])
        return f"some {name}" if condition is None else f"it sees {name} only when {condition}"


# --------------------------------------------------------------------------- small judgements


def unread(read: Unreadable) -> Reason:
    """A refused read as a reason."""
    detail = f"{read.operation} denied ({read.error_code})"
    facts = (("operation", read.operation),)
    if read.operation == "sts:AssumeRole":
        return Reason(
            FindingId.LOG_GROUP_ROLE_NOT_ASSUMABLE, read.subject, detail, (*facts, ("role_arn", read.subject))
        )
    return Reason(FindingId.CANNOT_READ, read.subject, detail, facts)


def _settings(metric_filter: MetricFilter) -> dict[str, str]:
    """A metric filter's pattern, and what it publishes."""
    published = (
        f"{each.metric_value} to {each.metric_namespace}/{each.metric_name}"
        for each in metric_filter.metric_transformations
    )
    return {"pattern": metric_filter.filter_pattern, "publishes": ", ".join(published)}


def _condition(alarm: MetricAlarm) -> str:
    """What takes a metric alarm to ALARM, in CloudWatch's own words."""
    if alarm.metric is None:
        return "; ".join(
            f"{query.id} = {query.expression or (query.metric_stat and query.metric_stat.metric)}"
            for query in alarm.metrics
        )
    points = alarm.datapoints_to_alarm or alarm.evaluation_periods
    return (
        f"{alarm.statistic} of {alarm.metric} is {alarm.comparison_operator} {alarm.threshold} over {alarm.period} s, "
        f"{points} of {alarm.evaluation_periods}, missing data {alarm.treat_missing_data or 'missing'}"
    )


def _absent(read: NotFound | Unreadable, trail: Trail) -> Reason:
    if isinstance(read, Unreadable):
        return unread(read)
    facts = (("region", trail.home_region), ("trail_arn", trail.trail_arn))
    return Reason(FindingId.TRAIL_NOT_LOGGING, trail.name, "it no longer exists in its home Region", facts)


def _from_source(source: str) -> Pattern:
    """The pattern of all events with the source."""
    return JsonPattern(Comparison(Selector((Name("eventSource"),)), Operator.EQ, Text(source)))


def _merged(sources: Sequence[_Source], unread: frozenset[LogGroupId]) -> tuple[_Source, ...]:
    """One source a log group: several trails may fill the same one."""
    by_group: dict[LogGroupId, _Source] = {}
    for source in sources:
        known = by_group.get(source.log_group)
        if known is not None:
            captured, selectors = known.captured | source.captured, known.selectors + source.selectors
            source = replace(known, captured=captured, selectors=selectors)
        by_group[source.log_group] = source
    return tuple(replace(each, selectors=()) if each.log_group in unread else each for each in by_group.values())


def _reads(alarm: MetricAlarm, publication: Publication) -> bool:
    return any(
        query.metric_stat is not None and query.metric_stat.metric.metric_name == publication.metric.metric_name
        for query in alarm.metrics
    )


def _resembles(alarm: MetricAlarm, publication: Publication, metric_filter: MetricFilter) -> bool:
    """An alarm on the right metric name elsewhere, or on the filter's name: what its owner probably meant."""
    return alarm.metric is not None and alarm.metric.metric_name in (
        publication.metric.metric_name,
        metric_filter.filter_name,
    )
