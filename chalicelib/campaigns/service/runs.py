"""Which execution runs a campaign: named by campaign and generation, so that starting twice is one run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.ports.world import CampaignRuns
from chalicelib.core.clock import Clock


def run_name(campaign_id: str, generation: int) -> str:
    """Return the name of the execution that runs this generation, such as ``3f2a...-2``."""
    return f"{campaign_id}-{generation}"


def is_next_run(campaign: Campaign, execution_arn: str) -> bool:
    """Return whether a schedule entry's run has this ARN: the name of the next generation, which nobody runs yet.

    Once it has ended, that name is used up: whoever finds it so gives the campaign the generation after it.
    """
    name = run_name(campaign.id, campaign.generation + 1)
    return campaign.active_execution is None and execution_arn.endswith(f":{name}")


def run_input(campaign_id: str, source: str) -> dict[str, Any]:
    """Return the execution's input; ``source`` is ``manual``, ``scheduled`` or ``resumed``."""
    return {"campaignId": campaign_id, "executionSource": source}


def begin(campaign: Campaign, source: str, campaigns: CampaignStore, runs: CampaignRuns, clock: Clock) -> str:
    """Give ``campaign`` its next generation and start that generation's execution.

    The campaign is written first, with the ARN the execution will have. A crash between write and start leaves a
    scheduled campaign whose execution does not exist yet: `again` starts it, under the same name.

    Raises:
        ConflictError: another request moved the campaign meanwhile.
    """
    generation = campaign.generation + 1
    name = run_name(campaign.id, generation)
    after = replace(
        campaign,
        status=CampaignStatus.SCHEDULED,
        generation=generation,
        active_execution=runs.arn(name),
        updated_at=clock.now(),
    )
    campaigns.move(campaign, after)
    return runs.start(name, run_input(campaign.id, source))


def again(campaign: Campaign, source: str, runs: CampaignRuns) -> str:
    """Make sure the execution of the campaign's present generation has been started, and return it."""
    return runs.start(run_name(campaign.id, campaign.generation), run_input(campaign.id, source))
