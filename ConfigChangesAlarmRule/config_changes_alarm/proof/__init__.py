"""The proof: does every record that one pattern matches also match another, and if not, which does not?

May import the standard library and `filter_pattern`. Must never know AWS's APIs or CloudTrail: what is known of records
is handed in as a `RecordModel`.
"""

from .coverage import ANY_RECORD, Covered, Missed, RecordModel, Undecided, covers, never_matches, plain_text
from .residual import only_when
from .solving import Domain, Kind

__all__ = [
    "ANY_RECORD",
    "Covered",
    "Domain",
    "Kind",
    "Missed",
    "RecordModel",
    "Undecided",
    "covers",
    "never_matches",
    "only_when",
    "plain_text",
]
