"""Whatever goes wrong between this rule and AWS, it never ends in a verdict without evidence.

Each API of the chain x each fault, at the HTTP level with the real botocore in between, on a compliant account.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from config_changes_alarm.account import EvaluationFailed, Unreadable
from config_changes_alarm.account.aws_account import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, AwsAccount
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import LogGroupId

from .answers import GROUP, NOW, REGION, ROLE, organization_account, plain_account
from .conftest import Clock
from .http_aws import OWN, TOKENS, Content, Fault, HttpAws, Refusal, Request, answering, fixed

ATTEMPT_SECONDS = CONNECT_SECONDS + READ_SECONDS
LONGEST_WAIT = 8
"""Seconds that botocore waits at most before the last attempt: a random part of 1, 2, 4, 8."""


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def organization() -> HttpAws:
    return organization_account()


def assessed(aws: HttpAws, role: str | None = ROLE, **settings: Any) -> tuple[Assessment, AwsAccount]:
    with answering(aws) as session:
        account = AwsAccount(session, OWN, REGION, role, **settings)
        parameters = {"LogGroupAccountRoleName": role} if role else {}
        return assess(account, Requirement.parse(parameters), NOW), account


def outcome(aws: HttpAws, operation: str) -> str:
    """The verdict in words; a failure has to name the API."""
    try:
        assessment, _ = assessed(aws)
    except EvaluationFailed as error:
        return "no verdict" if operation.partition(":")[2] in str(error) else str(error)
    if assessment.compliance == "COMPLIANT":
        return "COMPLIANT"
    refused = [reason for reason in assessment.reasons if ("operation", operation) in reason.facts]
    return "cannot verify" if refused else "NON_COMPLIANT"


OPERATIONS = tuple(organization_account().answers)
HISTORY = "cloudwatch:DescribeAlarmHistory"
EXPECTED = {
    Fault.DENIED: "cannot verify",
    Fault.THROTTLED_TWICE: "COMPLIANT",
    Fault.SECOND_PAGE_DENIED: "cannot verify",
}
"""Everything else ends without a verdict."""
EXCEPTIONS = {
    # alarm history is only ever evidence against
    (HISTORY, Fault.DENIED): "COMPLIANT",
    (HISTORY, Fault.EMPTY): "COMPLIANT",
    (HISTORY, Fault.NOT_AWS): "COMPLIANT",
    (HISTORY, Fault.NO_MEMBERS): "COMPLIANT",
    # the listing of all alarms shows this one too
    ("cloudwatch:DescribeAlarmsForMetric", Fault.DENIED): "COMPLIANT",
    # the log group stands on the first page
    ("logs:DescribeLogGroups", Fault.SECOND_PAGE_DENIED): "COMPLIANT",
    ("logs:DescribeLogGroups", Fault.SECOND_PAGE_FAILS): "COMPLIANT",
    # without AWS's own judgement the pattern stays undecided
    ("logs:TestMetricFilter", Fault.DENIED): "NON_COMPLIANT",
}


def matrix() -> list[tuple[str, Fault]]:
    paged_only = (Fault.SECOND_PAGE_DENIED, Fault.SECOND_PAGE_FAILS)
    return [
        (operation, fault)
        for operation in OPERATIONS
        for fault in Fault
        if operation in TOKENS or fault not in paged_only
    ]


def test_the_account_of_the_matrix_is_compliant_and_needs_every_api(organization: HttpAws) -> None:
    assessment, _ = assessed(organization)
    assert assessment.compliance == "COMPLIANT"
    assert {request.operation for request in organization.requests} == set(OPERATIONS)


@pytest.mark.parametrize(("operation", "fault"), matrix(), ids=lambda value: getattr(value, "value", value))
def test_fault(
    operation: str,
    fault: Fault,
    organization: HttpAws,
    clock: Clock,
    record_property: Callable[[str, object], None],
) -> None:
    organization.faults[operation] = fault
    found = outcome(organization, operation)
    assert found == EXCEPTIONS.get((operation, fault), EXPECTED.get(fault, "no verdict"))
    record_property("fault matrix", f"{fault.value}|{found}")
    asked = [(request.operation, str(request.members)) for request in organization.requests]
    assert max(asked.count(each) for each in asked) <= ATTEMPTS


def test_a_call_that_is_throttled_twice_is_counted_with_its_retries(organization: HttpAws) -> None:
    organization.faults["sns:GetTopicAttributes"] = Fault.THROTTLED_TWICE
    _, account = assessed(organization)
    assert [call.retries for call in account.calls() if call.operation == "sns:GetTopicAttributes"] == [2]


def test_a_failure_neither_hides_nor_cancels_what_is_read_beside_it(organization: HttpAws) -> None:
    organization.faults["cloudtrail:GetTrailStatus"] = Fault.SERVER_ERROR
    with pytest.raises(EvaluationFailed, match="GetTrailStatus"):
        assessed(organization)
    beside = {"cloudtrail:GetEventSelectors", "logs:DescribeLogGroups", "logs:DescribeMetricFilters"}
    assert beside <= {request.operation for request in organization.requests}


def test_a_refused_read_leaves_the_others_to_prove_it(organization: HttpAws) -> None:
    """Two trails, one of which may not be read: the other one's chain is whole."""
    trails = organization.answers["cloudtrail:DescribeTrails"](Request("", organization_place(), {}))
    assert isinstance(trails, dict)
    (trail,) = trails["trailList"]
    secret = {**trail, "Name": "secret", "TrailARN": trail["TrailARN"].replace("everything", "secret")}
    organization.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": [secret, trail]})
    status = organization.answers["cloudtrail:GetTrailStatus"]
    organization.answers["cloudtrail:GetTrailStatus"] = lambda asked: (
        Refusal("AccessDeniedException", 403) if "secret" in asked.members["Name"] else status(asked)
    )
    selectors = organization.answers["cloudtrail:GetEventSelectors"]

    def of_that_trail(asked: Request) -> Content | Refusal:
        answer = selectors(asked)
        assert isinstance(answer, dict)
        return {**answer, "TrailARN": asked.members["TrailName"]}

    organization.answers["cloudtrail:GetEventSelectors"] = of_that_trail
    assert assessed(organization)[0].compliance == "COMPLIANT"


