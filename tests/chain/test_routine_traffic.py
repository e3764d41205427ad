"""A filter that sees what happens all day keeps its alarm in ALARM, and then nobody is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId

from ..fake_account import ACCOUNT, a_filter, a_monitored_account
from .accounts import NAMES, assessed, told

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
