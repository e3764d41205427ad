"""Every control judged as it is meant: ways to write its filter that are as good, and ways that are not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from config_changes_alarm.control import Control, Role, Verdict, control, controls, required_records
from config_changes_alarm.filter_pattern import Answer, matches, parse
from config_changes_alarm.proof import Covered, Missed, covers
from config_changes_alarm.requirement import Requirement

from config_changes_alarm_cli.explanation import Explanation, Matched, explain

ALL = controls()
OF_CALLS = tuple(each for each in ALL if each.events and each.condition is None)
SIGN_IN, FAILURES = control("sign-in-without-mfa"), control("console-authentication-failures")
ROOT, DENIED = control("root-usage"), control("unauthorized-api-calls")
V = Verdict


def explained(pattern: str, asked: Control, **parameters: str) -> Explanation:
    return explain((pattern,), Requirement.parse({"Control": asked.id, **parameters}))


def verdict(pattern: str, asked: Control, **parameters: str) -> str:
    return str(explained(pattern, asked, **parameters).verdict)


def inside(pattern: str) -> str:
    return pattern.strip().removeprefix("{").removesuffix("}").strip()


def narrowed(pattern: str, condition: str) -> str:
    return f"{{ ({inside(pattern)}) && {condition} }}"


def names_of(asked: Control) -> list[str]:
    return re.findall(r"eventName\s*=\s*\"?(\w+)", asked.filter_pattern)


def any_of(names: list[str]) -> str:
    return " || ".join(f"($.eventName = {name})" for name in names)


# --------------------------------------------------------------------------- the published texts


@pytest.mark.parametrize(
    ("asked", "number", "version"),
    [
        pytest.param(each, number, version, id=f"{each.id} {version} {published.role}")
        for each in ALL
        for number, published in enumerate(each.published)
        for version in published.versions
    ],
)
def test_a_published_text_is_worth_what_the_catalogue_says(asked: Control, number: int, version: str) -> None:
    """Of the control as that version has it, or else the last of those that the text was published in."""
    published = asked.published[number]
    versions = [version] if version in asked.numbers else [each for each in published.versions if each in asked.numbers]
    named = f"CIS-{versions[-1]}/{asked.numbers[versions[-1]]}" if versions else asked.id
    found = explain((published.pattern,), Requirement.parse({"Control": named}))
    assert str(found.verdict) == published.verdict, found
    if published.role is not Role.MISTAKE:
        assert published.verdict is V.COVERED


def test_what_a_later_version_adds_is_missed_and_named() -> None:
    asked = control("security-group-changes")
    found = explained(asked.published[0].pattern, asked)
    assert str(found.verdict) == "missed"
    assert [event.name for event in found.events if event.matched is not Matched.ALWAYS] == ["ModifySecurityGroupRules"]
    assert found.counterexample is not None
    assert found.counterexample["eventName"] == "ModifySecurityGroupRules"


# --------------------------------------------------------------------------- as good


@dataclass(frozen=True)
class Writing:
    """Another way to write a control's filter."""

    asked: Control
    words: str
    pattern: str


