"""Sees which of the documented statuses the API has answered with, and keeps a good request of each route."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalice import Chalice, Response
from chalice.app import Request

Answer = tuple[str, str, int]
"""(method, path template, status)"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]


class Witness:
    """An 'http' middleware of the app."""

    def __init__(self, app: Chalice) -> None:
        self.seen: set[Answer] = set()
        self.good: dict[tuple[str, str], Sent] = {}
        """The last request of each route that was answered with a success, by (method, path template)."""
        self._lock = threading.Lock()
        app.register_middleware(self._look, "http")

    def _look(self, request: Request | None, get_response: Callable[[Any], Response]) -> Response:
        response = get_response(request)
        if request is not None:
            template = str(request.context["resourcePath"])
            with self._lock:
                self.seen.add((request.method, template, response.status_code))
                if response.status_code < 300:
                    self.good[request.method, template] = _sent(request, template)
        return response


def promises(description: dict[str, Any]) -> set[Answer]:
    """Return every status that an OpenAPI description promises."""
    return {
        (method.upper(), path, int(status))
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
    }


def _sent(request: Request, template: str) -> Sent:
    path = template
    for name, value in (request.uri_params or {}).items():
        path = path.replace("{" + name + "}", value)
    query = dict((request.query_params or {}).items())
    body = request.raw_body or b""
    raw = body if isinstance(body, bytes) else body.encode()
    return Sent(request.method, path, query, raw, dict(request.headers))
