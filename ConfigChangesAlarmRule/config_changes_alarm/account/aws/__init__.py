"""AWS behind the door: the only package of the function, beside its handler, that knows boto3.

`source` sends each question to its service's module, which says how it is put and how its answer is parsed; `calling`
and what is below it know how AWS is called. May import `account`'s own modules and `resources`; judges nothing.

No answer is believed further than it goes: what AWS was asked to filter is filtered again, an answer about another
resource than the one asked about is refused, and a list that is missing is not an empty list. A compliant account costs
one call a hop.
"""

from .calling import Call
from .clients import ATTEMPTS, CONFIG, CONNECT_SECONDS, READ_SECONDS
from .pace import SECONDS, Deadline, Paces
from .source import AwsSource

__all__ = ["ATTEMPTS", "CONFIG", "CONNECT_SECONDS", "READ_SECONDS", "SECONDS", "AwsSource", "Call", "Deadline", "Paces"]
