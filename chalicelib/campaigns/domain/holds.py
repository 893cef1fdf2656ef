"""Why a contact waits, and until when.

`judge` looks at one contact. The first two rules hold it for good, the others until an instant that is
known: the reason given is the rule that lets go of it last, and ``next_eligible_at`` is the first
instant at which all of them have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.campaigns.domain.campaign import Campaign
from chalicelib.campaigns.domain.contact import Contact
from chalicelib.campaigns.domain.windows import WindowBook

LARGEST_CAP = 100
"""The most attempts a campaign may allow a person."""
LONGEST_CAP_DAYS = 365
"""The longest time over which a campaign may count them."""


class HoldReason(StrEnum):
    """Why nobody calls now."""

    SUPPRESSED = "suppressed"
    UNKNOWN_ZONE = "unknown_zone"
    """No time zone is known for the number: no time is safe to call it."""
    WINDOW = "window"
    RESTRICTED_DATE = "restricted_date"
    RETRY_DELAY = "retry_delay"
    PERSON_CAP = "person_cap"
    ABANDONMENT = "abandonment"
    """Too many live answers were left without a voice; said of a wave."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say of one contact now."""

    ready: bool
    reason: HoldReason | None = None
    """None when ready."""
    next_eligible_at: datetime | None = None
    """When held: the first instant every rule allows; None: never, before the campaign ends."""


READY = Decision(True)
_SUPPRESSED = Decision(False, HoldReason.SUPPRESSED)
_UNKNOWN_ZONE = Decision(False, HoldReason.UNKNOWN_ZONE)


def judge(
    contact: Contact,
    campaign: Campaign,
    now: datetime,
    *,
    book: WindowBook,
    person_attempts: Sequence[datetime] = (),
    suppressed: bool = False,
) -> Decision:
    """Return whether ``contact`` may be called at ``now`` (aware, UTC).

    Args:
        contact: the contact; its status is not looked at.
        campaign: whose rules hold.
        now: the instant judged.
        book: the campaign's windows, one for all its contacts.
        person_attempts: when the number was called before, by any campaign, in any order.
        suppressed: whether it is on a suppression list.
    """
    if suppressed:
        return _SUPPRESSED
    if not contact.zones:
        return _UNKNOWN_ZONE
    reason: HoldReason | None = None
    earliest = now
    if contact.next_attempt_at is not None and contact.next_attempt_at > earliest:
        reason, earliest = HoldReason.RETRY_DELAY, contact.next_attempt_at
    if person_attempts:
        released = cap_released_at(person_attempts, campaign, now)
        if released is not None and released > earliest:
            reason, earliest = HoldReason.PERSON_CAP, released
    state = book.state(contact.zones, earliest)
    if state.legal and (campaign.end_at is None or earliest < campaign.end_at):
        return READY if reason is None else Decision(False, reason, earliest)
    window = HoldReason.RESTRICTED_DATE if state.restricted else HoldReason.WINDOW
    return Decision(False, window, state.next_legal)


def cap_released_at(person_attempts: Sequence[datetime], campaign: Campaign, now: datetime) -> datetime | None:
    """Return when the person's attempts fall below the cap again; None when they are below it now.

    An attempt counts for ``attempt_window_days`` after it, to the second.
    """
    span = timedelta(days=campaign.attempt_window_days)
    counting = sorted(attempt for attempt in person_attempts if attempt + span > now)
    surplus = len(counting) - campaign.max_attempts_per_person
    return counting[surplus] + span if surplus >= 0 else None
