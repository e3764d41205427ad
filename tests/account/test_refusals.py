"""What AWS refuses is unreadable; credentials that it does not accept give no verdict."""

from __future__ import annotations

import pytest
from config_changes_alarm.account import EvaluationFailed, MetricFiltersOf, Unreadable
from config_changes_alarm.resources import LogGroupId

from .answers import GROUP, REGION, plain_account
from .http_aws import OWN, HttpAws, Refusal, answering
from .reading import assessed, opened

pytestmark = pytest.mark.usefixtures("clock")


DENIALS = (
    ("AccessDenied", 403),
    ("AccessDeniedException", 400),
    ("AuthorizationError", 403),
    ("AuthorizationErrorException", 403),
    ("UnauthorizedOperation", 403),
    ("UnauthorizedAccess", 403),
    ("NotAuthorized", 400),
    ("KMSAccessDenied", 400),
    ("KMSAccessDeniedException", 400),
    ("KMSOptInRequired", 403),
    ("OptInRequired", 403),
    ("SubscriptionRequiredException", 400),
    ("RegionDisabledException", 403),
    ("CloudTrailAccessNotEnabledException", 400),
    ("OperationNotPermittedException", 400),
    ("InsufficientDependencyServiceAccessPermissionException", 400),
    ("NoManagementAccountSLRExistsException", 400),
)
FILTERS = "logs:DescribeMetricFilters"


def refusing(operation: str, code: str, status: int = 400) -> HttpAws:
    aws = plain_account()
    aws.answers[operation] = lambda _: Refusal(code, status)
    return aws


@pytest.mark.parametrize(("code", "status"), DENIALS, ids=[code for code, _ in DENIALS])
def test_a_denied_read_is_unreadable(code: str, status: int) -> None:
    with answering(refusing(FILTERS, code, status)) as session:
        answer = opened(session).ask(MetricFiltersOf(LogGroupId("aws", OWN, REGION, GROUP)))
    assert answer == Unreadable(FILTERS, code, GROUP)


CREDENTIALS = (
    ("ExpiredToken", "the credentials have expired"),
    ("ExpiredTokenException", "the credentials have expired"),
    ("RequestExpired", "the credentials have expired"),
    ("InvalidClientTokenId", "AWS does not accept these credentials (InvalidClientTokenId)"),
    ("UnrecognizedClientException", "AWS does not accept these credentials (UnrecognizedClientException)"),
    ("AuthFailure", "AWS does not accept these credentials (AuthFailure)"),
    ("SignatureDoesNotMatch", "AWS does not accept these credentials (SignatureDoesNotMatch)"),
    ("InvalidSignatureException", "AWS does not accept these credentials (InvalidSignatureException)"),
    ("IncompleteSignature", "AWS does not accept these credentials (IncompleteSignature)"),
    ("MissingAuthenticationToken", "AWS does not accept these credentials (MissingAuthenticationToken)"),
)


@pytest.mark.parametrize(("code", "message"), CREDENTIALS, ids=[code for code, _ in CREDENTIALS])
def test_bad_credentials_are_told_as_such(code: str, message: str) -> None:
    with pytest.raises(EvaluationFailed) as caught:
        assessed(refusing("cloudtrail:DescribeTrails", code, 403))
    assert str(caught.value) == f"cloudtrail:DescribeTrails: {message}"


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"])
def test_a_region_that_is_not_enabled_is_unreadable(code: str) -> None:
    """There AWS does not know credentials that are good at home."""
    with answering(refusing(FILTERS, code, 403)) as session:
        answer = opened(session).ask(MetricFiltersOf(LogGroupId("aws", OWN, "ap-east-2", GROUP)))
    assert answer == Unreadable(FILTERS, code, GROUP)


@pytest.mark.parametrize("code", ["ExpiredToken", "SignatureDoesNotMatch"])
def test_expired_or_wrong_credentials_are_so_in_every_region(code: str) -> None:
    with (
        answering(refusing(FILTERS, code, 403)) as session,
        pytest.raises(EvaluationFailed),
    ):
        opened(session).ask(MetricFiltersOf(LogGroupId("aws", OWN, "ap-east-2", GROUP)))
