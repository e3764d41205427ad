"""All alarms of a Region, found by what they watch: an account may have thousands of them, and as many metrics."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from ..resources import AlarmListing, LogAlarm, LogGroupId, Metric, MetricAlarm
from .composite_alarm import AlarmGraph

__all__ = ["ListedAlarms"]

K = TypeVar("K", bound=Hashable)

_QUERY = re.compile(r"(?i:SELECT)\b|.*?\bSEARCH\s*\(", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ListedAlarms:
    """A listing by what its alarms watch.

    `by_name` tells which metric alarms have a metric of that name, their own or one of their expressions'; `by_word`
    which have a query or a search in which that word occurs. The numbers are places in the listing.
    """

    listing: AlarmListing
    by_name: Mapping[str, tuple[int, ...]]
    by_word: Mapping[str, tuple[int, ...]]
    by_log_group: Mapping[str, tuple[int, ...]]
    graph: AlarmGraph

    @classmethod
    def of(cls, listing: AlarmListing) -> Self:
        return cls(
            listing,
            _numbered(map(_names, listing.metric_alarms)),
            _numbered(map(_words, listing.metric_alarms)),
            _numbered(each.log_group_identifiers for each in listing.log_alarms),
            AlarmGraph.of(listing),
        )

    def near(self, metric: Metric, filter_name: str) -> tuple[MetricAlarm, ...]:
        """The alarms that read the metric, and those that were probably meant to, in the listing's order.

        Meant are those on the right name elsewhere, or on the filter's name.
        """
        reading = {*self.by_name.get(metric.metric_name, ()), *self._mentioning(metric.metric_name)}
        alarms = self.listing.metric_alarms
        meant = (number for number in self.by_name.get(filter_name, ()) if alarms[number].metric is not None)
        return tuple(alarms[number] for number in sorted(reading.union(meant)))

    def _mentioning(self, name: str) -> list[int]:
        """Those whose query or search has the name in it, as a whole. A name without any word may be in any of them."""
        mentioned = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        word = _WORD.search(name)
        numbers = self.by_word.get("" if word is None else word[0], ())
        alarms = self.listing.metric_alarms
        return [
            number
            for number in numbers
            if any(mentioned.search(text, start) for text, start in _queries(alarms[number]))
        ]

    def querying(self, log_group: LogGroupId) -> tuple[LogAlarm, ...]:
        """The log alarms that query the log group, in the listing's order; some tell its name alone."""
        known = (log_group.name, log_group.arn, f"{log_group.arn}:*")
        numbers = {number for identifier in known for number in self.by_log_group.get(identifier, ())}
        return tuple(self.listing.log_alarms[number] for number in sorted(numbers))


def _names(alarm: MetricAlarm) -> Iterable[str]:
    own = () if alarm.metric is None else (alarm.metric.metric_name,)
    return (*own, *(query.metric_stat.metric.metric_name for query in alarm.metrics if query.metric_stat is not None))


def _words(alarm: MetricAlarm) -> Iterable[str]:
    queries = _queries(alarm)
    return ("", *(word for text, _ in queries for word in _WORD.findall(text))) if queries else ()


def _queries(alarm: MetricAlarm) -> tuple[tuple[str, int], ...]:
    """Those of its expressions that select or search, and where what they look for begins."""
    found = ((each.expression or "").lstrip() for each in alarm.metrics)
    return tuple((text, match.end()) for text in found if (match := _QUERY.match(text)))


def _numbered(keys: Iterable[Iterable[K]]) -> Mapping[K, tuple[int, ...]]:
    """By each key, the numbers of those that have it."""
    found: defaultdict[K, list[int]] = defaultdict(list)
    for number, each in enumerate(keys):
        for key in dict.fromkeys(each):
            found[key].append(number)
    return {key: tuple(numbers) for key, numbers in found.items()}
