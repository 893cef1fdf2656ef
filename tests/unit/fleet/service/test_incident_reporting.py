"""Reports from the queue and from devices."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import TransientError
from chalicelib.fleet.service.incidents import reporting, viewing
from chalicelib.fleet.service.incidents.reporting import Message
from tests.fakes.fleet.incident_world import FakeIncidentStore, FakeQueue, FakeRuns

NOW = datetime(2026, 6, 2, 3, 14, 15, tzinfo=UTC)
MILLISECONDS = round(NOW.timestamp() * 1000)


def message(number: int, vehicle: str, text: str | None = None) -> Message:
    event = {"vehicleId": vehicle, "type": "panic_button", "eventTimestamp": MILLISECONDS + number}
    return Message(f"m-{number}", vehicle, text if text is not None else json.dumps(event), MILLISECONDS)


def test_after_a_failure_its_vehicle_waits_and_others_do_not() -> None:
    runs = FakeRuns()
    runs.failing["V-1"] = TransientError("over the rate")
    ports = reporting.Ports(runs, FakeIncidentStore())
    batch = [
        message(1, "V-2"),
        message(2, "V-1"),
        message(3, "V-2"),
        message(4, "V-1", "no json"),
        message(5, "V-3"),
    ]
    assert reporting.take_batch(batch, ports) == ["m-2", "m-4"]
    assert [name.split("-")[2] for name in runs.started] == ["2", "2", "3"]


def test_malformed_reports_start_and_are_not_failures() -> None:
    runs = FakeRuns()
    texts = ["", "no json", "[]", '{"type": "hijack"}']
    batch = [message(number, "V-1", text) for number, text in enumerate(texts)]
    assert reporting.take_batch(batch, reporting.Ports(runs, FakeIncidentStore())) == []
    assert len(runs.started) == len(texts)
    assert all(one["report"]["problems"] for one in runs.started.values())


def test_a_repeated_report_is_in_the_timeline_and_the_same_message_is_not() -> None:
    store, runs = FakeIncidentStore(), FakeRuns()
    ports = reporting.Ports(runs, store)
    first = message(1, "V-1")
    again = Message("m-9", first.group, first.text, first.sent_at + 500)
    assert reporting.take_batch([first, first, again, again], ports) == []
    ((_, incident),) = store.incidents.items()
    assert [entry.key for entry in incident.entries] == ["duplicate:m-9"]


def test_a_device_that_repeats_itself_for_ever_does_not_fill_the_timeline() -> None:
    store, runs = FakeIncidentStore(), FakeRuns()
    ports = reporting.Ports(runs, store)
    first = message(1, "V-1")
    again = [Message(f"r-{n}", first.group, first.text, first.sent_at + n) for n in range(1, 141)]
    assert reporting.take_batch([first, *again], ports) == []
    for last in again[-3:]:  # sent again by the queue
        assert reporting.take_batch([last], ports) == []
    (incident,) = store.incidents.values()
    kinds = [entry.kind for entry in incident.entries]
    assert kinds == ["duplicate"] * reporting.MOST_DUPLICATES + ["repeating"]
    assert incident.entries[-1].data["reportId"] == f"r-{reporting.MOST_DUPLICATES + 1}"
    assert viewing.verification(incident)["ok"]


def test_a_device_needs_no_form() -> None:
    queue, clock = FakeQueue(), FixedClock(NOW)
    for number, raw in enumerate((b"\xff\xfe broken", b'{"vehicleId": "V-1"}', b"")):
        payload = base64.b64encode(raw).decode()
        topic = "vehicles/VEH-7/emergency"
        reporting.pass_on({"payload": payload, "topic": topic, "traceId": f"t-{number}"}, "r", queue, clock)
    reporting.pass_on({"payload": "no base64!", "topic": "elsewhere"}, "r-9", queue, clock)
    vehicles = {report_id: vehicle for report_id, (vehicle, _) in queue.messages.items()}
    assert vehicles["t-0"] == "VEH-7"
    assert vehicles["t-1"] == "V-1"
    assert vehicles["t-2"] == "VEH-7"
    assert vehicles["r-9"].startswith("UNKNOWN-")
    assert all(text for _, text in queue.messages.values())


@pytest.mark.parametrize(
    "raw", [b"\xff" * 131_072, b"\x00" * 131_072, b'{"vehicleId": "V-1", "type": "\x07hijack"}']
)
def test_the_queue_takes_whatever_a_device_sends(raw: bytes) -> None:
    queue, clock = FakeQueue(), FixedClock(NOW)
    sent = {"payload": base64.b64encode(raw).decode(), "topic": "vehicles/VEH-7/emergency", "traceId": "t"}
    reporting.pass_on(sent, "r", queue, clock)
    ((_, text),) = queue.messages.values()
    assert len(text.encode()) < 262_144 - 500
    assert not set(text) & {chr(code) for code in (*range(9), 11, 12, *range(14, 32))}
