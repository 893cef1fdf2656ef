"""What is wrong with a campaign, all of it, before anybody is called; and whose execution it is from then on.

Event of ``validate-campaign``::

    {"campaignId": "3f2a...", "executionSource": "manual", "executionArn": "arn:aws:states:...", "continuedFrom": null}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.figures import total_contacts
from chalicelib.campaigns.domain.validation import problems
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.files import AudioFiles
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError, Problem

STARTABLE = (CampaignStatus.DRAFT, CampaignStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class ValidateRequest:
    """What ``validate-campaign`` is asked."""

    campaign_id: str
    execution_arn: str
    """The execution that asks; a valid campaign is its from then on."""
    continued_from: str | None = None
    """ARN of the execution whose successor this one is."""


def validate(request: ValidateRequest, campaigns: CampaignStore, audio: AudioFiles, clock: Clock) -> dict[str, Any]:
    """Return ``{"valid": bool, "errors": [{code, message, path}], "campaignName": str}``.

    A valid campaign is claimed for the execution: from then on only this one may move it. An invalid campaign goes
    back to draft, so that it can be mended and started again. Asked twice by one execution, the answer is the same.
    """
    try:
        campaign = campaigns.get(request.campaign_id)
    except CampaignNotFoundError as error:
        return _answer([Problem("campaignId", "campaign_not_found", str(error))], "")
    found = list(_standing(campaign, request))
    if not found:
        found = [
            *problems(campaign, now=clock.now()),
            *audio_problems(campaign, audio),
            *_contact_problems(campaigns.counters(campaign.id)),
        ]
    try:
        if not found:
            _claim(campaign, request, campaigns, clock)
        elif campaign.active_execution == request.execution_arn and campaign.status is CampaignStatus.SCHEDULED:
            draft = replace(
                campaign, status=CampaignStatus.DRAFT, active_execution=None, updated_at=clock.now()
            )
            campaigns.move(campaign, draft)
    except ConflictError as error:
        found.append(Problem("campaignId", "campaign_moved", f"another execution or request moved it: {error}"))
    return _answer(found, campaign.name)


def audio_problems(campaign: Campaign, audio: AudioFiles) -> Iterator[Problem]:
    """Yield what is wrong with the audio files the campaign names, each looked up once."""
    nodes = campaign.ivr.nodes if campaign.ivr else ()
    places = [(f"audio[{i}]", key) for i, key in enumerate(campaign.audio)]
    places += [(f"ivr.nodes[{i}].audio", node.audio) for i, node in enumerate(nodes) if node.audio]
    types = {key: audio.content_type(key) for key in dict.fromkeys(key for _, key in places)}
    for path, key in places:
        kind = types[key]
        if kind is None:
            yield Problem(path, "audio_missing", f"{key} does not exist in the assets bucket")
        elif not kind.startswith("audio/"):
            yield Problem(path, "not_audio", f"{key} is {kind}, not audio such as audio/wav")


def _standing(campaign: Campaign, request: ValidateRequest) -> Iterator[Problem]:
    """Yield why this execution may not run the campaign at all."""
    mine = campaign.active_execution == request.execution_arn
    continued = request.continued_from is not None and campaign.active_execution == request.continued_from
    if campaign.status is CampaignStatus.ACTIVE and (mine or continued):
        return
    if campaign.status not in STARTABLE:
        yield Problem("status", "campaign_status", f"is {campaign.status}; only a draft or scheduled one can start")
    elif campaign.active_execution and not mine and not continued:
        yield Problem("activeExecution", "already_running", f"belongs to {campaign.active_execution}")


def _contact_problems(counters: dict[str, int]) -> Iterator[Problem]:
    if not total_contacts(counters):
        yield Problem("contacts", "no_contacts", "the campaign has no contacts; upload some first")


def _claim(campaign: Campaign, request: ValidateRequest, campaigns: CampaignStore, clock: Clock) -> None:
    if campaign.active_execution == request.execution_arn:
        return
    fresh = campaign.active_execution is None
    after = replace(
        campaign,
        status=CampaignStatus.SCHEDULED if campaign.status is CampaignStatus.DRAFT else campaign.status,
        generation=campaign.generation + 1 if fresh else campaign.generation,
        active_execution=request.execution_arn,
        updated_at=clock.now(),
    )
    campaigns.move(campaign, after)


def _answer(found: list[Problem], name: str) -> dict[str, Any]:
    return {"valid": not found, "errors": [problem.as_dict() for problem in found], "campaignName": name}
