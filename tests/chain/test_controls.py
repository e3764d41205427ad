"""Every control in an account: its published texts through the whole chain, on trails of every kind, and the words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.control import Control, PublishedPattern, Verdict, control, controls, id_of
from config_changes_alarm.findings import FindingId
from config_changes_alarm.report import annotation
from config_changes_alarm.resources import EventSelectors, Metric

from ..fake_account import (
    METRIC,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_trail,
    an_alarm,
    logging,
)
from .accounts import assessed
from .test_recorded_events import ADVANCED_WITHOUT_KMS, ALL, WITHOUT_KMS, WRITES

F = FindingId
CONTROLS = controls()
PUBLISHED = [(each, published) for each in CONTROLS for published in each.published]
ANY_SERVICE = ("unauthorized-api-calls", "root-usage")


def ids(case: Control | PublishedPattern) -> str:
    return case.id if isinstance(case, Control) else f"{case.role} {case.versions[-1]}"


def watched(pattern: str, name: str, selectors: EventSelectors = ALL) -> Assessment:
    """An account with that filter and what belongs to it, judged for the control of that name."""
    account = a_monitored_account(
        configured_trails=(ConfiguredTrail(a_trail(), logging(), selectors),), filters=(a_filter(pattern),)
    )
    return assessed(account, Control=name)


def in_last_version(asked: Control, published: PublishedPattern) -> str:
    versions = [version for version in asked.numbers if version in published.versions]
    return f"CIS-{versions[-1]}/{asked.numbers[versions[-1]]}" if versions else asked.id


@pytest.mark.parametrize(("asked", "published"), PUBLISHED, ids=ids)
def test_a_published_text_in_an_account(asked: Control, published: PublishedPattern) -> None:
    found = watched(published.pattern, in_last_version(asked, published))
    good = published.verdict is Verdict.COVERED
    assert found.compliance is (Compliance.COMPLIANT if good else Compliance.NON_COMPLIANT)
    assert id_of(found.control) == asked.id
    if published.verdict is Verdict.TOO_BROAD:
        assert found.reasons[0].id is F.PATTERN_MATCHES_ROUTINE


@pytest.mark.parametrize("asked", CONTROLS, ids=ids)
@pytest.mark.parametrize(
    ("selectors", "left_out"),
    [
        pytest.param(WRITES, ANY_SERVICE, id="write events only"),
        pytest.param(WITHOUT_KMS, (*ANY_SERVICE, "cmk-disabled-or-deleted"), id="without KMS"),
        pytest.param(ADVANCED_WITHOUT_KMS, (*ANY_SERVICE, "cmk-disabled-or-deleted"), id="advanced, without KMS"),
    ],
)
def test_a_trail_is_enough_where_it_records_all_events_of_the_control(
    asked: Control, selectors: EventSelectors, left_out: tuple[str, ...]
) -> None:
    found = watched(asked.filter_pattern, asked.id, selectors)
    assert (found.compliance is Compliance.NON_COMPLIANT) is (asked.id in left_out)
    if asked.id in left_out:
        assert found.reasons[0].id in (F.TRAIL_SELECTORS_MISS_EVENT, F.TRAIL_SELECTORS_UNVERIFIED)


# --------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("root-usage", "Use of the root user would go unnoticed."),
        ("unauthorized-api-calls", "A denied API call would go unnoticed."),
        ("sign-in-without-mfa", "A console sign-in without MFA (ConsoleLogin) would go unnoticed."),
        ("console-authentication-failures", "A failed console sign-in (ConsoleLogin) would go unnoticed."),
        ("iam-policy-changes", "DeleteGroupPolicy and 15 more would go unnoticed."),
        ("aws-config-changes", "StopConfigurationRecorder and 3 more would go unnoticed."),
    ],
)
def test_a_control_that_nobody_monitors_is_one_sentence(name: str, said: str) -> None:
    found = assessed(a_monitored_account(filters=()), Control=name)
    assert found.reasons[0].id is F.NO_METRIC_FILTER
    assert said in annotation(found)
    assert "any other event" not in str(found)


@pytest.mark.parametrize("asked", CONTROLS, ids=ids)
def test_the_record_that_would_go_unnoticed_looks_like_the_event(asked: Control) -> None:
    found = assessed(a_monitored_account(filters=()), Control=asked.id)
    for event in found.events:
        record = json.loads(event.counterexample or "")
        assert record["eventType"] in asked.event_types
        assert record["eventSource"] == (asked.source or record["eventSource"])
        assert ("requestID" in record) is (asked.members.get("requestID") != ())
        assert record["awsRegion"] == (asked.regions.get("aws") or record["awsRegion"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("root-usage", "Use of the root user reaches"),
        ("sign-in-without-mfa", "A console sign-in without MFA (ConsoleLogin) reaches"),
        ("organizations-changes", "All 18 required events reach"),
    ],
)
def test_a_control_that_is_monitored_says_whom_its_events_reach(name: str, said: str) -> None:
    assert annotation(watched(control(name).filter_pattern, name)).startswith(said)


def test_one_missing_call_is_named() -> None:
    asked = control("organizations-changes")
    pattern = asked.filter_pattern.replace('($.eventName = "MoveAccount") || ', "")
    found = watched(pattern, asked.id)
    assert "MoveAccount would go unnoticed." in annotation(found)
    assert [event.name for event in found.events if not event.covered] == ["MoveAccount"]


# --------------------------------------------------------------------------- several controls in one account


def a_section() -> FakeAccount:
    """All fifteen controls, each with a filter, a metric and an alarm of its own; one topic serves all."""
    filters = tuple(a_filter(each.filter_pattern, each.id, metric_name=each.id) for each in CONTROLS)
    alarms = tuple(an_alarm(each.id, metric=Metric(METRIC.namespace, each.id)) for each in CONTROLS)
    return a_monitored_account(filters=filters, metric_alarms=alarms)


@pytest.mark.parametrize("asked", CONTROLS, ids=ids)
def test_each_control_removed_in_turn(asked: Control) -> None:
    account = a_section()
    without = replace(account, filters=tuple(each for each in account.filters if each.filter_name != asked.id))
    for each in CONTROLS:
        found = assessed(without, Control=each.id)
        assert (found.compliance is Compliance.COMPLIANT) is (each is not asked), each.id
        if each is asked:
            assert {reason.id for reason in found.reasons} == {F.NO_METRIC_FILTER}
