"""Does a trail deliver the required events to its log group?

May import `resources`, `findings` and `truth`. Values in, closed unions out: must never read anything.
"""

from .delivery import Delivers, delivers, log_group_of, qualifies
from .event_selectors import Captures, captures, may_capture

__all__ = ["Captures", "Delivers", "captures", "delivers", "log_group_of", "may_capture", "qualifies"]
