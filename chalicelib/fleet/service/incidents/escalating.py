"""One turn of the escalation: keep the token, tell the next person, and let the machine wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents import words
from chalicelib.fleet.domain.incidents.report import incident_id
from chalicelib.fleet.ports.incidents import Channels, EmergencyRuns, IncidentStore
from chalicelib.fleet.service.incidents import chronicle, notifying
from chalicelib.fleet.service.incidents.notifying import Order


@dataclass(frozen=True, slots=True)
class Ports:
    """What escalating needs."""

    store: IncidentStore
    channels: Channels
    runs: EmergencyRuns


def escalate(
    event: Mapping[str, Any], state: Mapping[str, Any], task_token: str, ports: Ports, clock: Clock
) -> dict[str, Any]:
    """Tell whom the step names, unless the incident is acknowledged: then the execution goes on at once.

    The token is kept before anybody is told, so that whoever answers at once finds it. Returns ``{"step",
    "messageId"}`` for the log.

    Raises:
        NotificationBusyError, NotificationRefusedError, NotificationUnsureError: see `notifying`.
    """
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    if (given := ports.store.wait_for_acknowledgement(incident, task_token)) is not None:
        ports.runs.acknowledged(task_token, given)
        return {"step": None, "messageId": None}
    number = state["escalation"]["step"]
    step = state["escalation"]["steps"][number]
    if step["channel"] is None:
        return {"step": number, "messageId": None}
    said = words.emergency(event, incident, who=step["who"])
    order = Order(f"escalation-{number}", step["channel"], step["who"], said, event)
    sent = notifying.notify(order, notifying.Ports(ports.store, ports.channels), clock)
    chronicle.write(incident, (), ports.store)
    return {"step": number, "messageId": sent["messageId"]}
