"""Is an alarm muted? A muted alarm changes its state and runs no actions.

Source: CloudWatch API reference, ListAlarmMuteRules and GetAlarmMuteRule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..findings import FindingId, Reason
from ..resources import AlarmMuteRule

__all__ = ["muted"]

_HALF_A_DAY = 43_200
"""Seconds."""


def muted(rules: Sequence[AlarmMuteRule], alarm_name: str) -> Reason | None:
    """A mute rule that is active now; or a scheduled one that is not known to leave most of the time unmuted."""
    for rule in rules:
        facts = (("alarm_name", alarm_name), ("mute_rule_name", rule.name))
        if rule.status == "ACTIVE":
            return Reason(FindingId.ALARM_MUTED, alarm_name, f"mute rule {rule.name} is active", facts)
        if rule.status == "SCHEDULED" and not _mostly_unmuted(rule):
            return Reason(FindingId.ALARM_MUTED, alarm_name, f"mute rule {rule.name} mutes most of the time", facts)
    return None


def _mostly_unmuted(rule: AlarmMuteRule) -> bool:
    """A single window, or one that recurs at most daily for at most half a day."""
    expression = rule.expression or ""
    if expression.startswith("at("):
        return True
    fields = expression.removeprefix("cron(").rstrip(")").split()
    daily = len(fields) >= 5 and fields[0].isdigit() and fields[1].isdigit()
    duration = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", rule.duration or "")
    if not daily or duration is None:
        return False
    return int(duration[1] or 0) * 3600 + int(duration[2] or 0) * 60 <= _HALF_A_DAY
