"""Does a topic hand an alarm's message to somebody who has confirmed?

May import `resources`, `findings`, `truth` and the outcomes of `account`. Must never read anything.
"""

from .acceptance import Accepts, AsksOrganization, Refuses
from .endpoint import function_takes, queue_key_admits, queue_takes
from .key import is_aws_managed, key_admits
from .subscription import READ_PROTOCOLS, confirmed, hands_over
from .topic import accepts

__all__ = [
    "READ_PROTOCOLS",
    "Accepts",
    "AsksOrganization",
    "Refuses",
    "accepts",
    "confirmed",
    "function_takes",
    "hands_over",
    "is_aws_managed",
    "key_admits",
    "queue_key_admits",
    "queue_takes",
]
