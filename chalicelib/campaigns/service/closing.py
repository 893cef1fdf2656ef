"""The ends of a campaign that its own execution decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.service.runs import is_next_run
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


def run_failed(run_input: Mapping[str, Any], execution_arn: str, campaigns: CampaignStore, clock: Clock) -> bool:
    """Mark the campaign failed whose execution failed, timed out or was aborted; True when it was this one's.

    It was this one's too when it died before it could take the campaign: over from its predecessor, or by its
    schedule entry. A campaign that another execution runs, that was paused or has ended, stays as it is.

    Args:
        run_input: the execution's input: ``{"campaignId", ...}``, and of a successor also ``predecessor``.
        execution_arn: the execution that ended.
        campaigns: the campaigns.
        clock: when it was marked.

    Raises:
        ConflictError: somebody moved the campaign meanwhile; the event is delivered again.
    """
    try:
        campaign = campaigns.get(str(run_input.get("campaignId", "")))
    except CampaignNotFoundError:
        return False
    scheduled = is_next_run(campaign, execution_arn)
    holds = campaign.active_execution in (execution_arn, run_input.get("predecessor") or execution_arn)
    if campaign.status not in STILL_RUN or not (holds or scheduled):
        return False
    failed = replace(
        campaign,
        status=CampaignStatus.FAILED,
        generation=campaign.generation + 1 if scheduled else campaign.generation,
        updated_at=clock.now(),
    )
    campaigns.move(campaign, failed)
    return True
