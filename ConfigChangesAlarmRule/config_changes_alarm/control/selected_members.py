"""What is known of a required event that event selectors test: its category, read or write, whose call it is.

What is not known is left out, and counts as recorded only by a trail that records either way. CloudTrail user guide:
"Logging management events", "Logging data events".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from ..filter_pattern import Answer, Comparison, JsonPattern, Leaf, Name, Operator, Pattern, Selector, matches
from ..proof import Covered, covers, plain_text
from .catalogue import Control
from .recorded_calls import Record
from .required_events import RequiredEvent, equal, leaves, narrowed_by, possible
from .service_calls import (
    CALLS_OF,
    DATA_CALLS_OF,
    DATA_PARAMETERS,
    DOUBTFUL_CALLS_OF,
    MANAGEMENT_SOURCES,
    OTHER_DATA_CALLS,
    READS,
    SIGN_INS,
    WRITE_VERBS,
)

__all__ = ["never_from", "selected_members"]


def selected_members(event: RequiredEvent, narrowed: Pattern) -> Record:
    """What event selectors may test of every record of the event. `narrowed` is the required pattern for it alone."""
    assert isinstance(narrowed, JsonPattern)
    if event.control is not None:
        return _known(event, event.control)
    record: Record = {"eventName": event.name}
    sources = (plain_text(leaf) for leaf in leaves(narrowed.condition) if leaf.selector == _selector("eventSource"))
    source = next((each for each in sources if each is not None and _surely(narrowed, "eventSource", each)), None)
    if source is not None:
        record["eventSource"] = source
    category = _category(event, narrowed, source)
    if category is not None:
        record["eventCategory"] = category
    if _writes(event.name):
        record["readOnly"] = False
    return record


def _known(event: RequiredEvent, control: Control) -> Record:
    """Of an event that its control knows: all of them are management events."""
    members = {
        "eventName": event.name if event.named else None,
        "eventSource": control.source,
        "readOnly": control.read_only,
    }
    return {"eventCategory": "Management"} | {name: value for name, value in members.items() if value is not None}


def never_from(event: RequiredEvent, narrowed: Pattern, source: str) -> bool:
    """Whether no record of the event has that source: the service has no such call, or the pattern leaves it out."""
    calls = CALLS_OF.get(source)
    if calls is not None and event.name not in calls and event.named:
        return True
    return not possible(narrowed_by(narrowed, equal(_selector("eventSource"), source)))


def _writes(name: str) -> bool:
    """Whether CloudTrail is known to call it a write, whatever the service."""
    verb = re.match("[A-Z][a-z]+(?=[A-Z])", name)
    return name in SIGN_INS or (verb is not None and verb.group() in WRITE_VERBS and name not in READS)


# --------------------------------------------------------------------------- the category

_OTHER_CATEGORIES = ("Data", "NetworkActivity", "Insight")
_OF_THE_CATEGORY = {
    "eventCategory": ("Management",),
    "managementEvent": (True,),
    "eventType": ("AwsApiCall", "AwsServiceEvent", "AwsConsoleAction", "AwsConsoleSignIn"),
}
"""The members that tell management events from others, with what these hold, if they have them at all."""
_ANY_DATA_CALL = OTHER_DATA_CALLS.union(*DATA_CALLS_OF.values())
_DOMAIN = ".amazonaws.com"


def _category(event: RequiredEvent, narrowed: JsonPattern, source: str | None) -> str | None:
    """The category that all its records surely have.

    An event that nothing is known of is no management event. But a pattern that names neither events nor their
    category asks for management events: those alone are recorded unless an account pays for others.
    """
    for category in _OTHER_CATEGORIES:
        if _surely(narrowed, "eventCategory", category):
            return category
    if _surely(narrowed, "eventCategory", "Management"):
        return "Management"
    conditions = tuple(leaves(narrowed.condition))
    if any(_asks_for_others(leaf) and possible(narrowed_by(narrowed, leaf)) for leaf in conditions):
        return None
    if not event.named:
        if source is None:
            return None if any(_mentions_data_events(leaf) for leaf in conditions) else "Management"
        return "Management" if _for_management(source) else None
    if _may_be_either(event.name, DOUBTFUL_CALLS_OF if source is None else (source,)):
        return None
    if source is None:
        from .doubtful_calls import may_be_data_event

        return None if event.name in _ANY_DATA_CALL or may_be_data_event(event.name) else "Management"
    if source in DATA_CALLS_OF:
        return "Data" if event.name in DATA_CALLS_OF[source] else "Management"
    return "Management" if _for_management(source) else None


def _may_be_either(name: str, sources: Iterable[str]) -> bool:
    """Whether it is a call of one of these services of which it is not known whether it is a data event."""
    return any(word in name for source in sources for word in DOUBTFUL_CALLS_OF.get(source, ()))


def _for_management(source: str) -> bool:
    """Whether a service is known to make management events only."""
    return source.endswith(_DOMAIN) and source.removesuffix(_DOMAIN) in MANAGEMENT_SOURCES


def _surely(narrowed: Pattern, name: str, value: str) -> bool:
    """Whether all records that the pattern matches have the value there."""
    return isinstance(covers(narrowed, (JsonPattern(equal(_selector(name), value)),)), Covered)


def _selector(name: str) -> Selector:
    return Selector((Name(name),))


# --------------------------------------------------------------------------- conditions


def _asks_for_others(leaf: Leaf) -> bool:
    """Whether a condition is one that no management event is known to fulfil."""
    name = _field(leaf)
    if leaf.selector.steps[1:] or name not in _OF_THE_CATEGORY:
        return False
    records = [{}, *({name: value} for value in _OF_THE_CATEGORY[name])]
    return not any(_fulfils(record, leaf) for record in records)


@lru_cache(maxsize=64)
def _mentions_data_events(leaf: Leaf) -> bool:
    """Whether a condition picks out events by name, service, resource or parameter, and may pick data events."""
    if not isinstance(leaf, Comparison) or leaf.operator is not Operator.EQ:
        return False
    match _field(leaf):
        case "eventName":
            return any(_fulfils({"eventName": name}, leaf) for name in _ANY_DATA_CALL)
        case "eventSource":
            return not any(
                _fulfils({"eventSource": f"{source}{_DOMAIN}"}, leaf) for source in MANAGEMENT_SOURCES
            ) or any(_fulfils({"eventSource": source}, leaf) for source in DATA_CALLS_OF)
        case "resources":
            return leaf.selector.steps[-1] == Name("type")
        case "requestParameters":
            parameter = leaf.selector.steps[1:2]
            return not parameter or not isinstance(parameter[0], Name) or parameter[0].key in DATA_PARAMETERS
        case _:
            return False


def _field(leaf: Leaf) -> str:
    """The record's member that a condition is about; nothing where it may be any."""
    first = leaf.selector.steps[0]
    return first.key if isinstance(first, Name) else ""


def _fulfils(record: Record, leaf: Leaf) -> bool:
    return matches(JsonPattern(leaf), json.dumps(record)) is Answer.MATCH
