"""Which field selection criteria keep every event of an account."""

from __future__ import annotations

import pytest
from config_changes_alarm.metric_filter.selection_criteria import admits

from .publications import ACCOUNT


@pytest.mark.parametrize(
    ("criteria", "holds"),
    [
        ('@aws.account = "111122223333"', True),
        ("@aws.account = '111122223333'", False),
        ("@aws.account = 111122223333", False),
        ('@aws.account = "111122223333', False),
        ('@aws.account = "1111\\"22223333"', False),
        ('@aws.account in ["111122223333"]', False),
        ('@aws.account != "444455556666"', True),
        ('@aws.account != "111122223333"', False),
        ('@aws.account IN ["444455556666", "111122223333"]', True),
        ('@aws.account NOT IN ["444455556666"]', True),
        ('@aws.account NOT IN ["444455556666", "111122223333"]', False),
        ('@aws.region = "eu-west-1"', False),
        ('@aws.region != "eu-west-1"', False),
        ('@aws.region != "ap-southeast-10"', False),
        ('@aws.region != "EU-WEST-1"', False),
        ('@aws.region NOT IN ["anywhere"]', False),
        ('@aws.region NOT IN ["anywhere"] OR @aws.region = "anywhere"', True),
        ('@aws.region IN ["us-east-1", "eu-west-1"]', False),
        ('@aws.region = "eu-west-1" OR @aws.region != "eu-west-1"', True),
        ('@aws.account = "111122223333" AND @aws.region = "eu-west-1"', False),
        ('@aws.account = "111122223333" OR @aws.region = "eu-west-1"', True),
        ('(@aws.account = "111122223333")', True),
        ('(@aws.account = "111122223333" AND @aws.account != "x") OR @aws.region = "y"', True),
        ('@aws.account = "111122223333" AND @aws.account != "x" OR @aws.region = "y"', False),
        ("@aws.user = 1", False),
        ("@aws.account LIKE 1", False),
        ("@aws.account IN []", False),
        ("", False),
        ("(" * 1000 + ")" * 1000, False),
    ],
)
def test_selection_criteria_have_to_hold_for_the_account_in_every_region(criteria: str, holds: bool) -> None:
    assert admits(criteria, {ACCOUNT}) is holds
