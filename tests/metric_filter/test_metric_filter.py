"""What a metric filter publishes for one matching event, and which filters spoil another's metric."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.metric_filter import Publication, Publishes, Spoiled, alongside, publishes
from config_changes_alarm.metric_filter.selection_criteria import admits
from config_changes_alarm.resources import MetricFilter

from .publications import ACCOUNT, LOG_GROUP, TRANSFORMATION, a_publication

OTHER = "444455556666"


def a_filter(transformation: dict[str, Any] | None = None, **members: Any) -> MetricFilter:
    answer = {
        "filterName": "config-changes",
        "filterPattern": "{ $.a = b }",
        "metricTransformations": [{**TRANSFORMATION, **(transformation or {})}],
        **members,
    }
    return MetricFilter.from_api(answer, LOG_GROUP)


@pytest.mark.parametrize(
    ("words", "given", "outcome"),
    [
        ("the control's", a_filter(), 1.0),
        ("metric value 2", a_filter({"metricValue": "2"}), 2.0),
        ("metric value 0.5", a_filter({"metricValue": "0.5"}), 0.5),
        ("metric value 1e3", a_filter({"metricValue": "1e3"}), 1000.0),
        ("metric value 0", a_filter({"metricValue": "0"}), "metric-value"),
        ("metric value -1", a_filter({"metricValue": "-1"}), "metric-value"),
        ("metric value of a field", a_filter({"metricValue": "$.count"}), "metric-value"),
        ("metric value of a named field", a_filter({"metricValue": "$count"}), "metric-value"),
        ("metric value beyond every number", a_filter({"metricValue": "1e999"}), "metric-value"),
        ("metric value greater than CloudWatch takes", a_filter({"metricValue": "1e109"}), "metric-value"),
        ("metric value smaller than CloudWatch takes", a_filter({"metricValue": "1e-109"}), "metric-value"),
        ("metric value no JSON number", a_filter({"metricValue": "+1"}), "metric-value"),
        ("no transformation", a_filter(metricTransformations=[]), "metric-value"),
        ("default value 0", a_filter({"defaultValue": 0.0}), 1.0),
        ("default value 1", a_filter({"defaultValue": 1.0}), "metric-default-value"),
        ("default value below 0", a_filter({"defaultValue": -1.0}), "metric-default-value"),
        ("a dimension", a_filter({"dimensions": {"user": "$.userIdentity.arn"}}), "metric-dimensions"),
        ("a system field as dimension", a_filter(emitSystemFieldDimensions=["@aws.region"]), "metric-dimensions"),
        ("on transformed logs", a_filter(applyOnTransformedLogs=True), "filter-on-transformed-logs"),
        ("this account's events", a_filter(fieldSelectionCriteria=f'@aws.account = "{ACCOUNT}"'), 1.0),
        (
            "another account's events",
            a_filter(fieldSelectionCriteria=f'@aws.account = "{OTHER}"'),
            "filter-selection-criteria",
        ),
        (
            "one Region's events",
            a_filter(fieldSelectionCriteria='@aws.region = "us-east-1"'),
            "filter-selection-criteria",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_publishes(words: str, given: MetricFilter, outcome: float | str) -> None:
    found = publishes(given, ACCOUNT)
    assert (found.publication.value if isinstance(found, Publishes) else str(found.reasons[0].id)) == outcome


@pytest.mark.parametrize(
    ("criteria", "holds"),
    [
        ('@aws.account = "111122223333"', True),
        ("@aws.account = '111122223333'", False),
        ("@aws.account = 111122223333", False),
        ('@aws.account = "111122223333', False),
        ('@aws.account = "1111\\"22223333"', False),
        ('@aws.account in ["111122223333"]', False),
        ('@aws.account != "444455556666"', True),
        ('@aws.account != "111122223333"', False),
        ('@aws.account IN ["444455556666", "111122223333"]', True),
        ('@aws.account NOT IN ["444455556666"]', True),
        ('@aws.account NOT IN ["444455556666", "111122223333"]', False),
        ('@aws.region = "eu-west-1"', False),
        ('@aws.region != "eu-west-1"', False),
        ('@aws.region != "ap-southeast-10"', False),
        ('@aws.region != "EU-WEST-1"', False),
        ('@aws.region NOT IN ["anywhere"]', False),
        ('@aws.region NOT IN ["anywhere"] OR @aws.region = "anywhere"', True),
        ('@aws.region IN ["us-east-1", "eu-west-1"]', False),
        ('@aws.region = "eu-west-1" OR @aws.region != "eu-west-1"', True),
        ('@aws.account = "111122223333" AND @aws.region = "eu-west-1"', False),
        ('@aws.account = "111122223333" OR @aws.region = "eu-west-1"', True),
        ('(@aws.account = "111122223333")', True),
        ('(@aws.account = "111122223333" AND @aws.account != "x") OR @aws.region = "y"', True),
        ('@aws.account = "111122223333" AND @aws.account != "x" OR @aws.region = "y"', False),
        ("@aws.user = 1", False),
        ("@aws.account LIKE 1", False),
        ("@aws.account IN []", False),
        ("", False),
        ("(" * 1000 + ")" * 1000, False),
    ],
)
def test_selection_criteria_have_to_hold_for_the_account_in_every_region(criteria: str, holds: bool) -> None:
    assert admits(criteria, {ACCOUNT}) is holds


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
