"""What is known of a CloudTrail record (CloudTrail user guide, "CloudTrail record contents"), and realistic records.

`record_model` is what a proof may assume of a required event; `typical_record` is such an event as CloudTrail writes
it; `routine_events` are those that every account produces all day, which a filter must not match.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..filter_pattern import Name
from ..proof import Domain, Kind, RecordModel
from .required_events import OTHER_EVENTS, RequiredEvent

__all__ = ["RoutineEvent", "record_model", "routine_events", "selected_members", "typical_record"]

Record = dict[str, Any]

CONFIG = "config.amazonaws.com"
_ACCOUNT = "111122223333"

_REQUESTS: Mapping[str, Record] = {
    "StopConfigurationRecorder": {"configurationRecorderName": "default"},
    "DeleteConfigurationRecorder": {"configurationRecorderName": "default"},
    "DeleteDeliveryChannel": {"deliveryChannelName": "default"},
    "PutDeliveryChannel": {"deliveryChannel": {"name": "default", "s3BucketName": "config-bucket"}},
    "PutConfigurationRecorder": {
        "configurationRecorder": {
            "name": "default",
            "roleARN": "arn:aws:iam::111122223333:role/config",
            "recordingGroup": {"allSupported": False, "includeGlobalResourceTypes": False},
        }
    },
    "DisassociateResourceTypes": {
        "configurationRecorderArn": "arn:aws:config:us-east-1:111122223333:configuration-recorder/default/abcdefgh",
        "resourceTypes": ["AWS::IAM::Role"],
    },
}
"""What the calls send. Calls that change AWS Config are writes and return nothing."""


def _identities(account: str) -> tuple[Record, ...]:
    return (
        {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLEEXAMPLEEXAM:alice",
            "arn": f"arn:aws:sts::{account}:assumed-role/Admin/alice",
            "accountId": account,
            "accessKeyId": "ASIAEXAMPLEEXAMPLE12",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLEEXAMPLEEXAM",
                    "arn": f"arn:aws:iam::{account}:role/Admin",
                    "accountId": account,
                    "userName": "Admin",
                },
                "attributes": {"creationDate": "2026-09-01T10:00:00Z", "mfaAuthenticated": "false"},
            },
        },
        {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLEEXAMPLEEXAM",
            "arn": f"arn:aws:iam::{account}:user/bob",
            "accountId": account,
            "accessKeyId": "AKIAEXAMPLEEXAMPLE12",
            "userName": "bob",
        },
        {
            "type": "Root",
            "principalId": account,
            "arn": f"arn:aws:iam::{account}:root",
            "accountId": account,
            "accessKeyId": "ASIAEXAMPLEEXAMPLE34",
        },
        {"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"},
    )


def _record(source: str, name: str, account: str, identity: Record, region: str, read_only: bool) -> Record:
    service = identity["type"] == "AWSService"
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": "2026-09-01T10:05:00Z",
        "eventSource": source,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": identity["invokedBy"] if service else "203.0.113.10",
        "userAgent": identity["invokedBy"] if service else "aws-cli/2.31.0",
        "requestParameters": _REQUESTS.get(name),
        "responseElements": None,
        "requestID": "7e03fa6a-1c5d-4f6e-9a57-657c7ab282ab",
        "eventID": "55a5507f-2d9e-4b1f-8c39-196dc078a88d",
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def typical_record(event: RequiredEvent, account_id: str = _ACCOUNT) -> Record:
    """The event as an administrator's call: parsed JSON, every member that current records have."""
    name = "StopConfigurationRecorder" if event.name == OTHER_EVENTS else event.name
    return _record(event.source or CONFIG, name, account_id, _identities(account_id)[0], "us-east-1", False)


_WRITE = re.compile(
    "(Add|Associate|Attach|Authorize|Create|Deactivate|Delete|Deregister|Detach|Disable|Disassociate|Enable|Modify|Put"
    "|Register|Remove|Replace|Restore|Revoke|Schedule|Set|Update)[A-Z]"
)
_CONFIG_WRITE = re.compile("(Start|Stop)[A-Z]")
"""How calls that change something begin, whatever the service; and more of AWS Config's."""


