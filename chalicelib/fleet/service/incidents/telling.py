"""The notifications of the machine's states: which channel each goes to, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents import words
from chalicelib.fleet.domain.incidents.report import incident_id
from chalicelib.fleet.service.incidents import escalating, notifying
from chalicelib.fleet.service.incidents.notifying import Order, Ports


def tell(
    notice: str, event: Mapping[str, Any], state: Mapping[str, Any], ports: Ports, clock: Clock
) -> dict[str, Any]:
    """Send the notification ``notice`` of an incident; see `notifying.notify`.

    Args:
        notice: "authorities" or "owner", told of the emergency; anything else tells operations what is wrong.
        event: the execution's input.
        state: the execution's state, from which operations are told what is wrong.
    """
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    if notice in ("authorities", "owner"):
        said = words.emergency(event, incident)
        return notifying.notify(Order(notice, notice, notice, said, event), ports, clock)
    step = state.get("escalation", {}).get("step", 0) if notice == "escalation-failed" else ""
    reasons = _reasons(state)
    if notice == "unacknowledged":
        reasons.append("nobody has acknowledged it, and nobody is left to tell")
        lost = escalating.unsent(incident, state, len(state["escalation"]["steps"]), ports.store)
        reasons += [f"{who} was not told, and nobody knows why" for _, who in lost]
    said = words.attention(event, incident, reasons)
    order = Order(
        f"{notice}-{step}" if notice == "escalation-failed" else notice, "operations", "operations", said, event
    )
    return notifying.notify(order, ports, clock)


def _reasons(state: Mapping[str, Any]) -> list[str]:
    """Return what is wrong, each in a line."""
    reasons = [
        f"{failed.get('channel')} was not reached: {failed.get('error')}"  # its cause is in the timeline
        for failed in state.get("failedChannels", [])
    ]
    for name, said in (
        ("recordFailure", "the incident could not be recorded at first"),
        ("statusFailure", "its status could not be written"),
        ("completionFailure", "it could not be completed, and nobody is asked to acknowledge it"),
        ("escalationFailure", "the next person could not be told"),
    ):
        if isinstance(failure := state.get(name), Mapping):
            reasons.append(f"{said}: {failure.get('Error')}")
    return reasons
