"""Every pattern that AWS or CIS published, or that was found stored, is decided: always, sometimes or never."""

from __future__ import annotations

from typing import Any

import pytest
from config_changes_alarm.control import narrow, record_model, required_events
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import Covered, Missed, covers, never_matches

from tests.filter_pattern.vectors import vectors

ACCOUNT = "111122223333"
CIS = (
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)"
    "||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }"
)


@pytest.mark.parametrize("failed_calls", [False, True], ids=["successful calls", "failed calls too"])
@pytest.mark.parametrize(
    "row", [row for row in vectors("config_patterns") if row["valid"]], ids=lambda row: row["pattern"][:60]
)
def test_a_stored_pattern_is_decided_on_each_event_of_the_control(row: dict[str, Any], failed_calls: bool) -> None:
    deployed, found = parse(row["pattern"]), {}
    for event in required_events(parse(CIS)):
        required, model = narrow(parse(CIS), event), record_model(event, failed_calls, ACCOUNT)
        answer = covers(required, [deployed], model)
        assert isinstance(answer, (Covered, Missed)), answer
        never = never_matches(required, deployed, model)
        found[event.name] = "always" if isinstance(answer, Covered) else "never" if never else "sometimes"
    assert found == row["verdict"]


PUBLISHED = sorted({row["pattern"] for row in vectors("monitoring_controls")})


@pytest.mark.parametrize("source", PUBLISHED, ids=lambda source: source[:60])
def test_a_published_pattern_is_decided_against_all_of_them(source: str) -> None:
    """The pattern as the requirement, event by event, and every control's pattern deployed: its own covers it."""
    required = parse(source)
    events = required_events(required)
    assert events
    for event in events:
        model = record_model(event, include_failed_calls=True, account_id=ACCOUNT)
        answers = {each: covers(narrow(required, event), [parse(each)], model) for each in PUBLISHED}
        assert not [each for each, answer in answers.items() if not isinstance(answer, (Covered, Missed))]
        assert isinstance(answers[source], Covered)
