"""What people read about an emergency: a subject line and a text, the facts first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST_SUBJECT = 99
"""Characters; SNS takes fewer than 100, ASCII."""


@dataclass(frozen=True, slots=True)
class Words:
    """One message for people."""

    subject: str
    text: str


def emergency(event: Mapping[str, Any], incident_id: str, *, who: str = "") -> Words:
    """Return what an emergency's notification says; ``who`` is named where somebody is asked to acknowledge."""
    asked = f"{who}: please acknowledge." if who else ""
    return _words(event, incident_id, f"{_kind(event)}, vehicle {event.get('vehicleId')}", [asked])


def attention(event: Mapping[str, Any], incident_id: str, facts: Sequence[str]) -> Words:
    """Return what operations are told when something about an incident needs a person."""
    lines = [f"- {fact}" for fact in facts]
    return _words(event, incident_id, f"Needs attention: {_kind(event)}, vehicle {event.get('vehicleId')}", lines)


def incident_facts(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the facts people look for first, as (label, value)."""
    facts = [("Vehicle", str(event.get("vehicleId"))), ("Severity", str(event.get("severity", "unspecified")))]
    if isinstance(at := event.get("eventTimestamp"), int) and 0 < at < 253_402_300_800_000:
        moment = datetime.fromtimestamp(at / 1000, UTC)
        facts.append(("When", f"{moment:%Y-%m-%d %H:%M:%S} UTC"))
    place = event.get("location")
    if isinstance(place, Mapping) and {"lat", "lon"} <= place.keys():
        facts.append(("Where", f"https://maps.google.com/?q={place['lat']},{place['lon']}"))
    else:
        facts.append(("Where", "not known"))
    metadata = event.get("metadata")
    if isinstance(metadata, Mapping):
        facts += [(str(key).replace("_", " "), str(value)[:200]) for key, value in list(metadata.items())[:10]]
    return facts


def _words(event: Mapping[str, Any], incident_id: str, headline: str, lines: Sequence[str]) -> Words:
    drill = event.get("drill") is True
    title = f"DRILL, no emergency: {headline}" if drill else headline
    body = [title, *(f"{label}: {value}" for label, value in incident_facts(event)), f"Incident: {incident_id}"]
    problems = event.get("report", {}).get("problems", []) if isinstance(event.get("report"), Mapping) else []
    body += [f"The report was not as it should be: {one['path']} {one['message']}" for one in problems]
    body += [line for line in lines if line]
    subject = " ".join(title.encode("ascii", "replace").decode().split())
    return Words(subject[:LONGEST_SUBJECT], "\n".join(body))


def _kind(event: Mapping[str, Any]) -> str:
    name = str(event.get("type", "unknown")).replace("_", " ")
    return name[:1].upper() + name[1:]
