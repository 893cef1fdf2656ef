"""What a contact is, and the states it passes through.

    PENDING --dispatch--> QUEUED --claim--> CALLING --settle--> REACHED | EXHAUSTED | SUPPRESSED | INVALID
       ^                    |                  |
       |<--taken back-------'<---retry later---'          and at the campaign's end, whoever waits: EXPIRED

Every contact ends in exactly one final state; the sum over all states is always the number imported.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ContactStatus(StrEnum):
    """Where a contact stands."""

    PENDING = "pending"
    """Waits to be dispatched, now or not before ``next_attempt_at``."""
    QUEUED = "queued"
    """In the dial queue, or between the write and the send."""
    CALLING = "calling"
    """Claimed by a dialer; the call is being placed or runs."""
    REACHED = "reached"
    EXHAUSTED = "exhausted"
    """No attempt is left under the campaign's retry rules."""
    SUPPRESSED = "suppressed"
    """On a suppression list, or opted out by key press."""
    INVALID = "invalid"
    """The carrier says the number does not exist."""
    EXPIRED = "expired"
    """The campaign ended before the contact could be called (again)."""


FINAL_CONTACT_STATUSES = frozenset(
    {
        ContactStatus.REACHED,
        ContactStatus.EXHAUSTED,
        ContactStatus.SUPPRESSED,
        ContactStatus.INVALID,
        ContactStatus.EXPIRED,
    }
)


class Disposition(StrEnum):
    """How one call attempt ended, in the carrier's words."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    FAILED = "failed"
    """The carrier could not place it for a reason of its own."""
    INVALID_NUMBER = "invalid_number"
    OPTED_OUT = "opted_out"
    """Answered, and asked by key press never to be called again."""
    ABANDONED = "abandoned"
    """Answered, and nobody or nothing spoke in time."""


def contact_id(phone: str) -> str:
    """Return the id of whoever is called at ``phone`` (E.164): 24 hexadecimal digits, always the same.

    Ids show up in logs and in the carrier's records, so they do not spell the number out.
    """
    return hashlib.blake2b(phone.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Contact:
    """One person to be called in one campaign."""

    campaign_id: str
    id: str
    """Made from the number: the same number twice in a campaign is the same contact."""
    phone: str
    """E.164."""
    zones: tuple[str, ...]
    """IANA zones the number may be in, sorted; empty: unknown, held."""
    status: ContactStatus = ContactStatus.PENDING
    attempt: int = 0
    """Attempts begun: 1 from the first dispatch on. A take-back gives the number back."""
    priority: float = 0.0
    """Probability that a call reaches the person, 0 to 1; the larger is called first."""
    next_attempt_at: datetime | None = None
    """While PENDING: not before this instant."""
    waits_for: str | None = None
    """Why not before ``next_attempt_at``: a hold's reason, such as ``retry_delay`` or ``person_cap``."""
    last_disposition: Disposition | None = None
    last_attempt_at: datetime | None = None
    queued_at: datetime | None = None
    """While QUEUED: when its message falls due; while CALLING: when the call was begun."""
    call_id: str | None = None
    """The carrier's id of the running call."""
    generation: int = 0
    """The campaign's generation that queued it."""
    features: dict[str, str | float] = field(default_factory=dict)
    """Columns of the upload beside the number: what the priority model reads."""

    @property
    def attempt_key(self) -> str:
        """Return the key under which the carrier knows this attempt: the same key never makes a second call."""
        return f"{self.campaign_id}:{self.id}:{self.attempt}"
