from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.campaigns.adapters.http_carrier import HttpCarrier
from chalicelib.campaigns.domain.contact import Disposition
from chalicelib.campaigns.errors import CarrierBusyError, NumberRefusedError
from chalicelib.campaigns.ports.calls import Call
from chalicelib.core.errors import InvalidInputError, TransientError

CALL = Call("spring:c1:1", "+12125550001", "+12125550100", "audio/spring.wav", {"campaignId": "spring"})
ENDED = {
    "callId": "k1",
    "status": "ended",
    "idempotencyKey": "spring:c1:1",
    "to": "+12125550001",
    "disposition": "opted_out",
    "startedAt": "2026-06-01T16:00:00Z",
    "answeredAt": "2026-06-01T16:00:05Z",
    "endedAt": "2026-06-01T16:00:30Z",
    "durationSeconds": 25.0,
    "costCents": 3,
    "keyPresses": ["9"],
    "attributes": {},
}


class Server(ThreadingHTTPServer):
    """Answers every request with ``answer`` and notes what it was asked."""

    answer: tuple[int, Any] = (200, {})
    asked: tuple[str, str, Any] = ("", "", None)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.asked = (self.command, self.path, body)
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Retry-After", "2")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def carrier(server: Server) -> HttpCarrier:
    return HttpCarrier(f"http://127.0.0.1:{server.server_port}/", lambda key: f"https://assets.example/{key}")


def test_a_call_is_placed_under_its_attempt_key(server: Server, carrier: HttpCarrier) -> None:
    server.answer = 200, {"callId": "k1", "status": "running"}
    assert carrier.place(CALL) == "k1"
    assert server.asked == (
        "POST",
        "/calls",
        {
            "idempotencyKey": "spring:c1:1",
            "to": "+12125550001",
            "from": "+12125550100",
            "audioUrl": "https://assets.example/audio/spring.wav",
            "attributes": {"campaignId": "spring"},
        },
    )


@pytest.mark.parametrize(
    ("status", "error"), [(429, CarrierBusyError), (422, NumberRefusedError), (500, TransientError)]
)
def test_refusals_have_names(server: Server, carrier: HttpCarrier, status: int, error: type[Exception]) -> None:
    server.answer = status, {"message": "no"}
    with pytest.raises(error):
        carrier.place(CALL)


def test_a_carrier_that_does_not_answer_may_have_placed_the_call() -> None:
    with pytest.raises(TransientError) as caught:
        HttpCarrier("http://127.0.0.1:9", str).place(CALL)
    assert not isinstance(caught.value, CarrierBusyError)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(TransientError, match="ftp"):
        HttpCarrier("ftp://carrier", str).place(CALL)


def test_how_a_call_ended_is_the_same_from_event_and_answer(server: Server, carrier: HttpCarrier) -> None:
    server.answer = 200, ENDED
    outcome = carrier.outcome("k1")
    assert server.asked[:2] == ("GET", "/calls/k1")
    assert outcome == carrier.ended(ENDED)
    assert outcome is not None
    assert outcome.disposition is Disposition.OPTED_OUT
    assert outcome.ended_at == datetime(2026, 6, 1, 16, 0, 30, tzinfo=UTC)
    assert (outcome.duration_seconds, outcome.cost_cents) == (25.0, 3)


def test_no_outcome_of_a_call_that_runs_or_is_unknown(server: Server, carrier: HttpCarrier) -> None:
    server.answer = 200, {"callId": "k1", "status": "running"}
    assert carrier.outcome("k1") is None
    server.answer = 404, {}
    assert carrier.outcome("k1") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"disposition": "exploded"},
        {"endedAt": "2026-06-01T16:00:30"},  # in which zone?
        {"durationSeconds": -1},
        {"costCents": -3},
        {"costCents": 2.5},
    ],
)
def test_an_event_that_is_malformed_is_said(carrier: HttpCarrier, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(wrong))):
        carrier.ended(ENDED | wrong)
