"""A plain threaded HTTP server on loopback whose answers come from a function."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path gives; `delay` is in seconds. Headers that are given win over our own."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    delay: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


def conditional(answer: Answer, asked: Mapping[str, str]) -> Answer:
    """Add the ETag, and turn into a 304 where the asker has these bytes (RFC 9110, 13).

    `asked` are the request's headers, names in lower case.
    """
    if answer.status != 200:
        return answer
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    headers = {"ETag": etag, **answer.headers}
    known = asked.get("if-none-match")
    since, changed = asked.get("if-modified-since"), headers.get("Last-Modified")
    if known is not None:
        same = headers["ETag"] in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    else:
        same = bool(since and changed) and _not_after(str(changed), str(since))
    if same:
        return replace(answer, headers=headers, status=304, body=b"")
    return replace(answer, headers=headers)


def _not_after(changed: str, since: str) -> bool:
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except ValueError:
        return False


class Server(ThreadingHTTPServer):
    """Serves on a loopback address until stopped; port 0 lets the system choose.

    `answer(path, headers)` says what to send; header names arrive in lower case. Its
    threads die with the process, and `stop` cuts off whoever is still connected.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], answer: Callable[[str, Mapping[str, str]], Answer]
    ) -> None:
        self.answer = answer
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        """The server's address, without a slash at the end."""
        host, port = self.socket.getsockname()
        return f"http://{host}:{port}"

    def start(self) -> None:
        """Serve from a thread."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop serving and drop every connection, also those waiting for a slow answer."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # already gone
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, and remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Crawlers are killed in tests: a connection that breaks off is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536

    def do_GET(self) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.answer(self.path, asked)
        if answer.delay:
            self.server.stopping.wait(answer.delay)
        headers = dict(answer.headers)
        if answer.status != 304:
            headers.setdefault("Content-Type", answer.content_type)
            headers.setdefault("Content-Length", str(len(answer.body)))
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "sample"

    def log_message(self, *_: object) -> None:
        """Quiet: whoever answers may keep a log."""
