"""Does one matching event take an alarm to ALARM, does it return, and whom does it notify?

May import `resources`, `findings`, `truth` and `metric_filter`. Values in, closed unions out: must never read anything.
"""

from .action_history import last_action_failed
from .actions import Notifies, notifies
from .composite_alarm import AlarmGraph, Propagates, carriers, propagates
from .listed_alarms import ListedAlarms
from .metric_alarm import Fires, fires
from .mute_rules import muted
from .silence import Silent, topics

__all__ = [
    "AlarmGraph",
    "Fires",
    "ListedAlarms",
    "Notifies",
    "Propagates",
    "Silent",
    "carriers",
    "fires",
    "last_action_failed",
    "muted",
    "notifies",
    "propagates",
    "topics",
]
