"""Which events a trail's selectors record: vectors, and what that means for the filters behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import EventSelectors, Trail
from config_changes_alarm.trail import Captures, captures, may_capture

from ..api_answers import NOW, a_filter, a_trail, compliant_answers, patched
from ..fake_account import FakeAccount
from ..vectors import vectors
from ..verdict import verdict

CASES = vectors(__file__, "selectors")
STOP = {
    "eventCategory": "Management",
    "eventSource": "config.amazonaws.com",
    "eventName": "StopConfigurationRecorder",
    "readOnly": False,
}


def trail(**members: Any) -> Trail:
    return Trail.from_api(a_trail(**members))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_selectors_record_the_event(case: dict[str, Any]) -> None:
    selectors = EventSelectors.from_api(case["selectors"])
    own = trail(HasCustomEventSelectors=case.get("has_custom_event_selectors", False))
    record = case.get("event", STOP)
    assert isinstance(captures(own, selectors, record), Captures) is case["captures"]
    assert may_capture(selectors, record) is case["may_capture"]


def test_there_are_enough_cases_of_both_answers() -> None:
    assert len(CASES) >= 40
    assert {case["captures"] for case in CASES} == {True, False}


# --------------------------------------------------------------------------- routine events and selectors

BROAD = (
    "{ $.eventSource = config.amazonaws.com && $.eventName != PutEvaluations "
    "&& $.eventName != StartConfigRulesEvaluation }"
)
WRITES = {"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]}


def test_reads_that_no_trail_records_do_not_make_a_filter_too_broad() -> None:
    broad = {"DescribeMetricFilters": {"metricFilters": [a_filter(pattern=BROAD)]}}
    assert verdict(**broad) == (Compliance.NON_COMPLIANT, [FindingId.PATTERN_MATCHES_ROUTINE])
    assert verdict(**broad, GetEventSelectors=WRITES) == (Compliance.COMPLIANT, [])


def test_a_second_trail_into_the_log_group_brings_them_back() -> None:
    answers = patched(
        compliant_answers(),
        {
            "DescribeMetricFilters": {"metricFilters": [a_filter(pattern=BROAD)]},
            "DescribeTrails": {"trailList": [a_trail(), a_trail("second", IsMultiRegionTrail=False)]},
            "GetEventSelectors": WRITES,
        },
    )
    assert assess(FakeAccount.of(answers).opened(), Requirement.parse(), NOW).compliance is Compliance.NON_COMPLIANT


def test_two_trails_into_one_log_group_share_the_required_events() -> None:
    answers = patched(compliant_answers(), {"DescribeTrails": {"trailList": [a_trail(), a_trail("second")]}})
    account = FakeAccount.of(answers)
    first, second = account.configured_trails
    blind = replace(first, selectors=EventSelectors.from_api({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}))
    account = replace(account, configured_trails=(blind, second))
    assert assess(account.opened(), Requirement.parse(), NOW).compliance is Compliance.COMPLIANT
