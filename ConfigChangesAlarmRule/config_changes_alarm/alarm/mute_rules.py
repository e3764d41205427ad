"""Is an alarm muted, now or again and again? A muted alarm changes its state and runs no actions.

When a window ends, the actions of an alarm that is still in ALARM are run; one that has returned tells nobody of the
event inside the window. So a window that recurs hides events for good, however short it is. A single window that lies
ahead is a decision about one occasion.

Source: CloudWatch API reference, ListAlarmMuteRules, GetAlarmMuteRule and Schedule; CloudWatch user guide, "Alarm mute
rules".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from ..findings import FindingId, Reason
from ..resources import AlarmMuteRule

__all__ = ["muted"]


def muted(rules: Sequence[AlarmMuteRule], alarm_name: str) -> Reason | None:
    """The first mute rule that is active, recurs or is not understood; None if there are none but single windows."""
    for rule in rules:
        facts = (("alarm_name", alarm_name), ("mute_rule_name", rule.name))
        match rule.status:
            case "EXPIRED":
                continue
            case "ACTIVE":
                return Reason(FindingId.ALARM_MUTED, alarm_name, f"mute rule {rule.name} is active", facts)
            case "SCHEDULED" if _is_single(rule.expression):
                continue
            case "SCHEDULED" if _recurs(rule.expression):
                detail = f"mute rule {rule.name} mutes it at every {rule.expression} for {rule.duration}"
                return Reason(FindingId.ALARM_MUTED, alarm_name, detail, facts)
            case status:
                detail = f"mute rule {rule.name} is {status}, its schedule {rule.expression or 'not known'}"
                return Reason(FindingId.ALARM_MUTE_UNVERIFIED, alarm_name, detail, facts)
    return None


def _is_single(expression: str | None) -> bool:
    """`at(yyyy-MM-ddThh:mm)`"""
    moment = re.fullmatch(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)\)", expression or "", re.ASCII)
    if moment is None:
        return False
    try:
        datetime.fromisoformat(moment[1])
    except ValueError:
        return False
    return True


def _recurs(expression: str | None) -> bool:
    """`cron(Minutes Hours Day-of-month Month Day-of-week)`"""
    return (
        re.fullmatch(r"cron\(\s*([A-Za-z0-9*,/-]+\s+){4}[A-Za-z0-9*,/-]+\s*\)", expression or "", re.ASCII) is not None
    )
