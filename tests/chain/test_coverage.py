"""What whole paths cover together, and only whole ones."""

from __future__ import annotations

import json
from dataclasses import replace

from config_changes_alarm.assessment import Compliance
from config_changes_alarm.findings import FindingId
from config_changes_alarm.resources import AdvancedEventSelector, AdvancedFieldSelector, EventSelectors

from ..fake_account import METRIC, ConfiguredTrail, a_filter, a_monitored_account, a_trail, an_alarm, logging
from .accounts import NAMES, assessed, told

F = FindingId


def only(name: str) -> str:
    return f"{{ $.eventSource = config.amazonaws.com && $.eventName = {name} }}"


def test_four_filters_with_four_alarms_cover_four_events() -> None:
    account = a_monitored_account(
        filters=tuple(a_filter(only(name), name, metric_name=name) for name in NAMES),
        metric_alarms=tuple(an_alarm(name, metric=type(METRIC)(METRIC.namespace, name)) for name in NAMES),
    )
    found = assessed(account)
    assert found.compliance is Compliance.COMPLIANT
    assert {chain.metric_filter.filter_name for chain in found.chains if chain.whole and chain.metric_filter} == set(
        NAMES
    )


def test_one_broken_path_of_four_is_one_event_that_nobody_hears_of() -> None:
    account = a_monitored_account(
        filters=tuple(a_filter(only(name), name, metric_name=name) for name in NAMES),
        metric_alarms=tuple(
            an_alarm(name, metric=type(METRIC)(METRIC.namespace, name), actions_enabled=name != NAMES[2])
            for name in NAMES
        ),
    )
    found = assessed(account)
    assert [event.name for event in found.events if not event.covered] == [NAMES[2]]
    assert told(found) == [(F.ALARM_ACTIONS_DISABLED, NAMES[2])]


def test_two_halves_of_an_event_are_a_whole_one_only_together() -> None:
    """One filter for administrators, one for everybody else: an event may be covered by their union alone."""
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    halves = (
        a_filter(f"{{ ({control}) && $.userIdentity.type = Root }}", "root", metric_name="Root"),
        a_filter(f"{{ ({control}) && $.userIdentity.type != Root }}", "others", metric_name="Others"),
        a_filter(f"{{ ({control}) && $.userIdentity.type NOT EXISTS }}", "nobody", metric_name="Nobody"),
    )
    alarms = tuple(an_alarm(name, metric=type(METRIC)(METRIC.namespace, name)) for name in ("Root", "Others", "Nobody"))
    assert assessed(a_monitored_account(filters=halves, metric_alarms=alarms)).compliance is Compliance.COMPLIANT
    found = assessed(a_monitored_account(filters=halves, metric_alarms=alarms[1:]))
    assert found.compliance is Compliance.NON_COMPLIANT
    for event in found.events:
        assert json.loads(event.counterexample or "")["userIdentity"]["type"] == "Root"


def test_a_pattern_covers_only_what_the_trail_of_its_log_group_records() -> None:
    """The filter would see both events; the trail leaves one of the two sources out."""
    required = (
        "{ ($.eventSource = config.amazonaws.com && $.eventName = StopConfigurationRecorder) || "
        "($.eventSource = cloudtrail.amazonaws.com && $.eventName = StopLogging) }"
    )
    leaves_out = AdvancedFieldSelector("eventSource", not_equals=("cloudtrail.amazonaws.com",))
    management = AdvancedFieldSelector("eventCategory", equals=("Management",))
    selectors = EventSelectors((), (AdvancedEventSelector((management, leaves_out)),))
    account = a_monitored_account(filters=(a_filter(required),))
    assert assessed(account, RequiredFilterPattern=required).compliance is Compliance.COMPLIANT
    partial = replace(account, configured_trails=(ConfiguredTrail(a_trail(), logging(), selectors),))
    found = assessed(partial, RequiredFilterPattern=required)
    assert found.compliance is Compliance.NON_COMPLIANT
    assert {event.name: event.covered for event in found.events} == {
        "StopConfigurationRecorder": True,
        "StopLogging": False,
    }