def organization_place() -> Any:
    return LogGroupId("aws", OWN, REGION, GROUP).place


# --------------------------------------------------------------------------- time


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_evaluation_outlives_its_time(operation: str, organization: HttpAws, clock: Clock) -> None:
    """Every call needs all attempts, and one never gets through: it ends one attempt and one wait after its time."""
    answers = dict(organization.answers)

    def slowly(asked: Request) -> Content | Refusal:
        clock.now += ATTEMPT_SECONDS
        number = sum(each.operation == asked.operation for each in organization.requests)
        if asked.operation == operation or number < ATTEMPTS:
            return Refusal("InternalFailure", 503)
        return answers[asked.operation](asked)

    organization.answers = dict.fromkeys(answers, slowly)
    with pytest.raises(EvaluationFailed):
        assessed(organization, seconds=30)
    side_by_side = 4
    assert clock.now <= 30 + side_by_side * (ATTEMPT_SECONDS + LONGEST_WAIT)


def test_the_end_of_time_is_told(organization: HttpAws) -> None:
    with pytest.raises(EvaluationFailed, match="AWS did not answer everything within 0 s"):
        assessed(organization, seconds=0)


def test_all_attempts_of_one_call_end_within_a_minute() -> None:
    assert ATTEMPTS * ATTEMPT_SECONDS + 0.05 * (1 + 2 + 4 + 8) < 60


# --------------------------------------------------------------------------- refusals and credentials

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
        answer = AwsAccount(session, OWN, REGION).metric_filters(LogGroupId("aws", OWN, REGION, GROUP))
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
        assessed(refusing("cloudtrail:DescribeTrails", code, 403), role=None)
    assert str(caught.value) == f"cloudtrail:DescribeTrails: {message}"


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"])
def test_a_region_that_is_not_enabled_is_unreadable(code: str) -> None:
    """There AWS does not know credentials that are good at home."""
    with answering(refusing(FILTERS, code, 403)) as session:
        answer = AwsAccount(session, OWN, REGION).metric_filters(LogGroupId("aws", OWN, "ap-east-2", GROUP))
    assert answer == Unreadable(FILTERS, code, GROUP)


@pytest.mark.parametrize("code", ["ExpiredToken", "SignatureDoesNotMatch"])
def test_expired_or_wrong_credentials_are_so_in_every_region(code: str) -> None:
    with (
        answering(refusing(FILTERS, code, 403)) as session,
        pytest.raises(EvaluationFailed),
    ):
        AwsAccount(session, OWN, REGION).metric_filters(LogGroupId("aws", OWN, "ap-east-2", GROUP))


# --------------------------------------------------------------------------- missing members

