"""What is remembered: campaigns, contacts, and who must not be called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.domain.campaign import Campaign


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


class SuppressionList:
    """Who must not be called: globally, or by one campaign."""

    def suppressed(self, campaign_id: str, phones: Iterable[str]) -> set[str]:
        """Return those of ``phones`` (E.164) that must not be called; read consistently."""
        raise NotImplementedError

    def add(self, phone: str, *, campaign_id: str | None, reason: str, at: datetime) -> None:
        """Suppress ``phone``, everywhere when ``campaign_id`` is None; holds from this write on."""
        raise NotImplementedError
