"""HTTP as a user's client would send it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from localcloud.errors import LocalCloudError

_TIMEOUT_SECONDS = 60


class ApiCallError(LocalCloudError):
    """The API answered with an error, or not at all; the message has what it said."""


def call(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Send one request and return the answer's body.

    Raises:
        ApiCallError: the answer's status is 400 or above.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        response = connection.getresponse()
        content = response.read()
    except OSError as error:
        raise ApiCallError(f"{method} {parts.scheme}://{parts.netloc}{parts.path}: {error}") from error
    finally:
        connection.close()
    if response.status >= 400:
        text = content.decode(errors="replace")
        raise ApiCallError(f"{method} {parts.path} answered {response.status}: {text[:500]}")
    return content


def call_json(method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
    """Send and receive JSON."""
    sent = b"" if body is None else json.dumps(body).encode()
    kind = {"Content-Type": "application/json"} if sent else {}
    return json.loads(call(method, url, sent, {**kind, **(headers or {})}))
