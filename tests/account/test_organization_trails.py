"""An organization's trail as its member sees it: what is hidden is asked of the owner, and never ends an evaluation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import botocore.session
import pytest
from config_changes_alarm.account import EvaluationFailed, EventSelectorsOf, Question, TrailStatusOf, Unreadable
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.resources import Trail

from .answers import HOME_REGION, MANAGEMENT, NOW, REGION, ROLE, organization_account, plain_account
from .http_aws import OWN, Content, HttpAws, Refusal, Request, answering, fixed
from .reading import answer_of, assessed, opened

pytestmark = pytest.mark.usefixtures("clock")

STATUS, SELECTORS = "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"
Answer = Content | Refusal


def differently(aws: HttpAws, operation: str, members: Answer | None = None, owners: Answer | None = None) -> HttpAws:
    """A member and the owner are answered differently; None is the compliant answer."""
    plain = aws.answers[operation]

    def answer(asked: Request) -> Answer:
        told = members if asked.place.account_id == OWN else owners
        return plain(asked) if told is None else told

    aws.answers[operation] = answer
    return aws


def first(assessment: Assessment) -> tuple[str, str, str]:
    reason = assessment.reasons[0]
    return str(assessment.compliance), str(reason.id), reason.detail


# --------------------------------------------------------------------------- what the owner is shown counts

STALE = {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": NOW - timedelta(days=60)}
SHOWN_TO_THE_OWNER = (
    ("a delivery error", {**STALE, "LatestCloudWatchLogsDeliveryError": "AccessDenied"}, "trail-delivery-error"),
    ("a last delivery of two months ago", STALE, "trail-delivery-stale"),
    ("no delivery ever", {"IsLogging": True, "StartLoggingTime": NOW - timedelta(days=60)}, "trail-delivery-stale"),
    ("stopped", {"IsLogging": False}, "trail-not-logging"),
)
SHOWN_TO_A_MEMBER = (
    ("that it is logging", {"IsLogging": True}),
    ("since when it is logging", {"IsLogging": True, "StartLoggingTime": NOW - timedelta(days=900)}),
    ("nothing", Refusal("TrailNotFoundException")),
)
shown_to_a_member = pytest.mark.parametrize(
    "members", [each[1] for each in SHOWN_TO_A_MEMBER], ids=[each[0] for each in SHOWN_TO_A_MEMBER]
)


@pytest.mark.parametrize(
    "members", [each[1] for each in SHOWN_TO_A_MEMBER], ids=[each[0] for each in SHOWN_TO_A_MEMBER]
)
@pytest.mark.parametrize(
    ("words", "owners", "finding"), SHOWN_TO_THE_OWNER, ids=[each[0] for each in SHOWN_TO_THE_OWNER]
)
def test_a_member_is_not_believed_what_the_owner_knows_better(
    words: str, owners: Content, finding: str, members: Answer
) -> None:
    found = assessed(differently(organization_account(), STATUS, members, owners), ROLE)
    assert first(found)[:2] == ("NON_COMPLIANT", finding)


@pytest.mark.parametrize(
    "members", [each[1] for each in SHOWN_TO_A_MEMBER], ids=[each[0] for each in SHOWN_TO_A_MEMBER]
)
def test_what_a_member_is_not_shown_says_nothing_against_the_trail(members: Answer) -> None:
    assert assessed(differently(organization_account(), STATUS, members), ROLE).compliance == "COMPLIANT"


def test_what_only_a_member_is_shown_counts_against_the_trail() -> None:
    aws = differently(organization_account(), STATUS, {"IsLogging": False})
    assert first(assessed(aws, ROLE))[1] == "trail-not-logging"
    aws = differently(organization_account(), STATUS, {"IsLogging": False}, Refusal("AccessDeniedException"))
    assert first(assessed(aws, ROLE))[1] == "trail-not-logging"


def test_a_role_that_may_not_read_the_status_proves_nothing() -> None:
    fresh = {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": NOW - timedelta(minutes=3)}
    aws = differently(organization_account(), STATUS, fresh, Refusal("AccessDeniedException"))
    assert first(assessed(aws, ROLE)) == (
        "NON_COMPLIANT",
        "cannot-read",
        "cloudtrail:GetTrailStatus denied (AccessDeniedException)",
    )


def test_the_owner_s_selectors_count_even_where_a_member_is_shown_others() -> None:
    reads = {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}
    aws = organization_account()
    owners = {**answer_of(aws, SELECTORS), "EventSelectors": [reads]}
    assert first(assessed(differently(aws, SELECTORS, None, owners), ROLE))[1] == "trail-selectors-miss-event"


# --------------------------------------------------------------------------- every refusal is hidden


def modelled(operation: str) -> set[str]:
    model = botocore.session.get_session().get_service_model("cloudtrail")
    return {shape.name for shape in model.operation_model(operation.partition(":")[2]).error_shapes}


SEEN_ELSEWHERE = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "CloudTrailAccessNotEnabledException",
    "InvalidClientTokenId",
    "InvalidHomeRegionException",
    "NotOrganizationMasterAccountException",
    "OptInRequired",
    "OrganizationNotInAllFeaturesModeException",
    "ResourceNotFoundException",
    "SomethingNewException",
    "UnrecognizedClientException",
    "ValidationException",
)
"""A Region that is not enabled, a policy of the organization, and what may yet come."""
REFUSED = [
    (operation, code) for operation in (STATUS, SELECTORS) for code in sorted({*modelled(operation), *SEEN_ELSEWHERE})
]
SILENT: tuple[tuple[str, Content], ...] = ((STATUS, {}), (SELECTORS, {"TrailARN": "its own"}))


def trail_of(aws: HttpAws) -> Trail:
    (trail,) = answer_of(aws, "cloudtrail:DescribeTrails")["trailList"]
    return Trail.from_api(trail)


def question(operation: str, trail: Trail) -> Question[Any]:
    return TrailStatusOf(trail) if operation == STATUS else EventSelectorsOf(trail)


@pytest.mark.parametrize(("operation", "code"), REFUSED)
def test_without_the_role_a_refusal_of_another_account_s_trail_is_unreadable(operation: str, code: str) -> None:
    aws = differently(organization_account(), operation, Refusal(code))
    with answering(aws) as session:
        answer = opened(session).ask(question(operation, trail_of(aws)))
    assert answer == Unreadable(operation, code, trail_of(aws).trail_arn)


@pytest.mark.parametrize(("operation", "code"), REFUSED)
def test_with_the_role_the_owner_answers(operation: str, code: str) -> None:
    assert assessed(differently(organization_account(), operation, Refusal(code)), ROLE).compliance == "COMPLIANT"


@pytest.mark.parametrize(("operation", "silence"), SILENT)
def test_an_answer_without_content_is_hidden_too(operation: str, silence: Content) -> None:
    trail = trail_of(organization_account())
    told = {**silence, "TrailARN": trail.trail_arn} if silence else silence
    aws = differently(organization_account(), operation, told)
    with answering(aws) as session:
        assert isinstance(opened(session).ask(question(operation, trail)), Unreadable)
    assert assessed(aws, ROLE).compliance == "COMPLIANT"


@pytest.mark.parametrize("role", [None, ROLE], ids=["no role", "a role"])
@pytest.mark.parametrize(("operation", "code"), REFUSED)
def test_an_unrelated_trail_never_silences_a_whole_chain(operation: str, code: str, role: str | None) -> None:
    assert assessed(beside_a_foreign_trail(operation, Refusal(code)), role).compliance == "COMPLIANT"


def beside_a_foreign_trail(operation: str, told: Answer) -> HttpAws:
    """A compliant account's own trail and another account's, which says nothing, not even to its owner."""
    aws = plain_account()
    (own,) = answer_of(aws, "cloudtrail:DescribeTrails")["trailList"]
    arn = own["TrailARN"].replace(OWN, MANAGEMENT).replace("everything", "organization").replace(REGION, HOME_REGION)
    foreign = {
        **own,
        "Name": "organization",
        "HomeRegion": HOME_REGION,
        "TrailARN": arn,
        "IsOrganizationTrail": True,
        "CloudWatchLogsLogGroupArn": own["CloudWatchLogsLogGroupArn"].replace(OWN, MANAGEMENT),
    }
    aws.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": [foreign, own]})
    aws.answers["sts:AssumeRole"] = lambda _: Refusal("AccessDenied", 403)
    for name in (STATUS, SELECTORS):
        aws.answers[name] = _but(aws.answers[name], told if name == operation else None)
    return aws


def _but(plain: Callable[[Request], Answer], told: Answer | None) -> Callable[[Request], Answer]:
    def answer(asked: Request) -> Answer:
        arn: Any = asked.members.get("Name", asked.members.get("TrailName"))
        if "organization" not in arn:
            return plain(asked)
        answer = plain(asked) if told is None else told
        return answer if isinstance(answer, Refusal) or "TrailARN" not in answer else {**answer, "TrailARN": arn}

    return answer


# --------------------------------------------------------------------------- what stays as it was


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "ExpiredTokenException"])
def test_a_passing_failure_gives_no_verdict(code: str) -> None:
    with pytest.raises(EvaluationFailed):
        assessed(differently(organization_account(), STATUS, Refusal(code, 400 if "Fail" not in code else 500)), ROLE)


def test_an_own_trail_that_is_not_found_is_gone() -> None:
    aws = plain_account()
    aws.answers[STATUS] = lambda _: Refusal("TrailNotFoundException")
    assert first(assessed(aws))[1:] == ("trail-not-logging", "it no longer exists in its home Region")


@pytest.mark.parametrize("code", ["CloudTrailARNInvalidException", "UnsupportedOperationException"])
def test_an_own_trail_that_cannot_be_asked_about_gives_no_verdict(code: str) -> None:
    aws = plain_account()
    aws.answers[STATUS] = lambda _: Refusal(code)
    with pytest.raises(EvaluationFailed, match=code):
        assessed(aws, region=REGION)


def test_an_organization_s_trail_that_its_owner_does_not_find_is_gone() -> None:
    gone = Refusal("TrailNotFoundException")
    assert first(assessed(differently(organization_account(), STATUS, gone, gone), ROLE))[1] == "trail-not-logging"