def good_writings() -> Iterator[Writing]:
    for asked in OF_CALLS:
        names, source = names_of(asked), asked.source
        assert source is not None
        calls = any_of(names)
        yield Writing(asked, "in another order", f"{{ {any_of(names[::-1])} }}")
        yield Writing(asked, "source last", f"{{ ({calls}) && ($.eventSource = {source}) }}")
        yield Writing(asked, "quotes", "{ " + " || ".join(f'$.eventName = "{name}"' for name in names) + " }")
        yield Writing(asked, "a regular expression", f"{{ $.eventName = %{'|'.join(f'^{name}$' for name in names)}% }}")
        yield Writing(asked, "terms", " ".join(f"?{name}" for name in names))
        yield Writing(asked, "successful calls", narrowed(f"{{ {calls} }}", "($.errorCode NOT EXISTS)"))
        yield Writing(asked, "API calls", narrowed(f"{{ {calls} }}", '($.eventType = "AwsApiCall")'))
        yield Writing(asked, "management events", narrowed(f"{{ {calls} }}", '$.eventCategory = "Management"'))
        yield Writing(asked, "no reads", narrowed(f"{{ {calls} }}", "($.readOnly NOT EXISTS || $.readOnly IS FALSE)"))
        if asked.regions:
            yield Writing(asked, "its Region", narrowed(f"{{ {calls} }}", '($.awsRegion = "us-east-1")'))
        if any(each.retired for each in asked.events):
            yield Writing(asked, "without what is retired", asked.pattern)
    sign_in = "$.eventName = ConsoleLogin"
    for words, condition in {
        "MFAUsed is No": "$.additionalEventData.MFAUsed = No",
        "with its source": '$.additionalEventData.MFAUsed != Yes && $.eventSource = "signin.amazonaws.com"',
        "with its type": "$.additionalEventData.MFAUsed != Yes && $.eventType = AwsConsoleSignIn",
        "without an error": "$.additionalEventData.MFAUsed != Yes && $.errorMessage NOT EXISTS",
        "without a request id": "$.additionalEventData.MFAUsed != Yes && $.requestID NOT EXISTS",
        "not failed": "$.additionalEventData.MFAUsed != Yes && $.responseElements.ConsoleLogin != Failure",
        "not single sign-on": "$.additionalEventData.MFAUsed != Yes && $.userIdentity.type != AssumedRole",
    }.items():
        yield Writing(SIGN_IN, words, f"{{ {sign_in} && {condition} }}")
    for words, condition in {
        "in another order": '$.errorMessage = "Failed authentication"',
        "with its source": "$.errorMessage = Failed* && $.eventSource = signin.amazonaws.com",
        "with its outcome": '$.errorMessage = "Failed authentication" && $.responseElements.ConsoleLogin = Failure',
        "without an error code": '$.errorMessage = "Failed authentication" && $.errorCode NOT EXISTS',
        "by its outcome": "$.responseElements.ConsoleLogin = Failure",
    }.items():
        yield Writing(FAILURES, words, f"{{ {condition} && {sign_in} }}")
    root = '$.userIdentity.type = "Root"'
    yield Writing(ROOT, "in another order", f"{{ $.userIdentity.invokedBy NOT EXISTS && {root} }}")
    yield Writing(ROOT, "every record", f"{{ {root} }}")
    yield Writing(ROOT, "not of a service", f"{{ {root} && $.eventType != AwsServiceEvent }}")
    yield Writing(DENIED, "every denial", '{ $.errorCode = "AccessDenied*" || $.errorCode = "*UnauthorizedOperation" }')
    yield Writing(DENIED, "one regular expression", "{ $.errorCode = %^AccessDenied|UnauthorizedOperation$% }")


@pytest.mark.parametrize("case", list(good_writings()), ids=lambda case: f"{case.asked.id}, {case.words}")
def test_what_means_the_same_is_as_good(case: Writing) -> None:
    found = explained(case.pattern, case.asked)
    assert str(found.verdict) == "covered", found


# --------------------------------------------------------------------------- not as good


