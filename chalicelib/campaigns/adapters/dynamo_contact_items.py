"""A contact as an item of the table ``contacts``, and the line it stands in.

campaign_id, contact_id   the key                  phone, zones (joined by commas), priority, features (JSON)
state, attempt, generation  what every change is conditional on
next_attempt_at, waits_for, last_disposition, last_attempt_at, queued_at, call_id   when there is one
upload, line              where the contact came from
queue, rank               its place in the index ``by_queue``; a contact in a final state is not in it

queue                     rank (ascending is the order of the line)
<campaign>#ready#<zones>  <1 - priority in six digits>#<contact>
<campaign>#delayed        <next_attempt_at>#<contact>
<campaign>#queued         <queued_at>#<contact>
<campaign>#calling        <queued_at>#<contact>
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.ports.stores import Move
from chalicelib.core.dynamo import Item

_CHANGEABLE = (
    "next_attempt_at",
    "waits_for",
    "last_disposition",
    "last_attempt_at",
    "queued_at",
    "call_id",
)
_CONDITION = "#s = :s AND #a = :a AND #g = :g"
_NAMES = {"#s": "state", "#a": "attempt", "#g": "generation"}


def ready_queue(campaign_id: str, zones: tuple[str, ...]) -> str:
    """Return the line of the contacts of these zones that wait for no delay."""
    return f"{campaign_id}#ready#{','.join(zones)}"


def delayed_queue(campaign_id: str) -> str:
    """Return the line of the contacts that wait for an instant."""
    return f"{campaign_id}#delayed"


def status_queue(campaign_id: str, status: ContactStatus) -> str:
    """Return the line of the contacts that are QUEUED or CALLING."""
    return f"{campaign_id}#{status.value}"


def place_of(contact: Contact) -> tuple[str, str] | None:
    """Return (queue, rank) of ``contact``, None in a final state."""
    status = contact.status
    if status is ContactStatus.PENDING:
        if contact.next_attempt_at is not None:
            return delayed_queue(contact.campaign_id), f"{instant(contact.next_attempt_at)}#{contact.id}"
        rank = round((1.0 - contact.priority) * 999_999)
        return ready_queue(contact.campaign_id, contact.zones), f"{rank:06d}#{contact.id}"
    if status is ContactStatus.QUEUED or status is ContactStatus.CALLING:
        since = instant(contact.queued_at) if contact.queued_at else ""
        return status_queue(contact.campaign_id, status), f"{since}#{contact.id}"
    return None


def instant(at: datetime) -> str:
    """Return ``at`` as a text that sorts like time: UTC, ISO 8601."""
    return at.astimezone(UTC).isoformat()


def key_of(campaign_id: str, contact_id: str) -> Item:
    """Return the contact's key."""
    return {"campaign_id": {"S": campaign_id}, "contact_id": {"S": contact_id}}


def update_of(table: str, move: Move) -> Item:
    """Return the part of a transaction that does ``move`` if the contact still is as it was before."""
    before, changed = move.before, _changes(move.before, move.after)
    sets = {name: value for name, value in changed.items() if value is not None}
    removes = [name for name, value in changed.items() if value is None]
    parts = ["SET " + ", ".join(f"#{name} = :{name}" for name in sets)] if sets else []
    if removes:
        parts.append("REMOVE " + ", ".join(f"#{name}" for name in removes))
    return {
        "Update": {
            "TableName": table,
            "Key": key_of(before.campaign_id, before.id),
            "UpdateExpression": " ".join(parts),
            "ConditionExpression": _CONDITION,
            "ExpressionAttributeNames": _NAMES | {f"#{name}": name for name in changed},
            "ExpressionAttributeValues": {
                ":s": {"S": before.status.value},
                ":a": {"N": str(before.attempt)},
                ":g": {"N": str(before.generation)},
                **{f":{name}": value for name, value in sets.items()},
            },
        }
    }


def item_of(contact: Contact, upload_id: str, line: int) -> Item:
    """Return the item of a new contact."""
    item: Item = {
        **key_of(contact.campaign_id, contact.id),
        "phone": {"S": contact.phone},
        "zones": {"S": ",".join(contact.zones)},
        "priority": {"N": repr(contact.priority)},
        "state": {"S": contact.status.value},
        "attempt": {"N": str(contact.attempt)},
        "generation": {"N": str(contact.generation)},
        "upload": {"S": upload_id},
        "line": {"N": str(line)},
    }
    if contact.features:
        item["features"] = {"S": json.dumps(contact.features, separators=(",", ":"))}
    if place := place_of(contact):
        item["queue"], item["rank"] = {"S": place[0]}, {"S": place[1]}
    return item


def contact_of(item: Item) -> Contact:
    """Return the contact of an item, of the table or of the index."""
    zones = item["zones"]["S"]
    disposition = _read(item, "last_disposition")
    features = _read(item, "features")
    return Contact(
        campaign_id=item["campaign_id"]["S"],
        id=item["contact_id"]["S"],
        phone=item["phone"]["S"],
        zones=tuple(zones.split(",")) if zones else (),
        status=ContactStatus(item["state"]["S"]),
        attempt=int(item["attempt"]["N"]),
        priority=float(item["priority"]["N"]),
        next_attempt_at=_read_instant(item, "next_attempt_at"),
        waits_for=_read(item, "waits_for"),
        last_disposition=Disposition(disposition) if disposition else None,
        last_attempt_at=_read_instant(item, "last_attempt_at"),
        queued_at=_read_instant(item, "queued_at"),
        call_id=_read(item, "call_id"),
        generation=int(item["generation"]["N"]),
        features=json.loads(features) if features else {},
    )


def _changes(before: Contact, after: Contact) -> dict[str, Item | None]:
    """Return the attributes that differ, as they become; None for one that goes."""
    changed: dict[str, Item | None] = {}
    if after.status is not before.status:
        changed["state"] = {"S": after.status.value}
    for name in ("attempt", "generation"):
        if (number := getattr(after, name)) != getattr(before, name):
            changed[name] = {"N": str(number)}
    for name in _CHANGEABLE:
        if (value := getattr(after, name)) != getattr(before, name):
            changed[name] = None if value is None else {"S": _text(value)}
    place = place_of(after)
    if place != place_of(before):
        changed |= {"queue": {"S": place[0]}, "rank": {"S": place[1]}} if place else {"queue": None, "rank": None}
    return changed


def _text(value: Any) -> str:
    return instant(value) if isinstance(value, datetime) else str(value)


def _read(item: Item, name: str) -> str | None:
    value = item.get(name)
    return None if value is None else str(value["S"])


def _read_instant(item: Item, name: str) -> datetime | None:
    value = item.get(name)
    return None if value is None else datetime.fromisoformat(value["S"])
