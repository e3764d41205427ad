"""Which topics accept an alarm's message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from config_changes_alarm.assessment import Compliance
from config_changes_alarm.chain import assess
from config_changes_alarm.findings import FindingId
from config_changes_alarm.notification import accepts
from config_changes_alarm.notification.alarm_message import fits
from config_changes_alarm.requirement import Requirement
from config_changes_alarm.resources import CompositeAlarm, MetricAlarm
from config_changes_alarm.truth import Truth

from ..api_answers import NOW, OTHER, OWN, REGION, TOPIC, a_composite, an_alarm, compliant_answers, patched, policy
from ..fake_account import FakeAccount
from ..verdict import verdict
from .topics import ALARM, refused, topic

FINDINGS: tuple[tuple[str, dict[str, str], FindingId | None], ...] = (
    ("the policy allows it", {}, None),
    ("the policy lacks it", {"Policy": '{"Statement": []}'}, FindingId.TOPIC_POLICY_DENIES_ALARM),
    ("the policy denies it", {"Policy": policy(Effect="Deny")}, FindingId.TOPIC_POLICY_DENIES_ALARM),
    ("the policy cannot be read", {"Policy": "{"}, FindingId.TOPIC_POLICY_UNVERIFIED),
    ("AWS returned no policy", {"Policy": ""}, FindingId.TOPIC_POLICY_UNVERIFIED),
    ("a FIFO topic", {"FifoTopic": "true"}, FindingId.TOPIC_FIFO_UNVERIFIED),
    ("a FIFO topic that deduplicates", {"FifoTopic": "true", "ContentBasedDeduplication": "true"}, None),
)


@pytest.mark.parametrize(("words", "attributes", "finding"), FINDINGS, ids=[row[0] for row in FINDINGS])
def test_a_topic_accepts_the_alarm(words: str, attributes: dict[str, str], finding: FindingId | None) -> None:
    assert refused(accepts(topic(**attributes), ALARM)) is finding


SIZES: tuple[tuple[str, str, dict[str, Any], FindingId | None], ...] = (
    ("AWS's default", "262144", {}, None),
    ("the most", "1048576", {}, None),
    ("the least, too little for most alarms", "1024", {}, FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED),
    ("enough for this alarm", "4096", {}, None),
    ("a description that is larger", "1024", {"AlarmDescription": "x" * 1024}, FindingId.TOPIC_MESSAGE_SIZE),
    ("a description in another script", "2500", {"AlarmDescription": "警" * 1024}, FindingId.TOPIC_MESSAGE_SIZE),
    ("which JSON may write longer", "8000", {"AlarmDescription": "警" * 1024}, FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED),
    ("and no longer than this", "16384", {"AlarmDescription": "警" * 1024}, None),
    ("many other actions", "4096", {"OKActions": [TOPIC + "x" * 200] * 5}, FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED),
    (
        "dimensions",
        "4096",
        {"Dimensions": [{"Name": "n" * 250, "Value": "v" * 1000}]},
        FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED,
    ),
    (
        "metric math",
        "65536",
        {"Metrics": [{"Id": "e1", "Expression": "m1"}], "MetricName": None},
        FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED,
    ),
)


@pytest.mark.parametrize(("words", "size", "members", "finding"), SIZES, ids=[row[0] for row in SIZES])
def test_a_topic_takes_messages_up_to_its_size(
    words: str, size: str, members: dict[str, Any], finding: FindingId | None
) -> None:
    alarm = MetricAlarm.from_api(an_alarm(**members))
    assert refused(accepts(topic(MaximumMessageSize=size), alarm)) is finding


def test_a_composite_alarm_s_message_may_hold_more_than_is_known() -> None:
    composite = CompositeAlarm.from_api(a_composite("security", "ALARM(config-changes)"))
    for size, finding in (("65536", FindingId.TOPIC_MESSAGE_SIZE_UNVERIFIED), ("262144", None)):
        assert refused(accepts(topic(MaximumMessageSize=size), composite)) is finding
    long = CompositeAlarm.from_api(a_composite("security", "ALARM(config-changes) OR " * 200 + "FALSE"))
    assert refused(accepts(topic(MaximumMessageSize="4096"), long)) is FindingId.TOPIC_MESSAGE_SIZE


def test_a_message_as_cloudwatch_sends_it_is_within_the_bound() -> None:
    """A captured message of a plain metric alarm, with this alarm's names."""
    reason = (
        "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (24/11/26 09:55:00)] was greater than or equal to the "
        "threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    message = {
        "AlarmName": ALARM.alarm_name,
        "AlarmDescription": "line one\n<line two> & \"quotes\" = '…'",
        "AWSAccountId": OWN,
        "AlarmConfigurationUpdatedTimestamp": "2026-11-01T10:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": reason,
        "StateChangeTime": "2026-11-24T10:00:00.000+0000",
        "Region": "EU (Ireland)",
        "AlarmArn": ALARM.alarm_arn,
        "OldStateValue": "INSUFFICIENT_DATA",
        "OKActions": [],
        "AlarmActions": [TOPIC],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "ConfigChanges",
            "Namespace": "CIS",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": None,
            "Dimensions": [],
            "Period": 300,
            "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1.0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }
    described = MetricAlarm.from_api(an_alarm(AlarmDescription=message["AlarmDescription"]))
    smallest = next(size for size in range(1024, 8192) if fits(size, described) is Truth.YES)
    assert len(json.dumps(message)) < smallest < 3 * len(json.dumps(message))
    envelope = {
        "Type": "Notification",
        "Message": json.dumps(message),
        "Signature": "x" * 344,
        "SigningCertURL": "x" * 200,
    }
    enveloped = next(size for size in range(1024, 16384) if fits(size, described, enveloped=True) is Truth.YES)
    assert len(json.dumps(envelope)) < enveloped


def test_a_topic_of_another_account_needs_a_policy_that_names_the_alarms_account() -> None:
    foreign = f"arn:aws:sns:{REGION}:{OTHER}:config-changes"
    answers = json.loads(json.dumps(compliant_answers()).replace(TOPIC, foreign))
    default = {"StringEquals": {"AWS:SourceOwner": OTHER}}
    own = {"StringEquals": {"aws:SourceAccount": OWN}}
    for condition, expected in (
        (default, (Compliance.NON_COMPLIANT, [FindingId.TOPIC_POLICY_DENIES_ALARM])),
        (own, (Compliance.COMPLIANT, [])),
    ):
        text = policy(Principal={"AWS": "*"}, Resource=foreign, Condition=condition)
        account = FakeAccount.of(patched(answers, {"GetTopicAttributes": {"Attributes": {"Policy": text}}}))
        assessment = assess(account.opened(), Requirement.parse(), NOW)
        assert (assessment.compliance, [reason.id for reason in assessment.reasons]) == expected


def test_a_topic_of_another_account_that_may_not_be_read_is_unverified() -> None:
    account = FakeAccount.of(compliant_answers()).refusing("sns:GetTopicAttributes", error_code="AuthorizationError")
    assessment = assess(account.opened(), Requirement.parse(), NOW)
    assert [(reason.id, reason.detail) for reason in assessment.reasons] == [
        (FindingId.CANNOT_READ, "sns:GetTopicAttributes denied (AuthorizationError)")
    ]


def test_the_latest_action_in_the_history_is_evidence_against_the_topic() -> None:
    def item(minute: int, words: str) -> dict[str, str]:
        return {"Timestamp": f"2026-11-24T09:{minute:02}:00+00:00", "HistorySummary": f"{words} execute action {TOPIC}"}

    failed, succeeded = item(1, "Failed to"), item(2, "Successfully")
    for items, expected in (
        ([failed], (Compliance.NON_COMPLIANT, [FindingId.ALARM_ACTION_FAILED])),
        ([succeeded, failed], (Compliance.COMPLIANT, [])),
        ([], (Compliance.COMPLIANT, [])),
    ):
        assert verdict(DescribeAlarmHistory={"config-changes": items}) == expected
