"""Which of an account's routine events a filter pattern matches: a filter that does keeps its alarm in ALARM."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..filter_pattern import Answer, Pattern, matches
from .cloudtrail_record import routine_events

__all__ = ["routine_matches"]


def routine_matches(
    pattern: Pattern,
    account_id: str,
    region: str,
    may_occur: Callable[[Mapping[str, Any]], bool] = lambda _: True,
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The account's routine events that a pattern matches by name; and name and message of those that are undecided.

    Only of events that `may_occur`, given the record, where the pattern is applied.
    """
    matched: dict[str, None] = {}
    doubtful: list[tuple[str, str]] = []
    for event in routine_events(account_id, region):
        for message in event.messages:
            answer = matches(pattern, message)
            if answer is Answer.NO_MATCH or not may_occur(json.loads(message)):
                continue
            if answer is Answer.MATCH:
                matched[event.name] = None
            else:
                doubtful.append((event.name, message))
    return tuple(matched), tuple(doubtful)
