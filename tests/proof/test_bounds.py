"""Patterns of 1,024 characters that are made to be hard: each ends, within a bound on the work, with a sound answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any, TypeVar

import pytest
from config_changes_alarm.control import RequiredEvent, record_model, required_events
from config_changes_alarm.filter_pattern import (
    And,
    Answer,
    Condition,
    JsonPattern,
    Name,
    Or,
    Pattern,
    Selector,
    matches,
    parse,
)
from config_changes_alarm.filter_pattern.parser import MAX_LENGTH
from config_changes_alarm.proof import ANY_RECORD, Covered, Missed, Undecided, covers, never_matches, only_when

from .oracle.adversarial import FAMILIES, Family
from .oracle.decision import Judgement, decide
from .oracle.language import read

MAX_LINES = 6_000_000
"""Lines of Python that a question may take: well under a second, and the same number on every machine."""

Result = TypeVar("Result")
families = pytest.mark.parametrize("family", FAMILIES, ids=[family.name for family in FAMILIES])


class TooManyLines(Exception):
    """The work has gone beyond the bound."""


def bounded(work: Callable[[], Result], limit: int = MAX_LINES) -> Result:
    """The result of some work, stopped when it has executed too many lines."""
    lines = 0

    def count(_frame: FrameType, _kind: str, _detail: Any) -> Any:
        nonlocal lines
        lines += 1
        if lines > limit:
            raise TooManyLines(f"more than {limit:,} lines")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return work()
    finally:
        sys.settrace(before)


def test_the_bound_stops_what_does_not_end() -> None:
    def endless() -> None:
        while True:
            pass

    with pytest.raises(TooManyLines):
        bounded(endless, 1_000)


def about(name: str, pattern: Pattern) -> Pattern:
    """The pattern with a field of CloudTrail's in place of `$.a`."""
    return JsonPattern(_about(name, pattern.condition)) if isinstance(pattern, JsonPattern) else pattern


def _about(name: str, condition: Condition) -> Condition:
    if isinstance(condition, (And, Or)):
        return replace(condition, terms=tuple(_about(name, term) for term in condition.terms))
    first, *rest = condition.selector.steps
    return replace(condition, selector=Selector((Name(name), *rest))) if first == Name("a") else condition


@families
def test_coverage_ends_with_a_sound_answer(family: Family) -> None:
    pair = family.build(MAX_LENGTH)
    required, deployed = bounded(lambda: parse(pair.required)), [parse(each) for each in pair.deployed]
    answer = bounded(lambda: covers(required, deployed, ANY_RECORD))
    match answer:
        case Covered():
            assert family.truth is Judgement.COVERED
        case Missed():
            assert family.truth is Judgement.MISSED
            assert matches(required, answer.message) is Answer.MATCH
            assert {matches(each, answer.message) for each in deployed} == {Answer.NO_MATCH}
        case Undecided():
            assert family.truth is Judgement.OPEN or not family.decidable, answer.reason


@families
def test_a_filter_that_is_hard_ends_on_the_records_of_an_event(family: Family) -> None:
    event = RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com")
    model = record_model(event, include_failed_calls=False, account_id="111122223333")
    required = parse("{ $.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder }")
    pair = family.build(MAX_LENGTH)
    for source in (pair.required, *pair.deployed[:1]):
        deployed = about("userAgent", parse(source))
        answer = bounded(lambda deployed=deployed: covers(required, [deployed], model))  # type: ignore[misc]
        never = bounded(lambda deployed=deployed: never_matches(required, deployed, model))  # type: ignore[misc]
        bounded(lambda deployed=deployed: only_when(required, [deployed], model))  # type: ignore[misc]
        assert not (never and isinstance(answer, Covered))


@families
def test_the_events_of_a_requirement_that_is_hard_are_found(family: Family) -> None:
    required = about("eventName", parse(family.build(MAX_LENGTH).required))
    bounded(lambda: required_events(required), 10 * MAX_LINES)


@families
def test_matching_a_large_event_ends(family: Family) -> None:
    """A log event holds at most 1 MiB; a field of a CloudTrail record is a hundredth of that."""
    message = '{"a": "' + "ab" * 5_000 + '", "p": [' + "0," * 5_000 + "0]}"
    for source in (family.build(MAX_LENGTH).required, *family.build(MAX_LENGTH).deployed[:1]):
        pattern = parse(source)
        assert bounded(lambda pattern=pattern: matches(pattern, message)) in Answer  # type: ignore[misc]


@pytest.mark.parametrize(
    "family",
    [family for family in FAMILIES if family.build(128).required[0] == "{" and family.spoken],
    ids=lambda family: family.name,
)
def test_the_oracle_confirms_what_the_families_say(family: Family) -> None:
    pair = family.build(128)
    judgement = decide(read(pair.required), [read(each) for each in pair.deployed], seconds=1)
    assert judgement in (family.truth, Judgement.GAVE_UP)


@families
def test_a_family_fills_its_size(family: Family) -> None:
    for size in (128, 1024):
        pair = family.build(size)
        longest = max(map(len, (pair.required, *pair.deployed)))
        assert longest <= size
        assert longest > size * 0.8 or "{" + str(size) + "}" in pair.required
