"""All problems at once, and one execution for each campaign."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.domain.campaign import CampaignStatus, IvrFlow, IvrNode
from chalicelib.campaigns.domain.figures import arrived
from chalicelib.campaigns.service import validating
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.files import FakeAudioFiles, FakeModels
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign
from tests.fakes.campaigns.stores import FakeCampaignStore

ARN = "arn:aws:states:us-east-1:123456789012:execution:campaign-execution:spring-1"


class World:
    def __init__(self, contacts: int = 3, **changed: Any) -> None:
        self.campaigns = FakeCampaignStore()
        self.audio = FakeAudioFiles()
        start = {"status": CampaignStatus.DRAFT, "generation": 0, "active_execution": None} | changed
        self.campaigns.create(campaign(**start))
        self.campaigns.sums["spring"].update(arrived(contacts) if contacts else {})

    @property
    def spring(self) -> Any:
        return self.campaigns.get("spring")

    def ask(self, arn: str = ARN, **run_input: Any) -> dict[str, Any]:
        ports = validating.Ports(self.campaigns, self.audio, FakeModels())
        asked = {"campaignId": "spring", "executionSource": "manual"} | run_input
        return validating.validate(asked, arn, ports, FixedClock(MONDAY_NOON))


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_a_valid_draft_is_claimed_for_the_execution() -> None:
    world = World()
    answer = world.ask()
    assert answer == {
        "campaignId": "spring",
        "campaignName": "Spring",
        "executionSource": "manual",
        "generation": 1,
        "part": 1,
        "valid": True,
        "errors": [],
        "statusResult": {"waitSeconds": 60, "turn": 0, "historyEvents": 8},
    }
    assert (world.spring.status, world.spring.active_execution) == (CampaignStatus.SCHEDULED, ARN)
    assert world.ask() == answer


def test_a_second_execution_finds_it_taken() -> None:
    world = World()
    world.ask()
    assert codes(world.ask("arn:other")) == ["already_running"]
    assert world.spring.active_execution == ARN


def test_a_successor_takes_over_and_keeps_the_generation() -> None:
    world = World(status=CampaignStatus.ACTIVE, generation=4, active_execution=ARN)
    answer = world.ask("arn:successor", predecessor=ARN, part=2, executionSource="continued")
    assert (answer["valid"], answer["generation"], answer["part"]) == (True, 4, 2)
    assert world.spring.active_execution == "arn:successor"


def test_a_started_campaign_keeps_the_generation_it_was_given() -> None:
    world = World(status=CampaignStatus.SCHEDULED, generation=1, active_execution=ARN)
    assert world.ask()["generation"] == 1


def test_every_problem_is_named() -> None:
    flow = IvrFlow("start", (IvrNode("start", "play", audio="audio/gone.wav", goto="nowhere"),))
    world = World(contacts=0, ivr=flow, audio=("audio/list.txt",), model_key="models/gone.json", caller_id="x")
    world.audio.types["audio/list.txt"] = "text/plain"
    answer = world.ask()
    assert answer["valid"] is False
    assert {"audio_missing", "not_audio", "no_contacts", "model_missing"} <= set(codes(answer))
    assert {"callerId", "audio[0]", "ivr.nodes[0].audio", "contacts"} <= {e["path"] for e in answer["errors"]}


def test_an_invalid_campaign_goes_back_to_draft_and_can_be_started_again() -> None:
    world = World(contacts=0, status=CampaignStatus.SCHEDULED, generation=1, active_execution=ARN)
    assert codes(world.ask()) == ["no_contacts"]
    assert (world.spring.status, world.spring.active_execution) == (CampaignStatus.DRAFT, None)


@pytest.mark.parametrize("status", [CampaignStatus.PAUSED, CampaignStatus.CANCELLED, CampaignStatus.COMPLETED])
def test_only_drafts_and_scheduled_ones_start(status: CampaignStatus) -> None:
    world = World(status=status)
    assert codes(world.ask()) == ["campaign_status"]
    assert world.spring.status is status


def test_a_campaign_paused_right_after_its_start_lets_its_run_end_in_peace() -> None:
    world = World(status=CampaignStatus.PAUSED, generation=1, active_execution=ARN)
    assert world.ask()["valid"] is True
    assert world.spring.status is CampaignStatus.PAUSED


def test_an_unknown_campaign_is_a_problem_and_no_crash() -> None:
    assert codes(World().ask(campaignId="autumn")) == ["campaign_not_found"]
    assert World().ask(campaignId="autumn")["statusResult"]["waitSeconds"] == 60


def test_each_audio_file_is_looked_up_once() -> None:
    world = World(audio=("audio/spring.wav",) * 3)
    world.ask()
    assert world.audio.asked == ["audio/spring.wav"]


def test_a_successor_is_not_asked_again_what_was_right_at_the_start() -> None:
    world = World(
        status=CampaignStatus.ACTIVE,
        generation=4,
        active_execution=ARN,
        end_at=MONDAY_NOON,
        audio=("audio/gone.wav",),
    )
    assert world.ask("arn:successor", predecessor=ARN, part=2)["valid"] is True
    assert world.spring.active_execution == "arn:successor"


def test_an_invalid_campaign_that_its_schedule_entry_ran_is_started_again_under_another_name() -> None:
    world = World(contacts=0, status=CampaignStatus.SCHEDULED)
    assert codes(world.ask()) == ["no_contacts"]
    assert (world.spring.status, world.spring.generation) == (CampaignStatus.DRAFT, 1)


def test_an_invalid_run_by_hand_leaves_the_schedule_alone() -> None:
    world = World(contacts=0, status=CampaignStatus.SCHEDULED)
    world.ask("arn:by-hand")
    assert (world.spring.status, world.spring.generation) == (CampaignStatus.SCHEDULED, 0)
