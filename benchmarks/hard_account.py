"""An account whose trail's log group has 100 filters made to be hard beside the control's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

from config_changes_alarm.filter_pattern import PatternSyntaxError, parse

from tests.fake_account import FakeAccount, a_filter, a_monitored_account
from tests.proof.oracle.adversarial import FAMILIES

__all__ = ["FILTERS", "hard_account", "hard_patterns"]

FILTERS = 100
CHARACTERS = 1_024
_HEAD = "{$.eventSource=config.amazonaws.com&&("


def hard_patterns() -> Iterator[str]:
    """Patterns of nearly 1,024 characters about the control's own events, a family after the other, without end."""
    for number in count():
        family = FAMILIES[number // 2 % len(FAMILIES)]
        pair = family.build(CHARACTERS - len(_HEAD) - 2 - number // (2 * len(FAMILIES)))
        source = pair.required if number % 2 else pair.deployed[0]
        if not source.startswith("{"):
            continue
        pattern = f"{_HEAD}{source[1:-1]})}}"
        try:
            parse(pattern)
        except PatternSyntaxError:
            continue
        yield pattern


def hard_account(on_the_alarms_metric: bool = False, own_filter: bool = True) -> FakeAccount:
    """The hard filters on metrics of their own, or on the one that the control's alarm watches."""
    hard = (
        a_filter(pattern, f"hard-{number}", **({} if on_the_alarms_metric else {"metric_name": f"Hard{number}"}))
        for number, pattern in enumerate(islice(hard_patterns(), FILTERS))
    )
    return a_monitored_account(filters=(*hard, *([a_filter()] if own_filter else [])))