def selected_members(event: RequiredEvent, certain_source: bool) -> Record:
    """What event selectors may test of a required event; what is not known is left out.

    `certain_source` says that all its records have the event's source. CloudTrail calls a call that changes something
    a write (user guide, "Read and write events"); of other names it is not known what they are.
    """
    record: Record = {"eventCategory": "Management", "eventName": event.name}
    if certain_source and event.source is not None:
        record["eventSource"] = event.source
    if _WRITE.match(event.name) or (record.get("eventSource") == CONFIG and _CONFIG_WRITE.match(event.name)):
        record["readOnly"] = False
    return record


# --------------------------------------------------------------------------- the model

_ALWAYS_TEXT = (
    "eventTime",
    "eventVersion",
    "eventSource",
    "eventName",
    "sourceIPAddress",
    "requestID",
    "eventID",
    "eventType",
)
_OPTIONAL_TEXT = ("userAgent", "apiVersion", "vpcEndpointId", "sharedEventID")
_IDENTITY_TEXT = ("type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy", "identityProvider")
_REGION = r"[a-z]{2,}-[a-z][a-z-]*-\d"
_REGIONS = ("eu-west-1", "us-west-2", "ap-southeast-2", "eu-central-1", "us-east-2", "sa-east-1", "ca-central-1")

_LINE = r"[^\x00-\x1f]*"
"""Names, ids, times and ARNs have no control characters, so that `.` and `$` mean there what people expect."""
_TEXT = Domain((Kind.STRING,), language=_LINE)
_TEXT_OR_MISSING = Domain((Kind.STRING, Kind.MISSING), language=_LINE)
_MISSING = Domain((Kind.MISSING,))


def record_model(event: RequiredEvent, include_failed_calls: bool, account_id: str) -> RecordModel:
    """What holds of every record of a required event in this account.

    Failed calls change nothing; unless they are included, `errorCode` and `errorMessage` are missing.
    """
    domains: dict[str, Domain] = {
        **dict.fromkeys(_ALWAYS_TEXT, _TEXT),
        **dict.fromkeys(_OPTIONAL_TEXT, _TEXT_OR_MISSING),
        **{f"userIdentity.{name}": _TEXT_OR_MISSING for name in _IDENTITY_TEXT},
        "userIdentity": Domain((Kind.OBJECT,)),
        "awsRegion": Domain((Kind.STRING,), language=_REGION, examples=("us-east-1", *_REGIONS)),
        "recipientAccountId": Domain((Kind.STRING, Kind.MISSING), strings=frozenset((account_id,))),
        "requestParameters": Domain((Kind.OBJECT, Kind.NULL)),
        "responseElements": Domain((Kind.NULL, Kind.OBJECT)),
        "managementEvent": Domain((Kind.BOOLEAN, Kind.MISSING)),
        "readOnly": Domain((Kind.BOOLEAN, Kind.MISSING)),
        "eventCategory": _TEXT_OR_MISSING,
        "errorCode": _TEXT_OR_MISSING if include_failed_calls else _MISSING,
        "errorMessage": Domain((Kind.STRING, Kind.MISSING)) if include_failed_calls else _MISSING,
    }
    if event.source == CONFIG and event.name in _REQUESTS:
        domains |= {
            "eventType": Domain((Kind.STRING,), strings=frozenset(("AwsApiCall",))),
            "eventCategory": Domain((Kind.STRING,), strings=frozenset(("Management",))),
            "responseElements": Domain((Kind.NULL,)),
            "managementEvent": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=(True,)),
            "readOnly": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=(False,)),
        }
    bases = [
        _record(event.source or CONFIG, event.name, account_id, identity, region, False)
        for identity in _identities(account_id)
        for region in ("us-east-1", "eu-west-1")
    ]
    if include_failed_calls:
        bases.append({**bases[0], "errorCode": "AccessDenied", "errorMessage": "not authorized"})
    return RecordModel(
        domains={tuple(Name(part) for part in path.split(".")): domain for path, domain in domains.items()},
        bases=tuple(json.dumps(base, separators=(",", ":")) for base in bases),
        fragments=("userIdentity", "requestParameters", "responseElements", "awsRegion", *_ALWAYS_TEXT),
        free_text="userAgent",
    )


