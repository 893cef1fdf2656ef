"""What is wrong with a campaign, all of it, before anybody is called; and whose execution it is from then on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.campaigns.domain import pacing
from chalicelib.campaigns.domain.campaign import Campaign, CampaignStatus
from chalicelib.campaigns.domain.figures import total_contacts
from chalicelib.campaigns.domain.validation import problems
from chalicelib.campaigns.errors import CampaignNotFoundError
from chalicelib.campaigns.ports.files import AudioFiles, Models
from chalicelib.campaigns.ports.stores import CampaignStore
from chalicelib.campaigns.service.runs import is_next_run
from chalicelib.campaigns.service.scoring import model_of
from chalicelib.core.clock import Clock
from chalicelib.core.errors import ConflictError, InvalidInputError, NotFoundError, Problem

STARTABLE = (CampaignStatus.DRAFT, CampaignStatus.SCHEDULED)
GOES_ON = (CampaignStatus.ACTIVE, CampaignStatus.PAUSED, CampaignStatus.CANCELLED)
"""In these a campaign's own execution, or that one's successor, goes on, and what was right at the start is not
asked again: paused, cancelled or past its end since then, the campaign ends in peace."""
FIRST_EVENTS = 1 + pacing.LAMBDA_TASK_EVENTS + pacing.CHOICE_EVENTS
"""History events until the first dispatch: the start, ValidateCampaign, CheckValidation."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What validation needs of the world."""

    campaigns: CampaignStore
    audio: AudioFiles
    models: Models


@dataclass(frozen=True, slots=True)
class _Asker:
    """The execution that asks."""

    arn: str
    predecessor: str | None
    """ARN of the execution it goes on from, when that one's history was full."""


def validate(run_input: Mapping[str, Any], execution_arn: str, ports: Ports, clock: Clock) -> dict[str, Any]:
    """Return what is wrong with the campaign, and the state its execution begins with.

    A valid campaign is claimed for the execution: from then on only this one may move it. An invalid one goes back
    to draft, so that it can be mended and started again. Asked twice by one execution, the answer is the same.

    Args:
        run_input: the execution's input: ``{"campaignId": "3f2a...", "executionSource": "manual"}``, and of a
            successor also ``part`` and ``predecessor``.
        execution_arn: the execution that asks.
        ports: campaigns and audio files.
        clock: for windows and dates that have passed.

    Returns:
        ``campaignId, campaignName, executionSource, generation, part, valid, errors[{code, message, path}]`` and
        ``statusResult{waitSeconds, turn, historyEvents}``.
    """
    answer: dict[str, Any] = {
        "campaignId": str(run_input.get("campaignId", "")),
        "campaignName": "",
        "executionSource": str(run_input.get("executionSource", "manual")),
        "generation": 0,
        "part": int(run_input.get("part", 1)),
        "statusResult": {
            "waitSeconds": pacing.FIRST_WAIT_SECONDS,
            "turn": 0,
            "historyEvents": FIRST_EVENTS,
        },
    }
    asker = _Asker(execution_arn, run_input.get("predecessor"))
    try:
        campaign = ports.campaigns.get(answer["campaignId"])
    except CampaignNotFoundError as error:
        return answer | _verdict([Problem("campaignId", "campaign_not_found", str(error))])
    found = [] if _goes_on(campaign, asker) else all_problems(campaign, ports, clock, asker)
    try:
        campaign = (
            _claimed(campaign, asker, ports, clock) if not found else _released(campaign, asker, ports, clock)
        )
    except ConflictError as error:
        found = [*found, Problem("campaignId", "campaign_moved", f"somebody else moved it meanwhile: {error}")]
    return answer | {"campaignName": campaign.name, "generation": campaign.generation} | _verdict(found)


def all_problems(campaign: Campaign, ports: Ports, clock: Clock, asker: _Asker | None = None) -> list[Problem]:
    """Return everything that keeps ``campaign`` from being run, by ``asker`` if one is given."""
    return [
        *(_standing(campaign, asker) if asker else ()),
        *problems(campaign, now=clock.now()),
        *audio_problems(campaign, ports.audio),
        *_model_problems(campaign, ports.models),
        *_contact_problems(ports.campaigns.counters(campaign.id)),
    ]


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


def _goes_on(campaign: Campaign, asker: _Asker) -> bool:
    return _is_holder(campaign, asker) and campaign.status in GOES_ON


def _is_holder(campaign: Campaign, asker: _Asker) -> bool:
    holder = campaign.active_execution
    return holder is not None and holder in (asker.arn, asker.predecessor)


def _standing(campaign: Campaign, asker: _Asker) -> Iterator[Problem]:
    """Yield why this execution may not start the campaign at all."""
    if campaign.status not in STARTABLE:
        yield Problem(
            "status", "campaign_status", f"is {campaign.status}; only a draft or scheduled one can start"
        )
    elif campaign.active_execution and not _is_holder(campaign, asker):
        yield Problem("activeExecution", "already_running", f"the campaign is run by {campaign.active_execution}")


def _model_problems(campaign: Campaign, models: Models) -> Iterator[Problem]:
    try:
        model_of(campaign, models)
    except NotFoundError as error:
        yield Problem("modelKey", "model_missing", str(error))
    except InvalidInputError as error:
        yield Problem("modelKey", "not_a_model", f"{campaign.model_key} is no priority model: {error}")


def _contact_problems(counters: dict[str, int]) -> Iterator[Problem]:
    if not total_contacts(counters):
        yield Problem("contacts", "no_contacts", "the campaign has no contacts; upload some first")


def _claimed(campaign: Campaign, asker: _Asker, ports: Ports, clock: Clock) -> Campaign:
    if campaign.active_execution == asker.arn:
        return campaign
    unclaimed = campaign.active_execution is None
    after = replace(
        campaign,
        status=CampaignStatus.SCHEDULED if campaign.status is CampaignStatus.DRAFT else campaign.status,
        generation=campaign.generation + 1 if unclaimed else campaign.generation,
        active_execution=asker.arn,
        updated_at=clock.now(),
    )
    ports.campaigns.move(campaign, after)
    return after


def _released(campaign: Campaign, asker: _Asker, ports: Ports, clock: Clock) -> Campaign:
    scheduled = is_next_run(campaign, asker.arn)
    if campaign.status is not CampaignStatus.SCHEDULED or not (
        scheduled or campaign.active_execution == asker.arn
    ):
        return campaign
    after = replace(
        campaign,
        status=CampaignStatus.DRAFT,
        generation=campaign.generation + 1 if scheduled else campaign.generation,
        active_execution=None,
        updated_at=clock.now(),
    )
    ports.campaigns.move(campaign, after)
    return after


def _verdict(found: list[Problem]) -> dict[str, Any]:
    return {"valid": not found, "errors": [problem.as_dict() for problem in found]}
