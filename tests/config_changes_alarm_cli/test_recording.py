"""A recorded evaluation is replayed with the same verdict, on another machine, and redacted if asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from config_changes_alarm.account import EvaluationFailed, Identity, TopicOf
from config_changes_alarm.account.aws import AwsSource
from config_changes_alarm.assessment import Assessment
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN, Requirement

from config_changes_alarm_cli.recording import MalformedRecording, Recorder, Recording, replayed
from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws

from ..accounts import TOPIC, an_account, put_alarm

NOW = datetime.now(UTC)
# Whether `= false` matches a boolean is not documented, so AWS itself is asked.
UNDECIDED = DEFAULT_REQUIRED_FILTER_PATTERN.replace(" }", " && ($.readOnly = false || $.readOnly NOT EXISTS) }")


def recorded(parameters: dict[str, object] | None = None) -> tuple[Assessment, Recording]:
    recorder = Recorder(AwsSource(boto3.Session(), Identity(ACCOUNT_ID, REGION)))
    assessment = assess(recorder.account(), Requirement.parse(parameters), NOW)
    return assessment, recorder.recording(NOW, parameters or {})


def assessed_again(recording: Recording) -> Assessment:
    return assess(replayed(recording), Requirement.parse(recording.parameters), recording.evaluated_at)


def a_customer_key() -> str:
    policy = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
            }
        ]
    }
    key: str = boto3.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
    return key


def an_account_whose_last_action_failed(aws: EmbeddedAws) -> None:
    an_account(aws)
    item = {
        "AlarmName": "config-changes",
        "Timestamp": NOW,
        "HistoryItemType": "Action",
        "HistorySummary": f"Failed to execute action {TOPIC}",
        "HistoryData": "{}",
    }
    aws.alarm_history.append(item)


def told_to(protocol: str, endpoint: str) -> Callable[[EmbeddedAws], None]:
    def build(aws: EmbeddedAws) -> None:
        an_account(aws, subscription="none")
        if protocol == "sqs":
            boto3.client("sqs").create_queue(QueueName=endpoint.rsplit(":", 1)[-1])
        boto3.client("sns").subscribe(TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)

    return build


def a_topic_policy_for(organization: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {"StringEquals": {"aws:SourceOrgID": organization}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    boto3.client("sns").set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=text)


def a_topic_for_another_organization(aws: EmbeddedAws) -> None:
    an_account(aws)
    boto3.client("organizations").create_organization()
    a_topic_policy_for("o-exampleorg1")


FILTERED = {"FilterPolicy": '{"AlarmName": ["other"]}', "FilterPolicyScope": "MessageBody"}
# words, how the account is built, a read that only this account needs
ACCOUNTS: tuple[tuple[str, Callable[[EmbeddedAws], None], str], ...] = (
    ("compliant", an_account, "subscription_attributes"),
    ("no trail", partial(an_account, trail=False), "trails"),
    ("an undecided pattern", partial(an_account, patterns=[UNDECIDED]), "test_metric_filter"),
    ("a topic that does not exist", partial(an_account, topic=False), "topic"),
    (
        "an encrypted topic",
        lambda aws: an_account(aws, topic_attributes={"KmsMasterKeyId": a_customer_key()}),
        "key",
    ),
    ("told to a queue", told_to("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:queue"), "queue"),
    ("told to a function", told_to("lambda", f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:page"), "function"),
    ("a topic for another organization", a_topic_for_another_organization, "organization"),
    ("a filter policy", partial(an_account, subscription_attributes=FILTERED), "subscription_attributes"),
    ("an alarm on another metric", partial(an_account, alarm={"Namespace": "Elsewhere"}), "alarms"),
    ("a failed action", an_account_whose_last_action_failed, "alarm_actions_history"),
)
every_account = pytest.mark.parametrize(
    ("build", "read"), [case[1:] for case in ACCOUNTS], ids=[c[0] for c in ACCOUNTS]
)


@every_account
def test_a_replay_gives_the_same_assessment(
    build: Callable[[EmbeddedAws], None], read: str, aws: EmbeddedAws, tmp_path: Path
) -> None:
    build(aws)
    assessment, recording = recorded({"MaxRearmSeconds": "3600"})
    assert read in {each.name for each in recording.reads}
    recording.save(tmp_path / "recording.json")
    assert assessed_again(Recording.load(tmp_path / "recording.json")) == assessment


@every_account
def test_a_redacted_replay_gives_the_same_verdict(
    build: Callable[[EmbeddedAws], None], read: str, aws: EmbeddedAws, tmp_path: Path
) -> None:
    build(aws)
    assessment, recording = recorded()
    recording.redacted().save(tmp_path / "recording.json")
    again = assessed_again(Recording.load(tmp_path / "recording.json"))
    assert again.compliance == assessment.compliance
    assert [event.covered for event in again.events] == [event.covered for event in assessment.events]
    assert [reason.id for reason in again.reasons] == [reason.id for reason in assessment.reasons]


def test_a_redacted_recording_says_nothing_about_whose_account_it_is(aws: EmbeddedAws, tmp_path: Path) -> None:
    an_account(aws)
    sns = boto3.client("sns")
    for protocol, endpoint in (
        ("email-json", "Robin.Doe+aws@corp.example"),
        ("sms", "+12065550100"),
        ("https", "https://hooks.example.org/services/T0/secret"),
        ("sqs", f"arn:aws:sqs:{REGION}:210987654321:queue"),
    ):
        sns.subscribe(TopicArn=TOPIC, Protocol=protocol, Endpoint=endpoint)
    recording = recorded({"TopicArns": TOPIC})[1]
    path = tmp_path / "recording.json"
    recording.save(path)
    told = (ACCOUNT_ID, "210987654321", "Robin.Doe", "security@example.com", "2065550100", "hooks.example.org")
    assert [text for text in told if text not in path.read_text()] == []
    assert path.stat().st_mode & 0o077 == 0
    recording.redacted().save(path)
    assert [text for text in told if text in path.read_text()] == []
    assert set(re.findall(r"(?<![\d-])\d{12}(?!\d)", path.read_text())) == {"000000000001", "000000000002"}
    content = json.loads(path.read_text())
    assert content["account_id"] == "000000000001"
    assert content["parameters"] == {"TopicArns": TOPIC.replace(ACCOUNT_ID, "000000000001")}
    (subscriptions,) = (read["answer"] for read in content["reads"] if read["read"] == "subscriptions")
    assert sorted(each["endpoint"] for each in subscriptions) == [
        "+15550000001",
        f"arn:aws:sqs:{REGION}:000000000002:queue",
        "https://endpoint-1.example.com/",
        "person-1@example.com",
        "person-2@example.com",
    ]


def test_a_redacted_recording_does_not_name_the_organization(aws: EmbeddedAws, tmp_path: Path) -> None:
    """One stand-in in the policy and in the answer, so that the replay decides alike."""
    an_account(aws)
    organization = boto3.client("organizations").create_organization()["Organization"]["Id"]
    a_topic_policy_for(organization)
    assessment, recording = recorded()
    assert assessment.compliance == "COMPLIANT"
    path = tmp_path / "recording.json"
    recording.redacted().save(path)
    assert organization not in path.read_text()
    assert assessed_again(Recording.load(path)).compliance == "COMPLIANT"


def test_the_same_thing_has_the_same_stand_in_everywhere(aws: EmbeddedAws) -> None:
    an_account(aws)
    reads = {read.name: read for read in recorded()[1].redacted().reads}
    assert reads["topic"].of == (TOPIC.replace(ACCOUNT_ID, "000000000001"),)
    assert reads["topic"].answer["topic_arn"] == reads["topic"].of[0]
    assert "000000000001" in reads["topic"].answer["policy"]


def test_a_failure_is_replayed_as_a_failure(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    an_account(aws)
    recorder = Recorder(AwsSource(boto3.Session(), Identity(ACCOUNT_ID, REGION), seconds=-1))
    with pytest.raises(EvaluationFailed, match="did not answer everything"):
        assess(recorder.account(), Requirement.parse(), NOW)
    with pytest.raises(EvaluationFailed, match="did not answer everything"):
        assessed_again(recorder.recording(NOW, {}))


def test_a_refused_read_is_replayed_as_refused(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.logs.exceptions import LogsClientError
    from moto.logs.responses import LogsResponse

    def denied(self: Any) -> str:
        raise LogsClientError("AccessDeniedException", "no")

    an_account(aws)
    monkeypatch.setattr(LogsResponse, "describe_metric_filters", denied)
    assessment, recording = recorded()
    assert assessed_again(recording) == assessment
    assert [reason.id for reason in assessment.reasons][:1] == ["cannot-read"]


def test_a_read_that_was_not_recorded_is_no_evidence(aws: EmbeddedAws) -> None:
    an_account(aws, patterns=[UNDECIDED])
    recording = recorded()[1]
    account = replayed(recording)
    with pytest.raises(EvaluationFailed, match=r"the recording holds no topic\(arn:aws:sns:x:1:other\)"):
        account.ask(TopicOf("arn:aws:sns:x:1:other"))


def valid() -> dict[str, Any]:
    return {
        "format": "config-changes-alarm recording",
        "version": 1,
        "account_id": ACCOUNT_ID,
        "region": REGION,
        "partition": "aws",
        "evaluated_at": "2026-11-24T10:00:00+00:00",
        "parameters": {},
        "reads": [],
    }


TRAIL = {"name": "t", "trail_arn": "arn", "home_region": "r"}
MALFORMED: tuple[tuple[str, Any, str], ...] = (
    ("not JSON", "{", "not JSON: "),
    ("another file", "[]", "format is not 'config-changes-alarm recording'"),
    ("a newer version", {"version": 2}, "version is 2, this program replays version 1"),
    ("no version", {"version": None}, "version is None, this program replays version 1"),
    ("no account", {"account_id": None}, "account_id is missing"),
    ("a number for a text", {"region": 7}, "region is 7, expected a string"),
    ("no time", {"evaluated_at": "soon"}, "evaluated_at is 'soon', expected a time"),
    ("a list of parameters", {"parameters": []}, "parameters is [], expected an object"),
    ("reads that are no list", {"reads": {}}, "reads is {}, expected a list"),
    ("a read without a name", {"reads": [{"of": [], "answer": []}]}, "reads[0].read is missing"),
    ("an unknown read", {"reads": [{"read": "x", "of": [], "answer": []}]}, "reads[0].read is 'x', expected one of"),
    ("no outcome", {"reads": [{"read": "trails", "of": []}]}, "reads[0] has the outcome [], expected one of"),
    (
        "two outcomes",
        {"reads": [{"read": "trails", "of": [], "answer": [], "failed": ""}]},
        "reads[0] has the outcome ['answer', 'failed'], expected one of answer, unreadable, not_found, failed",
    ),
    (
        "a missing member",
        {"reads": [{"read": "trails", "of": [], "answer": [{"name": "t"}]}]},
        "reads[0].answer[0].trail_arn is missing",
    ),
    (
        "a member of the wrong type",
        {"reads": [{"read": "trails", "of": [], "answer": [{**TRAIL, "is_multi_region_trail": "yes"}]}]},
        "reads[0].answer[0].is_multi_region_trail is 'yes', expected true or false",
    ),
    (
        "an unknown member",
        {"reads": [{"read": "trails", "of": [], "answer": [{**TRAIL, "colour": "red"}]}]},
        "reads[0].answer[0].colour is unknown to this version",
    ),
    (
        "a refusal without a code",
        {"reads": [{"read": "trails", "of": [], "unreadable": {"operation": "cloudtrail:DescribeTrails"}}]},
        "reads[0].unreadable.error_code is missing",
    ),
)


@pytest.mark.parametrize(("content", "message"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED])
def test_a_malformed_recording_is_refused_with_the_place(content: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "recording.json"
    path.write_text(content if isinstance(content, str) else json.dumps({**valid(), **content}))
    with pytest.raises(MalformedRecording, match=re.escape(message)):
        Recording.load(path)


def test_the_smallest_recording_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recording.json"
    path.write_text(json.dumps(valid()))
    assert Recording.load(path).reads == ()


def test_alarms_of_every_kind_survive_the_file(aws: EmbeddedAws, tmp_path: Path) -> None:
    an_account(aws, alarm={"AlarmActions": []})
    put_alarm("with-dimensions", Dimensions=[{"Name": "b", "Value": "2"}, {"Name": "a", "Value": "1"}])
    boto3.client("cloudwatch").put_composite_alarm(
        AlarmName="security", AlarmRule='ALARM("config-changes")', AlarmActions=[TOPIC]
    )
    assessment, recording = recorded()
    recording.save(tmp_path / "recording.json")
    assert assessment.compliance == "COMPLIANT"
    assert assessed_again(Recording.load(tmp_path / "recording.json")) == assessment
