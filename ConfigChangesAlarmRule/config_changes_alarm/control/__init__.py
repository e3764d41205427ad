"""What a control asks for, and what is known of the records of its events.

May import `filter_pattern` and `proof`. Must never know an account: no trails, filters or alarms.
"""

from .catalogue import (
    CUSTOM,
    DEFAULT_CONTROL,
    Control,
    ControlEvent,
    PublishedPattern,
    Role,
    UnknownControl,
    Verdict,
    control,
    control_ids,
    controls,
    id_of,
    published_as,
    published_patterns,
)
from .cloudtrail_record import record_model
from .purpose import concerns, meant_for_another
from .required_events import RequiredEvent, events_of, narrow, narrowed_by, required_events
from .required_records import RequiredRecords, required_records
from .routine_events import routine_matches
from .selected_members import never_from, selected_members

__all__ = [
    "CUSTOM",
    "DEFAULT_CONTROL",
    "Control",
    "ControlEvent",
    "PublishedPattern",
    "RequiredEvent",
    "RequiredRecords",
    "Role",
    "UnknownControl",
    "Verdict",
    "concerns",
    "control",
    "control_ids",
    "controls",
    "events_of",
    "id_of",
    "meant_for_another",
    "narrow",
    "narrowed_by",
    "never_from",
    "published_as",
    "published_patterns",
    "record_model",
    "required_events",
    "required_records",
    "routine_matches",
    "selected_members",
]
