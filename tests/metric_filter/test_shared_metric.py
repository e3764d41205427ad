"""What another filter on the same metric adds to it, and which spoil it."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.metric_filter import Noise, Publication, SharedMetric, Spoiled, only_zeros

from .publications import ANOTHER_GROUP, a_filter, a_publication, among, beside


@pytest.mark.parametrize(
    ("transformation", "detail", "known"),
    [
        ({"defaultValue": 1.0}, "config-changes has default value 1", True),
        ({"defaultValue": -1.0}, "config-changes has default value -1", True),
        ({"metricValue": "-1"}, "config-changes publishes -1", True),
        ({"metricValue": "$.count"}, "config-changes publishes $.count", False),
    ],
)
def test_another_filter_spoils_a_metric(transformation: dict[str, Any], detail: str, known: bool) -> None:
    assert among(a_publication(), a_filter(transformation)) == Spoiled(detail, known)


@pytest.mark.parametrize(
    ("words", "transformation", "known"),
    [
        ("the same", {}, {}),
        ("another name", {"metricName": "Another", "metricValue": "-1"}, {}),
        ("another namespace", {"metricNamespace": "Another", "metricValue": "-1"}, {}),
        ("zeros", {"defaultValue": 0.0}, {"zeros_from_others": True}),
        ("value 0", {"metricValue": "0"}, {"zeros_from_others": True}),
        ("a smaller value", {"metricValue": "0.25"}, {"least_value": 0.25}),
        ("a greater value", {"metricValue": "4"}, {}),
        ("another unit", {"unit": "Count"}, {"several_units": True}),
        ("the unit None by name", {"unit": "None"}, {}),
    ],
)
def test_what_another_filter_adds_to_a_metric(
    words: str, transformation: dict[str, Any], known: dict[str, float | bool]
) -> None:
    together = among(a_publication(), a_filter(transformation))
    assert isinstance(together, Publication)
    assert (together.least, together.zeros_from_others, together.several_units) == (
        known.get("least_value", 1.0),
        known.get("zeros_from_others", False),
        known.get("several_units", False),
    )


def test_zeros_that_the_metric_has_anyway_change_nothing() -> None:
    together = among(a_publication(defaultValue=0.0), a_filter({"defaultValue": 0.0}))
    assert isinstance(together, Publication)
    assert not together.zeros_from_others


@pytest.mark.parametrize("other", [{"defaultValue": 0.0}, {"metricValue": "0"}])
def test_zeros_of_another_log_group_come_when_this_one_is_silent(other: dict[str, Any]) -> None:
    """The filter's own default value is published only in minutes in which its own log group is written to."""
    assert beside(a_publication(defaultValue=0.0), [other], ANOTHER_GROUP).zeros_from_others


@pytest.mark.parametrize(
    ("transformation", "holds"),
    [
        ({"metricValue": "0"}, True),
        ({"metricValue": "0.0", "defaultValue": 0.0}, True),
        ({"metricValue": "0", "defaultValue": 1.0}, False),
        ({"metricValue": "1", "defaultValue": 0.0}, False),
        ({"metricValue": "$.zero"}, False),
        ({"metricName": "Another", "metricValue": "5"}, True),
    ],
)
def test_a_filter_that_can_publish_nothing_but_zeros(transformation: dict[str, Any], holds: bool) -> None:
    assert only_zeros(a_publication().metric, a_filter(transformation)) is holds


def test_a_filter_is_not_spoiled_by_its_own_events_and_every_other_one_is() -> None:
    noisy, quiet = a_filter(filterName="noisy"), a_filter(filterName="quiet")
    heard = {"noisy": Noise("matches sts:AssumeRole")}
    shared = SharedMetric.of(a_publication().metric, (quiet, noisy), lambda each: heard.get(each.filter_name))
    assert isinstance(shared.around(a_publication(), noisy), Publication)
    assert shared.around(a_publication(), quiet) == Spoiled("noisy matches sts:AssumeRole", known=True)
    assert shared.around(a_publication()) == Spoiled("noisy matches sts:AssumeRole", known=True)


def test_the_first_of_those_that_spoil_a_metric_is_named() -> None:
    filters = [a_filter({"metricValue": "-1"}, filterName=f"filter-{number}") for number in range(4)]
    shared = SharedMetric.of(a_publication().metric, filters, lambda _: None)
    assert shared.around(a_publication(), filters[0]) == Spoiled("filter-1 publishes -1", known=True)
    assert shared.around(a_publication(), filters[2]) == Spoiled("filter-0 publishes -1", known=True)


@pytest.mark.parametrize(
    ("transformation", "detail"),
    [
        ({}, "elsewhere counts what is logged there"),
        ({"defaultValue": 1.0}, "elsewhere has default value 1"),
        ({"metricValue": "-1"}, "elsewhere publishes -1"),
    ],
)
def test_what_is_logged_where_no_trail_writes_is_not_known(transformation: dict[str, Any], detail: str) -> None:
    elsewhere = a_filter(transformation, filterName="elsewhere")
    unheard = Noise("counts what is logged there", known=False, recorded=False)
    shared = SharedMetric.of(a_publication().metric, (elsewhere,), lambda _: unheard)
    assert shared.around(a_publication()) == Spoiled(detail, known=False)


def test_a_filter_that_is_known_to_spoil_a_metric_is_told_before_those_that_may() -> None:
    doubtful = [a_filter(filterName=f"doubtful-{number}") for number in range(3)]
    noisy = a_filter({"defaultValue": 1.0}, filterName="noisy")
    heard = dict.fromkeys((each.filter_name for each in doubtful), Noise("may match iam:ListUsers", known=False))
    shared = SharedMetric.of(a_publication().metric, (*doubtful, noisy), lambda each: heard.get(each.filter_name))
    assert shared.around(a_publication()) == Spoiled("noisy has default value 1", known=True)
    assert shared.around(a_publication(), noisy) == Spoiled("doubtful-0 may match iam:ListUsers", known=False)
