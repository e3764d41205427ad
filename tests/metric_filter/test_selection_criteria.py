"""Which field selection criteria keep every event of an account."""

from __future__ import annotations

import pytest
from config_changes_alarm.metric_filter.selection_criteria import admits
from config_changes_alarm.truth import Truth

from .publications import ACCOUNT

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("criteria", "holds"),
    [
        ('@aws.account = "111122223333"', YES),
        ("@aws.account = '111122223333'", UNKNOWN),
        ("@aws.account = 111122223333", UNKNOWN),
        ('@aws.account = "111122223333', UNKNOWN),
        ('@aws.account = "1111\\"22223333"', UNKNOWN),
        ('@aws.account in ["111122223333"]', UNKNOWN),
        ('@aws.account != "444455556666"', YES),
        ('@aws.account != "111122223333"', NO),
        ('@aws.account IN ["444455556666", "111122223333"]', YES),
        ('@aws.account NOT IN ["444455556666"]', YES),
        ('@aws.account NOT IN ["444455556666", "111122223333"]', NO),
        ('@aws.region = "eu-west-1"', NO),
        ('@aws.region != "eu-west-1"', NO),
        ('@aws.region != "ap-southeast-10"', NO),
        ('@aws.region != "EU-WEST-1"', UNKNOWN),
        ('@aws.region NOT IN ["anywhere"]', UNKNOWN),
        ('@aws.region NOT IN ["anywhere", "eu-west-1"]', NO),
        ('@aws.region NOT IN ["anywhere"] OR @aws.region = "anywhere"', YES),
        ('@aws.region IN ["us-east-1", "eu-west-1"]', NO),
        ('@aws.region = "eu-west-1" OR @aws.region != "eu-west-1"', YES),
        ('@aws.account = "111122223333" AND @aws.region = "eu-west-1"', NO),
        ('@aws.account = "111122223333" OR @aws.region = "eu-west-1"', YES),
        ('(@aws.account = "111122223333")', YES),
        ('(@aws.account = "111122223333" AND @aws.account != "x") OR @aws.region = "y"', YES),
        ('@aws.account = "111122223333" AND @aws.account != "x" OR @aws.region = "y"', UNKNOWN),
        ("@aws.user = 1", UNKNOWN),
        ("@aws.account LIKE 1", UNKNOWN),
        ("@aws.account IN []", UNKNOWN),
        ("", UNKNOWN),
        ("(" * 1000 + ")" * 1000, UNKNOWN),
    ],
)
def test_selection_criteria_have_to_hold_for_the_account_in_every_region_and_may_not_be_understood(
    criteria: str, holds: Truth
) -> None:
    assert admits(criteria, {ACCOUNT}) is holds
