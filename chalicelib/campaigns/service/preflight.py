"""A wave that is not sent: the dispatcher's own judging, and what its first wave would be."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from chalicelib.campaigns.domain import figures, lines, pacing
from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.contact import Contact
from chalicelib.campaigns.domain.holds import Decision
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.service import dispatching, validating
from chalicelib.core import payload
from chalicelib.core.clock import Clock

SAMPLE = 10
MOST_JUDGED = 990
"""Contacts judged one by one; the counts of those in line come from the counters and are of all."""


def preflight(
    campaign_id: str, ports: dispatching.Ports, validation: validating.Ports, clock: Clock
) -> dict[str, Any]:
    """Return what the campaign's next wave would do if it were sent now. Writes and sends nothing.

    Returns:
        ``problems`` (what validation would find), ``contacts`` (by state), ``readyNow``, ``heldNow`` (reason ->
        contacts), ``nextEligibleAt``, ``wave`` (how many it takes at most; how the first of them were judged; a
        sample), and ``expectedSeconds`` to call everybody once at the campaign's pace, windows not counted.

    Raises:
        CampaignNotFoundError: there is no such campaign.
    """
    now = clock.now()
    campaign = ports.campaigns.get(campaign_id)
    counts = lines.settled_counts(campaign, ports.campaigns.counters(campaign_id))
    book = WindowBook(campaign)
    standing = lines.standing(campaign, counts, book, now)
    size = dispatching.size_of(campaign, standing, counts, now)
    judged = _judged(campaign, book, standing, min(size, MOST_JUDGED), ports, clock)
    reasons = Counter("ready" if d.ready else str(d.reason and d.reason.value) for _, d in judged)
    at = dispatching.next_eligible(campaign, standing, ports.contacts)
    found = validating.all_problems(campaign, validation, clock)
    return {
        "campaignId": campaign.id,
        "status": campaign.status.value,
        "problems": [problem.as_dict() for problem in found],
        "contacts": figures.figures(counts).statuses,
        "readyNow": standing.ready_now,
        "heldNow": dict(standing.held),
        "nextEligibleAt": payload.to_json_types(at),
        "wave": {
            "size": min(size, standing.ready_now + standing.delayed),
            "judged": len(judged),
            "byReason": dict(reasons.most_common()),
            "sample": [_shown(contact, decision) for contact, decision in judged[:SAMPLE]],
        },
        "expectedSeconds": _seconds(campaign, standing),
    }


def _judged(
    campaign: Campaign,
    book: WindowBook,
    standing: lines.Standing,
    most: int,
    ports: dispatching.Ports,
    clock: Clock,
) -> list[tuple[Contact, Decision]]:
    found: list[tuple[Contact, Decision]] = []
    for batch in dispatching.select(campaign, book, standing, ports.contacts, ports.people, clock.now()):
        found += batch
        if len(found) >= most:
            break
    return found[:most]


def _shown(contact: Contact, decision: Decision) -> dict[str, Any]:
    """Return one contact of the sample; its number shows the last three digits only."""
    return {
        "contactId": contact.id,
        "phone": "*" * (len(contact.phone) - 3) + contact.phone[-3:],
        "zones": list(contact.zones),
        "priority": round(contact.priority, 6),
        "ready": decision.ready,
        "reason": decision.reason.value if decision.reason else None,
        "nextEligibleAt": payload.to_json_types(decision.next_eligible_at),
    }


def _seconds(campaign: Campaign, standing: lines.Standing) -> int:
    """Return how long one call to everybody takes: by the pace, or by the lines if they are the narrower."""
    if campaign.status in (CampaignStatus.CANCELLED, CampaignStatus.COMPLETED):
        return 0
    per_second = min(campaign.calls_per_second, campaign.max_concurrent_calls / pacing.TYPICAL_CALL_SECONDS)
    return math.ceil(standing.unfinished / per_second)
