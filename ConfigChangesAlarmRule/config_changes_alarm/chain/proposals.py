"""What remedies propose to make beside what is there: names that nothing has, and settings that fit.

A command that is printed takes nothing away: put-metric-filter and put-metric-alarm overwrite what has the name that
they are given, so that every name is looked up before it is proposed. What cannot be looked up is left to the person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ..account import AlarmsIn, Unreadable
from ..alarm import topics
from ..assessment import Chain, EventOutcome
from ..findings import Reason, places
from ..metric_filter import Publishes, literal, publishes
from ..resources import AlarmListing, LogGroupId, MetricAlarm, MetricFilter, MetricTransformation, Place
from .context import Context, Sources

__all__ = ["Proposals"]

_NAMESPACE = "LogMetrics"


_FACTS = frozenset(
    (
        "required_filter_pattern",
        "new_namespace",
        "new_metric_name",
        "new_filter_name",
        "new_alarm_name",
        "second_metric_transformation",
        "second_filter_name",
        "second_alarm_name",
        "threshold",
    )
)
"""What is said here of the things that a remedy makes."""


class Proposals:
    """The names that one report proposes: a different one for each thing, and the same for the same."""

    def __init__(self, context: Context, sources: Sources) -> None:
        self._context = context
        self._filters = {
            source.log_group.arn: {each.filter_name: each for each in source.metric_filters}
            for source in sources.values()
        }
        self._groups = {source.log_group.arn: source.log_group for source in sources.values()}
        self._names: dict[tuple[str, ...], str] = {}
        self._scopes: dict[tuple[str, ...], _Names | None] = {}
        self._topics: dict[Place, Mapping[str, str]] = {}

    def of_outcome(self, outcome: EventOutcome) -> EventOutcome:
        return replace(outcome, reasons=tuple(map(self._completed, outcome.reasons)))

    def of_chain(self, chain: Chain) -> Chain:
        return replace(chain, reasons=tuple(map(self._completed, chain.reasons)))

    def _completed(self, reason: Reason) -> Reason:
        """The reason with the facts that its remedy needs of what is to be made; those that nobody knows left out."""
        facts = dict(reason.facts)
        group = self._groups.get(facts.get("log_group_arn", ""))
        needed = places(reason.id) & _FACTS
        if group is None or not needed:
            return reason
        metric_filter = self._filters[group.arn].get(facts.get("filter_name", ""))
        if needed & {"new_alarm_name", "second_alarm_name"}:
            topic_arn = self._topic_arn(group.place, metric_filter, facts.pop("topic_arn", None))
            facts |= {} if topic_arn is None else {"topic_arn": topic_arn}
        for name in sorted(needed):
            value = self._fact(name, group, metric_filter)
            facts |= {} if value is None else {name: value}
        return replace(reason, facts=tuple(facts.items()))

    def _fact(self, name: str, group: LogGroupId, had: MetricFilter | None) -> str | None:
        """`new_` are of what has a metric of its own, `second_` of what is added to the metric that there is."""
        match name:
            case "required_filter_pattern":
                return str(self._context.requirement.pattern)
            case "new_namespace":
                return _NAMESPACE
            case "new_metric_name":
                return self._metric_name(group.place)
            case "new_filter_name":
                return self._filter_name(group, f"{_NAMESPACE}/{self._metric_name(group.place)}")
            case "new_alarm_name":
                return self._alarm_name(group.place, f"{_NAMESPACE}/{self._metric_name(group.place)}")
            case "second_metric_transformation":
                return self._second_transformation(group, had)
            case "second_filter_name":
                return self._filter_name(group, str(self._second_transformation(group, had)))
            case "second_alarm_name":
                made = () if had is None else had.metric_transformations[:1]
                return self._alarm_name(group.place, "".join(_metric(each) for each in made))
            case _:
                return _threshold(had)

    def _metric_name(self, place: Place) -> str | None:
        return self._unused(
            ("metric", str(place)), (), self._context.requirement.metric_name, partial(self._metrics, place)
        )

    def _filter_name(self, group: LogGroupId, published: str) -> str | None:
        name, had = self._context.requirement.alarm_name, self._filters[group.arn]
        return self._unused(("filter", group.arn), (published,), name, lambda: set(had))

    def _alarm_name(self, place: Place, metric: str) -> str | None:
        taken = partial(self._alarms, place)
        return self._unused(("alarm", str(place)), (metric,), self._context.requirement.alarm_name, taken)

    def _second_transformation(self, group: LogGroupId, had: MetricFilter | None) -> str | None:
        """The metric transformation of the filter that there is; where it publishes nothing usable, one of its own."""
        if had is not None and isinstance(publishes(had, self._context.account.account_id), Publishes):
            return _shorthand(had.metric_transformations[0])
        name = self._metric_name(group.place)
        return None if name is None else _shorthand(MetricTransformation(name, _NAMESPACE, "1"))

    # ----------------------------------------------------------------------- what is there

    def _unused(
        self, scope: tuple[str, ...], thing: tuple[str, ...], name: str, taken: Callable[[], set[str] | None]
    ) -> str | None:
        """A name for the thing that nothing has and no other thing of the report is given.

        None where AWS does not let be looked up what is taken.
        """
        if scope not in self._scopes:
            names = taken()
            self._scopes[scope] = None if names is None else _Names(names)
        unused = self._scopes[scope]
        if unused is None:
            return None
        if (*scope, *thing) not in self._names:
            self._names[*scope, *thing] = unused.next(name)
        return self._names[*scope, *thing]

    def _listing(self, place: Place) -> AlarmListing | Unreadable:
        return self._context.account.ask(AlarmsIn(place))

    def _alarms(self, place: Place) -> set[str] | None:
        """The names of all alarms."""
        listing = self._listing(place)
        if isinstance(listing, Unreadable):
            return None
        return {
            *(each.alarm_name for each in listing.metric_alarms),
            *(each.alarm_name for each in listing.composite_alarms),
            *(each.alarm_name for each in listing.log_alarms),
        }

    def _metrics(self, place: Place) -> set[str] | None:
        """The names of the namespace's metrics that something publishes or watches."""
        listing = self._listing(place)
        if isinstance(listing, Unreadable):
            return None
        known = (each for filters in self._filters.values() for each in filters.values())
        published = {_metric(made) for each in known for made in each.metric_transformations}
        metrics = published.union(*(_watched(alarm) for alarm in listing.metric_alarms))
        return {each.removeprefix(f"{_NAMESPACE}/") for each in metrics}

    def _topic_arn(self, place: Place, had: MetricFilter | None, known: str | None) -> str | None:
        """The topic that the owner uses for the filter, if it counts."""
        accepted = self._context.requirement.topic_arns
        if known is None and had is not None:
            if place not in self._topics:
                listing = self._listing(place)
                self._topics[place] = {} if isinstance(listing, Unreadable) else _notified(listing)
            notified = (self._topics[place].get(_metric(each)) for each in had.metric_transformations)
            known = next((arn for arn in notified if arn is not None), None)
        return known if not accepted or known in accepted else min(accepted)


