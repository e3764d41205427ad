"""The proof: does every record that one pattern matches also match another, and if not, which does not?

May import the standard library and `filter_pattern`, its modules too. Must never know AWS's APIs or CloudTrail: what is
known of records is handed in as a `RecordModel`.
"""

from .alternatives import Contradicted, contradicted
from .coverage import Covered, Missed, Undecided, covers, never_matches
from .exceptions import left_out
from .fixed_fields import plain_text
from .record_model import ANY_RECORD, Domain, Kind, RecordModel
from .residual import only_when
from .work import Budget

__all__ = [
    "ANY_RECORD",
    "Budget",
    "Contradicted",
    "Covered",
    "Domain",
    "Kind",
    "Missed",
    "RecordModel",
    "Undecided",
    "contradicted",
    "covers",
    "left_out",
    "never_matches",
    "only_when",
    "plain_text",
]
