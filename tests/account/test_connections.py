"""How AWS is trusted: by what each client was told, with a bundle that is read once for all connections."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import SSLError
from config_changes_alarm.account import EvaluationFailed, Identity, Trails
from config_changes_alarm.account.aws import CONFIG, AwsSource, connections
from config_changes_alarm.chain import assess
from config_changes_alarm.requirement import Requirement

from demo.embedded_aws import ACCOUNT_ID, REGION, EmbeddedAws

from ..accounts import an_account
from ..tls_front import TlsFront, tls_front


@pytest.fixture
def front(aws: EmbeddedAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsFront]:
    an_account(aws)
    with tls_front(aws.endpoint, tmp_path) as front:
        monkeypatch.setenv("AWS_ENDPOINT_URL", front.endpoint)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(front.bundle))
        yield front


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bundles that were read, each time."""
    read: list[str] = []
    load = ssl.SSLContext.load_verify_locations

    def reading(context: ssl.SSLContext, cafile: Any = None, *others: Any) -> None:
        read.append(cafile)
        load(context, cafile, *others)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", reading)
    return read


def a_session() -> boto3.Session:
    return boto3.Session(botocore_session=botocore.session.get_session())


def a_source(session: boto3.Session) -> AwsSource:
    return AwsSource(session, Identity(ACCOUNT_ID, REGION))


def test_a_bundle_is_read_once_for_all_connections_of_an_evaluation(front: TlsFront, read: list[str]) -> None:
    source = a_source(a_session())
    assert assess(source.account(), Requirement.parse(), datetime.now(UTC)).compliance == "COMPLIANT"
    assert len(source.calls()) == 12
    assert read == [str(front.bundle)]


def test_also_for_the_clients_that_others_make_of_the_session(front: TlsFront, read: list[str]) -> None:
    session = a_session()
    a_source(session)
    session.client("sts").get_caller_identity()
    session.client("sns").list_topics()
    assert read == [str(front.bundle)]


def test_who_is_not_in_the_bundle_is_not_trusted(front: TlsFront, monkeypatch: pytest.MonkeyPatch) -> None:
    assert a_source(a_session()).account().ask(Trails())
    monkeypatch.delenv("AWS_CA_BUNDLE")
    with pytest.raises(EvaluationFailed, match="SSL validation failed"):
        a_source(a_session()).account().ask(Trails())


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_client_that_trusts_everybody_does_not_lend_that_to_others(
    front: TlsFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = a_session()
    a_source(session)
    session.client("sts", verify=False).get_caller_identity()
    monkeypatch.delenv("AWS_CA_BUNDLE")
    with pytest.raises(SSLError):
        a_session().client("sts").get_caller_identity()
    careful = a_session()
    a_source(careful)
    with pytest.raises(SSLError):
        careful.client("sts").get_caller_identity()


def test_what_a_client_was_told_of_its_connections_stays(front: TlsFront) -> None:
    told, sharing = a_session(), a_session()
    a_source(sharing)
    mine: Any = sharing.client("sts", config=CONFIG)
    theirs: Any = told.client("sts", config=CONFIG)
    own, other = mine._endpoint.http_session, theirs._endpoint.http_session
    assert type(own) is not type(other)
    for member in ("_verify", "_max_pool_connections", "_socket_options", "_cert_file"):
        assert getattr(own, member) == getattr(other, member)
    assert own._timeout.connect_timeout == other._timeout.connect_timeout == 3
    assert own._timeout.read_timeout == other._timeout.read_timeout == 8


def test_behind_a_proxy_a_client_keeps_what_it_has(front: TlsFront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    session = a_session()
    a_source(session)
    client: Any = session.client("sts")
    assert client._endpoint.http_session._proxy_config.proxy_url_for(front.endpoint) == "http://127.0.0.1:9"


def test_with_a_botocore_that_is_made_otherwise_each_client_trusts_on_its_own(
    front: TlsFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharing = connections._sharing
    monkeypatch.setattr(connections, "_sharing", lambda own, host: sharing(object(), host))
    assert assess(a_source(a_session()).account(), Requirement.parse(), datetime.now(UTC)).compliance == "COMPLIANT"
