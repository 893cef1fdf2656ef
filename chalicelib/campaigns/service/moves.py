"""Every change of a contact, one function each: what it becomes, and what that adds to the counters.

queue       PENDING -> QUEUED     a wave takes it         take_back  QUEUED -> PENDING   nobody called it
turn_away   PENDING or QUEUED -> PENDING until later, SUPPRESSED or EXPIRED: the rules hold it
claim       QUEUED -> CALLING     a dialer takes it       unclaim    CALLING -> QUEUED   the carrier was busy
note        the carrier's call id is known                end        CALLING -> PENDING or a final state
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.campaigns.domain import figures, lines, retries
from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact, ContactStatus
from chalicelib.campaigns.domain.holds import Decision, HoldReason
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.ports.calls import CallOutcome
from chalicelib.campaigns.ports.stores import Move


def queue(contact: Contact, generation: int, now: datetime, delay_seconds: int) -> Move:
    """Put a pending contact into the dial queue; its message falls due ``delay_seconds`` from ``now``."""
    after = replace(
        contact,
        status=ContactStatus.QUEUED,
        attempt=contact.attempt + 1,
        generation=generation,
        queued_at=now + timedelta(seconds=delay_seconds),
        next_attempt_at=None,
        waits_for=None,
    )
    return Move(contact, after, lines.counts_of(contact, after))


def take_back(contact: Contact) -> Move:
    """Put a queued contact back into line, its attempt's number given back: the attempt was not made."""
    after = replace(contact, status=ContactStatus.PENDING, attempt=contact.attempt - 1, queued_at=None)
    return Move(contact, after, lines.counts_of(contact, after))


def turn_away(contact: Contact, decision: Decision) -> Move:
    """Take a pending or queued contact that the rules hold out of the way, until they let it go, if ever."""
    reason = decision.reason or HoldReason.WINDOW
    made = contact.attempt - 1 if contact.status is ContactStatus.QUEUED else contact.attempt
    after = replace(contact, attempt=made, queued_at=None, next_attempt_at=None, waits_for=None)
    if reason is HoldReason.SUPPRESSED:
        after = replace(after, status=ContactStatus.SUPPRESSED)
    elif decision.next_eligible_at is None:  # never again before the campaign ends
        after = replace(after, status=ContactStatus.EXPIRED)
    else:
        after = replace(
            after,
            status=ContactStatus.PENDING,
            next_attempt_at=decision.next_eligible_at,
            waits_for=reason.value,
        )
    return Move(contact, after, lines.counts_of(contact, after) | figures.held({reason: 1}))


def claim(contact: Contact, now: datetime) -> Move:
    """Take a queued contact to be called now."""
    after = replace(contact, status=ContactStatus.CALLING, queued_at=now, call_id=None)
    return Move(contact, after, lines.counts_of(contact, after))


def unclaim(contact: Contact, now: datetime) -> Move:
    """Put a claimed contact back into the queue: the carrier said that it did not place the call."""
    after = replace(contact, status=ContactStatus.QUEUED, queued_at=now)
    return Move(contact, after, lines.counts_of(contact, after))


def note(contact: Contact, call_id: str) -> Move:
    """Note the carrier's id of the call that runs."""
    return Move(contact, replace(contact, call_id=call_id), {})


def end(contact: Contact, outcome: CallOutcome, campaign: Campaign, book: WindowBook) -> Move:
    """Record how the call of a CALLING contact ended, and what follows from it."""
    follows = retries.after(outcome.disposition, contact, campaign, outcome.ended_at, book=book)
    waits = follows.status is ContactStatus.PENDING
    after = replace(
        contact,
        status=follows.status,
        next_attempt_at=follows.next_attempt_at,
        waits_for=HoldReason.RETRY_DELAY.value if waits else None,
        last_disposition=outcome.disposition,
        last_attempt_at=outcome.ended_at,
        queued_at=None,
        call_id=None,
    )
    counts = lines.counts_of(contact, after) | figures.called(
        contact,
        outcome.disposition,
        placed_at=contact.queued_at or outcome.ended_at,
        talk_seconds=outcome.duration_seconds,
        cost_cents=outcome.cost_cents,
    )
    return Move(contact, after, counts)
