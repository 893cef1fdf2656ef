"""Takes care of executions that failed, timed out or were stopped: no emergency ends unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents import words
from chalicelib.fleet.domain.incidents.report import incident_id, read_report
from chalicelib.fleet.domain.incidents.timeline import Happening
from chalicelib.fleet.ports.incidents import Channels, EmergencyRuns, IncidentStore
from chalicelib.fleet.service.incidents import chronicle, notifying, reporting
from chalicelib.fleet.service.incidents.chronicle import now_text
from chalicelib.fleet.service.incidents.notifying import Order

OWN_ENDS = ("IncidentNeedsReview", "IncidentUnacknowledged")
"""Ends of the machine that have told operations already."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What ending needs."""

    store: IncidentStore
    channels: Channels
    runs: EmergencyRuns


def run_ended(detail: Mapping[str, Any], ports: Ports, clock: Clock) -> dict[str, str]:
    """Write how the execution ended, tell operations, and run an emergency again that never got through the door.

    Args:
        detail: of EventBridge's "Step Functions Execution Status Change".
        ports: see `Ports`.
        clock: for the entry's time.

    Returns:
        ``{"incidentId", "action"}``; the action is "reviewed", "alerted" or "reported_again".
    """
    text = str(detail.get("input") or "")
    error = str(detail.get("error") or detail["status"])
    event = _event(text)
    if event is None:
        now = round(clock.now().timestamp() * 1000)
        report = read_report(
            text, report_id=str(detail["executionArn"]), received_at=int(detail.get("startDate") or now)
        )
        reporting.take(report, reporting.Ports(ports.runs, ports.store))
        return {"incidentId": report.incident_id, "action": "reported_again"}
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    data = {"execution": detail["executionArn"], "status": detail["status"], "error": error}
    ended = Happening(now_text(clock), "run_ended", f"run_ended:{detail['executionArn']}", data)
    chronicle.write(incident, [ended], ports.store)
    ports.store.mark(incident, needs_review=True)
    if error in OWN_ENDS:
        return {"incidentId": incident, "action": "reviewed"}
    said = words.attention(event, incident, [f"its execution ended as {detail['status']}: {error}"])
    order = Order("run-ended", "operations", "operations", said, event)
    notifying.notify(order, notifying.Ports(ports.store, ports.channels), clock)
    return {"incidentId": incident, "action": "alerted"}


def _event(text: str) -> dict[str, Any] | None:
    """Return the execution's input, None where the machine cannot have run on it."""
    try:
        event = json.loads(text)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("eventTimestamp"), int):
        return None
    return event if isinstance(event.get("vehicleId"), str) and event["vehicleId"] else None
