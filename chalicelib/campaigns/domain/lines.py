"""The lines contacts wait in, and what their lengths say.

A pending contact stands in one of two kinds of line: ``ready`` for its time zones, best first, or ``delayed``
for a reason, until an instant. The length of each line is a counter, so whether anybody can be called now,
how many are held and why, is known without looking at a single contact.

    ready:<zones>      pending without a delay; zones joined by commas, empty when unknown
    delayed:<reason>   pending until ``next_attempt_at``
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from chalicelib.campaigns.domain import figures, pacing
from chalicelib.campaigns.domain.campaign import FINAL_STATUSES, Campaign
from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.domain.holds import HoldReason
from chalicelib.campaigns.domain.windows import WindowBook

_READY, _DELAYED = "ready:", "delayed:"


def line_of(contact: Contact) -> str | None:
    """Return the counter of the line ``contact`` stands in, None when it is not pending.

    >>> line_of(contact)
    'ready:America/Chicago,America/Denver'
    """
    if contact.status is not ContactStatus.PENDING:
        return None
    if contact.next_attempt_at is None:
        return _READY + ",".join(contact.zones)
    return _DELAYED + (contact.waits_for or HoldReason.RETRY_DELAY.value)


def arrival(contacts: Iterable[Contact]) -> dict[str, int]:
    """Return what these new contacts add to the counters."""
    lines = Counter(line_of(contact) or "" for contact in contacts)
    return figures.arrived(lines.total()) | lines


def counts_of(before: Contact, after: Contact) -> dict[str, int]:
    """Return what a contact's change adds to the counters of states and lines."""
    counts = figures.moved(before.status, after.status)
    left, joined = line_of(before), line_of(after)
    if left != joined:
        if left:
            counts[left] = -1
        if joined:
            counts[joined] = 1
    return counts


def settled_counts(campaign: Campaign, counts: figures.Counts) -> dict[str, int]:
    """Return what ``counts`` say of a campaign: once it has ended, whoever waited has expired.

    So the end of a campaign is one write, however many contacts wait; what a late call adds still counts right.
    """
    read = dict(counts)
    if campaign.status in FINAL_STATUSES:
        expired = figures.status_key(ContactStatus.EXPIRED)
        for status in (ContactStatus.PENDING, ContactStatus.QUEUED):
            read[expired] = read.get(expired, 0) + read.pop(figures.status_key(status), 0)
    return read


def calls_begun(counts: figures.Counts) -> int:
    """Return the calls that have ended or run now."""
    ended = sum(counts.get(figures.disposition_key(disposition), 0) for disposition in Disposition)
    return ended + figures.in_status(counts, ContactStatus.CALLING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a campaign's contacts stand, by its counters."""

    pending: int
    queued: int
    calling: int
    open_zones: tuple[tuple[str, ...], ...]
    """Zone sets with ready contacts that may be called now."""
    ready_now: int
    """Ready contacts in ``open_zones``."""
    delayed: int
    """Contacts that wait for an instant of their own."""
    held: Mapping[str, int]
    """Reason -> pending contacts that wait for it."""
    next_opening: datetime | None
    """When the first held ready contact's window opens; None: nobody is held by a window, or never."""
    braked_until: datetime | None
    """Too many live answers were abandoned: nobody is called before this, when the oldest day leaves the count."""

    @property
    def unfinished(self) -> int:
        """Return the contacts that are in no final state."""
        return self.pending + self.queued + self.calling


def standing(campaign: Campaign, counts: figures.Counts, book: WindowBook, now: datetime) -> Standing:
    """Return where the contacts stand at ``now``; costs the same for any number of contacts."""
    open_zones, ready_now, delayed, held = [], 0, 0, Counter[str]()
    openings = []
    for name, count in counts.items():
        if count <= 0:
            continue
        if name.startswith(_DELAYED):
            delayed += count
            held[name.removeprefix(_DELAYED)] += count
        elif name.startswith(_READY):
            text = name.removeprefix(_READY)
            zones = tuple(text.split(",")) if text else ()
            state = book.state(zones, now) if zones else None
            if state is None:
                held[HoldReason.UNKNOWN_ZONE.value] += count
            elif state.legal and (campaign.end_at is None or now < campaign.end_at):
                open_zones.append(zones)
                ready_now += count
            else:
                reason = HoldReason.RESTRICTED_DATE if state.restricted else HoldReason.WINDOW
                held[reason.value] += count
                if state.next_legal is not None:
                    openings.append(state.next_legal)
    braked_until = _brake(campaign, counts, now) if ready_now or delayed or openings else None
    if braked_until is not None and ready_now:
        held[HoldReason.ABANDONMENT.value] += ready_now
        open_zones, ready_now = [], 0
    return Standing(
        pending=figures.in_status(counts, ContactStatus.PENDING),
        queued=figures.in_status(counts, ContactStatus.QUEUED),
        calling=figures.in_status(counts, ContactStatus.CALLING),
        open_zones=tuple(open_zones),
        ready_now=ready_now,
        delayed=delayed,
        held=dict(held),
        next_opening=min(openings, default=None),
        braked_until=braked_until,
    )


def _brake(campaign: Campaign, counts: figures.Counts, now: datetime) -> datetime | None:
    """Return when the abandonment brake is looked at again: the next day (UTC), when an old one is forgotten."""
    factor = pacing.concurrency_factor(*figures.abandoned_and_live(counts, now.date()))
    if pacing.lines_allowed(campaign.max_concurrent_calls, factor):
        return None
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)
