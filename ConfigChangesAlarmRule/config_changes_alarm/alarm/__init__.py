"""Does one matching event take an alarm to ALARM, does it return, and whom does it notify?

May import `resources`, `findings`, `truth` and `metric_filter`. Values in, closed unions out: must never read anything.
"""

from .composite_alarm import Propagates, carriers, propagates
from .metric_alarm import Fires, Notifies, Silent, fires, last_action_failed, muted, notifies

__all__ = [
    "Fires",
    "Notifies",
    "Propagates",
    "Silent",
    "carriers",
    "fires",
    "last_action_failed",
    "muted",
    "notifies",
    "propagates",
]
