"""What is known of the CloudTrail records of an event (CloudTrail user guide, "CloudTrail record contents").

`record_model` is what a proof may assume of a required event.
"""

from __future__ import annotations

import json

from ..filter_pattern import Name
from ..proof import Domain, Kind, RecordModel
from .recorded_calls import CONFIG, REQUESTS, RESPONSES, identities, recorded_call
from .required_events import RequiredEvent

__all__ = ["record_model"]

_ALWAYS_TEXT = (
    "eventTime",
    "eventVersion",
    "eventSource",
    "eventName",
    "sourceIPAddress",
    "eventID",
    "eventType",
)
_OPTIONAL_TEXT = ("userAgent", "apiVersion", "vpcEndpointId", "sharedEventID", "requestID")
"""Sign-ins and events of services have no `requestID`, although the reference does not call it optional."""
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
    if event.source == CONFIG and event.name in REQUESTS:
        domains |= {
            "eventType": Domain((Kind.STRING,), strings=frozenset(("AwsApiCall",))),
            "eventCategory": Domain((Kind.STRING,), strings=frozenset(("Management",))),
            "responseElements": Domain((Kind.OBJECT, Kind.NULL) if event.name in RESPONSES else (Kind.NULL,)),
            "managementEvent": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=(True,)),
            "readOnly": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=(False,)),
        }
    sources = (event.source,) if event.source else event.possible_sources or (CONFIG,)
    bases = [
        recorded_call(source, event.name, account_id, identity, region, False)
        for source in sources
        for identity in identities(account_id)
        for region in ("us-east-1", "eu-west-1")
    ]
    if include_failed_calls:
        failed = {"errorCode": "AccessDenied", "errorMessage": "not authorized", "responseElements": None}
        bases.append({**bases[0], **failed})
    return RecordModel(
        domains={tuple(Name(part) for part in path.split(".")): domain for path, domain in domains.items()},
        bases=tuple(json.dumps(base, separators=(",", ":")) for base in bases),
        fragments=(
            *(f'"{name}":' for name in ("userIdentity", "requestParameters", "responseElements")),
            *(f'"{name}":"' for name in ("awsRegion", *_ALWAYS_TEXT)),
        ),
        compact=True,
        free_text="userAgent",
    )
