"""Does a topic hand an alarm's message to somebody who has confirmed?

May import `resources`, `findings`, `truth` and the outcomes of `account`. Must never read anything.
"""

from .topic import Accepts, accepts, confirmed, hands_over, key_admits

__all__ = ["Accepts", "accepts", "confirmed", "hands_over", "key_admits"]
