"""Answers many narrow questions from a few wide ones: what a Region lists is listed once.

Whoever asks much of one account, as fifteen controls do, would put the same kind of question to AWS again and again:
the alarms on this metric, on that one, the history of each. `ListingSource` stands between doors and a source, lists a
Region's metric filters, alarms and actions once, and answers from that. One that it stands before sees each question
once, however many doors are opened on it.

A narrow question is answered as AWS would answer it. Where the listing is refused or not whole, it is put to AWS as it
is: a role may be allowed the one and not the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from .door import Account, AccountSource, Identity
from .memory import Memory
from .outcomes import NotFound, Unreadable
from .questions import (
    ActionHistoryIn,
    ActionHistoryOf,
    AlarmsIn,
    AlarmsOn,
    AnyMuteRuleIn,
    LogGroupOf,
    MetricFiltersIn,
    MetricFiltersOf,
    MetricFiltersOn,
    MuteRulesOf,
    Question,
)

__all__ = ["ListingSource"]

_Entries = Iterable[tuple[Hashable, Any]]
_Sort = Callable[[Any], _Entries | None]


class ListingSource:
    """Implements `account.Source`, with another source behind it and a memory for every question."""

    def __init__(self, source: AccountSource) -> None:
        self._source = source
        self._memory = Memory()

    @property
    def identity(self) -> Identity:
        return self._source.identity

    @property
    def partition(self) -> str:
        return self._source.partition

    @property
    def threads(self) -> int:
        return self._source.threads

    def account(self) -> Account:
        """A door to the account. All of them share what was read."""
        return Account(self.identity, self, self.threads)

    def answer(self, question: Question[Any]) -> Any:
        """The answer, remembered. Raises `EvaluationFailed`."""
        return self._memory.once(question, lambda: self._answer(question))

    def listed(self, listing: Question[Any], sort: _Sort) -> Mapping[Hashable, tuple[Any, ...]] | None:
        """What a listing holds, by what narrow questions ask for; sorted once. None where it is no answer to them."""
        return self._memory.once((listing, sort), lambda: _sorted(sort(self.answer(listing))))

    def _answer(self, question: Question[Any]) -> Any:
        from_listing = _FROM_LISTINGS.get(type(question))
        answer = None if from_listing is None else from_listing(self, question)
        return self._source.answer(question) if answer is None else answer


def _sorted(entries: _Entries | None) -> dict[Hashable, tuple[Any, ...]] | None:
    if entries is None:
        return None
    found: dict[Hashable, list[Any]] = {}
    for key, each in entries:
        found.setdefault(key, []).append(each)
    return {key: tuple(each) for key, each in found.items()}


def _metric_filters_of(source: ListingSource, question: MetricFiltersOf) -> Any:
    found = source.listed(MetricFiltersIn(question.log_group.place), _filters_by_log_group)
    if found is None or question.log_group in found:
        return None if found is None else found[question.log_group]
    log_group = source.answer(LogGroupOf(question.log_group))
    if isinstance(log_group, Unreadable):
        return None
    return log_group if isinstance(log_group, NotFound) else ()


def _filters_by_log_group(listing: Any) -> _Entries | None:
    return None if isinstance(listing, Unreadable) else ((each.log_group, each) for each in listing)


def _metric_filters_on(source: ListingSource, question: MetricFiltersOn) -> Any:
    found = source.listed(MetricFiltersIn(question.place), _filters_by_metric)
    return None if found is None else found.get((question.metric_namespace, question.metric_name), ())


def _filters_by_metric(listing: Any) -> _Entries | None:
    if isinstance(listing, Unreadable):
        return None
    return ((metric, each) for each in listing for metric in dict.fromkeys(each.metrics))


def _alarms_on(source: ListingSource, question: AlarmsOn) -> Any:
    found = source.listed(AlarmsIn(question.place), _alarms_by_metric)
    return None if found is None else found.get(question.metric, ())


def _alarms_by_metric(listing: Any) -> _Entries | None:
    return None if isinstance(listing, Unreadable) else ((each.metric, each) for each in listing.metric_alarms)


def _mute_rules_of(source: ListingSource, question: MuteRulesOf) -> Any:
    """A listing of mute rules does not say whom they mute: it is an answer only where there are none."""
    return () if source.answer(AnyMuteRuleIn(question.place)) is False else None


def _action_history_of(source: ListingSource, question: ActionHistoryOf) -> Any:
    found = source.listed(ActionHistoryIn(question.place), _items_by_alarm)
    return None if found is None else found.get(question.alarm_name, ())


def _items_by_alarm(listing: Any) -> _Entries | None:
    if isinstance(listing, Unreadable) or not listing.whole:
        return None
    return ((action.alarm_name, action.item) for action in listing.actions)


_FROM_LISTINGS: Mapping[type[Question[Any]], Callable[[ListingSource, Any], Any]] = {
    MetricFiltersOf: _metric_filters_of,
    MetricFiltersOn: _metric_filters_on,
    AlarmsOn: _alarms_on,
    MuteRulesOf: _mute_rules_of,
    ActionHistoryOf: _action_history_of,
}
"""How each narrow question is answered from what was listed; None where the listing is no answer to it."""