class _Names:
    """Gives each name once: the wanted one, or with the next number that makes it a new one."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._number = 1

    def next(self, wanted: str) -> str:
        name = wanted
        while name in self._taken:
            self._number += 1
            name = f"{wanted}-{self._number}"
        self._taken.add(name)
        return name


def _watched(alarm: MetricAlarm) -> set[str]:
    metrics = [alarm.metric, *(query.metric_stat.metric for query in alarm.metrics if query.metric_stat)]
    return {str(metric) for metric in metrics if metric is not None}


def _notified(listing: AlarmListing) -> Mapping[str, str]:
    """For each metric the first topic of an alarm on it."""
    found: dict[str, str] = {}
    for alarm in listing.metric_alarms:
        for metric in _watched(alarm):
            for arn in topics(alarm)[:1]:
                found.setdefault(metric, arn)
    return found


def _metric(made: MetricTransformation) -> str:
    return f"{made.metric_namespace}/{made.metric_name}"


def _threshold(metric_filter: MetricFilter | None) -> str:
    """What one event publishes, as far as it is known."""
    made = () if metric_filter is None else metric_filter.metric_transformations[:1]
    values = [value for each in made if (value := literal(each)) is not None and value > 0]
    return f"{values[0]:g}" if values else "1"


_PLAIN = re.compile(r"[\w.:/#-]+", re.ASCII)


def _shorthand(made: MetricTransformation) -> str:
    """A metric transformation as the AWS CLI reads it: its shorthand, or JSON where a name needs quotes there."""
    members = {
        "metricName": made.metric_name,
        "metricNamespace": made.metric_namespace,
        "metricValue": made.metric_value,
        "defaultValue": made.default_value,
        "unit": made.unit,
    }
    known = {name: value for name, value in members.items() if value is not None}
    if all(_PLAIN.fullmatch(str(value)) for value in known.values()):
        return ",".join(f"{name}={value}" for name, value in known.items())
    return json.dumps([known], separators=(",", ":"))
