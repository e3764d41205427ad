"""What an answer does not say is no evidence: each member left out, and answers about something else."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any

import pytest
from config_changes_alarm.account import EvaluationFailed

from .answers import ROLE, organization_account
from .http_aws import Content, Fault, HttpAws, Refusal, Request
from .reading import OPERATIONS, assessed, outcome

pytestmark = pytest.mark.usefixtures("clock")


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
    "sns:ListSubscriptionsByTopic": {"Endpoint", "Owner"},  # the owner is the topic's unless another is told
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
    assessed(organization, ROLE)
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
        assessed(organization, ROLE)


def test_an_answer_about_something_else_is_refused(organization: HttpAws) -> None:
    topic = organization.answers["sns:GetTopicAttributes"]

    def another(asked: Request) -> Content | Refusal:
        answer = topic(asked)
        assert isinstance(answer, dict)
        return {"Attributes": {**answer["Attributes"], "TopicArn": "arn:aws:sns:us-east-1:333333333333:other"}}

    organization.answers["sns:GetTopicAttributes"] = another
    with pytest.raises(EvaluationFailed, match=r"GetTopicAttributes: asked about .*:config-changes, AWS answers about"):
        assessed(organization, ROLE)
