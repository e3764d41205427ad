"""TLS in front of an AWS that speaks plain HTTP, with a certificate that a bundle vouches for."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["TlsFront", "tls_front"]

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class TlsFront:
    """Where it listens, and the bundle of certificates that trusts it: botocore's own and one more."""

    endpoint: str
    bundle: Path


@contextmanager
def tls_front(endpoint: str, folder: Path) -> Iterator[TlsFront]:
    """As long as the block lasts. The certificate's files lie in the folder."""
    bundle, chain = _certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    target = urlsplit(endpoint)
    with socket.create_server((HOST, 0), backlog=64) as listening:
        thread = threading.Thread(target=_serve, args=(listening, context, (target.hostname, target.port)), daemon=True)
        thread.start()
        yield TlsFront(f"https://{HOST}:{listening.getsockname()[1]}", bundle)
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, context: ssl.SSLContext, target: tuple[str | None, int | None]) -> None:
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_join, args=(plain, context, target), daemon=True).start()


def _join(plain: socket.socket, context: ssl.SSLContext, target: tuple[str | None, int | None]) -> None:
    """One connection, both ways, until an end closes it."""
    with (
        suppress(OSError),
        context.wrap_socket(plain, server_side=True) as near,
        socket.create_connection(target) as far,
    ):
        threading.Thread(target=_pass_on, args=(far, near), daemon=True).start()
        _pass_on(near, far)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _certificates(folder: Path) -> tuple[Path, Path]:
    """The bundle, and the server's key with its certificate, which vouches for itself."""
    import botocore

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an AWS of its own")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    bundle, chain = folder / "bundle.pem", folder / "chain.pem"
    bundle.write_bytes(public + Path(botocore.__file__).with_name("cacert.pem").read_bytes())
    chain.write_bytes(secret + public)
    return bundle, chain
