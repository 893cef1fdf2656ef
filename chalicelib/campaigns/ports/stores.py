"""What is remembered: campaigns, contacts, and who must not be called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact


class CampaignStore:
    """Campaigns and their counters. Written by conditional writes only: a lost race raises ConflictError."""

    def create(self, campaign: Campaign) -> None:
        """Store a new campaign; an id that exists raises ConflictError."""
        raise NotImplementedError

    def get(self, campaign_id: str) -> Campaign:
        """Return the campaign, read consistently, or raise CampaignNotFoundError."""
        raise NotImplementedError

    def page(self, limit: int, after: str | None) -> tuple[list[Campaign], str | None]:
        """Return up to ``limit`` campaigns and the key to continue after, None at the end."""
        raise NotImplementedError

    def move(self, before: Campaign, after: Campaign) -> None:
        """Replace ``before`` by ``after`` if status, generation and active execution are still ``before``'s."""
        raise NotImplementedError

    def counters(self, campaign_id: str) -> dict[str, int]:
        """Return the campaign's counters, all shards added up; costs the same for any number of contacts."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Arrival:
    """One valid row of an upload."""

    line: int
    """Line of the upload the row begins in, from 1."""
    contact: Contact
    """Pending, attempt 0."""


class Arrived(StrEnum):
    """What became of an arrival."""

    ACCEPTED = "accepted"
    """Stored now, or by an earlier run over the same line of the same upload."""
    DUPLICATE = "duplicate"
    """The campaign had this contact already, from another line or upload; what is stored was left alone."""


class ContactIntake:
    """Takes new contacts in."""

    def add(self, campaign_id: str, upload_id: str, arrivals: Sequence[Arrival]) -> list[Arrived]:
        """Store those of ``arrivals`` the campaign has not, and count them, in one transaction a batch.

        The contact and the campaign's counters (``total`` and ``pending`` or what they are called) are written
        together, so a crash between them cannot make the sums differ; the line and upload are kept with the contact,
        so the same line taken in twice is accepted twice and counted once.

        Args:
            campaign_id: whose contacts they are.
            upload_id: the upload they came in.
            arrivals: any number; no two with the same contact id.

        Returns:
            One answer per arrival, in their order.
        """
        raise NotImplementedError


class SuppressionList:
    """Who must not be called: globally, or by one campaign."""

    def suppressed(self, campaign_id: str, phones: Iterable[str]) -> set[str]:
        """Return those of ``phones`` (E.164) that must not be called; read consistently."""
        raise NotImplementedError

    def add(self, phone: str, *, campaign_id: str | None, reason: str, at: datetime) -> None:
        """Suppress ``phone``, everywhere when ``campaign_id`` is None; holds from this write on."""
        raise NotImplementedError
