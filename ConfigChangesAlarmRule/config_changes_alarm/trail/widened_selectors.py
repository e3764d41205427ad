"""A trail's event selectors with one more, for the command that puts them: PutEventSelectors replaces them all.

Source: CloudTrail API reference, PutEventSelectors. Selectors are alternatives, so that one more takes nothing away.
"""

from __future__ import annotations

import json
from typing import Any

from ..resources import AdvancedEventSelector, EventSelector, EventSelectors

__all__ = ["with_management_events"]

_MOST = 5
"""So many basic event selectors a trail may have (CloudTrail user guide, quotas)."""


def with_management_events(selectors: EventSelectors) -> tuple[tuple[str, str], ...]:
    """The facts for the command; none where there is no room for one more."""
    basic, advanced = selectors.event_selectors, selectors.advanced_event_selectors
    if advanced:
        management = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
        return _facts("--advanced-event-selectors", [*map(_advanced, advanced), management])
    if len(basic) == _MOST:
        return ()
    return _facts("--event-selectors", [*map(_basic, basic), _basic(EventSelector())])


def _facts(option: str, selectors: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return (("selectors_option", option), ("selectors", json.dumps(selectors, separators=(",", ":"))))


def _basic(selector: EventSelector) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ReadWriteType": selector.read_write_type,
        "IncludeManagementEvents": selector.include_management_events,
        "DataResources": [{"Type": each.type, "Values": list(each.values)} for each in selector.data_resources],
    }
    excluded = list(selector.exclude_management_event_sources)
    return {**made, "ExcludeManagementEventSources": excluded} if excluded else made


def _advanced(selector: AdvancedEventSelector) -> dict[str, Any]:
    named = {} if selector.name is None else {"Name": selector.name}
    fields = []
    for field in selector.field_selectors:
        operators = {
            "Equals": field.equals,
            "StartsWith": field.starts_with,
            "EndsWith": field.ends_with,
            "NotEquals": field.not_equals,
            "NotStartsWith": field.not_starts_with,
            "NotEndsWith": field.not_ends_with,
        }
        fields.append({"Field": field.field, **{name: list(values) for name, values in operators.items() if values}})
    return {**named, "FieldSelectors": fields}
