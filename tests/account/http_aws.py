"""AWS as botocore meets it: HTTP answers in the services' own protocols, given before anything is sent.

What AWS answers is written in JSON as its API reference shows it. Anything may go wrong on the way: see `Fault`.
Requests are signed as ever, so that the credentials' account and the Region of every request are known.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from config_changes_alarm.resources import Place
from urllib3.exceptions import ProtocolError

SERVICES = {
    "cloudtrail": "cloudtrail",
    "cloudwatch-logs": "logs",
    "cloudwatch": "cloudwatch",
    "sns": "sns",
    "kms": "kms",
    "lambda": "lambda",
    "organizations": "organizations",
    "sqs": "sqs",
    "sts": "sts",
    "config-service": "config",
}
DENIED = {
    "cloudtrail": "AccessDeniedException",
    "logs": "AccessDeniedException",
    "cloudwatch": "AccessDenied",
    "sns": "AuthorizationError",
    "kms": "AccessDeniedException",
    "lambda": "AccessDeniedException",
    "organizations": "AccessDeniedException",
    "sqs": "AccessDenied",
    "sts": "AccessDenied",
    "config": "AccessDeniedException",
}
THROTTLED = {
    "cloudtrail": "ThrottlingException",
    "logs": "ThrottlingException",
    "cloudwatch": "Throttling",
    "sns": "Throttling",
    "kms": "ThrottlingException",
    "lambda": "TooManyRequestsException",
    "organizations": "TooManyRequestsException",
    "sqs": "RequestThrottled",
    "sts": "Throttling",
    "config": "ThrottlingException",
}
Content = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """An error that AWS answers with."""

    code: str
    status: int = 400
    message: str = "no"


class Fault(Enum):
    """What may go wrong with one API."""

    DENIED = "denied"
    THROTTLED_TWICE = "throttled twice, then fine"
    THROTTLED = "throttled for good"
    SERVER_ERROR = "HTTP 500"
    TIMED_OUT = "timed out"
    RESET = "connection reset"
    CUT_SHORT = "connection cut within the answer"
    EMPTY = "empty answer"
    NOT_AWS = "a proxy's page"
    NO_MEMBERS = "an answer without members"
    SECOND_PAGE_FAILS = "second page throttled for good"
    SECOND_PAGE_DENIED = "second page denied"


TOKENS = {
    "logs:DescribeLogGroups": "nextToken",
    "logs:DescribeMetricFilters": "nextToken",
    "cloudwatch:DescribeAlarms": "NextToken",
    "cloudwatch:ListAlarmMuteRules": "NextToken",
    "sns:ListSubscriptionsByTopic": "NextToken",
}


@dataclass(frozen=True)
class Request:
    """What was asked, with whose credentials, where."""

    operation: str
    place: Place
    members: Content
    host: str = ""


@dataclass
class HttpAws:
    """Answers by operation; each may depend on the request. `account_of` says whose credentials an operation takes."""

    answers: dict[str, Callable[[Request], Content | Refusal]]
    account_of: Callable[[Request], str]
    faults: dict[str, Fault] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def respond(self, event_name: str, request: AWSPreparedRequest) -> AWSResponse:
        """Takes the place of the network."""
        _, service_id, operation_name = event_name.split(".")
        service = SERVICES[service_id]
        host = urlsplit(str(request.url)).hostname or ""
        asked = Request(f"{service}:{operation_name}", _place(request), _members(service, request), host)
        self.requests.append(asked)
        before = sum((each.operation, each.members) == (asked.operation, asked.members) for each in self.requests) - 1
        fault = self.faults.get(asked.operation)
        content: Content | Refusal
        if asked.place.account_id != self.account_of(asked):
            content = Refusal(DENIED[service], 403)
        else:
            content = self.answers[asked.operation](asked)
        if fault is not None:
            spoiled = _spoiled(fault, asked, content, before, str(request.url))
            if spoiled is None or isinstance(spoiled, bytes):
                return AWSResponse(str(request.url), 200, HTTPHeaders(), _Body(spoiled))
            content = spoiled
        return http_answer(event_name, content, str(request.url))


def http_answer(event_name: str, content: Content | Refusal, url: str) -> AWSResponse:
    """What the network would have brought for a `before-send` event."""
    _, service_id, operation_name = event_name.split(".")
    status = content.status if isinstance(content, Refusal) else 200
    body = _written(SERVICES[service_id], operation_name, content)
    return AWSResponse(url, status, HTTPHeaders(), _Body(body))


def _spoiled(
    fault: Fault, asked: Request, content: Content | Refusal, before: int, url: str
) -> Content | Refusal | bytes | None:
    """Bytes are a whole body, None one that breaks off."""
    service = asked.operation.partition(":")[0]
    throttled = Refusal(THROTTLED[service], 400, "Rate exceeded")
    later = bool(asked.members.get(TOKENS.get(asked.operation, "")))
    match fault:
        case Fault.DENIED:
            return Refusal(DENIED[service], 403, "explicit deny in a service control policy")
        case Fault.THROTTLED_TWICE:
            return throttled if before < 2 else content
        case Fault.THROTTLED:
            return throttled
        case Fault.SERVER_ERROR:
            return Refusal("InternalFailure", 500)
        case Fault.TIMED_OUT:
            raise ReadTimeoutError(endpoint_url=url)
        case Fault.RESET:
            raise ConnectionClosedError(endpoint_url=url)
        case Fault.CUT_SHORT:
            return None
        case Fault.EMPTY:
            return b""
        case Fault.NOT_AWS:
            return b"<html><body>Please sign in</body></html>"
        case Fault.NO_MEMBERS:
            return {}
        case Fault.SECOND_PAGE_FAILS if later:
            return throttled
        case Fault.SECOND_PAGE_DENIED if later:
            return Refusal(DENIED[service], 403)
        case Fault.SECOND_PAGE_FAILS | Fault.SECOND_PAGE_DENIED:
            return content if isinstance(content, Refusal) else {**content, TOKENS[asked.operation]: "page-2"}


class _Body:
    """What urllib3 hands to botocore; None breaks off."""

    def __init__(self, content: bytes | None) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        if self._content is None:
            raise ProtocolError("Connection broken: IncompleteRead")
        yield self._content


# --------------------------------------------------------------------------- the session

_CORE = botocore.session.Session()
_CORE.set_credentials("own", "secret")
_SESSION = boto3.Session(botocore_session=_CORE, region_name="us-east-1")


@contextmanager
def answering(aws: HttpAws, session: boto3.Session = _SESSION) -> Iterator[boto3.Session]:
    """The session's clients get this AWS. AWS's service models are loaded once for all tests."""

    def respond(request: AWSPreparedRequest, event_name: str, **_: object) -> Any:
        return aws.respond(event_name, request)

    session.events.register_last("before-send", respond)
    try:
        yield session
    finally:
        session.events.unregister("before-send", respond)


OWN = "111111111111"


def _place(request: AWSPreparedRequest) -> Place:
    """From the signature: credentials named `role-ACCOUNT` as `AssumeRole` gave them, or our own."""
    header = request.headers["Authorization"]
    text = header.decode() if isinstance(header, bytes) else str(header)
    found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", text)
    assert found is not None
    return Place(found[1].removeprefix("role-") if found[1].startswith("role-") else OWN, found[2])


# --------------------------------------------------------------------------- protocols


@cache
def _service_model(service: str) -> Any:
    return _CORE.get_service_model(service)


def _members(service: str, request: AWSPreparedRequest) -> Content:
    body = request.body or b""
    text = body.decode() if isinstance(body, bytes) else str(body)
    match _service_model(service).resolved_protocol:
        case "json":
            return dict(json.loads(text))
        case "rest-json":
            url = urlsplit(str(request.url))
            return {"path": unquote(url.path), **dict(parse_qsl(url.query))}
        case _:
            return dict(parse_qsl(text))


def _written(service: str, operation_name: str, content: Content | Refusal) -> bytes:
    model = _service_model(service)
    if model.resolved_protocol in ("json", "rest-json"):
        if isinstance(content, Refusal):
            return json.dumps({"__type": content.code, "message": content.message}).encode()
        return json.dumps(content, default=_epoch).encode()
    if isinstance(content, Refusal):
        inner = f"<Error><Type>Sender</Type><Code>{content.code}</Code><Message>{content.message}</Message></Error>"
        return f"<ErrorResponse>{inner}<RequestId>1</RequestId></ErrorResponse>".encode()
    shape = model.operation_model(operation_name).output_shape
    inner = "".join(_xml(name, shape.members[name], value) for name, value in content.items())
    result = f"<{operation_name}Result>{inner}</{operation_name}Result>"
    rest = "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
    return f"<{operation_name}Response>{result}{rest}</{operation_name}Response>".encode()


def _epoch(value: Any) -> float:
    assert isinstance(value, datetime)
    return value.timestamp()


def _xml(name: str, shape: Any, value: Any) -> str:
    match shape.type_name:
        case "structure":
            inner = "".join(_xml(key, shape.members[key], each) for key, each in value.items())
        case "list":
            inner = "".join(_xml("member", shape.member, each) for each in value)
        case "map":
            entries = ((_xml("key", shape.key, key), _xml("value", shape.value, each)) for key, each in value.items())
            inner = "".join(f"<entry>{key}{each}</entry>" for key, each in entries)
        case "timestamp":
            inner = value.isoformat()
        case _:
            inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"


def fixed(content: Content) -> Callable[[Request], Content]:
    """The same answer to every request."""
    return lambda _: copy.deepcopy(content)
