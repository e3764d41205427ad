"""Does a topic hand an alarm's message to somebody who has confirmed?

May import `resources`, `findings`, `truth` and the outcomes of `account`. Must never read anything.
"""

from .acceptance import Accepts, AsksOrganization, Refuses
from .key import is_aws_managed, key_admits
from .subscription import confirmed, hands_over
from .topic import accepts

__all__ = [
    "Accepts",
    "AsksOrganization",
    "Refuses",
    "accepts",
    "confirmed",
    "hands_over",
    "is_aws_managed",
    "key_admits",
]
