"""Start, pause, resume and cancel: each may be asked for twice and happens once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.domain.campaign import CampaignStatus
from chalicelib.campaigns.errors import CampaignNotFoundError, CampaignStateError
from chalicelib.campaigns.ports.stores import Arrival
from chalicelib.campaigns.service.lifecycle import changes
from chalicelib.campaigns.service.lifecycle.creating import create
from chalicelib.campaigns.service.lifecycle.drafts import CampaignDraft
from chalicelib.campaigns.service.lifecycle.views import campaign_now, campaign_page, configuration
from chalicelib.campaigns.service.scheduling import check_schedule
from chalicelib.core import payload
from chalicelib.core.clock import FixedClock
from chalicelib.core.errors import ConflictError, InvalidInputError
from tests.fakes.campaigns.samples import MONDAY_NOON, campaign, contact
from tests.fakes.campaigns.stores import FakeCampaignStore, FakeContactStore, FakePeople
from tests.fakes.campaigns.world import FakeCampaignRuns, FakeStartSchedule

BODY: dict[str, Any] = {
    "name": "Spring reminder",
    "callerId": "+14155550100",
    "zone": "America/New_York",
    "windows": [{"days": ["mon", "tue"], "start": "09:00", "end": "20:00"}],
}


class World:
    def __init__(self, status: CampaignStatus = CampaignStatus.DRAFT, **changed: Any) -> None:
        self.campaigns = FakeCampaignStore()
        self.runs = FakeCampaignRuns()
        self.schedule = FakeStartSchedule()
        self.clock = FixedClock(MONDAY_NOON)
        self.ports = changes.Ports(self.campaigns, self.runs, self.schedule, self.clock)
        start = {"generation": 0, "active_execution": None} | changed
        self.campaigns.create(campaign(status=status, **start))

    @property
    def spring(self) -> Any:
        return self.campaigns.get("spring")

    def dispatch(self) -> None:
        """What the dispatcher does with its first wave."""
        self.campaigns.move(self.spring, replace(self.spring, status=CampaignStatus.ACTIVE))

    def create(self, key: str | None = None, **changed: Any) -> tuple[Any, bool]:
        return create(payload.parse(CampaignDraft, BODY | changed), key, self.ports)


def test_starting_twice_is_one_run() -> None:
    world = World()
    first, second = changes.start("spring", world.ports), changes.start("spring", world.ports)
    assert first == second
    assert list(world.runs.started) == ["spring-1"]
    assert (first["status"], first["generation"]) == ("scheduled", 1)
    world.dispatch()
    assert changes.start("spring", world.ports)["executionArn"] == first["executionArn"]


def test_a_start_killed_before_its_execution_is_done_by_the_next_one() -> None:
    world = World()
    world.runs.fail_next = True
    with pytest.raises(ConnectionError):
        changes.start("spring", world.ports)
    assert world.runs.started == {}
    changes.start("spring", world.ports)
    assert list(world.runs.started) == ["spring-1"]
    assert world.spring.active_execution == world.runs.arn("spring-1")


def test_a_start_killed_before_its_execution_is_repaired_by_the_round() -> None:
    world = World()
    world.runs.fail_next = True
    with pytest.raises(ConnectionError):
        changes.start("spring", world.ports)
    assert check_schedule(world.campaigns, world.runs, world.schedule, world.clock)["started"] == ["spring"]
    assert list(world.runs.started) == ["spring-1"]


def test_pause_and_resume_make_a_new_generation_and_run() -> None:
    world = World()
    changes.start("spring", world.ports)
    world.dispatch()
    assert changes.pause("spring", world.ports)["status"] == "paused"
    assert changes.pause("spring", world.ports)["generation"] == 1
    assert changes.resume("spring", world.ports)["generation"] == 2
    assert changes.resume("spring", world.ports)["generation"] == 2
    assert list(world.runs.started) == ["spring-1", "spring-2"]
    assert world.runs.started["spring-2"] == {"campaignId": "spring", "executionSource": "resumed"}


def test_a_failed_campaign_is_resumed_in_a_new_run() -> None:
    world = World(CampaignStatus.FAILED, generation=3, active_execution="arn:old")
    assert changes.resume("spring", world.ports)["generation"] == 4


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (changes.start, CampaignStatus.PAUSED),
        (changes.start, CampaignStatus.COMPLETED),
        (changes.resume, CampaignStatus.DRAFT),
        (changes.resume, CampaignStatus.CANCELLED),
        (changes.pause, CampaignStatus.DRAFT),
        (changes.pause, CampaignStatus.COMPLETED),
        (changes.cancel, CampaignStatus.COMPLETED),
        (changes.cancel, CampaignStatus.FAILED),
    ],
)
def test_what_a_status_does_not_allow_is_said(change: Callable[..., Any], status: CampaignStatus) -> None:
    world = World(status)
    with pytest.raises(CampaignStateError, match=f"is {status} and cannot"):
        change("spring", world.ports)
    assert world.spring.status is status


def test_an_unknown_campaign_is_not_found() -> None:
    with pytest.raises(CampaignNotFoundError):
        changes.start("autumn", World().ports)


def test_cancel_holds_and_takes_the_schedule_away() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    assert changes.cancel(made.id, world.ports)["status"] == "cancelled"
    assert changes.cancel(made.id, world.ports)["status"] == "cancelled"
    assert world.schedule.entries == {}


def test_a_start_at_becomes_an_entry_in_the_campaigns_zone_with_the_runs_name() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    assert made.status is CampaignStatus.SCHEDULED
    assert made.start_at == datetime(2026, 6, 2, 14, tzinfo=UTC)
    assert world.schedule.entries[f"campaign-{made.id}"] == {
        "at": datetime(2026, 6, 2, 10),  # noqa: DTZ001  (wall time)
        "zone": "America/New_York",
        "run": f"{made.id}-1",
        "payload": {"campaignId": made.id, "executionSource": "scheduled"},
    }
    changes.start(made.id, world.ports)
    assert world.schedule.entries == {}
    assert list(world.runs.started) == [f"{made.id}-1"]


def test_the_hour_that_comes_twice_is_scheduled_in_utc() -> None:
    world = World()
    made, _ = world.create(startAt="2026-11-01T06:30:00+00:00")  # 01:30 for the second time
    entry = world.schedule.entries[f"campaign-{made.id}"]
    assert (entry["at"].isoformat(), entry["zone"]) == ("2026-11-01T06:30:00", "UTC")


def test_pausing_before_the_start_and_resuming_waits_for_it_again() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    changes.pause(made.id, world.ports)
    assert world.schedule.entries == {}
    assert changes.resume(made.id, world.ports)["status"] == "scheduled"
    assert list(world.schedule.entries) == [f"campaign-{made.id}"]
    assert world.runs.started == {}


def test_the_name_in_an_entry_that_fired_while_paused_is_not_used_again() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    changes.pause(made.id, world.ports)
    world.clock.at = datetime(2026, 6, 2, 15, tzinfo=UTC)
    world.runs.started[f"{made.id}-1"] = {}  # fired all the same, found it paused and ended
    changes.resume(made.id, world.ports)
    assert list(world.runs.started) == [f"{made.id}-1", f"{made.id}-2"]


def test_a_campaign_run_before_its_start_at_waits_for_it_when_resumed() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    changes.start(made.id, world.ports)
    changes.pause(made.id, world.ports)
    changes.resume(made.id, world.ports)
    assert world.campaigns.get(made.id).active_execution is None
    assert world.schedule.entries[f"campaign-{made.id}"]["run"] == f"{made.id}-2"


def test_the_round_puts_missing_entries_and_starts_what_is_overdue() -> None:
    world = World()
    made, _ = world.create(startAt="2026-06-02T10:00")
    world.schedule.entries.clear()
    assert check_schedule(world.campaigns, world.runs, world.schedule, world.clock) == {
        "waiting": 1,
        "started": [],
    }
    assert list(world.schedule.entries) == [f"campaign-{made.id}"]
    world.clock.at = datetime(2026, 6, 2, 14, 1, tzinfo=UTC)  # the entry may still be on its way
    assert check_schedule(world.campaigns, world.runs, world.schedule, world.clock)["started"] == []
    world.clock.at += timedelta(minutes=10)
    assert check_schedule(world.campaigns, world.runs, world.schedule, world.clock)["started"] == [made.id]
    assert list(world.runs.started) == [f"{made.id}-1"]


def test_one_campaign_that_cannot_start_keeps_no_other_from_it() -> None:
    world = World()
    for _ in range(2):
        world.create(startAt="2026-06-02T10:00")
    world.clock.at = datetime(2026, 6, 2, 15, tzinfo=UTC)
    world.runs.fail_next = True
    with pytest.raises(ExceptionGroup, match="not scheduled or started"):
        check_schedule(world.campaigns, world.runs, world.schedule, world.clock)
    assert len(world.runs.started) == 1


def test_every_problem_of_a_draft_is_named_by_its_path() -> None:
    world = World()
    with pytest.raises(InvalidInputError) as caught:
        world.create(
            callerId="12",
            windows=[{"days": ["mon"], "start": "20:00", "end": "09:00"}],
            holidayCalendars=["Mars"],
            ivr={"entry": "nowhere", "nodes": []},
        )
    assert {p.path.split(".")[0].split("[")[0] for p in caught.value.problems} >= {
        "callerId", "windows", "holidayCalendars", "ivr",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"startAt": "soon"}, "startAt"),
        ({"startAt": "2020-01-01T00:00"}, "startAt"),
    ],
)
def test_times_and_zones_are_checked(changed: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        World().create(**changed)
    assert [p.path for p in caught.value.problems] == [path]


def test_an_idempotency_key_makes_one_campaign() -> None:
    world = World()
    (one, new), (other, again) = world.create("k1"), world.create("k1")
    assert (one.id == other.id, new, again) == (True, True, False)
    changes.start(one.id, world.ports)
    assert world.create("k1")[1] is False
    with pytest.raises(ConflictError, match="another campaign"):
        world.create("k1", name="Else")


def test_a_repeated_request_does_not_schedule_what_was_cancelled() -> None:
    world = World()
    made, _ = world.create("k1", startAt="2026-06-02T10:00")
    changes.cancel(made.id, world.ports)
    world.create("k1", startAt="2026-06-02T10:00")
    assert world.schedule.entries == {}


def test_the_configuration_shown_is_what_was_sent() -> None:
    made, _ = World().create(retryRules={"no_answer": {"delayMinutes": 60, "maxAttempts": 2}})
    shown = configuration(made)
    assert shown["retryRules"] == {"no_answer": {"delayMinutes": 60, "maxAttempts": 2}}
    assert {name: shown[name] for name in BODY} == BODY


def test_progress_adds_up_and_tells_the_next_legal_minute() -> None:
    world = World(CampaignStatus.ACTIVE)
    contacts = FakeContactStore(world.campaigns, FakePeople())
    contacts.add("spring", "u", [Arrival(n, contact(n)) for n in range(3)])
    progress = campaign_now("spring", world.campaigns, world.clock)["progress"]
    assert sum(progress["contacts"].values()) == progress["totalContacts"] == 3
    assert (progress["readyNow"], progress["heldNow"], progress["nextLegalAt"]) == (3, {}, "2026-06-01T16:00:00Z")
    world.clock.at = datetime(2026, 6, 6, 16, tzinfo=UTC)  # Saturday
    progress = campaign_now("spring", world.campaigns, world.clock)["progress"]
    assert (progress["heldNow"], progress["nextLegalAt"]) == ({"window": 3}, "2026-06-08T13:00:00Z")


def test_campaigns_are_listed_by_pages() -> None:
    world = World()
    for _ in range(4):
        world.create()
    first = campaign_page(3, None, world.campaigns)
    rest = campaign_page(3, first["next"], world.campaigns)
    assert len({c["id"] for c in [*first["campaigns"], *rest["campaigns"]]}) == 5
    assert rest["next"] is None