# --------------------------------------------------------------------------- routine events


@dataclass(frozen=True, slots=True)
class RoutineEvent:
    """An event that every account produces all day, as CloudTrail records it for a role and for an AWS service."""

    name: str
    messages: tuple[str, ...]


_ROUTINE_READS = {
    "config": "DescribeConfigurationRecorders DescribeConfigurationRecorderStatus DescribeDeliveryChannels "
    "DescribeDeliveryChannelStatus DescribeConfigRules DescribeComplianceByConfigRule GetComplianceDetailsByConfigRule "
    "GetResourceConfigHistory BatchGetResourceConfig ListDiscoveredResources SelectResourceConfig ListTagsForResource",
    "sts": "AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity",
    "kms": "Decrypt GenerateDataKey DescribeKey ListAliases",
    "s3": "GetBucketAcl HeadBucket ListBuckets GetBucketLocation GetBucketPolicy GetBucketEncryption",
    "logs": "DescribeLogGroups DescribeLogStreams DescribeMetricFilters",
    "ec2": "DescribeInstances DescribeRegions DescribeSecurityGroups DescribeVolumes DescribeNetworkInterfaces "
    "DescribeSubnets DescribeVpcs DescribeImages DescribeTags",
    "iam": "GetRole ListRoles GetPolicy ListPolicies GetUser ListUsers GetAccountSummary ListAttachedRolePolicies",
    "cloudtrail": "LookupEvents DescribeTrails GetTrailStatus GetEventSelectors ListTrails",
    "monitoring": "DescribeAlarms ListMetrics DescribeAlarmsForMetric",
    "lambda": "ListFunctions20150331 GetFunction20150331v2 GetPolicy20150331v2",
    "tagging": "GetResources",
    "health": "DescribeEventAggregates",
    "securityhub": "GetFindings DescribeHub",
    "sns": "ListTopics GetTopicAttributes ListSubscriptionsByTopic",
    "ssm": "DescribeInstanceInformation ListAssociations",
}
_ROUTINE_WRITES = {
    "config": "PutEvaluations StartConfigRulesEvaluation",
    "logs": "CreateLogStream CreateLogGroup",
    "ec2": "CreateNetworkInterface DeleteNetworkInterface CreateTags RunInstances TerminateInstances",
    "ssm": "UpdateInstanceInformation PutInventory",
    "securityhub": "BatchImportFindings",
    "autoscaling": "CompleteLifecycleAction",
    "ecs": "RegisterContainerInstance SubmitTaskStateChange UpdateService",
}


@lru_cache(maxsize=4)
def routine_events(account_id: str = _ACCOUNT, region: str = "us-east-1") -> tuple[RoutineEvent, ...]:
    """Reads, role sessions, deliveries and the like, writes first, as they occur in this account and Region."""
    return (
        *_routine(_ROUTINE_WRITES, False, account_id, region),
        *_routine(_ROUTINE_READS, True, account_id, region),
    )


def _routine(services: Mapping[str, str], read_only: bool, account_id: str, region: str) -> list[RoutineEvent]:
    """By a role, by a user where global services are, and by an AWS service in another Region."""
    role, user, _, service = _identities(account_id)
    calls = ((role, region), (user, "us-east-1"), (service, "eu-west-1"))
    events = []
    for prefix, names in services.items():
        for name in names.split():
            source = f"{prefix}.amazonaws.com"
            records = (_record(source, name, account_id, identity, where, read_only) for identity, where in calls)
            messages = tuple(json.dumps(record, separators=(",", ":")) for record in records)
            events.append(RoutineEvent(f"{prefix}:{name}", messages))
    return events
