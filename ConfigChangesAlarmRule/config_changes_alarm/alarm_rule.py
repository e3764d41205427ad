"""Does a composite alarm go to ALARM when one of its children does?

Only a rule that is an OR with `ALARM(child)` among its terms is accepted: then the child alone makes it true,
whatever the others do (CloudWatch API reference, PutCompositeAlarm, AlarmRule). Anything else depends on other alarms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from .alarm import Silent, stuck
from .findings import FindingId, Reason
from .resources import AlarmListing, CompositeAlarm, MetricAlarm

__all__ = ["Propagates", "propagates"]

_TERM = re.compile(r'\s*\(?\s*(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^\s()"]+))\s*\)\s*\)?\s*', re.ASCII)


@dataclass(frozen=True, slots=True)
class Propagates:
    """The child entering ALARM takes the composite there."""


def propagates(
    composite: CompositeAlarm, child: MetricAlarm, listing: AlarmListing, now: datetime, max_rearm_seconds: int
) -> Propagates | Silent:
    """Whether the child in ALARM alone makes the rule true, and nothing else holds it true now."""
    facts = (("alarm_name", composite.alarm_name), ("region", composite.place.region))

    def silent(id: FindingId, detail: str) -> Silent:  # noqa: A002
        return Silent((Reason(id, composite.alarm_name, detail, facts),))

    if composite.actions_suppressor is not None:
        return silent(FindingId.COMPOSITE_SUPPRESSED, composite.actions_suppressor)
    terms = _terms(composite.alarm_rule)
    names = (child.alarm_name, child.alarm_arn)
    if terms is None or not any(state == "ALARM" and name in names for state, name in terms):
        return silent(FindingId.COMPOSITE_UNPROVABLE, f"its rule is {composite.alarm_rule}")
    alarms: tuple[MetricAlarm | CompositeAlarm, ...] = (*listing.metric_alarms, *listing.composite_alarms)
    states = {name: alarm.state_value for alarm in alarms for name in (alarm.alarm_name, alarm.alarm_arn)}
    for state, name in terms:
        if name not in names and states.get(name) in (state, None):
            return silent(FindingId.COMPOSITE_HELD, f"{state}({name})")
    return stuck(composite, max_rearm_seconds, now) or Propagates()


def _terms(rule: str) -> tuple[tuple[str, str], ...] | None:
    """The state and name of each term of an OR; None for any other rule."""
    terms = []
    for part in re.split(r"\bOR\b", rule):
        found = _TERM.fullmatch(part)
        if found is None:
            return None
        terms.append((found[1], found[2] or found[3]))
    return tuple(terms)
