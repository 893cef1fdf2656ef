"""What happened in an incident, each entry sealed with the hash of the one before.

An entry is ``{"number", "at", "kind", "key", "data", "previous", "hash"}``. ``hash`` is SHA-256 over the canonical
JSON (keys sorted, no spaces) of the incident's id and the entry without it; the first entry's ``previous`` is the
SHA-256 of the incident's id. ``key`` says what the entry is about ("sent:owner"): a key stands once in a timeline,
so a step recorded twice is there once. The last hash is kept apart (the head), so a timeline cut short is noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, not yet in the timeline."""

    at: str
    """ISO 8601, UTC."""
    kind: str
    """"recorded", "sent", "delivered", "acknowledged", ..."""
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a timeline."""

    number: int
    """Counted from 1."""
    at: str
    kind: str
    key: str
    data: Mapping[str, Any]
    previous: str
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as it is exported."""
        return {
            "number": self.number,
            "at": self.at,
            "kind": self.kind,
            "key": self.key,
            "data": dict(self.data),
            "previous": self.previous,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Head:
    """Where a timeline ends."""

    number: int = 0
    hash: str = ""


def digest(value: Any) -> str:
    """Return SHA-256 over the canonical JSON of ``value``."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def beginning(incident_id: str) -> str:
    """Return what the first entry has as ``previous``."""
    return digest(incident_id)


def continued(incident_id: str, entries: Sequence[Entry], happenings: Iterable[Happening]) -> list[Entry]:
    """Return the entries that are new: those of ``happenings`` whose key is not among ``entries`` yet."""
    known = {entry.key for entry in entries}
    number = entries[-1].number if entries else 0
    previous = entries[-1].hash if entries else beginning(incident_id)
    new: list[Entry] = []
    for one in sorted(happenings, key=lambda happening: happening.at):
        if one.key in known:
            continue
        known.add(one.key)
        number += 1
        sealed = _hash(incident_id, number, one.at, one.kind, one.key, one.data, previous)
        new.append(Entry(number, one.at, one.kind, one.key, one.data, previous, sealed))
        previous = sealed
    return new


def faults(incident_id: str, entries: Sequence[Entry], head: Head | None) -> list[str]:
    """Return what is wrong with a timeline, in words; nothing when it is as it was written."""
    found = []
    previous = beginning(incident_id)
    for place, entry in enumerate(entries, start=1):
        if entry.number != place:
            found.append(f"entry {place} is missing; {entry.number} stands in its place")
            break
        if entry.previous != previous:
            found.append(f"entry {place} does not follow the one before it")
        own = _hash(incident_id, entry.number, entry.at, entry.kind, entry.key, entry.data, entry.previous)
        if entry.hash != own:
            found.append(f"entry {place} was changed")
        previous = entry.hash
    if head is None:
        return [*found, "the head is missing"] if entries else found
    if not found and (head.number, head.hash) != (len(entries), previous if entries else ""):
        found.append(f"the timeline ends with entry {len(entries)}; it was written up to entry {head.number}")
    return found


def _hash(
    incident_id: str, number: int, at: str, kind: str, key: str, data: Mapping[str, Any], previous: str
) -> str:
    return digest(
        {
            "incidentId": incident_id,
            "number": number,
            "at": at,
            "kind": kind,
            "key": key,
            "data": dict(data),
            "previous": previous,
        }
    )
