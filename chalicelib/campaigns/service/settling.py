"""How a call ended becomes what follows from it: exactly once, however often and late the news comes.

The news is matched to the very attempt it is about: it counts only while the contact is CALLING as that attempt,
and contact and counters change in one transaction. An opt-out is written to the suppression list first, and even
when the rest of the news comes too late to count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.ports.calls import CallOutcome, Carrier
from chalicelib.campaigns.ports.stores import CampaignStore, ContactStore, SuppressionList
from chalicelib.campaigns.service import moves
from chalicelib.campaigns.service.books import book_of
from chalicelib.core.log import logger


@dataclass(frozen=True, slots=True)
class Ports:
    """What settling needs of the world."""

    campaigns: CampaignStore
    contacts: ContactStore
    suppressions: SuppressionList
    carrier: Carrier


def call_ended(detail: Mapping[str, Any], ports: Ports) -> bool:
    """Record what the carrier's event says; True when it changed anything.

    Args:
        detail: the event's ``detail``: of the HTTP carrier ``{"callId", "idempotencyKey", "disposition",
            "endedAt", "durationSeconds", "costCents", "keyPresses", ...}``; of Amazon Connect a contact event.
        ports: stores and carrier.
    """
    outcome = ports.carrier.ended(detail)
    return outcome is not None and settle(outcome, ports)


def settle(outcome: CallOutcome, ports: Ports) -> bool:
    """Record how a call ended; False when it is known already, or too late, or of no contact.

    Raises:
        CampaignNotFoundError: the campaign does not exist.
    """
    campaign_id, contact_id, attempt = split_attempt_key(outcome.attempt_key)
    contact = ports.contacts.get_many(campaign_id, [contact_id]).get(contact_id)
    if contact is None:
        logger().warning("a call of no contact ended", attempt_key=outcome.attempt_key)
        return False
    if outcome.disposition is Disposition.OPTED_OUT:
        ports.suppressions.add(
            contact.phone, campaign_id=None, reason="opted out by key press", at=outcome.ended_at
        )
    if not _runs_as(contact, attempt):
        return False
    campaign = ports.campaigns.get(campaign_id)
    return bool(ports.contacts.apply([moves.end(contact, outcome, campaign, book_of(campaign))]))


def split_attempt_key(key: str) -> tuple[str, str, int]:
    """Return (campaign id, contact id, attempt) of ``campaign:contact:attempt``; of any other text ("", "", 0)."""
    parts = key.rsplit(":", 2)
    if len(parts) != 3 or not parts[2].isdecimal():
        return "", "", 0
    return parts[0], parts[1], int(parts[2])


def _runs_as(contact: Contact, attempt: int) -> bool:
    return contact.status is ContactStatus.CALLING and contact.attempt == attempt
