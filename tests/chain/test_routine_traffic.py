"""A filter that sees what happens all day keeps its alarm in ALARM, and then nobody is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId

from ..fake_account import ACCOUNT, FakeAccount, a_filter, a_monitored_account
from .accounts import CONTROL, NAMES, assessed, told

F = FindingId


@pytest.mark.parametrize(
    "everything",
    [
        f'$.recipientAccountId = "{ACCOUNT}" || $.recipientAccountId NOT EXISTS',
        '$.recipientAccountId = "*" || $.recipientAccountId NOT EXISTS',
        f'$.userIdentity.accountId = "{ACCOUNT}" || $.userIdentity.accountId NOT EXISTS',
    ],
)
def test_a_filter_for_every_event_of_this_very_account_keeps_its_alarm_on(everything: str) -> None:
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    found = assessed(a_monitored_account(filters=(a_filter(f"{{ {control} || {everything} }}"),)))
    assert told(found) == [(F.PATTERN_MATCHES_ROUTINE, "config-calls")]


def test_a_filter_for_every_event_of_the_accounts_own_region_keeps_its_alarm_on() -> None:
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    account = a_monitored_account(filters=(a_filter(f'{{ {control} || $.awsRegion = "ap-southeast-4" }}'),))
    assert assessed(account).compliance is Compliance.COMPLIANT
    home = replace(account, region="ap-southeast-4")
    assert told(assessed(home)) == [(F.PATTERN_MATCHES_ROUTINE, "config-calls")]


@pytest.mark.parametrize("kind", ["AssumedRole", "IAMUser", "AWSService"])
def test_a_filter_for_all_that_one_kind_of_identity_does_keeps_its_alarm_on(kind: str) -> None:
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    account = a_monitored_account(filters=(a_filter(f'{{ {control} || $.userIdentity.type = "{kind}" }}'),))
    assert told(assessed(account)) == [(F.PATTERN_MATCHES_ROUTINE, "config-calls")]


# --------------------------------------------------------------------------- an organization's log group

OTHER = "999999999999"
IN_CONTROL = CONTROL[2:-2]


def in_an_organization(pattern: str) -> FakeAccount:
    """The account is the organization's: its trail brings the events of every member."""
    (had,) = a_monitored_account().configured_trails
    trail = replace(had, trail=replace(had.trail, is_organization_trail=True))
    return a_monitored_account(configured_trails=(trail,), filters=(a_filter(pattern),))


@pytest.mark.parametrize(
    "condition",
    [
        f'$.recipientAccountId = "{OTHER}"',
        f'$.userIdentity.accountId = "{OTHER}"',
        f'$.userIdentity.arn = "arn:aws:sts::{OTHER}:*"',
        f'$.recipientAccountId != "{ACCOUNT}"',
    ],
)
def test_all_that_another_member_does_keeps_the_alarm_on(condition: str) -> None:
    pattern = f"{{ ({IN_CONTROL}) || {condition} }}"
    found = assessed(in_an_organization(pattern))
    assert told(found) == [(F.PATTERN_MATCHES_ROUTINE, "config-calls")]
    assert "of account" in found.reasons[0].detail


def test_what_other_members_change_is_no_routine() -> None:
    assert assessed(in_an_organization(CONTROL)).compliance is Compliance.COMPLIANT
    own = f'{{ ({IN_CONTROL}) && $.eventSource = "config.amazonaws.com" || $.eventName = StopLogging }}'
    assert assessed(in_an_organization(own)).compliance is Compliance.COMPLIANT


def test_no_other_member_writes_to_the_log_group_of_an_account_s_own_trail() -> None:
    pattern = f'{{ ({IN_CONTROL}) || $.recipientAccountId = "{OTHER}" }}'
    account = a_monitored_account(filters=(a_filter(pattern),))
    assert assessed(account).compliance is Compliance.COMPLIANT


@pytest.mark.parametrize("condition", ['$.errorCode = "*"', '$.tlsDetails.tlsVersion = "TLSv1.*"'])
def test_failed_calls_and_encrypted_ones_happen_all_day(condition: str) -> None:
    account = a_monitored_account(filters=(a_filter(f"{{ ({IN_CONTROL}) || {condition} }}"),))
    assert told(assessed(account)) == [(F.PATTERN_MATCHES_ROUTINE, "config-calls")]


def test_failed_calls_are_no_noise_to_a_control_that_asks_for_them() -> None:
    denied = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
    account = a_monitored_account(filters=(a_filter(denied),))
    found = assessed(account, RequiredFilterPattern=denied, IncludeFailedCalls="true")
    assert found.compliance is Compliance.COMPLIANT
