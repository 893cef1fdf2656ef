"""The threaded HTTP server that the gateway, the API and the stand-ins are served by."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from localcloud.errors import PortTakenError


class QuietServer(ThreadingHTTPServer):
    """Many connections at once, no reverse DNS, a backlog that survives a burst."""

    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking for the host's name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class QuietHandler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive and without Nagle's delay (44 ms a request); logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""

    def respond(self) -> None:
        """Answer one request of any method; `command`, `path` and `headers` say what is asked."""
        raise NotImplementedError

    def handle_any(self) -> None:
        """Called for every method."""
        self.respond()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = handle_any  # noqa: N815 - names of the base class

    def read_body(self) -> bytes:
        """Return the request's body, sent whole or in chunks."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return self._read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length) if length else b""

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole response."""
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _read_chunks(self) -> bytes:
        parts: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(parts)


class Serving:
    """A server on a thread of its own."""

    def __init__(self, server: QuietServer, name: str) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.1,), name=name, daemon=True)

    @property
    def url(self) -> str:
        """ "http://127.0.0.1:8000"."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Serving:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and give the port back."""
        self._server.shutdown()
        self._server.server_close()


def serve(handler: Any, port: int, *, what: str, option: str = "") -> Serving:
    """Serve ``handler`` on 127.0.0.1; port 0 takes a free one.

    Raises:
        PortTakenError: naming the port, ``what`` it was for and the ``option`` that chooses another.
    """
    try:
        server = QuietServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise _taken(port, what, option, error) from None
    return Serving(server, what).start()


def require_free(port: int, *, what: str, option: str) -> None:
    """Find out before a long boot that a port is taken.

    Raises:
        PortTakenError: see `serve`.
    """
    try:
        QuietServer(("127.0.0.1", port), QuietHandler).server_close()
    except OSError as error:
        raise _taken(port, what, option, error) from None


def _taken(port: int, what: str, option: str, error: OSError) -> PortTakenError:
    advice = f"; choose another with {option}" if option else ""
    return PortTakenError(f"port {port} for {what} is taken ({error.strerror}){advice}")
