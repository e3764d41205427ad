"""API calls as CloudTrail records them: made up, with every member that current records have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .required_events import RequiredEvent

__all__ = ["ACCOUNT", "CONFIG", "REQUESTS", "RESPONSES", "Record", "identities", "recorded_call", "source_of"]

Record = dict[str, Any]

CONFIG = "config.amazonaws.com"
ACCOUNT = "111122223333"

REQUESTS: Mapping[str, Record] = {
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
"""What the calls send that change AWS Config; all of them are writes."""

RESPONSES: Mapping[str, Record] = {
    "DisassociateResourceTypes": {
        "configurationRecorder": {
            "arn": "arn:aws:config:us-east-1:111122223333:configuration-recorder/default/abcdefgh",
            "name": "default",
            "roleARN": "arn:aws:iam::111122223333:role/config",
        }
    },
}
"""What those of them return that return anything (AWS Config API reference)."""


def identities(account: str) -> tuple[Record, ...]:
    """Who calls: a role, a user, the root user and an AWS service."""
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


def recorded_call(source: str, name: str, account: str, identity: Record, region: str, read_only: bool) -> Record:
    """One call by one of the identities."""
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
        "requestParameters": REQUESTS.get(name),
        "responseElements": RESPONSES.get(name),
        "requestID": "7e03fa6a-1c5d-4f6e-9a57-657c7ab282ab",
        "eventID": "55a5507f-2d9e-4b1f-8c39-196dc078a88d",
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def source_of(event: RequiredEvent) -> str:
    """A source that records of the event may have."""
    return event.source or next(iter(event.possible_sources), CONFIG)
