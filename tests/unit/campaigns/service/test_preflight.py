"""A preflight says what the wave then does, and changes nothing."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.campaigns.service import dispatching, validating
from chalicelib.campaigns.service.preflight import preflight
from chalicelib.core.clock import FixedClock
from tests.fakes.campaigns.calls import FakeDialQueue
from tests.fakes.campaigns.files import FakeAudioFiles, FakeModels
from tests.fakes.campaigns.samples import MONDAY_NOON, RUN_ARN, campaign, contact
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople


class World:
    def __init__(self, **changed: Any) -> None:
        self.campaigns, self.people = FakeCampaignStore(), FakePeople()
        self.contacts = FakeContactStore(self.campaigns, self.people)
        self.clock = FixedClock(MONDAY_NOON)
        self.ports = dispatching.Ports(self.campaigns, self.contacts, self.people, FakeDialQueue())
        self.campaigns.create(campaign(**changed))

    def arrive(self, *zones: str) -> None:
        found = [contact(n, zones=(zone,) if zone else (), priority=1 / (n + 2)) for n, zone in enumerate(zones)]
        self.contacts.add("spring", "u", [Arrival(n, one) for n, one in enumerate(found)])

    def ask(self) -> dict[str, Any]:
        validation = validating.Ports(self.campaigns, FakeAudioFiles(), FakeModels())
        return preflight("spring", self.ports, validation, self.clock)


def test_reasons_sample_and_duration_are_told() -> None:
    world = World(calls_per_second=0.5)
    world.arrive("America/New_York", "Asia/Tokyo", "", "America/New_York")
    world.people.add(contact(0).phone, campaign_id=None, reason="test", at=MONDAY_NOON)
    answer = world.ask()
    assert answer["problems"] == []
    assert (answer["readyNow"], answer["heldNow"]) == (2, {"window": 1, "unknown_zone": 1})
    assert answer["wave"]["byReason"] == {"suppressed": 1, "ready": 1}
    assert [one["ready"] for one in answer["wave"]["sample"]] == [False, True]
    assert answer["wave"]["sample"][0]["phone"] == "*********000"
    assert answer["expectedSeconds"] == 8


def test_nothing_is_written_or_sent_and_the_wave_does_what_was_said() -> None:
    world = World()
    world.arrive(*["America/New_York"] * 5)
    before = deepcopy(world.contacts.contacts["spring"])
    said = world.ask()
    assert world.contacts.contacts["spring"] == before
    run = dispatching.Run("spring", 1, RUN_ARN, MONDAY_NOON)
    assert (
        dispatching.dispatch(run, world.ports, world.clock).contact_count == said["wave"]["byReason"]["ready"] == 5
    )


def test_outside_the_window_nobody_is_judged_and_the_opening_is_told() -> None:
    world = World()
    world.clock.at = MONDAY_NOON + timedelta(hours=12)
    world.arrive("America/New_York")
    answer = world.ask()
    assert (answer["wave"]["judged"], answer["heldNow"]) == (0, {"window": 1})
    assert answer["nextEligibleAt"] == "2026-06-02T13:00:00Z"


def test_problems_are_those_of_the_validation_and_an_ended_campaign_takes_no_time() -> None:
    world = World()
    assert [problem["code"] for problem in world.ask()["problems"]] == ["no_contacts"]
    stored = world.campaigns.get("spring")
    world.campaigns.move(stored, replace(stored, status=CampaignStatus.COMPLETED))
    assert world.ask()["expectedSeconds"] == 0
