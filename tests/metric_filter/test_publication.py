"""What a metric filter publishes for one matching event."""

from __future__ import annotations

import pytest
from config_changes_alarm.metric_filter import Publishes, publishes
from config_changes_alarm.resources import MetricFilter

from .publications import ACCOUNT, a_filter

OTHER = "444455556666"


@pytest.mark.parametrize(
    ("words", "given", "outcome"),
    [
        ("the control's", a_filter(), 1.0),
        ("metric value 2", a_filter({"metricValue": "2"}), 2.0),
        ("metric value 0.5", a_filter({"metricValue": "0.5"}), 0.5),
        ("metric value 1e3", a_filter({"metricValue": "1e3"}), 1000.0),
        ("metric value 0", a_filter({"metricValue": "0"}), "metric-value"),
        ("metric value -1", a_filter({"metricValue": "-1"}), "metric-value"),
        ("metric value of a field", a_filter({"metricValue": "$.count"}), "metric-value-unverified"),
        ("metric value of a named field", a_filter({"metricValue": "$count"}), "metric-value-unverified"),
        ("metric value beyond every number", a_filter({"metricValue": "1e999"}), "metric-value-unverified"),
        ("metric value greater than CloudWatch takes", a_filter({"metricValue": "1e109"}), "metric-value"),
        ("metric value smaller than CloudWatch takes", a_filter({"metricValue": "1e-109"}), "metric-value"),
        ("metric value no JSON number", a_filter({"metricValue": "+1"}), "metric-value-unverified"),
        ("no transformation", a_filter(metricTransformations=[]), "metric-value-unverified"),
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
        (
            "a field that is not documented",
            a_filter(fieldSelectionCriteria='@aws.organization = "o-1234567890"'),
            "filter-selection-unverified",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_publishes(words: str, given: MetricFilter, outcome: float | str) -> None:
    found = publishes(given, ACCOUNT)
    assert (found.publication.value if isinstance(found, Publishes) else str(found.reasons[0].id)) == outcome
