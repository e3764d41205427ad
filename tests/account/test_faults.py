"""Whatever goes wrong between this rule and AWS, it never ends in a verdict without evidence.

Each API of the chain x each fault, at the HTTP level with the real botocore in between, on a compliant account.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from config_changes_alarm.account import EvaluationFailed, Identity
from config_changes_alarm.account.aws import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, AwsSource
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from .answers import NOW, REGION, ROLE
from .conftest import Clock
from .http_aws import OWN, TOKENS, Content, Fault, HttpAws, Refusal, Request, answering, fixed
from .reading import HERE, OPERATIONS, assessed, outcome

pytestmark = pytest.mark.usefixtures("clock")
ATTEMPT_SECONDS = CONNECT_SECONDS + READ_SECONDS
LONGEST_WAIT = 8
"""Seconds that botocore waits at most before the last attempt: a random part of 1, 2, 4, 8."""
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
    assert assessed(organization, ROLE).compliance == "COMPLIANT"
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
    with answering(organization) as session:
        aws = AwsSource(session, Identity(OWN, REGION), ROLE)
        assess(aws.account(), Requirement.parse({"LogGroupAccountRoleName": ROLE}), NOW)
    assert [call.retries for call in aws.calls() if call.operation == "sns:GetTopicAttributes"] == [2]


def test_a_failure_neither_hides_nor_cancels_what_is_read_beside_it(organization: HttpAws) -> None:
    organization.faults["cloudtrail:GetTrailStatus"] = Fault.SERVER_ERROR
    with pytest.raises(EvaluationFailed, match="GetTrailStatus"):
        assessed(organization, ROLE)
    beside = {"cloudtrail:GetEventSelectors", "logs:DescribeLogGroups", "logs:DescribeMetricFilters"}
    assert beside <= {request.operation for request in organization.requests}


def test_a_refused_read_leaves_the_others_to_prove_it(organization: HttpAws) -> None:
    """Two trails, one of which may not be read: the other one's chain is whole."""
    trails = organization.answers["cloudtrail:DescribeTrails"](Request("", HERE, {}))
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
    assert assessed(organization, ROLE).compliance == "COMPLIANT"


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
        assessed(organization, ROLE, seconds=30)
    side_by_side = 4
    assert clock.now <= 30 + side_by_side * (ATTEMPT_SECONDS + LONGEST_WAIT)


def test_the_end_of_time_is_told(organization: HttpAws) -> None:
    with pytest.raises(EvaluationFailed, match="AWS did not answer everything within 0 s"):
        assessed(organization, ROLE, seconds=0)


def test_all_attempts_of_one_call_end_within_a_minute() -> None:
    assert ATTEMPTS * ATTEMPT_SECONDS + 0.05 * (1 + 2 + 4 + 8) < 60
