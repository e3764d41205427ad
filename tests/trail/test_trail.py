"""Which trails deliver which events: selectors as vectors, status and identity as tables."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.control import RequiredEvent, selected_members
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import EventSelectors, LogGroupId, Trail, TrailStatus
from config_changes_alarm.trail import Captures, Delivers, captures, delivers, log_group_of, may_capture, qualifies
from config_changes_alarm.trail.delivery import STALE_AFTER, Broken

from ..api_answers import GROUP, NOW, OTHER, OWN, REGION, a_filter, a_trail, compliant_answers, patched
from ..fake_account import FakeAccount
from ..vectors import vectors

CASES = vectors(__file__, "selectors")
STOP = selected_members(RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com"), certain_source=True)


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


@pytest.mark.parametrize(
    ("event", "members"),
    [
        (RequiredEvent("StopConfigurationRecorder", "config.amazonaws.com"), {"readOnly": False}),
        (RequiredEvent("StartConfigurationRecorder", "config.amazonaws.com"), {"readOnly": False}),
        (RequiredEvent("DisassociateResourceTypes", "config.amazonaws.com"), {"readOnly": False}),
        (RequiredEvent("CreateTrail", "cloudtrail.amazonaws.com"), {"readOnly": False}),
        (RequiredEvent("StartQuery", "logs.amazonaws.com"), {}),
        (RequiredEvent("ConsoleLogin", "signin.amazonaws.com"), {}),
        (RequiredEvent("SettleAccounts", "example.amazonaws.com"), {}),
    ],
    ids=lambda value: value.name if isinstance(value, RequiredEvent) else "",
)
def test_only_calls_that_change_something_by_their_name_are_taken_for_writes(
    event: RequiredEvent, members: dict[str, bool]
) -> None:
    record = selected_members(event, certain_source=True)
    assert {name: record[name] for name in record if name == "readOnly"} == members
    assert "eventSource" not in selected_members(event, certain_source=False)


# --------------------------------------------------------------------------- status

EARLIER = NOW - STALE_AFTER - timedelta(minutes=1)
STATUSES = (
    ("delivered three minutes ago", TrailStatus(True, None, NOW - timedelta(minutes=3), EARLIER), False, None),
    (
        "started an hour ago, nothing delivered yet",
        TrailStatus(True, None, None, NOW - timedelta(hours=1)),
        False,
        None,
    ),
    (
        "restarted an hour ago after a long pause",
        TrailStatus(True, None, EARLIER, NOW - timedelta(hours=1)),
        False,
        None,
    ),
    ("delivered just within the limit", TrailStatus(True, None, NOW - STALE_AFTER, EARLIER), False, None),
    ("stopped", TrailStatus(False, None, NOW, NOW), False, FindingId.TRAIL_NOT_LOGGING),
    ("delivery error", TrailStatus(True, "AccessDenied", NOW, NOW), False, FindingId.TRAIL_DELIVERY_ERROR),
    ("last delivery long ago", TrailStatus(True, None, EARLIER, EARLIER), False, FindingId.TRAIL_DELIVERY_STALE),
    (
        "logging for long, never delivered",
        TrailStatus(True, None, None, EARLIER),
        False,
        FindingId.TRAIL_DELIVERY_STALE,
    ),
    ("an own trail that shows no times", TrailStatus(True), False, FindingId.TRAIL_DELIVERY_STALE),
    ("an organization's trail that shows no times", TrailStatus(True), True, None),
    (
        "an organization's trail with an old delivery",
        TrailStatus(True, None, EARLIER),
        True,
        FindingId.TRAIL_DELIVERY_STALE,
    ),
)


@pytest.mark.parametrize(("words", "status", "organization", "finding"), STATUSES, ids=[row[0] for row in STATUSES])
def test_a_trail_delivers_by_its_status(
    words: str, status: TrailStatus, organization: bool, finding: FindingId | None
) -> None:
    match delivers(trail(IsOrganizationTrail=organization), status, NOW):
        case Delivers():
            assert finding is None
        case Broken(reasons):
            assert [reason.id for reason in reasons] == [finding]


# --------------------------------------------------------------------------- which trails, which log group


def test_a_log_group_is_identified_by_account_region_and_name() -> None:
    assert log_group_of(trail()) == LogGroupId("aws", OWN, REGION, GROUP)
    elsewhere = log_group_of(trail(CloudWatchLogsLogGroupArn=f"arn:aws-cn:logs:cn-north-1:{OTHER}:log-group:a:b:*"))
    assert elsewhere == LogGroupId("aws-cn", OTHER, "cn-north-1", "a:b")


@pytest.mark.parametrize("arn", [None, "", "CloudTrail/logs", "arn:aws:s3:::bucket", "arn:aws:logs:r:1:log-group:"])
def test_a_trail_without_a_log_group_says_so(arn: str | None) -> None:
    found = log_group_of(trail(CloudWatchLogsLogGroupArn=arn))
    assert not isinstance(found, LogGroupId)
    assert found.id is FindingId.TRAIL_NO_LOG_GROUP


def test_a_trail_of_one_region_cannot_see_the_others() -> None:
    assert qualifies(trail()) is None
    reason = qualifies(trail(IsMultiRegionTrail=False))
    assert reason is not None
    assert reason.id is FindingId.TRAIL_SINGLE_REGION


def verdict(**patches: Any) -> tuple[Compliance, list[FindingId]]:
    account = FakeAccount.of(patched(compliant_answers(), patches))
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    return assessment.compliance, [reason.id for reason in assessment.reasons]


def test_a_shadow_trail_is_judged_as_in_its_home_region() -> None:
    elsewhere = json.loads(json.dumps(compliant_answers()).replace(REGION, "us-east-1"))
    account = FakeAccount.of(elsewhere)
    assert account.region == REGION
    assert assess(account.opened(), Requirement.parse(), NOW).compliance is Compliance.COMPLIANT


def test_a_log_group_of_the_same_name_in_this_account_is_no_trap() -> None:
    foreign = f"arn:aws:logs:{REGION}:{OTHER}:log-group:{GROUP}:*"
    organization = a_trail(
        IsOrganizationTrail=True,
        TrailARN=f"arn:aws:cloudtrail:{REGION}:{OTHER}:trail/everything",
        CloudWatchLogsLogGroupArn=foreign,
    )
    assert verdict(DescribeTrails={"trailList": [organization]}) == (
        Compliance.NON_COMPLIANT,
        [FindingId.LOG_GROUP_IN_ANOTHER_ACCOUNT],
    )


@pytest.mark.parametrize(
    ("group", "finding"),
    [
        ({"logGroupClass": "INFREQUENT_ACCESS"}, FindingId.LOG_GROUP_CLASS),
        ({"logGroupClass": "DELIVERY"}, FindingId.LOG_GROUP_CLASS),
        ({"logGroupClass": "ESSENTIALS"}, FindingId.LOG_GROUP_CLASS),
        ({"arn": f"arn:aws:logs:{REGION}:{OWN}:log-group:another:*"}, FindingId.LOG_GROUP_MISSING),
    ],
    ids=["infrequent access", "delivery", "essentials", "gone"],
)
def test_only_a_standard_log_group_that_exists_carries_filters(group: dict[str, str], finding: FindingId) -> None:
    (plain,) = compliant_answers()["DescribeLogGroups"]["logGroups"]
    assert verdict(DescribeLogGroups={"logGroups": [{**plain, **group}]}) == (Compliance.NON_COMPLIANT, [finding])


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
