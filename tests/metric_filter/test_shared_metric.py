"""What another filter on the same metric adds to it, and which spoil it."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.metric_filter import Publication, Spoiled, alongside

from .publications import a_filter, a_publication


@pytest.mark.parametrize(
    ("transformation", "detail"),
    [
        ({"defaultValue": 1.0}, "config-changes has default value 1"),
        ({"defaultValue": -1.0}, "config-changes has default value -1"),
        ({"metricValue": "-1"}, "config-changes publishes -1"),
        ({"metricValue": "$.count"}, "config-changes publishes $.count"),
    ],
)
def test_another_filter_spoils_a_metric(transformation: dict[str, Any], detail: str) -> None:
    assert alongside(a_publication(), a_filter(transformation)) == Spoiled(detail)


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
    together = alongside(a_publication(), a_filter(transformation))
    assert isinstance(together, Publication)
    assert (together.least, together.zeros_from_others, together.several_units) == (
        known.get("least_value", 1.0),
        known.get("zeros_from_others", False),
        known.get("several_units", False),
    )


def test_zeros_that_the_metric_has_anyway_change_nothing() -> None:
    together = alongside(a_publication(defaultValue=0.0), a_filter({"defaultValue": 0.0}))
    assert isinstance(together, Publication)
    assert not together.zeros_from_others
