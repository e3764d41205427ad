"""How the chain is walked: every path, what whole paths cover together, and what is told when none is whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Assessment, Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.control.cloudtrail_record import routine_events
from config_changes_alarm.findings import FindingId
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AdvancedEventSelector, AdvancedFieldSelector, EventSelectors

from .fake_account import (
    ACCOUNT,
    METRIC,
    NOW,
    REGION,
    ConfiguredTrail,
    FakeAccount,
    a_filter,
    a_monitored_account,
    a_trail,
    an_alarm,
    logging,
)

F = FindingId
NAMES = ("StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder")


def assessed(account: FakeAccount, **parameters: str) -> Assessment:
    return assess(account.opened(), Requirement.parse(parameters), NOW)


def told(found: Assessment) -> list[tuple[FindingId, str]]:
    return [(reason.id, reason.subject) for reason in found.reasons]


# --------------------------------------------------------------------------- whole paths together


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


def test_the_path_that_got_furthest_is_told_first_and_the_others_after_it() -> None:
    account = a_monitored_account(
        filters=(a_filter(metric_value="0", name="no-value"), a_filter()),
        metric_alarms=(an_alarm("silent", threshold=2.0), an_alarm()),
        subscribed=(),
    )
    found = assessed(account)
    assert told(found) == [
        (F.NO_SUBSCRIPTION, "config-changes"),
        (F.ALARM_NEVER_FIRES, "silent"),
        (F.METRIC_VALUE, "no-value"),
    ]


# --------------------------------------------------------------------------- patterns that cannot be read here

ODD = "{ $.eventName == Stop* }"
"""AWS documents no operator ==; should it take one all the same, nothing is known of it here."""


def with_odd_filter(oracle: Callable[[str, str], bool] | None) -> FakeAccount:
    return a_monitored_account(filters=(a_filter(ODD, "odd"),), oracle=oracle)


def test_a_pattern_that_cannot_be_read_is_undecided() -> None:
    found = assessed(with_odd_filter(None))
    assert (found.compliance, told(found)) == (Compliance.NON_COMPLIANT, [(F.PATTERN_UNDECIDED, "odd")])


def test_samples_that_aws_matches_are_no_proof_for_all_events() -> None:
    found = assessed(with_odd_filter(lambda pattern, message: True))
    assert (found.compliance, told(found)) == (Compliance.NON_COMPLIANT, [(F.PATTERN_UNDECIDED, "odd")])
    assert found.reasons[0].detail.endswith("; AWS matches 32 samples, which is no proof for all events")


def test_an_event_that_aws_does_not_match_is_told() -> None:
    found = assessed(with_odd_filter(lambda pattern, message: NAMES[0] in message))
    assert found.reasons[0].id is F.PATTERN_UNDECIDED
    assert (F.PATTERN_MISSES_EVENT, "odd") in told(found)


def test_an_event_that_aws_matches_only_sometimes_is_told() -> None:
    found = assessed(with_odd_filter(lambda pattern, message: '"type":"Root"' in message))
    assert told(found) == [(F.PATTERN_MISSES_EVENT, "odd")]
    assert found.reasons[0].detail == "AWS itself does not match every DeleteDeliveryChannel"


def test_an_unrelated_pattern_is_not_named() -> None:
    found = assessed(with_odd_filter(lambda pattern, message: False))
    assert told(found) == [(F.NO_METRIC_FILTER, "CloudTrail/logs")]


def test_aws_is_not_asked_where_the_proof_needs_no_answer() -> None:
    def never(pattern: str, message: str) -> bool:
        pytest.fail("asked")

    account = a_monitored_account(filters=(a_filter(ODD, "odd", metric_name="Odd"), a_filter()), oracle=never)
    assert assessed(account).compliance is Compliance.COMPLIANT


# --------------------------------------------------------------------------- patterns that AWS itself has to settle

OURS = "($.recipientAccountId = 123456789012 || $.recipientAccountId NOT EXISTS)"
DOUBTFUL = f"{{ ({' || '.join(f'$.eventName = {name}' for name in NAMES)}) && {OURS} }}"
"""Whether an unquoted number matches a string of the same digits, AWS does not document; CloudTrail writes a string."""


def doubtful(oracle: Callable[[str, str], bool] | None, **members: str) -> FakeAccount:
    return a_monitored_account(filters=(a_filter(DOUBTFUL, "doubtful"),), oracle=oracle)


def required_only(pattern: str, message: str) -> bool:
    return json.loads(message)["eventName"] in NAMES


def test_what_aws_matches_of_every_kind_is_covered() -> None:
    found = assessed(doubtful(required_only))
    assert (found.compliance, found.reasons) == (Compliance.COMPLIANT, ())


def test_what_aws_does_not_match_is_the_counterexample() -> None:
    asked: list[str] = []

    def but_for_one(pattern: str, message: str) -> bool:
        asked.append(message)
        return required_only(pattern, message) and "PutDeliveryChannel" not in message

    found = assessed(doubtful(but_for_one))
    assert found.compliance is Compliance.NON_COMPLIANT
    (missed,) = (event for event in found.events if not event.covered)
    assert missed.name == "PutDeliveryChannel"
    assert missed.counterexample in asked
    assert told(found) == [(F.PATTERN_MISSES_EVENT, "doubtful")]


def test_without_aws_the_question_stays_open() -> None:
    found = assessed(doubtful(None))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert {reason.id for reason in found.reasons} == {F.PATTERN_UNDECIDED}


def test_a_routine_event_that_aws_matches_is_told_however_late_it_comes() -> None:
    """Every one of the routine events is in doubt, more than fit into one question to AWS."""
    last = routine_events(ACCOUNT, REGION)[-1]
    name = json.loads(last.messages[-1])["eventName"]
    account = a_monitored_account(filters=(a_filter(f"{{ {OURS} }}", "doubtful"),))
    quiet = assessed(replace(account, oracle=required_only))
    assert quiet.compliance is Compliance.COMPLIANT
    noisy = assessed(replace(account, oracle=lambda _, message: required_only(_, message) or name in message))
    assert told(noisy) == [(F.PATTERN_MATCHES_ROUTINE, "doubtful")]
    assert noisy.reasons[0].detail == f"such as {last.name}"


def test_what_aws_says_of_a_filter_on_a_broken_path_is_no_proof() -> None:
    account = replace(doubtful(required_only), metric_alarms=(an_alarm(actions_enabled=False),))
    assert told(assessed(account))[0] == (F.ALARM_ACTIONS_DISABLED, "config-changes")
    assert assessed(account).compliance is Compliance.NON_COMPLIANT


@pytest.mark.parametrize(
    "everything",
    [
        f'$.recipientAccountId = "{ACCOUNT}" || $.recipientAccountId NOT EXISTS',
        '$.recipientAccountId = "*" || $.recipientAccountId NOT EXISTS',
        f'$.userIdentity.accountId = "{ACCOUNT}" || $.userIdentity.accountId NOT EXISTS',
    ],
)
def test_a_filter_for_every_event_of_this_very_account_keeps_its_alarm_on(everything: str) -> None:
    found = assessed(a_monitored_account(filters=(a_filter(f"{{ {everything} }}"),)))
    assert told(found) == [(F.PATTERN_MATCHES_ROUTINE, "config-changes")]


def test_a_filter_for_every_event_of_the_accounts_own_region_keeps_its_alarm_on() -> None:
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    account = a_monitored_account(filters=(a_filter(f'{{ {control} || $.awsRegion = "ap-southeast-4" }}'),))
    assert assessed(account).compliance is Compliance.COMPLIANT
    home = replace(account, region="ap-southeast-4")
    assert told(assessed(home)) == [(F.PATTERN_MATCHES_ROUTINE, "config-changes")]


@pytest.mark.parametrize("kind", ["AssumedRole", "IAMUser", "AWSService"])
def test_a_filter_for_all_that_one_kind_of_identity_does_keeps_its_alarm_on(kind: str) -> None:
    control = " || ".join(f"$.eventName = {name}" for name in NAMES)
    account = a_monitored_account(filters=(a_filter(f'{{ {control} || $.userIdentity.type = "{kind}" }}'),))
    assert told(assessed(account)) == [(F.PATTERN_MATCHES_ROUTINE, "config-changes")]
