"""Calls AWS: with whose credentials, how fast, until when, to the last page, and what was called.

Nothing is remembered but a role's credentials, which every service's client of another account needs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from ...resources import Place
from ..memory import Memory
from ..outcomes import EvaluationFailed, Unreadable
from .clients import Clients, Credentials, OwnClient
from .errors import Absent, Denied, meaning
from .pace import Deadline, Paces
from .parsing import name, parsed, structure

_log = logging.getLogger(__name__)

_ROLE_SESSION_NAME = "config-changes-alarm"


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was made: an IAM action, where, how long it took in all, and how often it was retried."""

    operation: str
    place: Place
    milliseconds: float
    retries: int


class Calling:
    """The calls of one evaluation at `home`. Another account is entered by the role of that name, if one is given.

    After `seconds` no attempt of any call begins any more: `EvaluationFailed`.
    """

    def __init__(
        self,
        session: boto3.Session,
        home: Place,
        role_name: str | None,
        config: Config,
        own_client: OwnClient | None,
        seconds: float,
    ) -> None:
        deadline = Deadline(seconds)
        self.home = home
        self.role_name = role_name
        self._clients = Clients(session, config, own_client, deadline.check)
        self._paces = Paces(deadline)
        self._credentials = Memory()
        self._calls: list[Call] = []
        self._lock = Lock()

    @cached_property
    def partition(self) -> str:
        """Of the home Region. Raises `EvaluationFailed`."""
        return self._clients.partition(self.home.region)

    def calls(self) -> tuple[Call, ...]:
        """Every request so far, in the order of their ends."""
        with self._lock:
            return tuple(self._calls)

    def endpoint(self, service: str, place: Place) -> str:
        """The URL at which a service listens there. Raises `Denied` or `EvaluationFailed`."""
        return str(self._client(service, place).meta.endpoint_url)

    def _client(self, service: str, place: Place) -> Any:
        return self._clients.client(service, place, self._credentials_in(place.account_id))

    def call(self, service: str, place: Place, method: str, subject: str, **request: Any) -> dict[str, Any]:
        """One request. Raises `Denied`, `Absent`, `NotOffered` or `EvaluationFailed`."""
        client = self._client(service, place)
        operation = f"{service}:{client.meta.method_to_api_mapping[method]}"
        self._paces.wait_for_turn(operation, place)
        started = time.perf_counter()
        retries = 0
        try:
            answer: dict[str, Any] = getattr(client, method)(**request)
            retries = answer.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            return answer
        except ClientError as error:
            retries = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            raise meaning(error, operation, place, self.home, subject) from None
        except (BotoCoreError, HTTPError) as error:  # urllib3's own where a connection breaks within an answer
            raise EvaluationFailed(f"{operation} in {place.region}: {error}") from None
        except (ResponseParserError, ValueError, LookupError, TypeError, AttributeError) as error:
            # botocore's parsers let these out of an answer that is no answer of that service
            raise EvaluationFailed(f"{operation} in {place.region}: AWS's answer makes no sense: {error!r}") from None
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            with self._lock:
                self._calls.append(Call(operation, place, milliseconds, retries))
            _log.debug("%s %s %s %.0f ms, %d retries", operation, place, subject, milliseconds, retries)

    def pages(
        self, service: str, place: Place, method: str, subject: str, token: str = "NextToken", **request: Any
    ) -> Iterator[dict[str, Any]]:
        """Every page. A token that comes back a second time would never end."""
        seen: set[str] = set()
        while True:
            answer = self.call(service, place, method, subject, **request)
            yield answer
            following = answer.get(token)
            if not following:
                return
            if following in seen:
                raise EvaluationFailed(f"{_operation(service, method)} answers the same page token twice")
            seen.add(following)
            request[token] = following

    def _credentials_in(self, account_id: str) -> Credentials | None:
        """Those of the role in another account; at home none are needed. Raises `Denied`."""
        if account_id == self.home.account_id:
            return None
        credentials = self._credentials.once(account_id, lambda: self._assumed(account_id))
        if isinstance(credentials, Unreadable):
            raise Denied(credentials)
        return credentials

    def _assumed(self, account_id: str) -> Credentials | Unreadable:
        if self.role_name is None:
            return Unreadable("sts:AssumeRole", "NoRoleGiven", f"account {account_id}")
        arn = f"arn:{self.partition}:iam::{account_id}:role/{self.role_name}"
        try:
            answer = self.call("sts", self.home, "assume_role", arn, RoleArn=arn, RoleSessionName=_ROLE_SESSION_NAME)
        except Denied as denied:
            return denied.unreadable
        except Absent:
            return Unreadable("sts:AssumeRole", "NoSuchRole", arn)
        given = parsed("AssumeRole", lambda: structure(answer, "Credentials"))
        members = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return Credentials(*(parsed("AssumeRole", partial(name, given, member)) for member in members))


def _operation(service: str, method: str) -> str:
    return f"{service}:{''.join(word.capitalize() for word in method.split('_'))}"
