"""All fifteen controls in one account: each is removed in turn, and mended by the commands that are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from config_changes_alarm.account import ListingSource
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.control import control, control_ids
from config_changes_alarm.findings import FindingId, finding
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import Metric

from ..fake_account import NOW, FakeAccount, a_filter, a_monitored_account, an_alarm
from .carrying_out import carried_out, taken_away
from .commands import calls_of, decided
from .remedies import decisions

MOST_COMMANDS = 3
"""A filter, its alarm, and one more: as many times a person does what is printed."""


def the_section() -> FakeAccount:
    ids = control_ids()
    return a_monitored_account(
        filters=tuple(a_filter(control(id_).filter_pattern, id_, metric_name=id_) for id_ in ids),
        metric_alarms=tuple(an_alarm(id_, metric=Metric("CIS", id_)) for id_ in ids),
    )


def without(account: FakeAccount, id_: str) -> FakeAccount:
    """Neither filter nor alarm of a control."""
    return replace(
        account,
        filters=tuple(each for each in account.filters if each.filter_name != id_),
        metric_alarms=tuple(each for each in account.metric_alarms if each.alarm_name != id_),
    )


def assessed(account: FakeAccount) -> Mapping[str, Assessment]:
    source = ListingSource(account)
    return {id_: assess(source.account(), Requirement.parse({"Control": id_}), NOW) for id_ in control_ids()}


def not_compliant(found: Mapping[str, Assessment]) -> list[str]:
    return [id_ for id_, assessment in found.items() if assessment.compliance != "COMPLIANT"]


def test_all_fifteen_are_compliant() -> None:
    assert not_compliant(assessed(the_section())) == []


@pytest.mark.parametrize("id_", control_ids())
def test_a_control_that_is_removed_is_missing_alone_and_its_commands_bring_it_back(id_: str) -> None:
    account = without(the_section(), id_)
    found = assessed(account)
    assert not_compliant(found) == [id_]
    assert found[id_].reasons[0].id is FindingId.NO_METRIC_FILTER
    mended = account
    for _ in range(MOST_COMMANDS):
        assessment = assess(mended.opened(), Requirement.parse({"Control": id_}), NOW)
        if assessment.compliance == "COMPLIANT":
            break
        mended = carried_out(mended, calls_of(decided(finding(assessment.reasons[0]).remedy, decisions(mended))))
    assert taken_away(account, mended) == frozenset()
    assert not_compliant(assessed(mended)) == []
