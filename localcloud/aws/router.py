"""The one way of every AWS request, from a client in this process or over HTTP."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from localcloud.aws.routing import aws_url, is_signed, service_and_region
from localcloud.rights.caller import acting_as

Answer = tuple[int, Mapping[str, str], "str | bytes"]
"""Status, headers, body."""

Service = Callable[[Any], "Answer | None"]
"""Answers a botocore `AWSPreparedRequest`, or returns None to leave it to moto."""


Seen = Callable[[str, Any], Callable[[int], None]]
"""Takes a request's signing name and the request; returns what takes the answer's status."""


class Router:
    """Sends a request to our own service of its signing name, else to moto.

    Signed requests to this machine ("http://127.0.0.1:4566/...") are answered here too, without a network:
    what runs inside can be given the same AWS_ENDPOINT_URL as what runs outside.
    """

    def __init__(self) -> None:
        self.moto_lock = threading.RLock()
        """Held while moto works: its conditional writes are not safe between threads."""
        self._services: dict[str, Service] = {}
        self._before: dict[str, Callable[[], None]] = {}
        self._moto: Callable[[Any], Any] | None = None
        self._seen: Seen | None = None

    def answer_for(self, signing_name: str, service: Service) -> None:
        """Let ``service`` answer the requests signed for ``signing_name`` ("states", "lambda")."""
        self._services[signing_name] = service

    def before(self, signing_name: str, prepare: Callable[[], None]) -> None:
        """Call ``prepare`` before each request for ``signing_name``."""
        self._before[signing_name] = prepare

    def tell(self, seen: Seen) -> None:
        """Tell ``seen`` of each request before, and what it returns of the answer's status after."""
        self._seen = seen

    def wrap(self, moto: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return what stands in the place of moto's own function."""
        self._moto = moto
        return self.process

    def process(self, request: Any) -> Any:
        """Answer a request, or return None when it is not for AWS."""
        host = urlsplit(request.url).hostname or ""
        if host in _THIS_MACHINE and is_signed(request.url, request.headers):
            return self.answer(request)
        return self.answer(request) if host.endswith("amazonaws.com") else None

    def answer(self, request: Any) -> Any:
        """Answer a request that is known to be for AWS, whatever its host."""
        if (urlsplit(request.url).hostname or "") in _THIS_MACHINE:
            request.url = aws_url(request.url, request.headers)
        name, _ = service_and_region(request.url, request.headers)
        answered = self._seen(name, request) if self._seen else None
        with acting_as(""):  # what comes of it here is not the caller's doing
            answer = self._answer(name, request)
        if answered is not None and answer is not None:
            answered(int(answer[0]))
        return answer

    def _answer(self, name: str, request: Any) -> Any:
        if prepare := self._before.get(name):
            prepare()
        if service := self._services.get(name):
            answer = service(request)
            if answer is not None:
                return answer
        assert self._moto is not None
        # A long poll waits for what another thread sends; it must not keep that one out.
        waits = name == "sqs" and b"WaitTimeSeconds" in _bytes(request.body)
        with contextlib.nullcontext() if waits else self.moto_lock:
            return self._moto(request)


_THIS_MACHINE = ("127.0.0.1", "localhost", "sync-127.0.0.1", "sync-localhost")
"""Clients put "sync-" before the host of some Step Functions operations."""


def _bytes(body: Any) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else b""
