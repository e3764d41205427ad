"""What is known of an event that a trail's selectors test: its category, read or write, whose call it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from config_changes_alarm.control import narrow, never_from, required_events, selected_members
from config_changes_alarm.control import service_calls as known
from config_changes_alarm.control.doubtful_calls import may_be_data_event
from config_changes_alarm.filter_pattern import parse
from config_changes_alarm.requirement import DEFAULT_REQUIRED_FILTER_PATTERN

from documentation import service_calls as made

CAPTURED = json.loads((Path(__file__).parent / "vectors/captured_calls.json").read_text(encoding="utf-8"))["events"]


def selected(pattern: str) -> list[dict[str, object]]:
    required = parse(pattern)
    return [selected_members(event, narrow(required, event)) for event in required_events(required)]


def call(name: str, source: str = "") -> str:
    of_source = f'$.eventSource = "{source}" && ' if source else ""
    return f"{{ {of_source}$.eventName = {name} }}"


# --------------------------------------------------------------------------- read or write

WRITES = (
    *("StartLogging", "StopLogging", "AcceptVpcPeeringConnection", "RejectVpcPeeringConnection", "AcceptHandshake"),
    *("DeclineHandshake", "InviteAccountToOrganization", "LeaveOrganization", "MoveAccount", "ConsoleLogin"),
    *("StopConfigurationRecorder", "StartInstances", "TerminateInstances", "RunInstances", "DisassociateResourceTypes"),
    *("AllocateAddress", "ReleaseAddress", "ScheduleKeyDeletion", "TransferDomain", "CreateFunction20150331"),
)
NOT_KNOWN = (
    *("StartQuery", "StopQuery", "StartLiveTail", "Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt", "Sign"),
    *("AssumeRole", "AssumeRoleWithSAML", "GetSessionToken", "GetFederationToken", "GetCallerIdentity"),
    *("BatchGetResourceConfig", "DescribeTrails", "ListTrails", "LookupEvents", "SearchInsights", "SettleAccounts"),
    *("CreateConnectionToken", "InitiateAuth", "RespondToAuthChallenge", "SelectResourceConfig", "Leavening", "stop"),
)


@pytest.mark.parametrize("name", WRITES)
def test_a_call_that_changes_something_is_a_write(name: str) -> None:
    (record,) = selected(call(name))
    assert record["readOnly"] is False


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_reads_cryptography_sessions_and_the_unknown_are_no_writes(name: str) -> None:
    (record,) = selected(call(name))
    assert "readOnly" not in record


@pytest.mark.parametrize("source", CAPTURED)
def test_no_captured_read_is_taken_for_a_write_and_most_writes_are_known(source: str) -> None:
    reads, writes = CAPTURED[source].get("reads", ()), CAPTURED[source].get("writes", ())
    assert not [name for name in reads if "readOnly" in selected(call(name, source))[0]]
    unknown = [name for name in writes if "readOnly" not in selected(call(name, source))[0]]
    assert unknown in ([], ["SharedSnapshotVolumeCreated"])


# --------------------------------------------------------------------------- the category

DATA = (
    ("DeleteObject", "s3.amazonaws.com"),
    ("PutObjectAcl", "s3.amazonaws.com"),
    ("Invoke", "lambda.amazonaws.com"),
    ("DeleteItem", "dynamodb.amazonaws.com"),
    ("Publish", "sns.amazonaws.com"),
    ("PutRecords", "kinesis.amazonaws.com"),
    ("SendMessage", "sqs.amazonaws.com"),
    ("GetRecords", "kinesis.amazonaws.com"),
    ("PutMetricData", "monitoring.amazonaws.com"),
    ("GetMetricStatistics", "monitoring.amazonaws.com"),
    ("SendSecurityTelemetry", "guardduty.amazonaws.com"),
    ("RequestManagedInstanceRoleToken", "ssm.amazonaws.com"),
    ("CallWithBearerToken", "logs.amazonaws.com"),
    ("OpenTunnel", "ec2-instance-connect.amazonaws.com"),
    ("PutEvents", "events.amazonaws.com"),
)
MANAGEMENT = (
    ("PutBucketPolicy", "s3.amazonaws.com"),
    ("DeleteFunction20150331", "lambda.amazonaws.com"),
    ("DeleteTable", "dynamodb.amazonaws.com"),
    ("DeleteTopic", "sns.amazonaws.com"),
    ("DeleteLogGroup", "logs.amazonaws.com"),
    ("DeleteDetector", "guardduty.amazonaws.com"),
    ("StopLogging", "cloudtrail.amazonaws.com"),
    ("ConsoleLogin", "signin.amazonaws.com"),
    ("CreateStream", "kinesis.amazonaws.com"),
    ("PutMetricAlarm", "monitoring.amazonaws.com"),
    ("SendCommand", "ssm.amazonaws.com"),
    ("DisableRule", "events.amazonaws.com"),
    ("DeleteRecoveryPoint", "backup.amazonaws.com"),
    ("DeleteCertificate", "acm.amazonaws.com"),
    ("DeleteCluster", "ecs.amazonaws.com"),
    ("SendSSHPublicKey", "ec2-instance-connect.amazonaws.com"),
)
EITHER = (
    ("DescribeStream", "kinesis.amazonaws.com"),
    ("SubscribeToShard", "kinesis.amazonaws.com"),
    ("GetLogEvents", "logs.amazonaws.com"),
    ("StartQuery", "logs.amazonaws.com"),
    ("DeleteScheduledQuery", "logs.amazonaws.com"),
    ("GetInsightRuleReport", "monitoring.amazonaws.com"),
    ("SendObjectMalwareScan", "guardduty.amazonaws.com"),
    ("StartExecutionPreview", "ssm.amazonaws.com"),
    ("DeleteAcmeEndpoint", "acm.amazonaws.com"),
    ("DeleteBackupAccessPoint", "backup.amazonaws.com"),
    ("ListDashboardData", "eks.amazonaws.com"),
    ("GetCredentialsForIdentity", "cognito-identity.amazonaws.com"),
    ("CreateEntity", "iottwinmaker.amazonaws.com"),
    ("StartSyncExecution", "states.amazonaws.com"),
    ("GetStaticMap", "geo-maps.amazonaws.com"),
)


@pytest.mark.parametrize(("name", "source"), EITHER)
def test_of_a_call_that_guides_count_among_both_or_do_not_name_it_is_not_known(name: str, source: str) -> None:
    for pattern in (call(name, source), call(name)):
        (record,) = selected(pattern)
        assert "eventCategory" not in record


@pytest.mark.parametrize(("name", "source"), DATA)
def test_calls_on_the_data_of_resources_are_data_events(name: str, source: str) -> None:
    (record,) = selected(call(name, source))
    assert record["eventCategory"] == "Data"
    (record,) = selected(call(name))
    assert "eventCategory" not in record


@pytest.mark.parametrize(("name", "source"), MANAGEMENT)
def test_the_other_calls_of_these_services_are_management_events(name: str, source: str) -> None:
    for pattern in (call(name, source), call(name)):
        (record,) = selected(pattern)
        assert record["eventCategory"] == "Management"


@pytest.mark.parametrize(
    ("pattern", "category"),
    [
        ("{ $.eventCategory = Data }", "Data"),
        ("{ $.eventCategory = NetworkActivity && $.eventSource = kms.amazonaws.com }", "NetworkActivity"),
        ("{ $.eventCategory = Insight }", "Insight"),
        ("{ $.eventCategory = Management && $.userIdentity.type = Root }", "Management"),
        ("{ $.userIdentity.type = Root }", "Management"),
        ("{ $.eventSource = iam.amazonaws.com }", "Management"),
        ('{ $.eventSource = config.amazonaws.com && $.eventName = "Delete*" }', "Management"),
        ("{ $.eventCategory = Data || $.userIdentity.type = Root }", None),
        ("{ $.userIdentity.type = Root && ($.managementEvent IS FALSE || $.eventName NOT EXISTS) }", None),
        ("{ $.eventCategory != Management && $.eventName = DeleteX }", None),
        ("{ $.managementEvent IS FALSE }", None),
        ("{ $.eventType = AwsVpceEvents }", None),
        ("{ $.eventType = AwsCloudTrailInsight }", None),
        ('{ $.eventName = "*Object" }', None),
        ("{ $.eventName = %Object% }", None),
        ("{ $.eventSource = dynamodb.amazonaws.com }", None),
        ('{ $.eventSource = "s3*" && $.eventName != PutObject }', None),
        ('{ $.resources[0].type = "AWS::S3::Object" }', None),
        ('{ $.requestParameters.bucketName = "secrets" }', None),
        ('{ $.requestParameters.key = "*.pem" }', None),
        ("{ $.requestParameters.tableName = users && $.userIdentity.type = Root }", None),
        ("{ $.requestParameters.* = secrets }", None),
        ('{ $.requestParameters.policyArn = "*:policy/AdministratorAccess" }', "Management"),
        ('{ $.requestParameters.groupId = "sg-1" }', "Management"),
        ("{ $.eventSource = lambda.amazonaws.com && $.eventName != Invoke }", None),
        ("{ $.eventSource = timestream.amazonaws.com && $.eventName = DeleteTable }", None),
        ("{ $.eventSource = example.amazonaws.com && $.eventName = DeleteTable }", None),
        ("{ $.eventSource = aoss.amazonaws.com && $.eventName = DeleteCollection }", None),
        ('{ $.eventSource = "geo-maps.amazonaws.com" && $.eventName = GetTile }', None),
        ('{ $.eventSource = "backup-search.amazonaws.com" }', None),
        ("{ $.eventSource = guardduty.amazonaws.com }", None),
    ],
)
def test_that_an_event_is_a_management_event_is_known_or_left_open(pattern: str, category: str | None) -> None:
    (record,) = selected(pattern)
    assert record.get("eventCategory") == category


def test_the_control_s_own_events_are_wholly_known() -> None:
    for record in selected(DEFAULT_REQUIRED_FILTER_PATTERN):
        assert record["eventCategory"] == "Management"
        assert record["eventSource"] == "config.amazonaws.com"
        assert record["readOnly"] is False


# --------------------------------------------------------------------------- whose call it is


@pytest.mark.parametrize(
    ("pattern", "never"),
    [
        ("{ $.eventName = AuthorizeSecurityGroupIngress }", True),
        ("{ $.eventName = CreateRoute || $.eventName = DeleteRoute }", True),
        ("{ $.eventName = ScheduleKeyDeletion }", False),
        ("{ $.eventName = TagResource }", False),
        ("{ $.eventName = RotateKey }", False),
        ('{ $.eventName = "Create*" }', False),
        ("{ $.userIdentity.type = Root }", False),
        ("{ $.userIdentity.type = Root && $.eventSource != kms.amazonaws.com }", True),
        ("{ ($.eventSource = iam.amazonaws.com || $.eventSource = s3*) && $.eventName = TagResource }", True),
    ],
)
def test_which_calls_kms_does_not_have_is_known(pattern: str, never: bool) -> None:
    required = parse(pattern)
    for event in required_events(required):
        assert never_from(event, narrow(required, event), "kms.amazonaws.com") is never


def test_of_a_service_whose_calls_are_not_listed_nothing_is_known() -> None:
    required = parse(call("CreateTrail"))
    (event,) = required_events(required)
    assert not never_from(event, narrow(required, event), "ec2.amazonaws.com")


# --------------------------------------------------------------------------- the tables


@pytest.mark.parametrize(("source", "service"), made.LEFT_OUT.items())
def test_every_call_of_the_services_that_may_be_left_out_is_listed(source: str, service: str) -> None:
    assert set(made.calls_of(service)) <= known.CALLS_OF[f"{source}.amazonaws.com"]


def test_the_calls_of_services_for_data_alone_are_listed() -> None:
    assert set(made.data_calls()) <= known.OTHER_DATA_CALLS


def test_the_parameters_of_the_calls_on_data_are_listed() -> None:
    assert set(made.data_parameters()) == known.DATA_PARAMETERS
    assert {"bucketName", "key", "tableName", "functionName", "topicArn", "queueUrl"} <= known.DATA_PARAMETERS


def test_the_calls_of_services_of_which_some_are_data_events_are_listed() -> None:
    assert all(map(may_be_data_event, made.doubtful_calls()))
    assert not any(map(may_be_data_event, ("StopLogging", "CreatePolicy", "DeleteTrail", "Get", "")))


def test_no_service_with_data_events_counts_as_one_of_management_events_only() -> None:
    assert not {*made.SOME_DATA_EVENTS, *made.DATA_CALLS} & known.MANAGEMENT_SOURCES
    assert {"config", "iam", "ec2", "cloudtrail", "organizations", "signin", "kms"} <= known.MANAGEMENT_SOURCES


def test_verbs_are_those_of_the_service_authorization_reference() -> None:
    assert (frozenset(made.write_verbs()[0]), frozenset(made.write_verbs()[1])) == (known.WRITE_VERBS, known.READS)
