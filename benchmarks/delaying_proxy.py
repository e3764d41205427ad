"""A proxy that hands requests on to the embedded AWS, later, and counts them."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

_PER_CONNECTION = ("connection", "transfer-encoding", "content-length", "keep-alive")


class DelayingProxy:
    """Where it listens, how long it waits before it hands a request on, and how many there were."""

    def __init__(self, endpoint: str) -> None:
        self.target = urlsplit(endpoint).netloc
        self.seconds = 0.0
        self.requests = 0
        self.lock = Lock()
        self.endpoint = ""

    def counted(self) -> None:
        with self.lock:
            self.requests += 1


@contextmanager
def delaying_proxy(endpoint: str) -> Iterator[DelayingProxy]:
    """Runs as long as the block."""
    proxy = DelayingProxy(endpoint)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            proxy.counted()
            time.sleep(proxy.seconds)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            onward = http.client.HTTPConnection(proxy.target)
            onward.request(self.command, self.path, body, dict(self.headers))
            answer = onward.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _PER_CONNECTION:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            onward.close()

        do_GET = do_PUT = do_HEAD = do_POST  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - http.server's own name
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
