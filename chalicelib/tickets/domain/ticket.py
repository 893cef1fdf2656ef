"""A support ticket, as the desk and the matching engine know it.

It lies in S3 as JSON, ``raw-tickets/year=2026/month=11/day=21/ticket-12345.json``; `service.reading` reads it.
Its text is what strangers wrote: data, never an instruction, and not shown before ``domain.text`` has cleaned it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

SOLVED = frozenset({"solved", "closed"})
"""The statuses in which a ticket needs no expert any more."""
LONGEST_ID = 64
_ID = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_ID - 1}}}")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket at one moment."""

    ticket_id: str
    subject: str = ""
    """As its author wrote it, HTML and secrets included."""
    description: str = ""
    status: str = "new"
    """The ticket system's word: new, open, pending, hold, solved, closed."""
    product: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else is known: ``component``, ``customer``, ``opener``."""
    created_at: datetime | None = None
    """Aware. None: the ticket system did not say."""
    solver: str | None = None
    """The expert (``cre_id``) who solved it."""
    solved_at: datetime | None = None
    """Aware; only of a solved ticket."""
    reassignments: int = 0

    @property
    def is_solved(self) -> bool:
        """Whether it needs no expert any more."""
        return self.status in SOLVED


def is_ticket_id(text: str) -> bool:
    """Return whether ``text`` may be a ticket's id: it becomes a part of S3 keys and execution names."""
    return _ID.fullmatch(text) is not None


def fingerprint(ticket: Ticket) -> str:
    """Return what stays the same while nothing is changed that decides who the right expert is."""
    said = [ticket.subject, ticket.description, ticket.product, sorted(ticket.tags), sorted(ticket.fields.items())]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]
