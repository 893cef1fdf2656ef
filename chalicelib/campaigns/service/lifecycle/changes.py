"""Start, pause, resume, cancel. Each may be asked for twice and is done once.

DRAFT --start--> SCHEDULED --dispatcher--> ACTIVE --pause--> PAUSED --resume--> SCHEDULED (next generation)
  |                  |                       |                 |                    ^
  '------------------+----------cancel-------+-----------------'--> CANCELLED       '--resume-- FAILED
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.campaigns.domain.campaign import FINAL_STATUSES, Campaign, CampaignStatus
from chalicelib.campaigns.errors import CampaignStateError
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.ports.world import CampaignRuns, StartSchedule
from chalicelib.campaigns.service import scheduling
from chalicelib.campaigns.service.runs import again, begin
from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError

MOST_RACES = 3
_RUNNING = (CampaignStatus.SCHEDULED, CampaignStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class Ports:
    """What a change needs of the world."""

    campaigns: CampaignStore
    runs: CampaignRuns
    schedule: StartSchedule
    clock: Clock


def start(campaign_id: str, ports: Ports) -> dict[str, Any]:
    """Start a draft or scheduled campaign now; one that runs keeps its run.

    Returns:
        ``{"campaignId", "status", "generation", "executionArn"}``, of the run that is there when there is one.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        CampaignStateError: it is paused or has ended.
    """

    def change(campaign: Campaign) -> dict[str, Any]:
        if campaign.status in _RUNNING and campaign.active_execution:
            return _run_answer(campaign, _same_run(campaign, "manual", ports), ports)
        if campaign.status not in (CampaignStatus.DRAFT, CampaignStatus.SCHEDULED):
            raise _not_allowed(campaign, "start", "resume it" if campaign.status is CampaignStatus.PAUSED else "")
        started = begin(campaign, "manual", ports.campaigns, ports.runs, ports.clock)
        ports.schedule.remove(scheduling.entry_name(campaign_id))
        return _run_answer(campaign, started, ports)

    return _without_races(campaign_id, ports, change)


def resume(campaign_id: str, ports: Ports) -> dict[str, Any]:
    """Let a paused or failed campaign go on in a new run, or wait for its ``startAt`` when that is still to come.

    See `start` for the answer and the errors.
    """

    def change(campaign: Campaign) -> dict[str, Any]:
        if campaign.status in _RUNNING and campaign.active_execution:
            return _run_answer(campaign, _same_run(campaign, "resumed", ports), ports)
        if campaign.status not in (CampaignStatus.PAUSED, CampaignStatus.FAILED):
            raise _not_allowed(campaign, "resume", "start it" if campaign.status is CampaignStatus.DRAFT else "")
        if campaign.start_at is not None and campaign.start_at > ports.clock.now():
            waiting = _moved(campaign, CampaignStatus.SCHEDULED, ports, active_execution=None)
            scheduling.put_entry(waiting, ports.schedule)
            return _status_answer(waiting)
        return _run_answer(campaign, begin(campaign, "resumed", ports.campaigns, ports.runs, ports.clock), ports)

    return _without_races(campaign_id, ports, change)


def pause(campaign_id: str, ports: Ports) -> dict[str, Any]:
    """Place no further call; calls that run end by themselves, and the run ends when it next looks.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        CampaignStateError: it has not been started or has ended.
    """

    def change(campaign: Campaign) -> dict[str, Any]:
        if campaign.status is CampaignStatus.PAUSED:
            return _status_answer(campaign)
        if campaign.status not in _RUNNING:
            raise _not_allowed(campaign, "pause")
        # The name in a schedule entry is not used again: the entry may still fire, now or later.
        waiting = campaign.active_execution is None
        paused = _moved(campaign, CampaignStatus.PAUSED, ports, generation=campaign.generation + waiting)
        ports.schedule.remove(scheduling.entry_name(campaign_id))
        return _status_answer(paused)

    return _without_races(campaign_id, ports, change)


def cancel(campaign_id: str, ports: Ports) -> dict[str, Any]:
    """End the campaign for good; calls that run end by themselves and are still counted.

    Raises:
        CampaignNotFoundError: there is no such campaign.
        CampaignStateError: it is completed or failed.
    """

    def change(campaign: Campaign) -> dict[str, Any]:
        if campaign.status is not CampaignStatus.CANCELLED:
            if campaign.status in FINAL_STATUSES:
                raise _not_allowed(campaign, "cancel")
            campaign = _moved(campaign, CampaignStatus.CANCELLED, ports)
        ports.schedule.remove(scheduling.entry_name(campaign_id))
        return _status_answer(campaign)

    return _without_races(campaign_id, ports, change)


def _without_races(campaign_id: str, ports: Ports, change: Callable[[Campaign], dict[str, Any]]) -> dict[str, Any]:
    """Do ``change`` on the campaign as it is now, and again when another request moved it meanwhile."""
    for race in range(MOST_RACES):
        try:
            return change(ports.campaigns.get(campaign_id))
        except CampaignStateError:
            raise
        except ConflictError:
            if race == MOST_RACES - 1:
                raise
    raise AssertionError("the last race returns or raises")  # pragma: no cover


def _same_run(campaign: Campaign, source: str, ports: Ports) -> str:
    """Return the campaign's run, started now in case a crash came between the write and the start."""
    if campaign.status is CampaignStatus.SCHEDULED:
        return again(campaign, source, ports.runs)
    return campaign.active_execution or ""


def _moved(campaign: Campaign, status: CampaignStatus, ports: Ports, **changed: Any) -> Campaign:
    after = replace(campaign, status=status, updated_at=ports.clock.now(), **changed)
    ports.campaigns.move(campaign, after)
    return after


def _status_answer(campaign: Campaign) -> dict[str, Any]:
    return {"campaignId": campaign.id, "status": str(campaign.status), "generation": campaign.generation}


def _run_answer(before: Campaign, run_arn: str, ports: Ports) -> dict[str, Any]:
    campaign = ports.campaigns.get(before.id)
    return _status_answer(campaign) | {"executionArn": run_arn}


def _not_allowed(campaign: Campaign, what: str, instead: str = "") -> CampaignStateError:
    hint = f"; {instead}" if instead else ""
    return CampaignStateError(f"campaign {campaign.id} is {campaign.status} and cannot {what}{hint}")
