"""What is known of the CloudTrail records of an event (CloudTrail user guide, "CloudTrail record contents").

`record_model` is what a proof may assume of a required event.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..filter_pattern import Name
from ..proof import Domain, Kind, RecordModel
from .catalogue import Control, known_call
from .recorded_calls import recorded_events
from .required_events import RequiredEvent

__all__ = ["partition_of", "record_model"]

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
_ISSUER_TEXT = ("type", "principalId", "arn", "accountId", "userName")
"""Of whoever issued a session's credentials (CloudTrail user guide, "CloudTrail userIdentity element")."""
_REGION = r"[a-z]{2,}-[a-z][a-z-]*-\d"
_REGIONS = ("eu-west-1", "us-west-2", "ap-southeast-2", "eu-central-1", "us-east-2", "sa-east-1", "ca-central-1")

_LINE = r"[^\x00-\x1f]*"
"""Names, ids, times and ARNs have no control characters, so that `.` and `$` mean there what people expect."""
_TEXT = Domain((Kind.STRING,), language=_LINE)
_TEXT_OR_MISSING = Domain((Kind.STRING, Kind.MISSING), language=_LINE)
_MISSING = Domain((Kind.MISSING,))


def record_model(
    event: RequiredEvent, include_failed_calls: bool, account_id: str, partition: str = "aws"
) -> RecordModel:
    """What holds of every record of a required event in this account.

    Failed calls change nothing; unless they are included, `errorCode` and `errorMessage` are missing.
    """
    domains: dict[str, Domain] = {
        **dict.fromkeys(_ALWAYS_TEXT, _TEXT),
        **dict.fromkeys(_OPTIONAL_TEXT, _TEXT_OR_MISSING),
        **{f"userIdentity.{name}": _TEXT_OR_MISSING for name in _IDENTITY_TEXT},
        **{f"userIdentity.sessionContext.sessionIssuer.{name}": _TEXT_OR_MISSING for name in _ISSUER_TEXT},
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
    control, returns = _asking(event)
    regions: tuple[str, ...] = ("us-east-1", "eu-west-1")
    if control is not None:
        domains |= _domains_of(control, returns)
        if partition in control.regions:
            regions = (control.regions[partition],)
            domains["awsRegion"] = Domain((Kind.STRING,), strings=frozenset(regions))
    if event.control is not None:
        domains |= {path: _domain(values) for path, values in event.control.members.items()}
    bases = list(recorded_events(event, account_id, regions))
    if include_failed_calls and not bases[0].keys() & {"errorCode", "errorMessage"}:
        failed = {"errorCode": "AccessDenied", "errorMessage": "not authorized", "responseElements": None}
        bases.append({**bases[0], **failed})
    return RecordModel(
        domains={tuple(Name(part) for part in path.split(".")): domain for path, domain in domains.items()},
        bases=tuple(dict.fromkeys(json.dumps(base, separators=(",", ":")) for base in bases)),
        fragments=(
            *(f'"{name}":' for name in ("userIdentity", "requestParameters", "responseElements")),
            *(f'"{name}":"' for name in ("awsRegion", *_ALWAYS_TEXT)),
        ),
        compact=True,
        free_text="userAgent",
    )


def _asking(event: RequiredEvent) -> tuple[Control | None, bool | None]:
    """The control whose records the event's are, whoever asks for it; and whether the call returns anything."""
    found = known_call(event.source, event.name) if event.source is not None and event.named else None
    if found is None:
        return event.control, None
    return event.control or found[0], found[1].returns


def _domains_of(control: Control, returns: bool | None) -> Mapping[str, Domain]:
    read_only = (True, False) if control.read_only is None else (control.read_only,)
    response = {None: (Kind.NULL, Kind.OBJECT), True: (Kind.OBJECT, Kind.NULL), False: (Kind.NULL,)}[returns]
    return {
        "eventType": Domain((Kind.STRING,), strings=frozenset(control.event_types)),
        "eventCategory": Domain((Kind.STRING,), strings=frozenset(("Management",))),
        "responseElements": Domain(response),
        "managementEvent": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=(True,)),
        "readOnly": Domain((Kind.BOOLEAN, Kind.MISSING), booleans=read_only),
    }


def _domain(values: tuple[str, ...]) -> Domain:
    """Of a member that has one of these values, or that is never there."""
    return Domain((Kind.STRING,), strings=frozenset(values)) if values else _MISSING


def partition_of(region: str) -> str:
    """The partition that a Region lies in, as far as the catalogue distinguishes them; else nothing."""
    prefix = region.split("-")[0]
    if region.startswith(("us-gov-", "us-iso", "eu-isoe-", "eusc-")):
        return "aws-us-gov" if region.startswith("us-gov-") else ""
    return "aws-cn" if prefix == "cn" else "aws"
