"""A campaign as clients see it: its configuration, and how far it has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain import figures
from chalicelib.campaigns.domain.campaign import FINAL_STATUSES, Campaign
from chalicelib.campaigns.domain.contact import ContactStatus
from chalicelib.campaigns.domain.windows import WindowBook
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.core import payload
from chalicelib.core.clock import Clock

MOST_ON_A_PAGE = 100


def campaign_page(limit: int, after: str | None, campaigns: CampaignStore) -> dict[str, Any]:
    """Return ``{"campaigns": [...], "next": key or None}``, at most ``limit`` of them."""
    found, following = campaigns.page(limit, after)
    return {"campaigns": [summary(campaign) for campaign in found], "next": following}


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
        "startAt": _text(campaign.start_at),
        "createdAt": _text(campaign.created_at),
        "updatedAt": _text(campaign.updated_at),
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
    found = figures.figures(counts)
    return {
        "totalContacts": figures.total_contacts(counts),
        "completedContacts": figures.completed_contacts(counts),
        "completionPercentage": figures.completion_percentage(counts),
        "contacts": {status.value: figures.in_status(counts, status) for status in ContactStatus},
        "calls": found.calls,
        "dispositions": found.dispositions,
        "connectRate": round(found.connect_rate, 4),
        "heldSoFar": found.held,
        "costCents": found.cost_cents,
        **_next_minute(campaign, found, now),
    }


def _next_minute(campaign: Campaign, found: figures.Figures, now: datetime) -> dict[str, Any]:
    """Return whether anybody may be called now and, if not, when: in the campaign's zone or one it has called."""
    zones = {hour.zone for hour in found.hours} - {figures.SEVERAL_ZONES, figures.NO_ZONE}
    zones |= {campaign.zone} if campaign.zone else set()
    if not zones or campaign.status in FINAL_STATUSES:
        return {"windowOpen": False, "nextLegalAt": None}
    book = WindowBook(campaign)
    openings = [at for zone in zones if (at := book.next_legal((zone,), now)) is not None]
    return {
        "windowOpen": any(book.is_legal((zone,), now) for zone in zones),
        "nextLegalAt": _text(min(openings)) if openings else None,
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
