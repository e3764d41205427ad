"""What AWS itself is asked about filter patterns, and where it answers otherwise than the product.

The vectors lie here: AWS's published answers, the monitoring controls' patterns, patterns in use; and probes for each
point that AWS leaves open. May import the rule's language and the account's door. Must never know formats or options.
"""

from .comparison import Compared, NotAllowed, Outcome, ask
from .questions import Asked, questions

__all__ = ["Asked", "Compared", "NotAllowed", "Outcome", "ask", "questions"]
