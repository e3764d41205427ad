"""What remedies propose to make beside what is there: names that nothing has, and settings that fit.

A command that is printed takes nothing away: put-metric-filter and put-metric-alarm overwrite what has the name that
they are given, so that every name is looked up before it is proposed. What cannot be looked up is left to the person.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace

from ..account import AlarmsIn, Unreadable
from ..alarm import topics
from ..assessment import Chain, EventOutcome
from ..findings import Reason, places
from ..metric_filter import Publishes, literal, publishes
from ..requirement import Requirement
from ..resources import AlarmListing, LogGroupId, MetricAlarm, MetricFilter, MetricTransformation, Place
from .context import Context, Sources

__all__ = ["Proposals"]

_NAMESPACE = "LogMetrics"
_SOURCE = "config.amazonaws.com"


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
        self._filters = {source.log_group.arn: source.metric_filters for source in sources.values()}
        self._groups = {source.log_group.arn: source.log_group for source in sources.values()}
        self._names: dict[tuple[str, ...], str] = {}
        self._suffix = _suffix(context.requirement)

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
        own = (each for each in self._filters[group.arn] if each.filter_name == facts.get("filter_name"))
        metric_filter = next(own, None)
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
        name = f"ConfigChangesAlarm{self._suffix}"
        return self._unused(("metric", str(place)), name, lambda candidate: self._metric_is_used(place, candidate))

    def _filter_name(self, group: LogGroupId, published: str) -> str | None:
        taken = {each.filter_name for each in self._filters[group.arn]}
        name = f"config-changes-alarm{self._suffix}"
        return self._unused(("filter", group.arn, published), name, lambda candidate: candidate in taken)

    def _alarm_name(self, place: Place, metric: str) -> str | None:
        listing = self._context.account.ask(AlarmsIn(place))
        if isinstance(listing, Unreadable):
            return None
        taken = {
            *(each.alarm_name for each in listing.metric_alarms),
            *(each.alarm_name for each in listing.composite_alarms),
            *(each.alarm_name for each in listing.log_alarms),
        }
        name = f"config-changes-alarm{self._suffix}"
        return self._unused(("alarm", str(place), metric), name, lambda candidate: candidate in taken)

    def _second_transformation(self, group: LogGroupId, had: MetricFilter | None) -> str | None:
        """The metric transformation of the filter that there is; where it publishes nothing usable, one of its own."""
        if had is not None and isinstance(publishes(had, self._context.account.account_id), Publishes):
            return _shorthand(had.metric_transformations[0])
        name = self._metric_name(group.place)
        return None if name is None else _shorthand(MetricTransformation(name, _NAMESPACE, "1"))

    # ----------------------------------------------------------------------- what is there

    def _unused(self, thing: tuple[str, ...], name: str, used: Callable[[str], bool | None]) -> str | None:
        """A name for the thing that nothing has and no other thing of the report is given."""
        if thing in self._names:
            return self._names[thing]
        given = {each for other, each in self._names.items() if other[:2] == thing[:2]}
        candidate, number = name, 1
        while (taken := candidate in given or used(candidate)) is not False:
            if taken is None:
                return None
            number += 1
            candidate = f"{name}-{number}"
        self._names[thing] = candidate
        return candidate

    def _metric_is_used(self, place: Place, name: str) -> bool | None:
        """None where AWS does not let it be looked up."""
        listing = self._context.account.ask(AlarmsIn(place))
        if isinstance(listing, Unreadable):
            return None
        published = {
            _metric(each) for had in self._filters.values() for own in had for each in own.metric_transformations
        }
        watched = (_watched(alarm) for alarm in listing.metric_alarms)
        return f"{_NAMESPACE}/{name}" in published.union(*watched)

    def _topic_arn(self, place: Place, had: MetricFilter | None, known: str | None) -> str | None:
        """The topic that the owner uses for the filter, if it counts."""
        accepted = self._context.requirement.topic_arns
        if known is None and had is not None:
            listing = self._context.account.ask(AlarmsIn(place))
            known = None if isinstance(listing, Unreadable) else _notified(listing, had)
        return known if not accepted or known in accepted else min(accepted)


def _suffix(requirement: Requirement) -> str:
    """Keeps the names for other controls apart, whose commands are carried out in the same account."""
    if all(event.source == _SOURCE for event in requirement.events):
        return ""
    return f"-{zlib.crc32(str(requirement.pattern).encode()):08x}"


def _watched(alarm: MetricAlarm) -> set[str]:
    metrics = [alarm.metric, *(query.metric_stat.metric for query in alarm.metrics if query.metric_stat)]
    return {str(metric) for metric in metrics if metric is not None}


def _notified(listing: AlarmListing, metric_filter: MetricFilter) -> str | None:
    """The first topic of an alarm on what the filter publishes."""
    published = {_metric(each) for each in metric_filter.metric_transformations}
    watching = (alarm for alarm in listing.metric_alarms if _watched(alarm) & published)
    return next((arn for alarm in watching for arn in topics(alarm)), None)


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
