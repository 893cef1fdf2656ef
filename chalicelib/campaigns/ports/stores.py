"""What is remembered: campaigns, contacts, and who must not be called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact, ContactStatus


class CampaignStore:
    """Campaigns and their counters. Written by conditional writes only: a lost race raises ConflictError."""

    def create(self, campaign: Campaign) -> None:
        """Store a new campaign; an id that exists raises ConflictError."""
        raise NotImplementedError

    def get(self, campaign_id: str) -> Campaign:
        """Return the campaign, read consistently, or raise CampaignNotFoundError."""
        raise NotImplementedError

    def page(self, limit: int, after: str | None) -> tuple[list[Campaign], str | None]:
        """Return up to ``limit`` campaigns and the key to continue after, None at the end.

        Raises:
            InvalidInputError: ``after`` is no key that a page ended with.
        """
        raise NotImplementedError

    def move(self, before: Campaign, after: Campaign) -> None:
        """Replace ``before`` by ``after`` if status, generation and active execution are still ``before``'s."""
        raise NotImplementedError

    def counters(self, campaign_id: str, *, hours: bool = True) -> dict[str, int]:
        """Return the campaign's counters, all shards added up; costs the same for any number of contacts.

        Without ``hours``, the counters of zones and hours are left out: enough to run a campaign, and cheaper.
        """
        raise NotImplementedError

    def take_calls(self, campaign_id: str, *, rate: float, burst: float, at: datetime, want: int) -> int:
        """Take up to ``want`` calls out of the campaign's token bucket, one for all dialers, and return how many.

        Args:
            campaign_id: whose bucket.
            rate: calls a second that flow in.
            burst: the most the bucket holds.
            at: now.
            want: calls about to be placed.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Move:
    """A contact's change from one state to the next, and what it adds to the campaign's counters."""

    before: Contact
    after: Contact
    counts: Mapping[str, int]
    """Counter name -> what to add, see ``domain.figures``."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a line of waiting contacts."""

    contacts: list[Contact]
    after: str | None
    """Where to go on; None at the end."""


class ContactStore:
    """Contacts. They change in one way only: from a state that is still theirs, together with the counters.

    A contact read from a line (`ready`, `due`, `stuck`) may be a moment old and has no ``features``; a `Move` from
    it is refused when the contact has changed since, so nothing is ever decided twice.
    """

    def get_many(self, campaign_id: str, contact_ids: Iterable[str]) -> dict[str, Contact]:
        """Return the contacts by id, read consistently; ids that do not exist are left out."""
        raise NotImplementedError

    def ready(self, campaign_id: str, zones: tuple[str, ...], after: str | None = None) -> Page:
        """Return pending contacts of ``zones`` that wait for no delay, best first, a page at a time."""
        raise NotImplementedError

    def due(self, campaign_id: str, until: datetime, after: str | None = None) -> Page:
        """Return pending contacts whose delay ends at or before ``until``, earliest first, a page at a time."""
        raise NotImplementedError

    def first_due(self, campaign_id: str) -> datetime | None:
        """Return when the first delay ends, past or to come; None when no contact is delayed."""
        raise NotImplementedError

    def stuck(self, campaign_id: str, status: ContactStatus, before: datetime, limit: int) -> list[Contact]:
        """Return up to ``limit`` contacts that are QUEUED or CALLING since before ``before``, oldest first."""
        raise NotImplementedError

    def apply(self, moves: Sequence[Move]) -> list[Contact]:
        """Do each move whose ``before`` still is the contact's status, attempt and generation; count those done.

        Moves and counters are written together: a crash leaves both or neither, in parts of up to 99 moves.

        Args:
            moves: of one campaign, no contact twice.

        Returns:
            The ``after`` of the moves that were done, in order. The others had changed: another decision holds.
        """
        raise NotImplementedError

    def claim(self, move: Move, before: Person, after: Person) -> bool:
        """Do ``move`` and replace ``before`` by ``after``, both or neither.

        Returns:
            False when the contact or the person has changed since they were read (such as by a suppression).
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one telephone number over all campaigns."""

    phone: str
    """E.164."""
    suppressed: bool
    """Must not be called by the campaign it was read for."""
    attempts: tuple[tuple[str, datetime], ...] = ()
    """Attempt key and time of the calls begun, oldest first; old ones fall out when a new one is written."""
    version: int = 0
    """Counted up by every write; 0: nothing is stored yet."""


class People:
    """Persons by number: suppressions and attempts in one read."""

    def get_many(self, campaign_id: str, phones: Iterable[str]) -> dict[str, Person]:
        """Return what is known of ``phones`` for the campaign, read consistently; one entry per number asked."""
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
        together, so a crash between them cannot make the sums differ; the line and upload are kept with the
        contact, so the same line taken in twice is accepted twice and counted once.

        Args:
            campaign_id: whose contacts they are.
            upload_id: the upload they came in.
            arrivals: any number; no two with the same contact id.

        Returns:
            One answer per arrival, in their order.
        """
        raise NotImplementedError

    def count_rows(self, campaign_id: str, upload_id: str, *, invalid: int, duplicates: int) -> None:
        """Note how many rows of an upload became no contact (counters ``rows:invalid`` and ``rows:duplicate``).

        Noted again for the same upload, the later figures take the place of the earlier ones.
        """
        raise NotImplementedError


class SuppressionList:
    """Who must not be called: globally, or by one campaign. Whether somebody is on it, `People` tell."""

    def add(self, phone: str, *, campaign_id: str | None, reason: str, at: datetime) -> None:
        """Suppress ``phone``, everywhere when ``campaign_id`` is None; holds from this write on."""
        raise NotImplementedError
