"""The records of a required event that a proof is about: a pattern and what is known of what it matches.

What is known of an event's records must not take anything from the requirement: an alternative that only a failed call
can satisfy brings failed calls with it, and one that contradicts something else brings that with it. Otherwise a proof
would be about nothing, and any filter would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..filter_pattern import (
    And,
    AnyElement,
    AnyField,
    Comparison,
    Condition,
    Constant,
    Is,
    JsonPattern,
    NotExists,
    Operator,
    Or,
    Pattern,
    Selector,
    Step,
    Text,
)
from ..proof import ANY_RECORD, Domain, Kind, RecordModel, contradicted
from .cloudtrail_record import partition_of, record_model
from .required_events import RequiredEvent, leaves, narrow, narrowed_by

__all__ = ["RequiredRecords", "required_records"]


@dataclass(frozen=True, slots=True)
class RequiredRecords:
    """The records of the model that the pattern matches are those that a filter has to match."""

    pattern: Pattern
    model: RecordModel


def required_records(
    required: Pattern, event: RequiredEvent, include_failed_calls: bool, account_id: str, region: str = "us-east-1"
) -> RequiredRecords:
    """The records of one of a required pattern's events in this account. `region` is any of its partition's."""
    narrowed = narrow(required, event)
    partition = partition_of(region)
    model = record_model(event, include_failed_calls, account_id, partition)
    if not isinstance(narrowed, JsonPattern):
        return RequiredRecords(narrowed, model)
    found = contradicted(narrowed, model)
    if found is not None and not found.alternatives:
        return RequiredRecords(narrowed, model)
    with_failures = record_model(event, True, account_id, partition)
    wider = next(each for each in _wider(narrowed, with_failures) if _admits(narrowed, each))
    if found is None or found.entirely:
        return RequiredRecords(narrowed, wider)
    known = list(_known(model.domains, wider.domains))
    if not known:
        return RequiredRecords(narrowed, wider)
    alternatives = [_all_of(known), *(_all_of(list(each)) for each in found.alternatives)]
    return RequiredRecords(narrowed_by(narrowed, _any_of(alternatives)), wider)


def _wider(pattern: JsonPattern, model: RecordModel) -> Iterator[RecordModel]:
    """The model, the model without what it says of fields that the pattern speaks of, and no knowledge at all."""
    yield model
    spoken = [_up_to_wildcard(leaf.selector.steps) for leaf in leaves(pattern.condition)]
    yield replace(
        model,
        domains={
            path: domain
            for path, domain in model.domains.items()
            if not any(path[: len(steps)] == steps[: len(path)] for steps in spoken)
        },
    )
    yield replace(ANY_RECORD, bases=model.bases)


def _admits(pattern: JsonPattern, model: RecordModel) -> bool:
    """Whether the model takes nothing from the pattern; where that is not known, it has to say nothing."""
    if not model.domains:
        return True
    found = contradicted(pattern, model)
    return found is not None and not found.alternatives


def _up_to_wildcard(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    wild = next((number for number, step in enumerate(steps) if isinstance(step, (AnyField, AnyElement))), len(steps))
    return steps[:wild]


# --------------------------------------------------------------------------- what is known, as a condition


def _known(domains: Mapping[tuple[Step, ...], Domain], wider: Mapping[tuple[Step, ...], Domain]) -> Iterator[Condition]:
    """What the domains say that the wider ones do not, as far as a pattern can say it."""
    for path, domain in domains.items():
        if wider.get(path) != domain:
            alternatives = list(_values(Selector(path), domain))
            if len(alternatives) >= len(domain.kinds):
                yield _any_of(alternatives)


def _values(selector: Selector, domain: Domain) -> Iterator[Condition]:
    for kind in domain.kinds:
        if kind is Kind.MISSING:
            yield NotExists(selector)
        elif kind is Kind.NULL:
            yield Is(selector, Constant.NULL)
        elif kind is Kind.BOOLEAN:
            yield _any_of([Is(selector, Constant.TRUE if each else Constant.FALSE) for each in domain.booleans])
        elif kind is Kind.STRING and domain.strings:
            yield _any_of([Comparison(selector, Operator.EQ, Text(each)) for each in sorted(domain.strings)])


def _any_of(alternatives: list[Condition]) -> Condition:
    return alternatives[0] if len(alternatives) == 1 else Or(tuple(alternatives))


def _all_of(conditions: list[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else And(tuple(conditions))
