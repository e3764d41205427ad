"""API calls and sign-ins as CloudTrail records them: made up, with every member that current records have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from .catalogue import known_call
from .required_events import RequiredEvent

__all__ = [
    "ACCOUNT",
    "CONFIG",
    "Record",
    "identities",
    "recorded_call",
    "recorded_events",
]

Record = dict[str, Any]

CONFIG = "config.amazonaws.com"
ACCOUNT = "111122223333"


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
        "requestParameters": None,
        "responseElements": None,
        "requestID": "7e03fa6a-1c5d-4f6e-9a57-657c7ab282ab",
        "eventID": "55a5507f-2d9e-4b1f-8c39-196dc078a88d",
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def recorded_events(event: RequiredEvent, account: str, regions: Sequence[str] = ("us-east-1",)) -> Iterator[Record]:
    """Records of a required event, the most ordinary first: by callers of every kind, as its control knows them.

    They are parsed JSON, with every member that current records have.
    """
    samples = event.control.samples if event.control is not None and event.control.samples else ({},)
    for source in (event.source,) if event.source else event.possible_sources or (CONFIG,):
        for identity, region, sample in product(identities(account), regions, samples):
            name = event.name if event.named else "StopConfigurationRecorder"
            record = recorded_call(source, name, account, identity, region, False)
            call = known_call(source, name)
            if call is not None:
                record |= {"requestParameters": call[1].request, "responseElements": call[1].response}
            if event.control is not None:
                record["eventType"] = event.control.event_types[0]
                record = {path: value for path, value in record.items() if event.control.members.get(path) != ()}
            yield record | _of_account(sample, account)


def _of_account(sample: Mapping[str, Any], account: str) -> Record:
    record: Record = json.loads(json.dumps(sample).replace(ACCOUNT, account))
    return record
