"""What a control asks for, and what is known of the records of its events.

May import `filter_pattern` and `proof`. Must never know an account: no trails, filters or alarms.
"""

from .cloudtrail_record import record_model
from .purpose import concerns
from .required_events import RequiredEvent, narrow, required_events
from .required_records import RequiredRecords, required_records
from .routine_events import routine_matches
from .selected_members import never_from, selected_members

__all__ = [
    "RequiredEvent",
    "RequiredRecords",
    "concerns",
    "narrow",
    "never_from",
    "record_model",
    "required_events",
    "required_records",
    "routine_matches",
    "selected_members",
]
