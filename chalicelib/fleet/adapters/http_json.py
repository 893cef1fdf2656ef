"""JSON over HTTP, to the services that speak nothing else."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from chalicelib.core.errors import TransientError


def ask(
    method: str,
    url: str,
    body: dict[str, Any] | None = None,
    *,
    timeout_seconds: float,
    failure: type[TransientError],
) -> tuple[int, dict[str, Any]]:
    """Return the status (2xx or 4xx but 429) and the JSON object of an answer.

    Raises:
        TransientError: as a ``failure``, when there is no answer or it says that trying again may work.
    """
    if not url.startswith(("http://", "https://")):
        raise failure(f"the address is {url!r}, not http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        status, content = _answer(request, timeout_seconds)
    except (OSError, http.client.HTTPException) as error:  # the second: an answer that breaks off
        raise failure(f"{method} {url} was not answered: {error}") from error
    if status == 429 or status >= 500:
        raise failure(f"{method} {url} answered {status}")
    try:
        answer = json.loads(content or b"{}")
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise failure(f"{method} {url} answered {status} and no JSON object")
    return status, answer


def _answer(request: urllib.request.Request, timeout_seconds: float) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds) as response:  # noqa: S310 - see `ask`
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
