"""Sends a notification, never twice.

A notification has an id within its incident, and is claimed by one conditional write before it is sent. Then:

    the channel took it       its message id is written; whoever asks again gets that answer and sends nothing
    it surely took nothing    the claim is given back, and asking again sends
    nobody knows              the claim stays: nothing is sent again, and `NotificationUnsureError` tells the
                              machine to tell a person. A lost answer, a crash between the two writes and a second
                              invocation at the same time all come out here.

Exactly once is not to be had from a topic that cannot be asked what it took. Of "perhaps twice" and "perhaps not,
and somebody is told so at once", the second is the one that sends no second patrol car.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core.clock import Clock
from chalicelib.fleet.domain.incidents.report import incident_id
from chalicelib.fleet.domain.incidents.words import Words
from chalicelib.fleet.errors.incidents import (
    NotificationBusyError,
    NotificationRefusedError,
    NotificationUnsureError,
)
from chalicelib.fleet.ports.incidents import Channels, ClaimResult, IncidentStore, Notice
from chalicelib.fleet.service.incidents.chronicle import now_text


@dataclass(frozen=True, slots=True)
class Ports:
    """What notifying needs."""

    store: IncidentStore
    channels: Channels


@dataclass(frozen=True, slots=True)
class Order:
    """One notification to send."""

    id: str
    """Within the incident: "authorities", "escalation-2"."""
    channel: str
    who: str
    words: Words
    event: Mapping[str, Any]
    """The execution's input."""


def notify(order: Order, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Send it and return ``{"messageId", "sentAt"}``, both None where an acknowledgement came first.

    Raises:
        NotificationBusyError, NotificationRefusedError, NotificationUnsureError: see the module's docstring.
    """
    event = order.event
    incident = incident_id(event["vehicleId"], event["eventTimestamp"])
    channel = "operations" if event.get("drill") is True and order.channel == "authorities" else order.channel
    claim = ports.store.claim(incident, Notice(order.id, channel, order.who, now_text(clock)))
    if claim.result is ClaimResult.ACKNOWLEDGED:
        return {"messageId": None, "sentAt": None}
    if claim.result is ClaimResult.SENT and claim.notice is not None:
        return {"messageId": claim.notice.message_id, "sentAt": claim.notice.sent_at}
    if claim.result is ClaimResult.UNSETTLED:
        raise NotificationUnsureError(
            f"{order.id} of {incident} was begun before, and how that ended is not known"
        )
    attributes = {
        "incidentId": incident,
        "notificationId": f"{incident}/{order.id}",
        "vehicleId": str(event["vehicleId"]),
        "type": str(event.get("type", "unknown")),
        "drill": "true" if event.get("drill") is True else "false",
    }
    try:
        message_id = ports.channels.send(channel, order.words, attributes)
    except (NotificationBusyError, NotificationRefusedError):
        ports.store.release(incident, order.id)
        raise
    at = clock.now()
    ports.store.sent(incident, order.id, message_id, at)
    return {"messageId": message_id, "sentAt": at.isoformat(timespec="milliseconds")}
