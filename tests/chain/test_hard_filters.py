"""An account with many filters made to be hard: they are undecided, and what is plain is decided all the same."""

from __future__ import annotations

import time

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain.context import Context
from config_changes_alarm.chain.filters import candidates_of
from config_changes_alarm.chain.sources import find_sources
from config_changes_alarm.requirement import Requirement

from benchmarks.hard_account import hard_account

from ..fake_account import NOW, a_filter, a_monitored_account
from .accounts import assessed

SECONDS = 10
"""Five times what is wanted on a machine of its own (`make bench`): without a budget it is minutes."""


@pytest.mark.parametrize("on_the_alarms_metric", [False, True], ids=["own metrics", "the alarm's metric"])
@pytest.mark.parametrize("own_filter", [True, False], ids=["beside the control's filter", "alone"])
def test_a_hundred_hard_filters_take_neither_the_time_nor_the_verdict(
    on_the_alarms_metric: bool, own_filter: bool
) -> None:
    account = hard_account(on_the_alarms_metric, own_filter)
    start = time.process_time()
    found = assessed(account)
    assert time.process_time() - start < SECONDS
    assert found.compliance is (Compliance.COMPLIANT if own_filter else Compliance.NON_COMPLIANT)


def test_a_plain_filter_behind_twenty_with_great_indexes_is_seen() -> None:
    great = "{$.r" + "[1000]" * 60 + "=1}"
    hard = tuple(a_filter(great, f"hard-{number}", metric_name=f"Hard{number}") for number in range(20))
    start = time.process_time()
    assert assessed(a_monitored_account(filters=(*hard, a_filter()))).compliance is Compliance.COMPLIANT
    assert time.process_time() - start < SECONDS


def test_a_filter_past_the_budget_is_not_verified_and_no_other_is() -> None:
    """The budget of an evaluation is spent, and the control's own filter takes no more than every question has."""
    account = a_monitored_account()
    context = Context.of(account.opened(), Requirement.parse({}), NOW)
    context.budget.left = 0
    sources, _ = find_sources(context)
    (candidate,) = (each for source in sources.values() for each in candidates_of(context, source))
    assert candidate.sure == frozenset(context.events)
