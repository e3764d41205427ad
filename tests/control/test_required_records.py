"""What a proof is about takes nothing from the requirement, whoever asks: no proof is vacuous, nor half of one."""

from __future__ import annotations

import pytest
from config_changes_alarm.control import RequiredRecords, required_events, required_records
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.proof import Covered, Missed, Undecided, covers
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli.explanation import PatternVerdict, explain

ACCOUNT = "111122223333"
STOP = "$.eventName = StopConfigurationRecorder"
ROOT = '$.userIdentity.type = "Root"'
DENIED = '$.errorCode = "AccessDenied*"'


def records(required: str, failed_calls: bool = False) -> list[RequiredRecords]:
    pattern = parse(f"{{ {required} }}")
    return [required_records(pattern, event, failed_calls, ACCOUNT) for event in required_events(pattern)]


def covered(required: str, deployed: str) -> bool:
    found = [covers(each.pattern, [parse(f"{{ {deployed} }}")], each.model) for each in records(required)]
    assert found
    assert not [each for each in found if isinstance(each, Undecided)]
    return all(isinstance(each, Covered) for each in found)


@pytest.mark.parametrize(
    "required",
    [
        DENIED,
        f"{STOP} && {DENIED}",
        '($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication")',
        f"{STOP} && $.errorMessage = *",
        f"{STOP} && $.errorCode != x",
        f"$.eventSource = config.amazonaws.com && {STOP} && $.readOnly IS TRUE",
        f"$.eventSource = config.amazonaws.com && {STOP} && $.responseElements.x = y",
        f'{STOP} && $.recipientAccountId = "222233334444"',
        f"{STOP} && $.userIdentity = root",
        f"{STOP} && ({DENIED} || $.errorCode = *UnauthorizedOperation)",
    ],
)
def test_a_requirement_that_no_record_of_the_model_meets_is_not_covered_by_anything(required: str) -> None:
    assert not covered(required, "$.a = 1")
    assert covered(required, required)


@pytest.mark.parametrize(
    "alternative", [DENIED, "$.errorMessage = *", '$.recipientAccountId = "222233334444"', "$.eventTime IS NULL"]
)
@pytest.mark.parametrize("required", ["{} || {}", f"{STOP} && ({{}} || {{}})", "($.a = 1 || {}) && ($.b = 1 || {})"])
def test_no_alternative_disappears(required: str, alternative: str) -> None:
    whole = required.format(alternative, ROOT)
    assert not covered(whole, ROOT)
    assert not covered(whole, f"{ROOT} || $.eventName = x")
    assert covered(whole, whole)
    assert covered(whole, f"{alternative} || {ROOT}") is ("$.a" not in required)


def test_failed_calls_come_with_the_alternative_that_needs_them_and_with_no_other() -> None:
    required = f"{DENIED} || {ROOT}"
    assert covered(required, f"{DENIED} || ({ROOT} && $.errorCode NOT EXISTS)")
    assert covered(required, f"{DENIED} || ({ROOT} && $.errorMessage NOT EXISTS)")
    assert not covered(required, f"{DENIED} && {ROOT}")
    assert covered(f"{ROOT} && ({STOP} || {DENIED})", f"{ROOT} && ({DENIED} || {STOP} && $.errorCode NOT EXISTS)")


def test_an_alternative_within_another_counts_too() -> None:
    """Who writes both asks for the failed calls as well."""
    assert not covered(f"{ROOT} || ({ROOT} && {DENIED})", f"{ROOT} && $.errorCode NOT EXISTS")


@pytest.mark.parametrize(
    ("required", "deployed"),
    [
        (STOP, f"{STOP} && $.errorCode NOT EXISTS"),
        (f"{STOP} && $.errorCode NOT EXISTS", f"{STOP} && $.errorCode NOT EXISTS"),
        (f"({STOP} && $.a = 1 && $.a = 2) || {STOP}", f"{STOP} && $.errorCode NOT EXISTS"),
        (f"$.eventSource = config.amazonaws.com && {STOP}", "$.eventType = AwsApiCall && $.responseElements IS NULL"),
    ],
)
def test_what_the_requirement_leaves_open_is_known_as_before(required: str, deployed: str) -> None:
    assert covered(required, deployed)


def test_more_alternatives_than_can_be_looked_at_bring_all_that_the_pattern_speaks_of() -> None:
    many = " && ".join(f"($.a{number} = x || $.b{number} = x)" for number in range(12))
    required = f"{STOP} && {many} && ({ROOT} || {DENIED})"
    assert not covered(required, f"{ROOT}")
    assert covered(required, required)


@pytest.mark.parametrize(
    ("required", "source", "possible"),
    [
        (f"$.eventSource = config.amazonaws.com && {STOP}", "config.amazonaws.com", ()),
        (STOP, None, ()),
        (f"($.eventSource = a.com || $.eventSource = b.com) && {STOP}", None, ("a.com", "b.com")),
        (f"($.eventSource = config.amazonaws.com || {ROOT}) && {STOP}", None, ("config.amazonaws.com",)),
        (f'$.eventSource = "config*" && {STOP}', None, ()),
    ],
)
def test_every_source_that_an_event_may_have_is_kept(
    required: str, source: str | None, possible: tuple[str, ...]
) -> None:
    (event,) = required_events(parse(f"{{ {required} }}"))
    assert (event.source, event.possible_sources) == (source, possible)


def test_what_is_known_of_one_source_is_not_assumed_of_another() -> None:
    required = f"($.eventSource = config.amazonaws.com || $.eventSource = b.com) && {STOP}"
    assert not covered(required, f"{required} && $.responseElements IS NULL")
    (found,) = records(required)
    sources = {
        source for source in ("config.amazonaws.com", "b.com") if any(source in base for base in found.model.bases)
    }
    assert len(sources) == 2


@pytest.mark.parametrize(
    "required",
    [DENIED, '($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication")', f"{DENIED} || $.a = 1"],
)
def test_explaining_a_pattern_has_the_same_guard(required: str) -> None:
    requirement = Requirement.parse({"RequiredFilterPattern": f"{{ {required} }}"})
    assert explain(("{ $.a = 1 }",), requirement).verdict is PatternVerdict.MISSED


@pytest.mark.parametrize(
    ("deployed", "verdict"),
    [
        ("%StopConfigurationRecorder|DeleteDeliveryChannel|PutDeliveryChannel%", Covered),
        (r'?"\"eventName\":\"StopConfigurationRecorder\""', Covered),
        (r'"\"eventSource\":\"config.amazonaws.com\"" StopConfigurationRecorder', Covered),
        (r"%\x22eventName\x22:\x22Stop[A-Za-z]+\x22,?%", Covered),
        (r"%eventName\x22:\x22Stop[A-Za-z]+\x22%", Covered),
        ("%config.amazonaws.com%", Covered),
        ("%^.*StopConfigurationRecorder%", Undecided),
        ("%StopConfigurationRecorder$%", Missed),
        ("%^StopConfigurationRecorder%", Missed),
        (r'"\"eventName\": \"StopConfigurationRecorder\""', Missed),
        ("requestID", Undecided),
        ("DeleteDeliveryChannel", Missed),
    ],
)
def test_a_term_that_every_required_record_contains(deployed: str, verdict: type) -> None:
    (found,) = records(f"$.eventSource = config.amazonaws.com && {STOP}")
    answer = covers(found.pattern, [parse(deployed)], found.model)
    assert isinstance(answer, verdict), answer
