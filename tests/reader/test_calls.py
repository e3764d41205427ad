"""What an evaluation asks of AWS: each thing once, in as few steps as its answers allow, to the last page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from config_changes_alarm.account import EvaluationFailed, Unreadable
from config_changes_alarm.account.aws_account import AwsAccount
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import AlarmType, LogGroupId, Metric, Place

from .answers import AUDIT, GROUP, HOME_REGION, MANAGEMENT, NOW, REGION, ROLE, organization_account, plain_account
from .conftest import Clock
from .http_aws import OWN, Content, HttpAws, Refusal, Request, answering, fixed

pytestmark = pytest.mark.usefixtures("clock")
HERE = Place(OWN, REGION)
LOG_GROUP = LogGroupId("aws", OWN, REGION, GROUP)


def assessed(aws: HttpAws, role: str | None = None, region: str = REGION) -> Assessment:
    with answering(aws) as session:
        account = AwsAccount(session, OWN, region, role)
        return assess(account, Requirement.parse({"LogGroupAccountRoleName": role} if role else {}), NOW)


def answer_of(aws: HttpAws, operation: str) -> Content:
    answer = aws.answers[operation](Request(operation, HERE, {}))
    assert isinstance(answer, dict)
    return answer


def asked(aws: HttpAws) -> list[str]:
    return [request.operation for request in aws.requests]


Waves = Sequence[set[str]]
TRAILS = {"cloudtrail:DescribeTrails"}
OF_TRAIL = {
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventSelectors",
    "logs:DescribeLogGroups",
    "logs:DescribeMetricFilters",
}
OF_METRIC = {"cloudwatch:DescribeAlarmsForMetric", "logs:DescribeMetricFilters"}
OF_ALARM = {
    "cloudwatch:ListAlarmMuteRules",
    "cloudwatch:DescribeAlarmHistory",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
}
SUBSCRIPTION = {"sns:GetSubscriptionAttributes"}
LISTING = {"cloudwatch:DescribeAlarms"}


def no_trail() -> HttpAws:
    aws = plain_account()
    aws.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": []})
    return aws


def no_filter() -> HttpAws:
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": []})
    return aws


def no_alarm() -> HttpAws:
    aws = plain_account()
    aws.answers["cloudwatch:DescribeAlarmsForMetric"] = fixed({"MetricAlarms": []})
    aws.answers["cloudwatch:DescribeAlarms"] = fixed({"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": []})
    return aws


def stopped_trail() -> HttpAws:
    aws = plain_account()
    status = answer_of(aws, "cloudtrail:GetTrailStatus")
    aws.answers["cloudtrail:GetTrailStatus"] = fixed({**status, "IsLogging": False})
    return aws


CALLS: tuple[tuple[str, Callable[[], HttpAws], str, Waves], ...] = (
    ("compliant", plain_account, "COMPLIANT", (TRAILS, OF_TRAIL, OF_METRIC, OF_ALARM, SUBSCRIPTION)),
    ("no trail", no_trail, "NON_COMPLIANT", (TRAILS,)),
    ("trail stopped", stopped_trail, "NON_COMPLIANT", (TRAILS, OF_TRAIL)),
    ("filter missing", no_filter, "NON_COMPLIANT", (TRAILS, OF_TRAIL)),
    ("alarm missing", no_alarm, "NON_COMPLIANT", (TRAILS, OF_TRAIL, OF_METRIC, LISTING)),
)


def in_waves(requests: Sequence[str], waves: Waves) -> list[set[str]]:
    """The requests cut at the sizes of the waves: within one they run side by side, in any order."""
    cut, start = [], 0
    for wave in waves:
        cut.append(set(requests[start : start + len(wave)]))
        start += len(wave)
    assert list(requests[start:]) == []
    return cut


@pytest.mark.parametrize(
    ("build", "compliance", "waves"), [case[1:] for case in CALLS], ids=[case[0] for case in CALLS]
)
def test_calls(build: Callable[[], HttpAws], compliance: str, waves: Waves) -> None:
    aws = build()
    assert assessed(aws).compliance == compliance
    assert in_waves(asked(aws), waves) == list(waves)
    assert {request.place for request in aws.requests} == {HERE}


def test_calls_of_an_organization_trail_with_a_role() -> None:
    """Trail reads with our own credentials in its home Region; everything else where it lives, with the role there."""
    aws = organization_account()
    assert assessed(aws, ROLE).compliance == "COMPLIANT"
    own, trail = HERE, Place(OWN, HOME_REGION)
    group, topic = Place(MANAGEMENT, HOME_REGION), Place(AUDIT, HOME_REGION)
    assert Counter((request.operation, request.place) for request in aws.requests) == {
        ("cloudtrail:DescribeTrails", own): 1,
        ("cloudtrail:GetTrailStatus", trail): 1,
        ("cloudtrail:GetEventSelectors", trail): 1,
        ("sts:AssumeRole", own): 2,
        ("logs:DescribeLogGroups", group): 1,
        ("logs:DescribeMetricFilters", group): 2,
        ("cloudwatch:DescribeAlarmsForMetric", group): 1,
        ("cloudwatch:DescribeAlarms", group): 1,
        ("cloudwatch:ListAlarmMuteRules", group): 1,
        ("cloudwatch:GetAlarmMuteRule", group): 1,
        ("cloudwatch:DescribeAlarmHistory", group): 1,
        ("sns:GetTopicAttributes", topic): 1,
        ("sns:ListSubscriptionsByTopic", topic): 1,
        ("sns:GetSubscriptionAttributes", topic): 1,
        ("kms:DescribeKey", topic): 1,
        ("kms:GetKeyPolicy", topic): 1,
        ("logs:TestMetricFilter", group): 4,
    }
    first = {operation: asked(aws).index(operation) for operation in asked(aws)}
    order = (
        "cloudtrail:DescribeTrails",
        "sts:AssumeRole",
        "logs:DescribeLogGroups",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:DescribeAlarms",
        "sns:GetTopicAttributes",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "sns:GetSubscriptionAttributes",
        "logs:TestMetricFilter",
    )
    assert sorted(order, key=lambda operation: first[operation]) == list(order)


# --------------------------------------------------------------------------- once, and side by side


def test_each_thing_is_read_once_however_often_and_from_wherever_it_is_asked_for() -> None:
    aws = plain_account()
    with answering(aws) as session, ThreadPoolExecutor(16) as pool:
        account = AwsAccount(session, OWN, REGION)
        answers = list(pool.map(lambda _: account.metric_filters(LOG_GROUP), range(64)))
    assert asked(aws) == ["logs:DescribeMetricFilters"]
    assert all(answer is answers[0] for answer in answers)


def test_a_failed_read_is_not_tried_again() -> None:
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = lambda _: Refusal("SomethingNew", 400)
    with answering(aws) as session:
        account = AwsAccount(session, OWN, REGION)
        for _ in range(3):
            with pytest.raises(EvaluationFailed, match=r"failed: SomethingNew \(HTTP 400\)"):
                account.metric_filters(LOG_GROUP)
    assert len(aws.requests) == 1


def test_a_client_is_built_once_for_each_service_and_place() -> None:
    aws = plain_account()
    built: list[tuple[str, str]] = []
    with answering(aws) as session:

        def counted(service: str, region: str) -> Any:
            built.append((service, region))
            return session.client(service, region_name=region)  # type: ignore[call-overload]

        account = AwsAccount(session, OWN, REGION, own_client=counted)
        assert assess(account, Requirement.parse(), NOW).compliance == "COMPLIANT"
    assert sorted(built) == [(service, REGION) for service in ("cloudtrail", "cloudwatch", "logs", "sns")]


def test_independent_reads_are_under_way_at_the_same_time() -> None:
    """Each of the four reads of a trail is answered only after all four were asked for."""
    aws = plain_account()
    missing = set(OF_TRAIL)
    together = Event()

    def waiting(asked: Request, answer: Callable[[Request], Content | Refusal]) -> Content | Refusal:
        missing.discard(asked.operation)
        if not missing:
            together.set()
        assert together.wait(10)
        return answer(asked)

    for operation in OF_TRAIL:
        aws.answers[operation] = partial(waiting, answer=aws.answers[operation])
    assert assessed(aws).compliance == "COMPLIANT"


# --------------------------------------------------------------------------- every page


def paged(member: str, elements: Sequence[Content], size: int, token: str = "NextToken", **rest: Any) -> Any:
    """Answers page by page; a page token is where the next page begins."""

    def answer(asked: Request) -> Content:
        start = int(asked.members.get(token, 0))
        content: Content = {member: list(elements[start : start + size]), **rest}
        return {**content, token: str(start + size)} if start + size < len(elements) else content

    return answer


def with_alarms(aws: HttpAws, count: int) -> HttpAws:
    alarm = answer_of(aws, "cloudwatch:DescribeAlarms")["MetricAlarms"]
    unrelated = [
        {
            "AlarmName": f"unrelated-{number}",
            "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{OWN}:alarm:unrelated-{number}",
            "ActionsEnabled": True,
            "StateValue": "OK",
            "MetricName": "CPUUtilization",
            "Namespace": "AWS/EC2",
            "Dimensions": [{"Name": "InstanceId", "Value": f"i-{number}"}],
        }
        for number in range(count)
    ]
    empty: dict[str, Any] = {"CompositeAlarms": [], "LogAlarms": []}
    aws.answers["cloudwatch:DescribeAlarms"] = paged("MetricAlarms", [*unrelated, *alarm], 100, **empty)
    return aws


@pytest.mark.parametrize("count", [0, 100, 10_000])
def test_unrelated_alarms_cost_a_compliant_account_nothing(count: int) -> None:
    aws = with_alarms(plain_account(), count)
    assert assessed(aws).compliance == "COMPLIANT"
    assert len(aws.requests) == 12


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (100, 1), (10_000, 100)])
def test_all_alarms_are_listed_before_non_compliant_is_said(count: int, pages: int) -> None:
    aws = with_alarms(no_alarm(), count)
    assert assessed(aws).compliance == "NON_COMPLIANT"
    listings = [request for request in aws.requests if request.operation == "cloudwatch:DescribeAlarms"]
    assert len(listings) == pages
    assert listings[0].members == {"AlarmTypes": ["MetricAlarm", "CompositeAlarm", "LogAlarm"], "MaxRecords": 100}


def test_a_hundred_filters_take_two_pages_and_the_last_one_counts() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "logs:DescribeMetricFilters")["metricFilters"]
    others = [
        {
            **one,
            "filterName": f"other-{number}",
            "filterPattern": f"{{ $.eventName = Other{number} }}",
            "metricTransformations": [{"metricName": f"o{number}", "metricNamespace": "CIS", "metricValue": "1"}],
        }
        for number in range(99)
    ]
    every = paged("metricFilters", [*others, one], 50, "nextToken")
    aws.answers["logs:DescribeMetricFilters"] = lambda asked: (
        every(asked) if "logGroupName" in asked.members else {"metricFilters": [one]}
    )
    assert assessed(aws).compliance == "COMPLIANT"
    assert asked(aws).count("logs:DescribeMetricFilters") == 3
    assert len(aws.requests) == 13


def test_three_hundred_subscriptions_take_three_pages_and_the_confirmed_one_is_found() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    pending = [{**one, "SubscriptionArn": "PendingConfirmation", "Endpoint": f"{n}@example.com"} for n in range(299)]
    aws.answers["sns:ListSubscriptionsByTopic"] = paged("Subscriptions", [*pending, one], 100)
    assert assessed(aws).compliance == "COMPLIANT"
    assert asked(aws).count("sns:ListSubscriptionsByTopic") == 3
    assert asked(aws).count("sns:GetSubscriptionAttributes") == 1


def test_five_trails_with_one_log_group_read_it_once() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "cloudtrail:DescribeTrails")["trailList"]
    trails = [{**one, "Name": f"t{n}", "TrailARN": one["TrailARN"].replace("everything", f"t{n}")} for n in range(5)]
    aws.answers["cloudtrail:DescribeTrails"] = fixed({"trailList": [*trails, trails[0]]})
    selectors = answer_of(aws, "cloudtrail:GetEventSelectors")
    aws.answers["cloudtrail:GetEventSelectors"] = lambda asked: {**selectors, "TrailARN": asked.members["TrailName"]}
    assert assessed(aws).compliance == "COMPLIANT"
    counts = {operation: asked(aws).count(operation) for operation in OF_TRAIL}
    assert counts == {
        "cloudtrail:GetTrailStatus": 5,
        "cloudtrail:GetEventSelectors": 5,
        "logs:DescribeLogGroups": 1,
        "logs:DescribeMetricFilters": 2,
    }


def test_a_page_token_that_comes_back_ends_the_evaluation() -> None:
    aws = plain_account()
    content = answer_of(aws, "sns:ListSubscriptionsByTopic")
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({**content, "NextToken": "again"})
    with pytest.raises(EvaluationFailed, match="sns:ListSubscriptionsByTopic answers the same page token twice"):
        assessed(aws)
    assert asked(aws).count("sns:ListSubscriptionsByTopic") == 2


def test_many_calls_of_one_kind_stay_below_what_aws_lets_an_account_call(clock: Clock) -> None:
    """A hundred filters, each with a metric of its own: DescribeMetricFilters takes 5 calls a second."""
    aws = plain_account()
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": []})
    tokens, last, times = 5.0, 0.0, []
    with answering(aws) as session:
        account = AwsAccount(session, OWN, REGION)
        for number in range(100):
            account.metric_filters_publishing(HERE, "CIS", f"m{number}")
            tokens = min(5.0, tokens + 5 * (clock.now - last)) - 1
            last = clock.now
            times.append(clock.now)
            assert tokens >= 0
    assert times[:4] == [0.0] * 4
    assert 20 < clock.now < 25


# --------------------------------------------------------------------------- what AWS filters is filtered again


def test_only_alarms_on_exactly_the_metric_are_believed_to_be_on_it() -> None:
    aws = plain_account()
    (alarm,) = answer_of(aws, "cloudwatch:DescribeAlarmsForMetric")["MetricAlarms"]
    others = [{**alarm, "Namespace": "Other"}, {**alarm, "Dimensions": [{"Name": "a", "Value": "b"}]}]
    aws.answers["cloudwatch:DescribeAlarmsForMetric"] = fixed({"MetricAlarms": [*others, alarm]})
    with answering(aws) as session:
        found = AwsAccount(session, OWN, REGION).alarms_on_metric(HERE, Metric("CIS", "ConfigChanges"))
    assert not isinstance(found, Unreadable)
    assert [each.metric for each in found] == [Metric("CIS", "ConfigChanges")]


def test_a_filter_of_another_log_group_is_not_this_one_s() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "logs:DescribeMetricFilters")["metricFilters"]
    aws.answers["logs:DescribeMetricFilters"] = fixed({"metricFilters": [{**one, "logGroupName": "other"}]})
    with answering(aws) as session:
        assert AwsAccount(session, OWN, REGION).metric_filters(LOG_GROUP) == ()


def test_a_log_group_that_only_begins_with_the_name_is_another() -> None:
    aws = plain_account()
    (group,) = answer_of(aws, "logs:DescribeLogGroups")["logGroups"]
    aws.answers["logs:DescribeLogGroups"] = fixed({"logGroups": [{**group, "logGroupName": f"{GROUP}-old"}]})
    assert [reason.id for reason in assessed(aws).reasons] == ["log-group-missing"]


def test_subscriptions_of_another_topic_do_not_count() -> None:
    aws = plain_account()
    (one,) = answer_of(aws, "sns:ListSubscriptionsByTopic")["Subscriptions"]
    other = {**one, "TopicArn": f"{one['TopicArn']}-2"}
    aws.answers["sns:ListSubscriptionsByTopic"] = fixed({"Subscriptions": [other]})
    assert [reason.id for reason in assessed(aws).reasons] == ["no-subscription"]


def test_history_of_another_alarm_is_no_evidence() -> None:
    aws = plain_account()
    (item,) = answer_of(aws, "cloudwatch:DescribeAlarmHistory")["AlarmHistoryItems"]
    failed = {**item, "HistorySummary": item["HistorySummary"].replace("Successfully executed", "Failed to execute")}
    failed["HistoryData"] = json.dumps({"actionState": "Failed"})
    aws.answers["cloudwatch:DescribeAlarmHistory"] = fixed({"AlarmHistoryItems": [failed]})
    assert assessed(aws).compliance == "NON_COMPLIANT"
    aws.answers["cloudwatch:DescribeAlarmHistory"] = fixed({"AlarmHistoryItems": [{**failed, "AlarmName": "other"}]})
    assert assessed(aws).compliance == "COMPLIANT"


def test_a_match_that_was_not_asked_about_is_refused() -> None:
    aws = plain_account()
    aws.answers["logs:TestMetricFilter"] = fixed({"matches": [{"eventNumber": 1, "eventMessage": "{}"}]})
    with answering(aws) as session, pytest.raises(EvaluationFailed, match="matches a message that was not asked about"):
        AwsAccount(session, OWN, REGION).test_metric_filter(HERE, "{ $.a = 1 }", ['{"a": 1}'])


def test_a_stored_pattern_that_aws_takes_no_longer_leaves_its_question_open() -> None:
    aws = plain_account()
    aws.answers["logs:TestMetricFilter"] = lambda _: Refusal("InvalidParameterException")
    with answering(aws) as session:
        answer = AwsAccount(session, OWN, REGION).test_metric_filter(HERE, "{ $.a == 1 }", ['{"a": 1}'])
    assert answer == Unreadable("logs:TestMetricFilter", "InvalidParameterException", "filter pattern")


# --------------------------------------------------------------------------- Regions, partitions, owners


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws-eusc", "eusc-de-east-1")],
)
def test_every_partition_has_its_own_arns(partition: str, region: str) -> None:
    aws = organization_account()

    def moved(asked: Request, answer: Callable[[Request], Content | Refusal]) -> Content | Refusal:
        back = json.loads(json.dumps(asked.members).replace(f"arn:{partition}:", "arn:aws:"))
        content = answer(Request(asked.operation, asked.place, back))
        words = {"arn:aws:": f"arn:{partition}:", HOME_REGION: region}
        return content if isinstance(content, Refusal) else dict(_translated(content, words))

    for operation in aws.answers.keys() - {"logs:TestMetricFilter"}:
        aws.answers[operation] = partial(moved, answer=aws.answers[operation])
    assert assessed(aws, ROLE, region).compliance == "COMPLIANT"
    roles = {request.members["RoleArn"] for request in aws.requests if request.operation == "sts:AssumeRole"}
    assert roles == {f"arn:{partition}:iam::{account_id}:role/{ROLE}" for account_id in (MANAGEMENT, AUDIT)}
    assert {request.place.region for request in aws.requests} == {region}


def _translated(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        for word, other in words.items():
            value = value.replace(word, other)
        return value
    if isinstance(value, dict):
        return {name: _translated(each, words) for name, each in value.items()}
    return [_translated(each, words) for each in value] if isinstance(value, list) else value


def test_a_region_that_does_not_exist_is_named() -> None:
    with answering(plain_account()) as session, pytest.raises(EvaluationFailed, match="no AWS partition has a Region"):
        _ = AwsAccount(session, OWN, "mars").partition


def test_without_the_role_nothing_of_another_account_is_read() -> None:
    aws = organization_account()
    assessment = assessed(aws)
    assert assessment.compliance == "NON_COMPLIANT"
    assert [reason.id for reason in assessment.reasons] == ["log-group-in-another-account"]
    assert {request.place.account_id for request in aws.requests} == {OWN}


ROLE_FAULTS = (
    ("the role does not exist, or does not trust us", "sts:AssumeRole", "log-group-role-not-assumable"),
    ("the role may not read filters", "logs:DescribeMetricFilters", "cannot-read"),
    ("the role may not read the log group", "logs:DescribeLogGroups", "cannot-read"),
)


@pytest.mark.parametrize(("operation", "finding"), [c[1:] for c in ROLE_FAULTS], ids=[c[0] for c in ROLE_FAULTS])
def test_a_role_that_does_not_serve_is_its_own_finding(operation: str, finding: str) -> None:
    aws = organization_account()
    aws.answers[operation] = lambda _: Refusal("AccessDenied", 403)
    assessment = assessed(aws, ROLE)
    assert assessment.compliance == "NON_COMPLIANT"
    assert assessment.reasons[0].id == finding
    role = f"arn:aws:iam::{MANAGEMENT}:role/{ROLE}"
    assert assessment.reasons[0].subject == (role if operation == "sts:AssumeRole" else GROUP)


def test_a_foreign_topic_whose_account_has_no_role_is_read_as_its_policy_lets_us() -> None:
    aws = organization_account()
    assume = aws.answers["sts:AssumeRole"]
    aws.answers["sts:AssumeRole"] = lambda asked: (
        Refusal("AccessDenied", 403) if AUDIT in asked.members["RoleArn"] else assume(asked)
    )
    account_of = aws.account_of
    aws.account_of = lambda asked: asked.place.account_id if asked.operation.startswith("sns:") else account_of(asked)
    topic = answer_of(aws, "sns:GetTopicAttributes")
    del topic["Attributes"]["KmsMasterKeyId"]
    aws.answers["sns:GetTopicAttributes"] = fixed(topic)
    assert assessed(aws, ROLE).compliance == "COMPLIANT"
    sns = {request.place.account_id for request in aws.requests if request.operation.startswith("sns:")}
    assert sns == {OWN}


def test_selectors_hidden_from_a_member_are_read_as_the_trail_s_owner() -> None:
    aws = organization_account()
    account_of = aws.account_of
    aws.account_of = lambda asked: (
        MANAGEMENT if asked.operation == "cloudtrail:GetEventSelectors" else account_of(asked)
    )
    assert assessed(aws, ROLE).compliance == "COMPLIANT"


# --------------------------------------------------------------------------- what a Region may not offer


def test_where_mute_rules_are_not_offered_nothing_is_muted() -> None:
    aws = plain_account()
    aws.answers["cloudwatch:ListAlarmMuteRules"] = lambda _: Refusal("UnknownOperationException", 404)
    assert assessed(aws).compliance == "COMPLIANT"


def test_where_log_alarms_are_not_known_the_others_are_listed() -> None:
    aws = plain_account()
    listing = aws.answers["cloudwatch:DescribeAlarms"]
    aws.answers["cloudwatch:DescribeAlarms"] = lambda asked: (
        Refusal("ValidationError") if "LogAlarm" in asked.members["AlarmTypes"] else listing(asked)
    )
    with answering(aws) as session:
        found = AwsAccount(session, OWN, REGION).alarms(HERE)
    assert not isinstance(found, Unreadable)
    assert [alarm.alarm_name for alarm in found.metric_alarms] == ["config-changes"]


def test_alarm_history_is_asked_for_the_newest_actions_of_that_kind_of_alarm() -> None:
    aws = plain_account()
    with answering(aws) as session:
        AwsAccount(session, OWN, REGION).alarm_actions_history(HERE, "a", AlarmType.COMPOSITE)
    assert [request.members for request in aws.requests] == [
        {
            "AlarmName": "a",
            "AlarmTypes": ["CompositeAlarm"],
            "HistoryItemType": "Action",
            "MaxRecords": 100,
            "ScanBy": "TimestampDescending",
        }
    ]
