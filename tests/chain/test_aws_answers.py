"""What AWS itself answers of a pattern: it may refute, and settles only what it was asked about."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.control.routine_events import routine_events
from config_changes_alarm.findings import FindingId

from ..fake_account import ACCOUNT, REGION, FakeAccount, a_filter, a_monitored_account, an_alarm
from .accounts import NAMES, assessed, told

F = FindingId

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
    assert told(found) == [(F.PATTERN_MISSES_EVENT, "odd")] * (len(NAMES) - 1) + [(F.PATTERN_UNDECIDED, "odd")]
    assert [event.name for event in found.events if event.disproved] == list(NAMES[1:])


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


def doubtful(oracle: Callable[[str, str], bool] | None) -> FakeAccount:
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
