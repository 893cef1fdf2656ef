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

    The token is kept before anybody is told, so that whoever answers at once finds it. To the machine a step whose
    invocation got lost looks like one that nobody answered; so each step looks for those before it, and tells
    operations of one that was never sent. Returns ``{"step", "messageId"}`` for the log.

    Raises:
        NotificationBusyError, NotificationRefusedError, NotificationUnsureError: see `notifying`.
    """
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    if (given := ports.store.wait_for_acknowledgement(incident, task_token)) is not None:
        ports.runs.acknowledged(task_token, given)
        return {"step": None, "messageId": None}
    number = state["escalation"]["step"]
    step = state["escalation"]["steps"][number]
    sending = notifying.Ports(ports.store, ports.channels)
    if number:  # the first step follows upon the summary, and every second counts
        chronicle.write(incident, (), ports.store)
    for lost, who in unsent(incident, state, number, ports.store):
        said = words.attention(event, incident, [f"{who} was not told, and nobody knows why"])
        notifying.notify(
            Order(f"escalation-failed-{lost}", "operations", "operations", said, event), sending, clock
        )
    sent = None
    if step["channel"] is not None:
        said = words.emergency(event, incident, who=step["who"])
        order = Order(f"escalation-{number}", step["channel"], step["who"], said, event)
        sent = notifying.notify(order, sending, clock)["messageId"]
    return {"step": number, "messageId": sent}


def unsent(incident_id: str, state: Mapping[str, Any], before: int, store: IncidentStore) -> list[tuple[int, str]]:
    """Return (number, who by which channel) of the steps before ``before`` that nobody can have seen."""
    if before == 0:
        return []
    incident = store.load(incident_id)
    notices = incident.notices if incident is not None else {}
    return [
        (number, f"{step['who']} by {step['channel']}")
        for number, step in enumerate(state["escalation"]["steps"][:before])
        if step["channel"] is not None and f"escalation-{number}" not in notices
    ]