MAY_BE_ABSENT = {
    "cloudtrail:DescribeTrails": {"IsOrganizationTrail", "HasCustomEventSelectors"},
    "cloudtrail:GetTrailStatus": {"StartLoggingTime"},  # it has delivered since
    # PutEventSelectors documents what each is when it is not given
    "cloudtrail:GetEventSelectors": {"ReadWriteType", "IncludeManagementEvents", "ExcludeManagementEventSources"},
    "logs:DescribeLogGroups": {"arn", "logGroupClass"},  # the name says which; without a class it is STANDARD
    "logs:DescribeMetricFilters": {"applyOnTransformedLogs"},
    # the alarm is found in the full listing too
    "cloudwatch:DescribeAlarmsForMetric": {
        "MetricName", "Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator",
    },
    "cloudwatch:DescribeAlarms": {"LogAlarms"},
    "cloudwatch:GetAlarmMuteRule": {"Duration"},  # a single window
    "cloudwatch:DescribeAlarmHistory": {
        "AlarmHistoryItems", "AlarmName", "Timestamp", "HistoryItemType", "HistorySummary", "HistoryData",
    },  # only ever evidence against, and this success is none
    "sns:GetTopicAttributes": {"KmsMasterKeyId"},  # not encrypted
    "sns:ListSubscriptionsByTopic": {"Endpoint"},
}  # fmt: skip
"""Members that are read, and whose absence AWS documents or the proof does without."""
ALARM = {
    "DatapointsToAlarm", "Dimensions", "TreatMissingData", "AlarmActions", "StateTransitionedTimestamp",
    "StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp",
}  # fmt: skip
NOT_READ = {
    "cloudtrail:DescribeTrails": {
        "S3BucketName", "IncludeGlobalServiceEvents", "LogFileValidationEnabled", "CloudWatchLogsRoleArn",
        "HasInsightSelectors",
    },
    "cloudtrail:GetTrailStatus": {"LatestDeliveryTime"},
    "cloudtrail:GetEventSelectors": {"DataResources"},
    "logs:DescribeLogGroups": {"creationTime", "metricFilterCount", "storedBytes", "logGroupArn"},
    "logs:DescribeMetricFilters": {"creationTime"},
    "logs:TestMetricFilter": {"eventNumber", "extractedValues"},
    "cloudwatch:DescribeAlarmsForMetric": {"OKActions", "InsufficientDataActions", "StateReason", *ALARM},
    "cloudwatch:DescribeAlarms": {"OKActions", "InsufficientDataActions", "StateReason", *ALARM},
    "cloudwatch:GetAlarmMuteRule": {"Name", "AlarmMuteRuleArn", "MuteTargets", "AlarmNames", "Status"},
    "cloudwatch:DescribeAlarmHistory": {"AlarmType"},
    "sns:GetTopicAttributes": {
        "Owner", "SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted", "DisplayName",
    },
    "sns:ListSubscriptionsByTopic": {"Owner"},
    "sns:GetSubscriptionAttributes": {"Owner", "Protocol", "Endpoint", "TopicArn", "RawMessageDelivery"},
    "kms:DescribeKey": {"KeyId", "Enabled"},
    "kms:GetKeyPolicy": {"PolicyName"},
    "sts:AssumeRole": {"Expiration"},
}  # fmt: skip
Path = tuple[str | int, ...]


def paths(content: Any, prefix: Path = ()) -> Iterator[Path]:
    """Every member of an answer, at any depth, of the first element of its lists."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield (*prefix, name)
            yield from paths(value, (*prefix, name))
    elif isinstance(content, list) and content:
        yield from paths(content[0], (*prefix, 0))


def without(content: Any, path: Path) -> Any:
    spoiled = copy.deepcopy(content)
    parent = spoiled
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return spoiled


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_missing_member_is_no_evidence(operation: str, organization: HttpAws) -> None:
    """Each member of each answer left out in turn: only what is not needed may be missing from a proof.

    Those that are said not to be read are left out only when DEEP is set: they can only make it compliant.
    """
    answer = organization.answers[operation]
    assessed(organization)
    first = next(request for request in organization.requests if request.operation == operation)
    proved_without = set()
    skipped = set() if "DEEP" in os.environ else NOT_READ.get(operation, set())
    for path in paths(answer(first)):
        if path[-1] in skipped:
            continue
        spoiled = organization_account()
        spoiled.answers[operation] = lambda asked, path=path: without(answer(asked), path)  # type: ignore[misc]
        if outcome(spoiled, operation) == "COMPLIANT":
            proved_without.add(path[-1])
    assert proved_without <= MAY_BE_ABSENT.get(operation, set()) | NOT_READ.get(operation, set())


def test_a_missing_member_is_named_with_its_api(organization: HttpAws) -> None:
    organization.faults["logs:DescribeMetricFilters"] = Fault.NO_MEMBERS
    with pytest.raises(EvaluationFailed, match=r"^DescribeMetricFilters: member 'metricFilters' is missing$"):
        assessed(organization)


def test_an_answer_about_something_else_is_refused(organization: HttpAws) -> None:
    topic = organization.answers["sns:GetTopicAttributes"]

    def another(asked: Request) -> Content | Refusal:
        answer = topic(asked)
        assert isinstance(answer, dict)
        return {"Attributes": {**answer["Attributes"], "TopicArn": "arn:aws:sns:us-east-1:333333333333:other"}}

    organization.answers["sns:GetTopicAttributes"] = another
    with pytest.raises(EvaluationFailed, match=r"GetTopicAttributes: asked about .*:config-changes, AWS answers about"):
        assessed(organization)
