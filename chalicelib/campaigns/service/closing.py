"""The ends of a campaign that its own execution decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.core.clock import Clock

STILL_RUN = frozenset({CampaignStatus.SCHEDULED, CampaignStatus.ACTIVE})


def complete(campaign: Campaign, campaigns: CampaignStore, now: datetime) -> Campaign:
    """Mark ``campaign`` completed: one write, by which contacts that still wait count as expired.

    Raises:
        ConflictError: somebody moved the campaign meanwhile.
    """
    after = replace(campaign, status=CampaignStatus.COMPLETED, updated_at=now)
    campaigns.move(campaign, after)
    return after


def run_failed(campaign_id: str, execution_arn: str, campaigns: CampaignStore, clock: Clock) -> bool:
    """Mark the campaign failed whose execution failed, timed out or was aborted; True when it was this one's.

    A campaign that another execution runs, or that was paused or has ended, stays as it is.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        ConflictError: somebody moved the campaign meanwhile; the event is delivered again.
    """
    campaign = campaigns.get(campaign_id)
    if campaign.active_execution != execution_arn or campaign.status not in STILL_RUN:
        return False
    campaigns.move(campaign, replace(campaign, status=CampaignStatus.FAILED, updated_at=clock.now()))
    return True
