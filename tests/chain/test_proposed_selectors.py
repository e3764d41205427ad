"""What a command makes of a trail's event selectors: it replaces them all, and so it repeats those that are there."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import Any

import pytest
from config_changes_alarm.findings import FindingId, finding
from config_changes_alarm.resources import (
    AdvancedEventSelector,
    AdvancedFieldSelector,
    DataResource,
    EventSelector,
    EventSelectors,
)

from ..fake_account import a_filter
from .accounts import assessed, with_trail

F = FindingId


def remedy_for(selectors: EventSelectors) -> str:
    (reason,) = assessed(with_trail(selectors)).reasons
    assert reason.id is F.TRAIL_SELECTORS_MISS_EVENT
    return finding(reason).remedy


def selectors_of(remedy: str, option: str) -> Any:
    words = shlex.split(remedy, comments=True)
    return json.loads(words[words.index(option) + 1])


def test_a_trail_keeps_its_basic_selectors() -> None:
    data = DataResource("AWS::S3::Object", ("arn:aws:s3:::bucket/",))
    reads = EventSelector("ReadOnly", exclude_management_event_sources=("kms.amazonaws.com",), data_resources=(data,))
    remedy = remedy_for(EventSelectors((reads,)))
    assert selectors_of(remedy, "--event-selectors") == [
        {
            "ReadWriteType": "ReadOnly",
            "IncludeManagementEvents": True,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::bucket/"]}],
            "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        },
        {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []},
    ]


def test_a_trail_keeps_its_advanced_selectors() -> None:
    fields = (
        AdvancedFieldSelector("eventCategory", equals=("Management",)),
        AdvancedFieldSelector("eventSource", not_equals=("config.amazonaws.com",)),
    )
    selectors = EventSelectors((), (AdvancedEventSelector(fields, "without AWS Config"),))
    had, added = selectors_of(remedy_for(selectors), "--advanced-event-selectors")
    assert had == {
        "Name": "without AWS Config",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "eventSource", "NotEquals": ["config.amazonaws.com"]},
        ],
    }
    assert added == {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}


def test_a_trail_with_as_many_selectors_as_it_may_have_is_left_to_the_person() -> None:
    reads = EventSelectors(tuple(EventSelector("ReadOnly") for _ in range(5)))
    remedy = remedy_for(reads)
    assert {"<selectors-option>", "<selectors>"} <= set(re.findall("<[a-z-]+>", remedy))


# --------------------------------------------------------------------------- data events

OBJECTS = "{ $.eventSource = s3.amazonaws.com && $.eventName = DeleteObject }"
MESSAGES = "{ $.eventSource = sqs.amazonaws.com && $.eventName = DeleteMessage }"
OF_MANAGEMENT = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
OF_OBJECTS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": False,
    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
}


def remedy_of_data_event(pattern: str, selectors: EventSelectors) -> str:
    account = replace(with_trail(selectors), filters=(a_filter(pattern),))
    (reason,) = assessed(account, RequiredFilterPattern=pattern).reasons
    assert reason.id is F.TRAIL_SELECTORS_MISS_DATA_EVENT
    return finding(reason).remedy


@pytest.mark.parametrize("selectors", [EventSelectors(), EventSelectors((EventSelector(),))], ids=["default", "basic"])
def test_a_data_event_is_added_to_what_a_trail_records(selectors: EventSelectors) -> None:
    """A trail without selectors records all management events: the new ones replace that too."""
    remedy = remedy_of_data_event(OBJECTS, selectors)
    assert selectors_of(remedy, "--event-selectors") == [OF_MANAGEMENT, OF_OBJECTS]
    assert remedy.endswith(
        "# replaces all selectors of the trail: those that it has are repeated, and what is missing is added"
    )


def test_what_several_events_lack_one_command_adds_for_the_next_would_take_it_away() -> None:
    pattern = (
        "{ ($.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder) || "
        "($.eventSource = s3.amazonaws.com && $.eventName = DeleteObject) || "
        "($.eventSource = sqs.amazonaws.com && $.eventName = DeleteMessage) }"
    )
    reads = (
        AdvancedFieldSelector("eventCategory", equals=("Management",)),
        AdvancedFieldSelector("readOnly", ("true",)),
    )
    account = replace(with_trail(EventSelectors((), (AdvancedEventSelector(reads),))), filters=(a_filter(pattern),))
    found = assessed(account, RequiredFilterPattern=pattern)
    remedies = {finding(reason).remedy for reason in found.reasons}
    assert [reason.id for reason in found.reasons] == [
        F.TRAIL_SELECTORS_MISS_EVENT,
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
        F.TRAIL_SELECTORS_MISS_DATA_EVENT,
    ]
    (remedy,) = remedies
    put = selectors_of(remedy, "--advanced-event-selectors")
    assert [each["FieldSelectors"][-1]["Equals"] for each in put[1:]] == [
        ["Management"],
        ["AWS::S3::Object"],
        ["AWS::SQS::Queue"],
    ]


@pytest.mark.parametrize(
    ("pattern", "kind"), [(OBJECTS, "AWS::S3::Object"), (MESSAGES, "AWS::SQS::Queue")], ids=["S3", "SQS"]
)
def test_a_data_event_is_added_to_advanced_selectors(pattern: str, kind: str) -> None:
    management = AdvancedFieldSelector("eventCategory", equals=("Management",))
    remedy = remedy_of_data_event(pattern, EventSelectors((), (AdvancedEventSelector((management,), "all"),)))
    assert selectors_of(remedy, "--advanced-event-selectors") == [
        {"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
        {
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]},
                {"Field": "resources.type", "Equals": [kind]},
            ]
        },
    ]


@pytest.mark.parametrize(
    ("pattern", "selectors"),
    [
        (MESSAGES, EventSelectors((EventSelector(),))),
        (OBJECTS, EventSelectors(tuple(EventSelector() for _ in range(5)))),
        ("{ $.eventCategory = Data && $.eventName = DeleteThing }", EventSelectors()),
        ("{ $.eventCategory = NetworkActivity && $.eventSource = s3.amazonaws.com }", EventSelectors()),
    ],
    ids=["a type that basic selectors do not take", "no room", "an unknown service", "an event of the network"],
)
def test_selectors_that_could_only_be_replaced_are_left_to_the_person(pattern: str, selectors: EventSelectors) -> None:
    remedy = remedy_of_data_event(pattern, selectors)
    assert {"<selectors-option>", "<selectors>"} <= set(re.findall("<[a-z-]+>", remedy))
