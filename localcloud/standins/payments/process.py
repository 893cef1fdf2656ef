"""The child process: localstripe with what it lacks.

- Idempotency-Key: the same key gives the same answer, the same key with another request is refused (400), a second
  request while the first is under way too (409), as Stripe documents it.
- It keeps nothing on disk: localstripe would write /tmp/localstripe.pickle at every change.

    python -m localcloud.standins.payments.process FD      serves on the listening socket FD

Each line of standard input is ``{"url", "secret"}``: where events are sent from then on. Its end ends the process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from localstripe import resources, server, webhooks

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class _Answer:
    """What a key was answered with; no status while the request is under way."""

    fingerprint: str
    status: int | None = None
    body: bytes = b""


_answers: dict[str, _Answer] = {}


@web.middleware
async def idempotent(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a key that was used before as it was answered then."""
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key:
        return await handler(request)
    fingerprint = hashlib.sha256(request.path.encode() + b"\n" + await request.read()).hexdigest()
    known = _answers.get(key)
    if known is None:
        known = _answers[key] = _Answer(fingerprint)
        try:
            response = await handler(request)
        except BaseException:
            del _answers[key]  # nothing was done
            raise
        if isinstance(response, web.Response) and isinstance(response.body, bytes):
            known.status, known.body = response.status, response.body
        return response
    if known.fingerprint != fingerprint:
        return _error(400, "idempotency_error", "This key was used with another request.")
    if known.status is None:
        return _error(409, "idempotency_error", "A request with this key is under way.")
    return web.Response(
        status=known.status,
        body=known.body,
        content_type="application/json",
        headers={"Idempotent-Replayed": "true"},
    )


def _error(status: int, kind: str, message: str) -> web.Response:
    return web.json_response({"error": {"type": kind, "message": message}}, status=status)


def _obey(loop: asyncio.AbstractEventLoop) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        loop.call_soon_threadsafe(webhooks.register_webhook, "signalbox", order["url"], order["secret"], None)
    os._exit(0)


async def _follow_orders(_app: web.Application) -> None:
    loop = asyncio.get_running_loop()
    threading.Thread(target=_obey, args=(loop,), name="orders", daemon=True).start()


def main() -> None:
    """Serve until standard input ends."""
    resources.Store.dump_to_disk = lambda self: None
    server.app.middlewares.insert(0, idempotent)
    server.app.on_startup.append(_follow_orders)
    web.run_app(server.app, sock=socket.socket(fileno=int(sys.argv[1])), access_log=None, print=None)


if __name__ == "__main__":
    main()
