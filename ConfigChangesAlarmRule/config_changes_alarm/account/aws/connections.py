"""How clients trust AWS: the certificates that connections are checked with are read once, for all of them.

botocore gives every client a TLS context of its own, and urllib3 has the context read the bundle of certificates for
every connection: 16 ms of a processor each time, for a dozen connections an evaluation. Here clients that trust the
same bundle have one context, which reads it once. What a client decided about certificates, patience and its pool
stays; one behind a proxy, or with a certificate of its own, keeps its own context.

Clients are reached by botocore's event `creating-client-class` while they are made.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import boto3
from botocore.endpoint import Endpoint
from botocore.httpsession import URLLib3Session, create_urllib3_context

__all__ = ["share_trust"]


def share_trust(session: boto3.Session) -> None:
    """Among all clients that the session makes from now on, and those of other sessions."""
    session.events.register("creating-client-class", _share, unique_id="config-changes-alarm-trust")


def _share(base_classes: list[type], **_: object) -> None:
    base_classes.insert(0, _Sharing)


class _Sharing:
    """A client whose connections share their trust."""

    def __init__(self, *, endpoint: Endpoint, **others: Any) -> None:
        with suppress(AttributeError):  # of another botocore, whose members have other names: it trusts on its own
            endpoint.http_session = _sharing(endpoint.http_session, endpoint.host)
        super().__init__(endpoint=endpoint, **others)  # type: ignore[call-arg]  # botocore's own client comes next


def _sharing(own: Any, host: str) -> Any:
    """Connections like a client's own that share their trust; its own where it has a certificate or a proxy."""
    if own._cert_file is not None or own._proxy_config.proxy_url_for(host) is not None:
        return own
    timeout: Any = (own._timeout.connect_timeout, own._timeout.read_timeout)
    return _Connections(
        own._verify,
        timeout=timeout,
        max_pool_connections=own._max_pool_connections,
        socket_options=own._socket_options,
    )


class _Connections(URLLib3Session):
    """A pool of connections with the context of all that trust the same."""

    _verify: bool | str

    def _get_ssl_context(self) -> Any:
        return _trusting(self._verify)


@cache
def _trusting(verify: bool | str) -> Any:  # noqa: ARG001 - whoever trusts something else has another one
    context: Any = create_urllib3_context()
    context.load_verify_locations = cache(context.load_verify_locations)
    return context
