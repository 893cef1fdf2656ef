"""What follows a disposition.

    disposition      what follows                        unless the campaign's ``retry_rules`` say otherwise
    answered         reached, final
    opted_out        suppressed, final
    invalid_number   invalid, final
    busy             again after 30 min, 4 attempts      the person is there, just talking
    no_answer        again after 4 h, 3 attempts         another part of the day finds other people home
    voicemail        again after 24 h, 3 attempts        the number is right and the hour was wrong
    failed           again after 1 h, 3 attempts         the carrier's fault: its faults last minutes to an hour
    abandoned        again after 24 h, 2 attempts        the person heard silence: not twice on one day

Attempts are counted over all dispositions. The next attempt is legal by the windows, and in another part
of the contact's day than the last one where a week offers one: who is never home in the morning is not
found by calling every morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from chalicelib.campaigns.domain.campaign import Campaign, RetryRule
from chalicelib.campaigns.domain.contact import Contact, ContactStatus, Disposition
from chalicelib.campaigns.domain.windows import WindowBook, zone_of

FINAL: Mapping[Disposition, ContactStatus] = MappingProxyType(
    {
        Disposition.ANSWERED: ContactStatus.REACHED,
        Disposition.OPTED_OUT: ContactStatus.SUPPRESSED,
        Disposition.INVALID_NUMBER: ContactStatus.INVALID,
    }
)

DEFAULT_RULES: Mapping[Disposition, RetryRule] = MappingProxyType(
    {
        Disposition.BUSY: RetryRule(delay_minutes=30, max_attempts=4),
        Disposition.NO_ANSWER: RetryRule(delay_minutes=240, max_attempts=3),
        Disposition.VOICEMAIL: RetryRule(delay_minutes=1440, max_attempts=3),
        Disposition.FAILED: RetryRule(delay_minutes=60, max_attempts=3),
        Disposition.ABANDONED: RetryRule(delay_minutes=1440, max_attempts=2),
    }
)

DAYPART_SEARCH = timedelta(days=7)
"""How far beyond the first legal instant another part of the day is looked for: windows repeat weekly."""


class Daypart(StrEnum):
    """Parts of the day of a wall clock."""

    MORNING = "morning"
    """Before noon."""
    AFTERNOON = "afternoon"
    """From noon."""
    EVENING = "evening"
    """From five."""


_NOON, _FIVE, _MIDNIGHT = time(12), time(17), time(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a contact goes after an attempt."""

    status: ContactStatus
    next_attempt_at: datetime | None
    """Only while PENDING."""
    reason: str
    """Why, for the log: ``answered``, ``retry_no_answer``, ``attempts_used``, ``no_legal_time_left``."""


def rule_for(disposition: Disposition, campaign: Campaign) -> RetryRule | None:
    """Return the campaign's rule for ``disposition``, None when it is final."""
    if disposition in FINAL:
        return None
    return campaign.retry_rules.get(disposition) or DEFAULT_RULES[disposition]


def after(
    disposition: Disposition, contact: Contact, campaign: Campaign, at: datetime, *, book: WindowBook | None = None
) -> Outcome:
    """Return what follows when the attempt ``contact.attempt`` ended with ``disposition`` at ``at`` (aware, UTC).

    ``book`` saves the windows' working out when many contacts are settled.
    """
    rule = rule_for(disposition, campaign)
    if rule is None:
        return Outcome(FINAL[disposition], None, disposition.value)
    if contact.attempt >= rule.max_attempts:
        return Outcome(ContactStatus.EXHAUSTED, None, "attempts_used")
    earliest = at + timedelta(minutes=rule.delay_minutes)
    next_attempt_at = next_attempt(contact.zones, book or WindowBook(campaign), earliest, last=at)
    if next_attempt_at is None:
        return Outcome(ContactStatus.EXPIRED, None, "no_legal_time_left")
    return Outcome(ContactStatus.PENDING, next_attempt_at, f"retry_{disposition.value}")


def next_attempt(
    zones: tuple[str, ...], book: WindowBook, earliest: datetime, *, last: datetime
) -> datetime | None:
    """Return the first legal instant from ``earliest`` on in another daypart than ``last`` in every zone.

    The person is in one of the zones, nobody knows in which. Where no instant of a week differs in all of
    them, the first legal instant is returned; None when there is no legal instant left.
    """
    first = book.next_legal(zones, earliest)
    if first is None:
        return None
    before = {zone: daypart(zone, last) for zone in zones}
    found: datetime | None = first
    while found is not None and found <= first + DAYPART_SEARCH:
        if all(daypart(zone, found) != before[zone] for zone in zones):
            return found
        found = book.next_legal(zones, min(_daypart_ends(zone, found) for zone in zones))
    return first


def daypart(zone: str, at: datetime) -> Daypart:
    """Return the part of the day it is at ``at`` in ``zone``, which must be a known zone."""
    wall = at.astimezone(zone_of(zone)).time()
    if wall < _NOON:
        return Daypart.MORNING
    return Daypart.AFTERNOON if wall < _FIVE else Daypart.EVENING


def _daypart_ends(zone: str, at: datetime) -> datetime:
    """Return the first instant of the next daypart, UTC."""
    local = at.astimezone(zone_of(zone))
    day, wall = local.date(), local.time()
    if wall >= _FIVE:
        day, ends = day + timedelta(days=1), _MIDNIGHT
    else:
        ends = _NOON if wall < _NOON else _FIVE
    return datetime.combine(day, ends, local.tzinfo).astimezone(UTC)
