"""Does a trail deliver the required events to its log group?

May import `resources`, `findings` and `truth`. Values in, closed unions out: must never read anything.
"""

from .delivery import Broken, Delivers, Hidden, delivers, hidden_delivery, log_group_of, qualifies
from .event_selectors import Captures, Ignores, Unsure, captures, may_capture, selectors_reason

__all__ = [
    "Broken",
    "Captures",
    "Delivers",
    "Hidden",
    "Ignores",
    "Unsure",
    "captures",
    "delivers",
    "hidden_delivery",
    "log_group_of",
    "may_capture",
    "qualifies",
    "selectors_reason",
]
