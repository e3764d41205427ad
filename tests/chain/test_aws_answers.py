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
from .accounts import CONTROL, NAMES, assessed, told

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


# --------------------------------------------------------------------------- AWS may refute, and proves nothing

DOUBTFUL = (
    ("a word with a dash", "$.awsRegion != eu-west-3"),
    ("another word with a dash", "($.userIdentity.userName NOT EXISTS || $.userIdentity.userName != ci-deployer)"),
    ("a word with a slash", "($.userAgent NOT EXISTS || $.userAgent != aws-internal/3)"),
    ("a word with colons", "$.sourceIPAddress != 2001:db8::1"),
    ("a number against a string", "($.recipientAccountId = 123456789012 || $.recipientAccountId NOT EXISTS)"),
    ("a boolean as a word", "($.readOnly = false || $.readOnly NOT EXISTS)"),
    ("an element that does not exist", "$.resources[*].ARN NOT EXISTS"),
)
"""Conditions that hold of every typical record, read as AWS may well read them, and of which nobody knows the rest."""


def doubtful(condition: str, oracle: Callable[[str, str], bool] | None) -> FakeAccount:
    names = " || ".join(f"$.eventName = {name}" for name in NAMES)
    pattern = f"{{ $.eventSource = config.amazonaws.com && ({names}) && {condition} }}"
    return a_monitored_account(filters=(a_filter(pattern, "doubtful"),), oracle=oracle)


def required_only(pattern: str, message: str) -> bool:
    return json.loads(message)["eventName"] in NAMES


CONDITIONS = pytest.mark.parametrize("condition", [each[1] for each in DOUBTFUL], ids=[each[0] for each in DOUBTFUL])


@CONDITIONS
def test_whatever_aws_matches_is_no_proof_for_the_records_it_was_not_asked_about(condition: str) -> None:
    found = assessed(doubtful(condition, required_only))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert {reason.id for reason in found.reasons} == {F.PATTERN_UNDECIDED}


@CONDITIONS
def test_without_aws_the_question_stays_open(condition: str) -> None:
    found = assessed(doubtful(condition, None))
    assert found.compliance is Compliance.NON_COMPLIANT
    assert {reason.id for reason in found.reasons} == {F.PATTERN_UNDECIDED}


def test_what_aws_does_not_match_is_the_counterexample() -> None:
    asked: list[str] = []

    def but_for_one(pattern: str, message: str) -> bool:
        asked.append(message)
        return required_only(pattern, message) and "PutDeliveryChannel" not in message

    found = assessed(doubtful(DOUBTFUL[0][1], but_for_one))
    assert found.compliance is Compliance.NON_COMPLIANT
    (missed,) = (event for event in found.events if event.name == "PutDeliveryChannel")
    assert missed.counterexample in asked
    assert told(found)[0] == (F.PATTERN_MISSES_EVENT, "doubtful")


def test_what_one_of_two_doubtful_filters_matches_is_no_counterexample() -> None:
    """Together they match every record that AWS is asked about; alone neither does."""
    account = doubtful("$.awsRegion != eu-west-3", None)
    (first,) = account.filters
    second = replace(first, filter_name="second", filter_pattern=first.filter_pattern.replace("eu-west-3", "us-east-1"))

    def by_region(pattern: str, message: str) -> bool:
        return required_only(pattern, message) and json.loads(message)["awsRegion"] not in pattern

    found = assessed(replace(account, filters=(first, second), oracle=by_region))
    assert {reason.id for reason in found.reasons} == {F.PATTERN_UNDECIDED}
    third = replace(first, filter_pattern=first.filter_pattern.replace("eu-west-3", "us-east-1"))
    found = assessed(replace(account, filters=(third,), oracle=by_region))
    assert {reason.id for reason in found.reasons} == {F.PATTERN_MISSES_EVENT}


def test_a_routine_event_is_settled_by_what_aws_says_of_it_however_late_it_comes() -> None:
    """Every one of the routine events is in doubt, more than fit into one question to AWS."""
    last = routine_events(ACCOUNT, REGION)[-1]
    name = json.loads(last.messages[-1].text)["eventName"]
    pattern = CONTROL.replace(" }", " || $.recipientAccountId = 123456789012 }")
    account = a_monitored_account(filters=(a_filter(pattern, "doubtful"),))
    quiet = assessed(replace(account, oracle=required_only))
    assert quiet.compliance is Compliance.COMPLIANT
    noisy = assessed(replace(account, oracle=lambda _, message: required_only(_, message) or name in message))
    assert told(noisy) == [(F.PATTERN_MATCHES_ROUTINE, "doubtful")]
    assert noisy.reasons[0].detail == f"such as {last.name}"
    unasked = assessed(replace(account, oracle=None))
    assert told(unasked) == [(F.PATTERN_UNDECIDED, "doubtful")]
    assert unasked.reasons[0].detail.endswith("and logs:TestMetricFilter was refused")


def test_what_aws_says_of_a_filter_on_a_broken_path_is_not_asked() -> None:
    def never(pattern: str, message: str) -> bool:
        pytest.fail("asked")

    account = replace(doubtful(DOUBTFUL[0][1], never), metric_alarms=(an_alarm(actions_enabled=False),))
    assert told(assessed(account))[0] == (F.ALARM_ACTIONS_DISABLED, "config-changes")
