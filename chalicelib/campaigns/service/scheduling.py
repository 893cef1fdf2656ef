"""Campaigns that start later: an entry of EventBridge Scheduler each, and a look now and then that none is lost.

The entry starts the execution itself, under the name of the campaign's next generation. Fired twice, or after
somebody started the campaign by hand, it names a run that is there already.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.ports.world import CampaignRuns, StartSchedule
from chalicelib.campaigns.service.runs import again, begin, run_input, run_name
from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError

GRACE = timedelta(minutes=5)
"""How long after its time an entry may still be on its way before the campaign is started without it."""
PAGE = 100


def entry_name(campaign_id: str) -> str:
    """Return the name of the campaign's schedule entry."""
    return f"campaign-{campaign_id}"


def put_entry(campaign: Campaign, schedule: StartSchedule) -> None:
    """Have ``campaign`` started at its ``start_at``, by the wall clock of its zone."""
    if campaign.start_at is None:
        raise ValueError(f"campaign {campaign.id} has no start_at")
    local, zone = wall_time(campaign.start_at, campaign.zone)
    schedule.put(
        entry_name(campaign.id),
        local_time=local,
        zone=zone,
        run=run_name(campaign.id, campaign.generation + 1),
        payload=run_input(campaign.id, "scheduled"),
    )


def wall_time(at: datetime, zone: str | None) -> tuple[datetime, str]:
    """Return ``at`` (aware) as a naive wall time and the zone it is meant in.

    A wall clock that is set back shows an hour twice; an ``at`` in the second of the two is given in UTC.
    """
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    if zone is None or local.fold:
        return at.astimezone(UTC).replace(tzinfo=None, microsecond=0), "UTC"
    return local.replace(tzinfo=None, microsecond=0), zone


def check_schedule(
    campaigns: CampaignStore, runs: CampaignRuns, schedule: StartSchedule, clock: Clock
) -> dict[str, Any]:
    """Put the entries that are missing and start what is overdue; run now and then, it repairs what a crash left.

    Returns:
        ``{"waiting": n, "started": [campaign ids]}``; ``started`` also has those whose run was there already.

    Raises:
        ExceptionGroup: some campaigns could not be put or started; all the others were.
    """
    waiting, started = 0, []
    failed: list[Exception] = []
    after: str | None = None
    while True:
        page, after = campaigns.page(PAGE, after)
        for campaign in page:
            if campaign.status is not CampaignStatus.SCHEDULED:
                continue
            try:
                if _waits(campaign, clock):
                    waiting += 1
                    if campaign.start_at and campaign.start_at > clock.now():
                        put_entry(campaign, schedule)
                elif _start_now(campaign, campaigns, runs, clock):
                    started.append(campaign.id)
            except Exception as error:  # one campaign's trouble is not the others'
                failed.append(error)
        if after is None:
            break
    if failed:
        raise ExceptionGroup("campaigns were not scheduled or started", failed)
    return {"waiting": waiting, "started": started}


def _waits(campaign: Campaign, clock: Clock) -> bool:
    """Return whether the campaign's start is to come, or its entry may still be on its way."""
    return (
        campaign.active_execution is None
        and campaign.start_at is not None
        and campaign.start_at > clock.now() - GRACE
    )


def _start_now(campaign: Campaign, campaigns: CampaignStore, runs: CampaignRuns, clock: Clock) -> bool:
    """Start an overdue campaign, or the execution that a crash kept from starting."""
    try:
        if campaign.active_execution:
            again(campaign, "scheduled", runs)
        else:
            begin(campaign, "scheduled", campaigns, runs, clock)
    except ConflictError:  # somebody else moved it since the page was read
        return False
    return True
