"""Reads a ticket from the JSON that lies in S3 or that the ticket system sends.

    {"id": 12345, "subject": "Replica lags", "description": "<p>Since ...</p>", "status": "open",
     "product": "Cloud", "tags": ["postgres", "replica"], "fields": {"component": "db", "customer": "Acme"},
     "created_at": "2026-11-21T09:30:00Z", "solver": null, "solved_at": null, "reassignments": 0}

Only ``id`` is required. Ticket systems fill templates with text, so numbers and tags may be texts ("a b"),
and what was left empty is as if it were absent. Other names are left unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.tickets.domain.ticket import LONGEST_ID, Ticket, is_ticket_id

LARGEST_TICKET_BYTES = 5_000_000
"""A larger object is no ticket."""
_LONGEST_WORD = 200
_MOST_TAGS = 100
_MOST_FIELDS = 50
_TEXTS = ("subject", "description", "status", "product", "solver")


def ticket_of(body: bytes) -> Ticket:
    """Return the ticket that ``body`` describes.

    Raises:
        InvalidInputError: it is no ticket; every problem is named, and no value of it is repeated.
    """
    if len(body) > LARGEST_TICKET_BYTES:
        message = f"has {len(body)} bytes; a ticket has at most {LARGEST_TICKET_BYTES}"
        raise InvalidInputError([Problem("", "too_large", message)])
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the last: lists in lists, thousands deep
        raise InvalidInputError([Problem("", "unreadable_json", "is no JSON")]) from None
    if not isinstance(data, dict):
        raise InvalidInputError([Problem("", "not_an_object", "is no JSON object")])
    given = {name: value for name, value in data.items() if value not in ("", None)}
    if found := list(_problems(given)):
        raise InvalidInputError(found)
    return Ticket(
        ticket_id=str(given["id"]),
        subject=given.get("subject", ""),
        description=given.get("description", ""),
        status=given.get("status", "new").strip().lower()[:_LONGEST_WORD],
        product=given.get("product", ""),
        tags=tuple(_tags(given.get("tags", []))[:_MOST_TAGS]),
        fields={str(name): str(value) for name, value in given.get("fields", {}).items() if value is not None},
        created_at=_moment(given.get("created_at")),
        solver=given.get("solver"),
        solved_at=_moment(given.get("solved_at")),
        reassignments=int(given.get("reassignments", 0)),
    )


def _problems(given: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong. A message names the place and the kind, never the value: it may be a secret."""
    ticket_id = given.get("id")
    if ticket_id is None:
        yield Problem("id", "required", "is required")
    elif isinstance(ticket_id, bool) or not isinstance(ticket_id, int | str) or not is_ticket_id(str(ticket_id)):
        message = f"must be a number or up to {LONGEST_ID} letters, digits, dots, dashes and underscores"
        yield Problem("id", "malformed", message)
    for name in _TEXTS:
        if not isinstance(given.get(name, ""), str):
            yield Problem(name, "not_text", f"is {_kind(given[name])}, not text")
    tags = given.get("tags", [])
    if not isinstance(tags, str) and not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        yield Problem("tags", "not_tags", "is neither a list of texts nor one text with spaces between the tags")
    fields = given.get("fields", {})
    if not isinstance(fields, dict) or len(fields) > _MOST_FIELDS:
        yield Problem("fields", "not_fields", f"is no object of up to {_MOST_FIELDS} texts")
    else:
        for name, value in fields.items():
            if isinstance(value, dict | list):
                yield Problem(f"fields.{name[:64]}", "not_text", f"is {_kind(value)}, not text")
    for name in ("created_at", "solved_at"):
        if name in given and _moment(given[name]) is None:
            yield Problem(name, "not_a_time", "is no time such as 2026-11-21T09:30:00Z")
    reassignments = str(given.get("reassignments", 0))
    if not (reassignments.isascii() and reassignments.isdigit() and len(reassignments) <= 6):
        yield Problem("reassignments", "not_a_count", "is no whole number from 0")


def _tags(value: str | list[str]) -> list[str]:
    return value.split() if isinstance(value, str) else value


def _moment(value: Any) -> datetime | None:
    """Return an aware time, or None when ``value`` is none; a time without a zone is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _kind(value: Any) -> str:
    return {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}.get(
        type(value), "something else"
    )
