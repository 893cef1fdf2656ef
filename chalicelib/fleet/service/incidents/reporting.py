"""Takes reports in, from the queue, from devices and from the API, and starts an execution for each incident.

A report is never refused. One that was started before is a duplicate and is written into the incident's timeline.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.core.log import logger
from chalicelib.fleet.domain.incidents import texts
from chalicelib.fleet.domain.incidents.report import Report, incident_id, read_report
from chalicelib.fleet.domain.incidents.timeline import Happening
from chalicelib.fleet.ports.incidents import EmergencyQueue, EmergencyRuns, IncidentStore
from chalicelib.fleet.service.incidents import chronicle

MOST_DUPLICATES = 100
"""As many repeats of a report are written one by one; a stuck device sends the same for days."""
LARGEST_MESSAGE = 250_000
"""Bytes; SQS takes 262,144 with the attributes. What IoT Core takes is half as long, but three bytes stand in for
each that is no UTF-8, and what is longer then is no JSON that could be read."""
_NOBODY = "unknown"
"""Message group of devices whose topic names no vehicle."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What reporting needs."""

    runs: EmergencyRuns
    store: IncidentStore


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the queue."""

    id: str
    group: str
    """A vehicle; the order within it counts."""
    text: str
    sent_at: int
    """Milliseconds since 1970."""
    sender: str = ""


def take_batch(messages: Iterable[Message], ports: Ports) -> list[str]:
    """Start what the messages report and return the ids of those that must come again.

    After a failure the later messages of its group come again too, so that a vehicle's reports stay in order.
    """
    failed: list[str] = []
    stuck: set[str] = set()
    for message in messages:
        if message.group in stuck:
            failed.append(message.id)
            continue
        try:
            read = read_report(
                message.text, report_id=message.id, received_at=message.sent_at, sender=message.sender
            )
            take(read, ports)
        except Exception:  # whatever it was: the message comes again, and the dead-letter queue keeps it at last
            logger().exception("a report could not be taken", message_id=message.id)
            stuck.add(message.group)
            failed.append(message.id)
    return failed


def take(report: Report, ports: Ports) -> bool:
    """Start the incident's execution; False for a duplicate, which its timeline then has.

    Raises:
        TransientError: neither was possible now.
    """
    if ports.runs.start(report):
        return True
    note_duplicate(report.as_input(), report.report_id, ports.store)
    return False


def note_duplicate(event: Mapping[str, Any], report_id: str, store: IncidentStore) -> bool:
    """Write a duplicate report into the timeline; False when it is the very report the incident runs on.

    After `MOST_DUPLICATES` one more entry says that they go on; those that follow are in the log alone.
    """
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    known = store.load(incident)
    started_by = known.record.event.get("report", {}).get("id") if known and known.record else None
    if started_by == report_id:
        return False
    at = event.get("report", {}).get("receivedAt", event["eventTimestamp"])
    told = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    data = {"reportId": report_id, "type": event.get("type"), "location": event.get("location")}
    happening = Happening(told, "duplicate", f"duplicate:{report_id}", data)
    keys = {entry.key for entry in known.entries if entry.kind == "duplicate"} if known else set()
    if happening.key not in keys and len(keys) >= MOST_DUPLICATES:
        logger().warning("a report is repeated for ever", incident=incident, report=report_id)
        happening = Happening(told, "repeating", "repeating", data)
    chronicle.write(incident, [happening], store, known)
    return True


def pass_on(message: Mapping[str, Any], request_id: str, queue: EmergencyQueue, clock: Clock) -> dict[str, str]:
    """Queue what a device sent, whatever it is; the queue orders it by vehicle.

    Args:
        message: of the IoT rule: ``{"payload": base64, "topic": "vehicles/<id>/emergency", "traceId": ...}``.
        request_id: stands in for a missing ``traceId``.
        queue: where it goes.
        clock: for a report without a time stamp.
    """
    try:
        text = base64.b64decode(str(message.get("payload", "")), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        text = str(message.get("payload"))
    text = texts.clean(text).encode()[:LARGEST_MESSAGE].decode("utf-8", "ignore")
    parts = str(message.get("topic", "")).split("/")
    report_id = str(message.get("traceId") or request_id)
    now = round(clock.now().timestamp() * 1000)
    read = read_report(text, report_id=report_id, received_at=now, sender=parts[1] if len(parts) > 1 else "")
    vehicle = read.vehicle_id if len(read.vehicle_id) <= 61 else _NOBODY
    queue.put(text or " ", vehicle, report_id)
    return {"vehicle": vehicle, "reportId": report_id}
