"""Shows incidents: one, its timeline, and pages of them; drills apart."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.fleet.domain.incidents import timeline
from chalicelib.fleet.errors.incidents import IncidentNotFoundError
from chalicelib.fleet.ports.incidents import Incident, IncidentStore, Notice

MOST_ON_A_PAGE = 100
_PLACE = re.compile(r"[!-~]{1,64} [!-~]{1,255}")


def incident_now(incident_id: str, store: IncidentStore) -> dict[str, Any]:
    """Return the incident as it stands.

    Raises:
        IncidentNotFoundError: there is none.
    """
    incident = _known(incident_id, store)
    given = incident.acknowledgement
    return _summary(incident) | {
        "event": dict(incident.record.event) if incident.record is not None else None,
        "notifications": [_notice(one) for one in sorted(incident.notices.values(), key=lambda n: n.claimed_at)],
        "acknowledgement": None if given is None else {"by": given.by, "at": given.at, "via": given.via},
        "timelineEntries": len(incident.entries),
    }


def exported_timeline(incident_id: str, store: IncidentStore) -> dict[str, Any]:
    """Return the whole timeline with the result of its verification.

    Raises:
        IncidentNotFoundError: there is no such incident.
    """
    incident = _known(incident_id, store)
    return {
        "incidentId": incident.id,
        "algorithm": "SHA-256 over canonical JSON",
        "entries": [entry.as_dict() for entry in incident.entries],
        "head": None if incident.head is None else {"number": incident.head.number, "hash": incident.head.hash},
        "verification": verification(incident),
    }


def verification(incident: Incident) -> dict[str, Any]:
    """Return ``{"ok", "faults"}``: whether the chain holds, and the record is the one it speaks of."""
    faults = timeline.faults(incident.id, incident.entries, incident.head)
    recorded = next((entry for entry in incident.entries if entry.kind == "recorded"), None)
    if recorded is not None:
        if incident.record is None:
            faults.append("the incident's record is missing")
        elif timeline.digest(incident.record.event) != recorded.data.get("event"):
            faults.append("the incident's record was changed")
    return {"ok": not faults, "faults": faults}


def page(*, drills: bool, limit: int, after: str | None, store: IncidentStore) -> dict[str, Any]:
    """Return ``{"incidents": [...], "next": place or None}``, the latest first; drills or the others.

    A drill that still runs is among the others, and says that it is one: its execution writes itself down first
    and sets it apart when it ends.

    Raises:
        InvalidInputError: ``after`` is none of ours.
    """
    incidents, following = store.page(
        drills=drills, limit=limit, after=None if after is None else _unpacked(after)
    )
    return {
        "incidents": [_summary(one) for one in incidents],
        "next": None if following is None else base64.urlsafe_b64encode(following.encode()).decode(),
    }


def _summary(incident: Incident) -> dict[str, Any]:
    record = incident.record
    event: Mapping[str, Any] = record.event if record is not None else {}
    return {
        "incidentId": incident.id,
        "vehicleId": event.get("vehicleId"),
        "type": event.get("type"),
        "status": _status(incident),
        "drill": event.get("drill") is True,
        "recordedAt": record.recorded_at if record is not None else None,
        "executionArn": record.execution_arn if record is not None else None,
        "problems": event.get("report", {}).get("problems", []),
    }


def _status(incident: Incident) -> str:
    if incident.record is None:
        return "received"
    acknowledged = incident.acknowledgement is not None or incident.record.acknowledged
    if acknowledged and incident.record.status == "notified":
        return "acknowledged"
    return incident.record.status


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "channel": notice.channel,
        "who": notice.who,
        "claimedAt": notice.claimed_at,
        "sentAt": notice.sent_at,
        "messageId": notice.message_id,
        "deliveredAt": notice.delivered_at,
        "receipt": notice.receipt,
    }


def _known(incident_id: str, store: IncidentStore) -> Incident:
    incident = store.load(incident_id)
    if incident is None:
        raise IncidentNotFoundError(f"there is no incident {incident_id[:100]!r}")
    return incident


def _unpacked(after: str) -> str:
    try:
        text = base64.urlsafe_b64decode(after.encode()).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not _PLACE.fullmatch(text):
        raise InvalidInputError([Problem("?after", "invalid", "is none that a page gave")])
    return text
