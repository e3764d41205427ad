"""Whether an alarm fires on one event, as tables: `vectors/alarms.json` over the control's own alarm and filter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from config_changes_alarm.alarm import Fires, Silent, fires
from config_changes_alarm.findings import FindingId
from config_changes_alarm.metric_filter import Publication
from config_changes_alarm.resources import Metric, MetricAlarm

from ..metric_filter.publications import ACCOUNT, a_publication, beside

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ALARM = {
    "AlarmName": "config-changes",
    "AlarmArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:config-changes",
    "ActionsEnabled": True,
    "Namespace": "CIS",
    "MetricName": "ConfigChanges",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
COMPANION = Publication(Metric("CIS", "Companion"), 1.0)

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors/alarms.json").read_text())
SCHEMA = {
    "type": "array",
    "minItems": 120,
    "items": {
        "type": "object",
        "required": ["name", "section", "alarm", "transformation", "expected"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "section": {"type": "string", "minLength": 1},
            "alarm": {"type": "object"},
            "transformation": {"type": "object"},
            "beside": {"type": "array", "items": {"type": "object"}},
            "expected": {"enum": ["fires", *map(str, FindingId)]},
        },
    },
}


def an_alarm(**members: Any) -> MetricAlarm:
    """The control's alarm with other members; None takes one away, a time is given as ISO text."""
    given = {
        name: datetime.fromisoformat(value) if name.endswith("Timestamp") else value
        for name, value in {**ALARM, **members}.items()
        if value is not None
    }
    return MetricAlarm.from_api(given)


def test_the_vectors_are_well_formed() -> None:
    jsonschema.validate(VECTORS, SCHEMA)
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_fires(vector: dict[str, Any]) -> None:
    alarm = an_alarm(**vector["alarm"])
    publication = beside(a_publication(**vector["transformation"]), vector.get("beside", ()))
    found = fires(alarm, publication, 86_400, NOW, (COMPANION,))
    assert ("fires" if isinstance(found, Fires) else str(found.reasons[0].id)) == vector["expected"], found


@pytest.mark.parametrize(
    ("members", "max_rearm_seconds", "expected"),
    [
        ({"Period": 43_200}, 604_800, "fires"),
        ({"Period": 43_200}, 172_799, "alarm-does-not-rearm"),
        ({}, 1_200, "fires"),
        ({}, 1_199, "alarm-does-not-rearm"),
        (
            {"StateValue": "ALARM", "StateTransitionedTimestamp": "2026-08-31T16:00:00+00:00"},
            604_800,
            "alarm-always-on",
        ),
    ],
)
def test_max_rearm_seconds_bounds_what_is_accepted_and_excuses_no_alarm_that_is_held(
    members: dict[str, Any], max_rearm_seconds: int, expected: str
) -> None:
    found = fires(an_alarm(**members), a_publication(), max_rearm_seconds, NOW)
    assert ("fires" if isinstance(found, Fires) else str(found.reasons[0].id)) == expected, found


@pytest.mark.parametrize(
    ("treat", "transformation", "expected"),
    [
        ("missing", {}, "; whether missing data then makes up for the others is not documented for every case"),
        ("notBreaching", {}, ""),
        ("missing", {"defaultValue": 0.0}, ""),
    ],
)
def test_what_an_alarm_on_several_periods_does_with_one_event_is_said_as_far_as_it_is_known(
    treat: str, transformation: dict[str, Any], expected: str
) -> None:
    alarm = an_alarm(EvaluationPeriods=3, DatapointsToAlarm=3, TreatMissingData=treat)
    found = fires(alarm, a_publication(**transformation), 86_400, NOW)
    assert isinstance(found, Silent)
    (reason,) = found.reasons
    assert reason.detail == f"3 of 3 periods of 300 s must breach, one event breaches one{expected}"
    assert (reason.id is FindingId.ALARM_NEVER_FIRES) is not bool(expected)
