"""A campaign as clients see it: its configuration, and how far it has come."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain import figures, lines
from chalicelib.campaigns.domain.campaign import FINAL_STATUSES, Campaign
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.core import payload
from chalicelib.core.clock import Clock
from chalicelib.core.errors import InvalidInputError, Problem

MOST_ON_A_PAGE = 100


def campaign_page(limit: int, after: str | None, campaigns: CampaignStore) -> dict[str, Any]:
    """Return ``{"campaigns": [...], "next": place or None}``, at most ``limit`` of them.

    Raises:
        InvalidInputError: ``after`` is no place that a page ended with.
    """
    found, following = campaigns.page(limit, _key(after) if after is not None else None)
    return {
        "campaigns": [summary(campaign) for campaign in found],
        "next": _place(following) if following else None,
    }


def campaign_now(campaign_id: str, campaigns: CampaignStore, clock: Clock) -> dict[str, Any]:
    """Return the campaign with its live progress; costs the same for any number of contacts.

    Raises:
        CampaignNotFoundError: there is no such campaign.
    """
    campaign = campaigns.get(campaign_id)
    return configuration(campaign) | {"progress": progress(campaign, campaigns.counters(campaign_id), clock.now())}


def summary(campaign: Campaign) -> dict[str, Any]:
    """Return what a list shows of a campaign."""
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": str(campaign.status),
        "generation": campaign.generation,
        "startAt": payload.to_json_types(campaign.start_at),
        "createdAt": payload.to_json_types(campaign.created_at),
        "updatedAt": payload.to_json_types(campaign.updated_at),
    }


def configuration(campaign: Campaign) -> dict[str, Any]:
    """Return the whole campaign, in the names that ``POST /campaigns`` takes."""
    plain = payload.to_json_types(campaign)
    plain["windows"] = [
        {"days": [str(day) for day in w.days], "start": f"{w.start:%H:%M}", "end": f"{w.end:%H:%M}"}
        for w in campaign.windows
    ]
    plain["retry_rules"] = {
        disposition: {"delayMinutes": rule.delay_minutes, "maxAttempts": rule.max_attempts}
        for disposition, rule in campaign.retry_rules.items()
    }
    return {_camel(name): value for name, value in plain.items()}


def progress(campaign: Campaign, counts: figures.Counts, now: datetime) -> dict[str, Any]:
    """Return how far the campaign is, every number a counter or a sum of counters."""
    counts = lines.settled_counts(campaign, counts)
    found = figures.figures(counts)
    ended = campaign.status in FINAL_STATUSES
    standing = None if ended else lines.standing(campaign, counts, WindowBook(campaign), now)
    return {
        "totalContacts": figures.total_contacts(counts),
        "completedContacts": figures.completed_contacts(counts),
        "completionPercentage": figures.completion_percentage(counts),
        "contacts": {status.value: figures.in_status(counts, status) for status in ContactStatus},
        "calls": found.calls,
        "dispositions": found.dispositions,
        "connectRate": round(found.connect_rate, 4),
        "costCents": found.cost_cents,
        "readyNow": standing.ready_now if standing else 0,
        "heldNow": dict(standing.held) if standing else {},
        "nextLegalAt": payload.to_json_types(_next_legal(standing, now)),
    }


def _next_legal(standing: lines.Standing | None, now: datetime) -> datetime | None:
    """Return the first minute in which a window lets somebody in line be called: now, later, or never."""
    if standing is None:
        return None
    return now if standing.ready_now else standing.braked_until or standing.next_opening


def _place(key: str) -> str:
    """Return a store's key as a text that needs no escaping in a URL."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(place: str) -> str:
    try:
        key = base64.b64decode(place + "=" * (-len(place) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        key = ""
    if not key:
        raise InvalidInputError([Problem("?after", "not_a_place", "is no place in the list of campaigns")])
    return key


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
