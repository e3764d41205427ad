"""Does a metric filter's `fieldSelectionCriteria` keep every event of an account, in all Regions?

    criteria  = condition (("AND" condition)* | ("OR" condition)*)
    condition = field ("=" | "!=") value | field "NOT"? "IN" "[" value ("," value)* "]" | "(" criteria ")"
    value     = '"' characters without quotes and backslashes '"'

The fields are `@aws.account` and `@aws.region` (CloudWatch Logs API reference, PutMetricFilter, which shows values in
double quotes and operators in capitals). Anything else is not understood and so not proved.

Every value that is compared with a Region is tried as one, and one that is not mentioned: so the answer is exact, but
for values that are not known to be Regions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..truth import Truth, truth

__all__ = ["admits"]

_TOKEN = re.compile(r"""\s*(@aws\.account|@aws\.region|AND\b|OR\b|NOT\b|IN\b|!=|=|[\[\](),]|"[^"\\]*")""")
MAX_NESTING = 50
_REGION = re.compile(r"[a-z]{2,}-[a-z][a-z-]*-\d+")
_ANY_REGION = "a-region-that-is-not-named"


class _NotUnderstood(Exception):
    """The criteria are not of the grammar above."""


def admits(criteria: str, accounts: Iterable[str]) -> Truth:
    """Whether the criteria hold for each of the accounts in every Region; not known of what is not understood."""
    named = frozenset(re.findall(r'"([^"\\]*)"', criteria))
    regions = frozenset(each for each in named if _REGION.fullmatch(each))
    try:
        held = {
            region: all(
                _Reading(criteria, {"@aws.account": account, "@aws.region": region}).whole() for account in accounts
            )
            for region in (_ANY_REGION, *named)
        }
    except _NotUnderstood:
        return Truth.UNKNOWN
    if not all(held[region] for region in (_ANY_REGION, *regions)):
        return Truth.NO
    return truth(all(held.values()) or None)


class _Reading:
    """Reads the criteria for one event: each production returns whether it holds."""

    def __init__(self, criteria: str, event: dict[str, str]) -> None:
        if criteria.count("(") > MAX_NESTING:
            raise _NotUnderstood
        self.event = event
        self.tokens: list[str] = []
        position = 0
        criteria = criteria.rstrip()
        while position < len(criteria):
            token = _TOKEN.match(criteria, position)
            if token is None:
                raise _NotUnderstood
            self.tokens.append(token[1])
            position = token.end()
        self.tokens.append("")
        self.position = 0

    def next(self) -> str:
        token = self.tokens[min(self.position, len(self.tokens) - 1)]
        self.position += 1
        return token

    def take(self, token: str) -> bool:
        found = self.tokens[min(self.position, len(self.tokens) - 1)] == token
        self.position += found
        return found

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise _NotUnderstood

    def whole(self) -> bool:
        holds = self.criteria()
        self.expect("")
        return holds

    def criteria(self) -> bool:
        """criteria = condition (("AND" condition)* | ("OR" condition)*)"""
        conditions = [self.condition()]
        joins: set[str] = set()
        while self.tokens[min(self.position, len(self.tokens) - 1)] in ("AND", "OR"):
            joins.add(self.next())
            conditions.append(self.condition())
        if len(joins) > 1:
            raise _NotUnderstood
        return any(conditions) if joins == {"OR"} else all(conditions)

    def condition(self) -> bool:
        """condition = field operator value | field "NOT"? "IN" list | "(" criteria ")" """
        if self.take("("):
            holds = self.criteria()
            self.expect(")")
            return holds
        field = self.next()
        if field not in self.event:
            raise _NotUnderstood
        if self.take("="):
            return self.event[field] == self.value()
        if self.take("!="):
            return self.event[field] != self.value()
        negated = self.take("NOT")
        self.expect("IN")
        self.expect("[")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.expect("]")
        return (self.event[field] in values) is not negated

    def value(self) -> str:
        token = self.next()
        if not token.startswith('"'):
            raise _NotUnderstood
        return token[1:-1]
