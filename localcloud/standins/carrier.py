"""The telephony carrier.

    POST /calls        {"idempotencyKey", "to", "from", "audioUrl", "attributes"} -> {"callId", "status"}
                       the same idempotencyKey is the same call; 429 with Retry-After over the rate
    GET  /calls        every call; ?to=+49... of one number
    GET  /calls/{id}   one call, with its ending once it has ended

When a call ends, the event "Call Ended" of source "signalbox.carrier" is put on the default bus.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from localcloud.clock_text import iso_time
from localcloud.standins.dispositions import DispositionModel, Ending
from localcloud.stepfunctions import Timeline
from localcloud.web_server import QuietHandler, Serving, serve

SOURCE = "signalbox.carrier"
DETAIL_TYPE = "Call Ended"
_NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")

Publish = Callable[[str, str, dict[str, Any]], None]
"""Takes source, detail type and detail."""


class Carrier:
    """Places calls on the timeline."""

    def __init__(
        self,
        timeline: Timeline,
        publish: Publish,
        *,
        seed: int = 1,
        model: DispositionModel | None = None,
        calls_a_second: float = 100.0,
        deliveries: int = 1,
    ) -> None:
        """``deliveries`` 2 puts every "Call Ended" twice, as EventBridge may."""
        self._timeline = timeline
        self._publish = publish
        self._model = model or DispositionModel(seed)
        self._calls_a_second = calls_a_second
        self._deliveries = deliveries
        self._by_key: dict[str, str] = {}
        self._calls: dict[str, dict[str, Any]] = {}
        self._attempts: Counter[str] = Counter()
        self._in_second: tuple[int, int] = (0, 0)
        self._lock = threading.Lock()

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call placed, oldest first."""
        with self._lock:
            return list(self._calls.values())

    def call(self, call_id: str) -> dict[str, Any] | None:
        """Return one call."""
        with self._lock:
            return self._calls.get(call_id)

    def place(self, request: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Answer POST /calls: status, body, headers."""
        problems = _problems(request)
        if problems:
            return 422, {"error": "invalid_request", "problems": problems}, {}
        with self._lock:
            key = request["idempotencyKey"]
            if key in self._by_key:
                call = self._calls[self._by_key[key]]
                return 200, {"callId": call["callId"], "status": call["status"]}, {}
            if not self._within_rate():
                return 429, {"error": "rate_exceeded"}, {"Retry-After": "1"}
            return 200, self._begin(key, request), {}

    def _within_rate(self) -> bool:
        second = int(self._timeline.now())
        count = self._in_second[1] + 1 if self._in_second[0] == second else 1
        self._in_second = (second, count)
        return count <= self._calls_a_second

    def _begin(self, key: str, request: dict[str, Any]) -> dict[str, Any]:
        self._attempts[request["to"]] += 1
        ending = self._model.ending(request["to"], self._attempts[request["to"]])
        started = self._timeline.now()
        call = {
            "callId": str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
            "idempotencyKey": key,
            "to": request["to"],
            "from": request["from"],
            "status": "queued",
            "startedAt": iso_time(started),
            "attributes": request.get("attributes") or {},
        }
        self._calls[call["callId"]] = call
        self._by_key[key] = call["callId"]
        seconds = ending.ring_seconds + ending.talk_seconds
        self._timeline.call_at(started + seconds, lambda: self._end(call, ending, started))
        return {"callId": call["callId"], "status": "queued"}

    def _end(self, call: dict[str, Any], ending: Ending, started: float) -> None:
        answered = started + ending.ring_seconds if ending.talk_seconds else None
        detail = {
            "callId": call["callId"],
            "idempotencyKey": call["idempotencyKey"],
            "to": call["to"],
            "disposition": ending.disposition,
            "startedAt": call["startedAt"],
            "answeredAt": None if answered is None else iso_time(answered),
            "endedAt": iso_time(started + ending.ring_seconds + ending.talk_seconds),
            "durationSeconds": ending.talk_seconds,
            "costCents": ending.cost_cents,
            "keyPresses": list(ending.key_presses),
            "attributes": call["attributes"],
        }
        with self._lock:
            call.update(detail, status="ended")
        for _ in range(self._deliveries):
            self._publish(SOURCE, DETAIL_TYPE, detail)


def serve_carrier(carrier: Carrier, port: int = 0) -> Serving:
    """Serve the carrier's API; its address is the functions' CARRIER_URL."""

    class Handler(QuietHandler):
        def respond(self) -> None:
            body = self.read_body()
            parts = urlsplit(self.path)
            if self.command == "POST" and parts.path == "/calls":
                self._place(body)
            elif self.command == "GET" and parts.path == "/calls":
                wanted = parse_qs(parts.query).get("to")
                calls = [call for call in carrier.calls if wanted is None or call["to"] in wanted]
                self._send(200, {"calls": calls})
            elif self.command == "GET" and (call := carrier.call(parts.path.removeprefix("/calls/"))):
                self._send(200, call)
            else:
                self._send(404, {"error": "not_found"})

        def _place(self, body: bytes) -> None:
            try:
                request = json.loads(body)
            except ValueError as error:
                self._send(400, {"error": "unreadable_json", "message": str(error)})
                return
            self._send(*carrier.place(request))

        def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            self.answer(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    return serve(Handler, port, what="the carrier")


def _problems(request: Any) -> list[str]:
    if not isinstance(request, dict):
        return ["the body is no object"]
    problems = []
    if not isinstance(request.get("idempotencyKey"), str) or not request["idempotencyKey"]:
        problems.append("idempotencyKey: a text is required")
    for name in ("to", "from"):
        if not isinstance(request.get(name), str) or not _NUMBER.match(request[name]):
            problems.append(f"{name}: a number in E.164 form is required, not {request.get(name)!r}")
    if not isinstance(request.get("attributes") or {}, dict):
        problems.append("attributes: an object is required")
    return problems
