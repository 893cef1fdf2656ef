"""A campaign is made: checked whole, stored, and given its schedule entry when it starts later."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.validation import problems
from chalicelib.campaigns.service import scheduling
from chalicelib.campaigns.service.lifecycle.changes import Ports
from chalicelib.campaigns.service.lifecycle.drafts import CampaignDraft, campaign_of
from chalicelib.core.errors import ConflictError, InvalidInputError

_BY_KEY = uuid.UUID("6e0c7a52-4c0e-5a1d-9d0a-5b7f3a1c9e11")
"""Namespace of campaign ids made from idempotency keys."""
_MOVES = frozenset({"status", "generation", "active_execution", "created_at", "updated_at"})
"""What changes in a campaign's life; the rest is what was asked for."""


def create(draft: CampaignDraft, idempotency_key: str | None, ports: Ports) -> tuple[Campaign, bool]:
    """Store the campaign that ``draft`` describes.

    Args:
        draft: what the client sent.
        idempotency_key: the client's own name for this request: sent again, it makes no second campaign.
        ports: the world.

    Returns:
        (campaign, whether it is new).

    Raises:
        InvalidInputError: with every problem of the configuration.
        ConflictError: the key was used for another configuration.
    """
    campaign_id = str(uuid.uuid5(_BY_KEY, idempotency_key) if idempotency_key else uuid.uuid4())
    campaign = campaign_of(draft, campaign_id, ports.clock.now())
    if found := problems(campaign, now=ports.clock.now()):
        raise InvalidInputError(found)
    new = True
    try:
        ports.campaigns.create(campaign)
    except ConflictError:
        earlier = ports.campaigns.get(campaign_id)
        if not _same_wish(earlier, campaign):
            raise ConflictError(
                f"Idempotency-Key {idempotency_key!r} made another campaign, {campaign_id}"
            ) from None
        campaign, new = earlier, False
    if campaign.status is CampaignStatus.SCHEDULED and campaign.active_execution is None:
        scheduling.put_entry(campaign, ports.schedule)
    return campaign, new


def _same_wish(one: Campaign, other: Campaign) -> bool:
    moving = {field.name: None for field in fields(Campaign) if field.name in _MOVES}
    return replace(one, **moving) == replace(other, **moving)  # type: ignore[arg-type]
