"""Items of the table ``incidents`` as the desk's types; `dynamo_incidents` says what they hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.fleet.domain.incidents.timeline import Entry, Head
from chalicelib.fleet.ports.incidents import Acknowledgement, Incident, Notice, Record

Item = dict[str, Any]

NOTICE = "notice:"
"""Beginning of the attribute of a notification."""
NOTICE_FIELDS = ("channel", "who", "claimed_at", "sent_at", "message_id", "delivered_at", "receipt")


def as_text(at: datetime) -> str:
    """Return a time as it is stored."""
    return at.isoformat(timespec="milliseconds")


def notice_value(notice: Notice, claim: str) -> Item:
    """Return a notification as an attribute; ``claim`` tells by which call it was claimed."""
    values = {"claim": claim} | {name: getattr(notice, name) for name in NOTICE_FIELDS}
    return {"M": {name: {"S": value} for name, value in values.items() if value is not None}}


def notices_of(item: Item) -> dict[str, Notice]:
    """Return the notifications in an item ``notices``."""
    notices = {}
    for name, value in item.items():
        if name.startswith(NOTICE):
            fields = {key: one["S"] for key, one in value["M"].items() if key in NOTICE_FIELDS}
            notices[name.removeprefix(NOTICE)] = Notice(name.removeprefix(NOTICE), **fields)
    return notices


def claimed_by(item: Item, notice_id: str) -> str:
    """Return which call claimed a notification in an item ``notices``, "" where none did."""
    claim: str = item.get(NOTICE + notice_id, {"M": {}})["M"].get("claim", {"S": ""})["S"]
    return claim


def acknowledgement_of(item: Item) -> Acknowledgement | None:
    """Return the acknowledgement in an item ``notices``, None where there is none."""
    if "acknowledged_at" not in item:
        return None
    return Acknowledgement(
        item["acknowledged_by"]["S"], item["acknowledged_at"]["S"], item["acknowledged_via"]["S"]
    )


def record_of(item: Item) -> Record | None:
    """Return the record in an item ``incident``, None where the machine wrote none."""
    if "event" not in item:
        return None
    return Record(
        event=json.loads(item["event"]["S"]),
        status=item["status"]["S"],
        recorded_at=item["recorded_at"]["S"],
        execution_arn=item["execution_arn"]["S"],
        drill=item.get("kind", {}).get("S") == "drill",
        acknowledged="acknowledged" in item,
    )


def incident_of(incident_id: str, items: Mapping[str, Item]) -> Incident:
    """Return an incident from its items by their ``part``."""
    notices = items.get("notices", {})
    head = items.get("head")
    entries = [
        Entry(**json.loads(item["entry"]["S"]))
        for part, item in sorted(items.items())
        if part.startswith("entry#")
    ]
    return Incident(
        id=incident_id,
        record=record_of(items["incident"]) if "incident" in items else None,
        notices=notices_of(notices),
        acknowledgement=acknowledgement_of(notices),
        entries=entries,
        head=None if head is None else Head(int(head["number"]["N"]), head["hash"]["S"]),
    )