def bad_writings() -> Iterator[Writing]:
    for asked in OF_CALLS:
        names, last = names_of(asked), asked.event_names[-1]
        calls = any_of(names)
        yield Writing(asked, "one call missing", f"{{ {any_of([each for each in names if each != last])} }}")
        yield Writing(asked, "and for or", f"{{ {calls.replace('||', '&&')} }}")
        yield Writing(asked, "an excluded role", narrowed(f"{{ {calls} }}", '($.userIdentity.arn != "*deploy*")'))
        yield Writing(asked, "the wrong source", narrowed(f"{{ {calls} }}", "($.eventSource = iot.amazonaws.com)"))
        yield Writing(asked, "the wrong case", f"{{ {calls.replace(last, last.lower())} }}")
        yield Writing(asked, "a sign-in", narrowed(f"{{ {calls} }}", "($.eventType = AwsConsoleSignIn)"))
        yield Writing(asked, "failed calls", narrowed(f"{{ {calls} }}", '($.errorCode = "*")'))
        yield Writing(asked, "another Region", narrowed(f"{{ {calls} }}", '($.awsRegion = "eu-west-1")'))
        if not asked.regions:
            yield Writing(asked, "one Region", narrowed(f"{{ {calls} }}", '($.awsRegion = "us-east-1")'))
    sign_in = "$.eventName = ConsoleLogin && $.additionalEventData.MFAUsed != Yes"
    yield Writing(SIGN_IN, "with MFA", "{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed = Yes }")
    yield Writing(SIGN_IN, "the root user", f"{{ {sign_in} && $.userIdentity.type = Root }}")
    yield Writing(SIGN_IN, "failed ones", f"{{ {sign_in} && $.responseElements.ConsoleLogin = Failure }}")
    yield Writing(SIGN_IN, "an API call", f"{{ {sign_in} && $.eventType = AwsApiCall }}")
    yield Writing(SIGN_IN, "with a request id", f'{{ {sign_in} && $.requestID = "*" }}')
    yield Writing(SIGN_IN, "another event", "{ $.eventName = CheckMfa && $.additionalEventData.MFAUsed != Yes }")
    yield Writing(
        SIGN_IN,
        "a member that sign-ins lack",
        '{ $.eventName = ConsoleLogin && $.userIdentity.sessionContext.attributes.mfaAuthenticated != "true" '
        "&& $.userIdentity.sessionContext.attributes.mfaAuthenticated = * }",
    )
    failed = '$.eventName = ConsoleLogin && $.errorMessage = "Failed authentication"'
    yield Writing(FAILURES, "with an error code", f'{{ {failed} && $.errorCode = "*" }}')
    yield Writing(FAILURES, "the wrong message", failed.replace("Failed", "failed").join("{}"))
    yield Writing(FAILURES, "successful ones", f"{{ {failed} && $.responseElements.ConsoleLogin = Success }}")
    root = '$.userIdentity.type = "Root"'
    yield Writing(ROOT, "calls alone", f"{{ {root} && $.eventType = AwsApiCall }}")
    yield Writing(ROOT, "sign-ins alone", f"{{ {root} && $.eventName = ConsoleLogin }}")
    yield Writing(ROOT, "successful calls alone", f"{{ {root} && $.errorCode NOT EXISTS }}")
    yield Writing(ROOT, "writes alone", f"{{ {root} && $.readOnly IS FALSE }}")
    yield Writing(ROOT, "the wrong case", '{ $.userIdentity.type = "root" }')
    yield Writing(DENIED, "one kind", '{ $.errorCode = "AccessDenied*" }')
    yield Writing(DENIED, "the very word", '{ $.errorCode = "AccessDenied" || $.errorCode = "*UnauthorizedOperation" }')
    yield Writing(DENIED, "and for or", '{ $.errorCode = "AccessDenied*" && $.errorCode = "*UnauthorizedOperation" }')
    yield Writing(
        DENIED,
        "an excluded user",
        '{ ($.errorCode = "AccessDenied*" || $.errorCode = "*UnauthorizedOperation") && $.userIdentity.userName != x }',
    )


@pytest.mark.parametrize("case", list(bad_writings()), ids=lambda case: f"{case.asked.id}, {case.words}")
def test_what_means_less_is_missed_with_a_record_of_the_control(case: Writing) -> None:
    found = explained(case.pattern, case.asked)
    assert str(found.verdict) == "missed", found
    assert found.counterexample is not None
    assert found.counterexample.get("eventName") in (case.asked.event_names or (found.counterexample["eventName"],))
    _is_a_record_of(case.asked, found)


def _is_a_record_of(asked: Control, found: Explanation) -> None:
    record = json.dumps(found.counterexample, separators=(",", ":"))
    assert matches(parse(asked.pattern), record) is Answer.MATCH
    assert found.counterexample is not None
    if asked.source is not None:
        assert found.counterexample["eventType"] in asked.event_types
        assert ("requestID" in found.counterexample) is (asked.members.get("requestID") != ())


def test_a_policy_of_another_service_is_not_missed() -> None:
    """CreatePolicy is a call of AWS IoT and AWS Organizations too: who tests IAM's source misses nothing."""
    for asked, source, other in (
        (control("iam-policy-changes"), "iam", "organizations"),
        (control("organizations-changes"), "organizations", "iot"),
    ):
        calls = any_of(names_of(asked))
        assert verdict(f"{{ ({calls}) && $.eventSource = {source}.amazonaws.com }}", asked) == "covered"
        assert verdict(f"{{ ({calls}) && $.eventSource = {other}.amazonaws.com }}", asked) == "missed"
        assert verdict(f"{{ ({calls}) && $.eventSource != {other}.amazonaws.com }}", asked) in ("covered", "undecided")


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1"])
def test_a_global_service_is_recorded_where_its_partition_has_it(region: str) -> None:
    requirement = Requirement.parse({"Control": "iam-policy-changes"})
    (event, *_) = requirement.events
    found = required_records(requirement.pattern, event, False, "123456789012", region)
    there, elsewhere = (parse(f'{{ $.awsRegion = "{each}" }}') for each in (region, "us-east-1"))
    assert isinstance(covers(found.pattern, [there], found.model), Covered)
    assert isinstance(covers(found.pattern, [elsewhere], found.model), Missed)


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.id)
def test_a_filter_for_everything_is_too_broad(asked: Control) -> None:
    assert verdict('{ $.eventName = "*" }', asked) == "too broad"
    assert verdict("", asked) == "too broad"
