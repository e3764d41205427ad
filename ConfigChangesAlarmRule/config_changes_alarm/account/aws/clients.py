"""The clients through which AWS is called: one for each service and place, of a session's or a role's credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from ...resources import Place
from ..outcomes import EvaluationFailed
from .connections import share_trust

THREADS = 16
"""How many calls may be under way at the same time: every client has as many connections."""

ATTEMPTS, CONNECT_SECONDS, READ_SECONDS = 5, 3, 8
CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    max_pool_connections=THREADS,
)
"""All attempts of a call that never gets through end within a minute: half of the function's timeout."""

OwnClient = Callable[[str, str], Any]
"""Makes a client of the evaluator's own for a service and a Region. Raises `EvaluationFailed` where it cannot."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A role's temporary credentials. Never shown."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(repr=False)


class Clients:
    """Makes each client once.

    `session` builds every client, except the evaluator's own where `own_client` does: rdklib hands out clients and no
    credentials. `before_attempt` runs before every attempt of every call, the retries too.
    """

    def __init__(
        self,
        session: boto3.Session,
        config: Config,
        own_client: OwnClient | None,
        before_attempt: Callable[..., None],
    ) -> None:
        self._session = session
        share_trust(session)
        self._config = config
        self._own_client = own_client or self._client_of_session
        self._before_attempt = before_attempt
        self._clients: dict[tuple[str, Place], Any] = {}
        self._lock = Lock()  # a session may not make two clients at a time; a made client may be shared

    def partition(self, region: str) -> str:
        """The partition of a Region. Raises `EvaluationFailed`."""
        try:
            with self._lock:
                return self._session.get_partition_for_region(region)
        except BotoCoreError:
            raise EvaluationFailed(f"no AWS partition has a Region {region!r}") from None

    def client(self, service: str, place: Place, credentials: Credentials | None) -> Any:
        """The evaluator's own where no credentials are given. Raises `EvaluationFailed`."""
        with self._lock:
            client = self._clients.get((service, place))
            if client is None:
                client = self._made(service, place.region, credentials)
                client.meta.events.register("before-send", self._before_attempt)
                self._clients[service, place] = client
            return client

    def _made(self, service: str, region: str, credentials: Credentials | None) -> Any:
        try:
            if credentials is None:
                return self._own_client(service, region)
            return self._client_of_session(
                service,
                region,
                aws_access_key_id=credentials.access_key,
                aws_secret_access_key=credentials.secret_key,
                aws_session_token=credentials.token,
            )
        except (BotoCoreError, ValueError) as error:
            raise EvaluationFailed(f"no {service} client for {region}: {error}") from None

    def _client_of_session(self, service: str, region: str, **credentials: str) -> Any:
        return self._session.client(  # type: ignore[call-overload]
            service, region_name=region, config=self._config, **credentials
        )
